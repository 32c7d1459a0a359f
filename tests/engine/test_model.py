"""Specifications, parameters and batches: what is refused says what was found and what was wanted."""

from collections.abc import Callable

import numpy as np
import pytest

from engine import initializers
from engine.errors import EngineError
from engine.gradients import GroupRule
from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.model import (
    LayerSpec,
    ModelSpec,
    OptimizerSpec,
    batch_of,
    given_parameters,
    initial_parameters,
    program_of,
    scalars_of,
    trace_step,
)
from engine.vocabulary import STANDARD

MODEL = ModelSpec(2, (LayerSpec(3),), 2)
SINGLE = ModelSpec(2, (LayerSpec(3),), 2, dtype="float32")
SQUARE = ModelSpec(2, (LayerSpec(3),), 3)
SIGMOID = ModelSpec(2, (), 1, "sigmoid", "binary_cross_entropy")
SQUARES = ModelSpec(2, (), 2, "tanh", "squared_error")
PARAMETERS = {"W1": [[1, 2, 3], [4, 5, 6]], "b1": [0, 0, 0], "W2": [[1, 2], [3, 4], [5, 6]], "b2": [0, 0]}
ROW = [[0.5, -0.5]]


def relu(value: float) -> LayerSpec:
    return LayerSpec(3, "relu", (("derivative_at_zero", value),))


# what is asked, the code of the error, the field that it names, and what its message must mention
REFUSED: dict[str, tuple[Callable[[], object], str, str, list[str]]] = {
    "no inputs": (lambda: ModelSpec(0, (), 2), "range", "inputs", ["0", "at least 1"]),
    "no hidden unit": (lambda: ModelSpec(2, (LayerSpec(3), LayerSpec(0)), 2), "range", "hidden[1].units", ["0"]),
    "no outputs": (lambda: ModelSpec(2, (), 0), "range", "output.units", ["0", "at least 1"]),
    "softmax over one output": (lambda: ModelSpec(2, (), 1), "range", "output.units", ["always 1", "at least 2"]),
    "softmax over one output with a squared error": (
        lambda: ModelSpec(2, (), 1, loss="squared_error"),
        "range",
        "output.units",
        ["always 1", "at least 2"],
    ),
    "unknown activation": (
        lambda: ModelSpec(2, (LayerSpec(3, "rulu"),), 2),
        "unknown_name",
        "hidden[0].activation",
        ["'rulu'", "relu", "identity"],
    ),
    "unknown number of an activation": (
        lambda: ModelSpec(2, (LayerSpec(3, "relu", (("slope", 1.0),)),), 2),
        "unknown_name",
        "hidden[0]",
        ["'slope'", "derivative_at_zero"],
    ),
    "delta of 0": (
        lambda: ModelSpec(2, (), 2, "identity", "huber", output_settings=(("delta", 0.0),)),
        "range",
        "output.delta",
        ["0", "a positive"],
    ),
    "delta of another loss": (
        lambda: ModelSpec(2, (), 2, "identity", "squared_error", output_settings=(("delta", 1.0),)),
        "unknown_name",
        "output",
        ["'delta'", "nothing"],
    ),
    "subgradient below 0": (
        lambda: ModelSpec(2, (relu(-0.1),), 2),
        "range",
        "hidden[0].derivative_at_zero",
        ["-0.1", "from 0 to 1"],
    ),
    "subgradient above 1": (lambda: ModelSpec(2, (relu(1.1),), 2), "range", "hidden[0].derivative_at_zero", ["1.1"]),
    "subgradient NaN": (lambda: ModelSpec(2, (relu(np.nan),), 2), "range", "hidden[0].derivative_at_zero", ["nan"]),
    "unknown output activation": (
        lambda: ModelSpec(2, (), 2, output_activation="softmix"),
        "unknown_name",
        "output.activation",
        ["'softmix'", "softmax"],
    ),
    "loss that does not go with the output": (
        lambda: ModelSpec(2, (), 2, loss="hinge"),
        "unknown_name",
        "loss",
        ["'hinge'", "cross_entropy"],
    ),
    "loss that goes with another output": (
        lambda: ModelSpec(2, (), 2, loss="huber"),
        "pair",
        "loss",
        ["huber", "softmax", "cross_entropy or half_squared_error", "identity or relu or tanh"],
    ),
    "cross-entropy of classes on a sigmoid": (
        lambda: ModelSpec(2, (), 2, output_activation="sigmoid"),
        "pair",
        "loss",
        ["cross_entropy", "sigmoid", "binary_cross_entropy"],
    ),
    "hidden activation on the output": (
        lambda: ModelSpec(2, (), 2, "silu", "squared_error"),
        "unknown_name",
        "output.activation",
        ["'silu'", "tanh"],
    ),
    "number of another activation on the output": (
        lambda: ModelSpec(2, (), 2, "tanh", "squared_error", output_settings=(("derivative_at_zero", 0.0),)),
        "unknown_name",
        "output",
        ["'derivative_at_zero'"],
    ),
    "subgradient of the output above 1": (
        lambda: ModelSpec(2, (), 2, "relu", "squared_error", output_settings=(("derivative_at_zero", 2.0),)),
        "range",
        "output.derivative_at_zero",
        ["2", "of the output layer", "from 0 to 1"],
    ),
    "slope that is not finite": (
        lambda: ModelSpec(2, (LayerSpec(3, "leaky_relu", (("negative_slope", np.inf),)),), 2),
        "range",
        "hidden[0].negative_slope",
        ["inf", "finite"],
    ),
    "negative alpha of elu": (
        lambda: ModelSpec(2, (LayerSpec(3, "elu", (("alpha", -1.0),)),), 2),
        "range",
        "hidden[0].alpha",
        ["-1", "positive"],
    ),
    "beta of 1": (
        lambda: OptimizerSpec("adam", (("beta1", 1.0),)),
        "range",
        "optimizer.beta1",
        ["1.0", "from 0 to just below 1"],
    ),
    "momentum above 1": (
        lambda: OptimizerSpec("momentum", (("momentum", 1.5),)),
        "range",
        "optimizer.momentum",
        ["1.5", "from 0 to 1"],
    ),
    "infinite constant": (
        lambda: initializers.named("constant", {"value": np.inf}),
        "range",
        "initializer.value",
        ["inf", "finite"],
    ),
    "target of binary cross-entropy above 1": (
        lambda: batch_of(SIGMOID, ROW * 2, [0.5, 1.5]),
        "target",
        "batch.y",
        ["Row 1", "1.5", "from 0 to 1"],
    ),
    "negative target of binary cross-entropy": (
        lambda: batch_of(SIGMOID, ROW, [[-1]]),
        "target",
        "batch.y",
        ["-1", "from 0 to 1"],
    ),
    "class numbers for two outputs": (
        lambda: batch_of(SQUARES, ROW, [1]),
        "shape",
        "batch.y",
        ["(1,)", "(1, 2)"],
    ),
    "targets for one output too few": (lambda: batch_of(SQUARES, ROW, [[1]]), "shape", "batch.y", ["(1, 1)"]),
    "unknown reduction": (
        lambda: ModelSpec(2, (), 2, reduction="max"),
        "unknown_name",
        "reduction",
        ["'max'", "mean", "sum"],
    ),
    "unknown dtype": (lambda: ModelSpec(2, (), 2, dtype="int8"), "unknown_name", "dtype", ["'int8'", "float64"]),
    "negative l2": (lambda: ModelSpec(2, (), 2, l2=-1.0), "range", "l2", ["-1", "positive"]),
    "infinite l2": (lambda: ModelSpec(2, (), 2, l2=np.inf), "range", "l2", ["inf"]),
    "unknown optimizer": (lambda: OptimizerSpec("sgdd"), "unknown_name", "optimizer.name", ["'sgdd'", "sgd"]),
    "unknown number of an optimizer": (
        lambda: OptimizerSpec("sgd", (("rate", 0.1),)),
        "unknown_name",
        "optimizer",
        ["'rate'", "learning_rate"],
    ),
    "negative learning rate": (
        lambda: OptimizerSpec("sgd", (("learning_rate", -0.1),)),
        "range",
        "optimizer.learning_rate",
        ["-0.1", "positive"],
    ),
    "learning rate NaN": (
        lambda: OptimizerSpec("sgd", (("learning_rate", np.nan),)),
        "range",
        "optimizer.learning_rate",
        ["nan"],
    ),
    "unknown initializer": (
        lambda: initializers.named("him"),
        "unknown_name",
        "initializer",
        ["'him'", *initializers.INITIALIZERS],
    ),
    "standard deviation of 0": (
        lambda: initializers.named("normal", {"std": 0.0}),
        "range",
        "initializer.std",
        ["0", "a positive"],
    ),
    "standard deviation NaN": (
        lambda: initializers.named("normal", {"std": np.nan}),
        "range",
        "initializer.std",
        ["nan"],
    ),
    "unknown number of an initializer": (
        lambda: initializers.named("he", {"std": 1.0}),
        "unknown_name",
        "initializer",
        ["'std'"],
    ),
    "missing parameters": (
        lambda: given_parameters(MODEL, {"W1": PARAMETERS["W1"]}),
        "parameters",
        "parameters",
        ["W1, b1, W2, b2", "you gave W1"],
    ),
    "no parameters": (lambda: given_parameters(MODEL, {}), "parameters", "parameters", ["you gave nothing"]),
    "unknown parameter": (
        lambda: given_parameters(MODEL, {**PARAMETERS, "W3": [[1]]}),
        "parameters",
        "parameters",
        ["W1, b1, W2, b2", "W3"],
    ),
    "transposed weights": (
        lambda: given_parameters(MODEL, {**PARAMETERS, "W1": np.ones((3, 2))}),
        "transposed",
        "parameters.W1",
        ["(3, 2)", "(2, 3)", "send W1.T."],
    ),
    "transposed weights of another layer": (
        lambda: given_parameters(MODEL, {**PARAMETERS, "W2": np.ones((2, 3))}),
        "transposed",
        "parameters.W2",
        ["(2, 3)", "(3, 2)", "send W2.T."],
    ),
    "all weights transposed": (
        lambda: given_parameters(MODEL, {**PARAMETERS, "W1": np.ones((3, 2)), "W2": np.ones((2, 3))}),
        "transposed",
        "parameters.W1",
        ["send W1.T and W2.T."],
    ),
    "all weights transposed, one of them square": (
        lambda: given_parameters(SQUARE, {"W1": np.ones((3, 2)), "b1": [0] * 3, "W2": np.eye(3), "b2": [0] * 3}),
        "transposed",
        "parameters.W1",
        ["send W1.T and W2.T."],
    ),
    "weights that fit in no way": (
        lambda: given_parameters(MODEL, {**PARAMETERS, "W1": np.ones((3, 3))}),
        "shape",
        "parameters.W1",
        ["(3, 3)", "(2, 3)"],
    ),
    "rows that are columns": (
        lambda: batch_of(MODEL, [[1, 2, 3], [4, 5, 6]], [0, 1, 0]),
        "transposed",
        "batch.x",
        ["(2, 3)", "(rows, 2)", "send x.T."],
    ),
    "bias of another layer": (
        lambda: given_parameters(MODEL, {**PARAMETERS, "b1": [[0], [0]]}),
        "shape",
        "parameters.b1",
        ["(2, 1)", "(3,)"],
    ),
    "bias as a matrix": (
        lambda: given_parameters(MODEL, {**PARAMETERS, "b1": [[0, 0, 0], [0, 0, 0]]}),
        "shape",
        "parameters.b1",
        ["(2, 3)", "(3,)"],
    ),
    "label in a column beyond the last class": (
        lambda: batch_of(MODEL, ROW * 3, [[0], [1], [2]]),
        "label",
        "batch.y",
        ["Label 2", "row 2", "0 to 1"],
    ),
    "label in a column between two classes": (
        lambda: batch_of(MODEL, ROW * 2, [[0], [0.5]]),
        "label",
        "batch.y",
        ["Label 0.5", "row 1", "integers"],
    ),
    "negative label in a column": (lambda: batch_of(MODEL, ROW, [[-1]]), "label", "batch.y", ["-1", "row 0"]),
    "column of labels for two numbers": (
        lambda: batch_of(SQUARES, ROW * 2, [[0], [1]]),
        "shape",
        "batch.y",
        ["(2, 1)", "(2, 2)"],
    ),
    "parameter that is one number": (
        lambda: given_parameters(MODEL, {**PARAMETERS, "b1": 0}),
        "shape",
        "parameters.b1",
        ["single number", "list"],
    ),
    "infinite weight": (
        lambda: given_parameters(MODEL, {**PARAMETERS, "b2": [0, np.inf]}),
        "not_finite",
        "parameters.b2",
        ["infinity"],
    ),
    "no rows": (lambda: batch_of(MODEL, [], []), "empty", "batch.x", ["no rows", "at least one"]),
    "rows without features": (lambda: batch_of(MODEL, [[]], [0]), "shape", "batch.x", ["(1, 0)", "(rows, 2)"]),
    "too many features": (lambda: batch_of(MODEL, [[1, 2, 3]], [0]), "shape", "batch.x", ["(1, 3)", "(rows, 2)"]),
    "one row that is no list of rows": (lambda: batch_of(MODEL, [1, 2], [0]), "shape", "batch.x", ["(2,)"]),
    "ragged rows": (lambda: batch_of(MODEL, [[1, 2], [3]], [0, 0]), "ragged", "batch.x", ["same length"]),
    "text in the rows": (lambda: batch_of(MODEL, [["a", "b"]], [0]), "ragged", "batch.x", ["numbers"]),
    "NaN in the rows": (lambda: batch_of(MODEL, [[np.nan, 0]], [0]), "not_finite", "batch.x", ["NaN"]),
    "null in the rows": (lambda: batch_of(MODEL, [[None, 0]], [0]), "not_finite", "batch.x", ["NaN"]),
    "integer beyond every float": (lambda: batch_of(MODEL, [[10**400, 0]], [0]), "not_finite", "batch.x", ["large"]),
    "number beyond float32": (
        lambda: batch_of(SINGLE, [[1e300, 0]], [0]),
        "not_finite",
        "batch.x",
        ["float32", "3.4e+38"],
    ),
    "too few labels": (lambda: batch_of(MODEL, ROW * 2, [0]), "shape", "batch.y", ["2 rows", "(1,)"]),
    "label that is one number": (lambda: batch_of(MODEL, ROW, 0), "shape", "batch.y", ["single number"]),
    "labels of three axes": (lambda: batch_of(MODEL, ROW, [[[0]]]), "shape", "batch.y", ["(1, 1, 1)"]),
    "label beyond the last class": (
        lambda: batch_of(MODEL, ROW * 2, [1, 2]),
        "label",
        "batch.y",
        ["2", "row 1", "0 to 1"],
    ),
    "negative label": (lambda: batch_of(MODEL, ROW, [-1]), "label", "batch.y", ["-1", "row 0"]),
    "label between two classes": (lambda: batch_of(MODEL, ROW, [0.5]), "label", "batch.y", ["0.5", "integers"]),
    "label NaN": (lambda: batch_of(MODEL, ROW, [np.nan]), "not_finite", "batch.y", ["NaN"]),
    "distribution over other classes": (lambda: batch_of(MODEL, ROW, [[1, 0, 0]]), "shape", "batch.y", ["(1, 3)"]),
    "distribution that sums to more than 1": (
        lambda: batch_of(MODEL, ROW * 2, [[0.5, 0.5], [0.5, 0.75]]),
        "distribution",
        "batch.y",
        ["Row 1", "1.25"],
    ),
    "negative probability": (lambda: batch_of(MODEL, ROW, [[1.5, -0.5]]), "distribution", "batch.y", ["at least 0"]),
    "distribution NaN": (lambda: batch_of(MODEL, ROW, [[np.nan, 1]]), "not_finite", "batch.y", ["NaN"]),
    "distribution whose sum overflows": (
        lambda: batch_of(MODEL, ROW, [[1e308] * 2]),
        "distribution",
        "batch.y",
        ["inf"],
    ),
    "sample behind the last": (lambda: batch_of(MODEL, ROW, [0]).sample(1), "sample", "sample", ["sample 1", "0 to 0"]),
    "sample before the first": (lambda: batch_of(MODEL, ROW, [0]).sample(-1), "sample", "sample", ["sample -1"]),
}


@pytest.mark.parametrize(("ask", "code", "field", "mentions"), REFUSED.values(), ids=REFUSED.keys())
def test_what_has_no_meaning_is_refused_in_words(
    ask: Callable[[], object], code: str, field: str, mentions: list[str]
) -> None:
    with pytest.raises(EngineError) as refusal:
        ask()
    error = refusal.value
    assert (error.code, error.details["field"]) == (code, field)
    assert [text for text in mentions if text not in error.message] == []


def test_errors_of_the_engine_are_value_errors() -> None:
    assert issubclass(EngineError, ValueError)


def test_class_numbers_become_rows_with_a_single_one() -> None:
    np.testing.assert_array_equal(batch_of(MODEL, ROW * 3, [0, 1, 1]).y, [[1, 0], [0, 1], [0, 1]])


@pytest.mark.parametrize("column", [[[0], [1], [1]], [[0.0], [1.0], [1.0]], np.array([[0], [1], [1]], "float32")])
def test_a_column_of_class_numbers_is_class_numbers(column: object) -> None:
    np.testing.assert_array_equal(batch_of(MODEL, ROW * 3, column).y, [[1, 0], [0, 1], [0, 1]])


def test_a_column_for_many_classes_and_for_one_row_alone_is_class_numbers() -> None:
    np.testing.assert_array_equal(batch_of(ModelSpec(2, (), 4), ROW * 2, [[3], [0]]).y, [[0, 0, 0, 1], [1, 0, 0, 0]])
    np.testing.assert_array_equal(batch_of(MODEL, ROW, [[1]]).y, [[0, 1]])


def test_distributions_are_taken_as_they_are() -> None:
    np.testing.assert_array_equal(batch_of(MODEL, ROW, [[0.25, 0.75]]).y, [[0.25, 0.75]])


def test_number_too_small_for_float32_becomes_zero() -> None:
    assert batch_of(SINGLE, [[1e-300, 0]], [0]).x[0, 0] == 0


def test_rate_beyond_float32_shows_as_infinity_in_the_step() -> None:
    rate = OptimizerSpec("sgd", (("learning_rate", 1e300),))
    trace = trace_step(SINGLE, given_parameters(SINGLE, PARAMETERS), batch_of(SINGLE, ROW, [0]), rate)
    assert trace["learning_rate"] == np.inf


def test_parameters_come_in_the_order_of_the_layers_whatever_the_order_given() -> None:
    backwards = dict(reversed(PARAMETERS.items()))
    assert list(given_parameters(MODEL, backwards)) == ["W1", "b1", "W2", "b2"]


@pytest.mark.parametrize("bias", [[[1, 2, 3]], [[1], [2], [3]], [1, 2, 3]])
def test_a_bias_may_be_a_row_or_a_column(bias: object) -> None:
    np.testing.assert_array_equal(given_parameters(MODEL, {**PARAMETERS, "b1": bias})["b1"], [1, 2, 3])


def test_given_parameters_are_copies() -> None:
    mine = {name: np.array(value, float) for name, value in PARAMETERS.items()}
    taken = given_parameters(MODEL, mine)
    mine["W1"][...] = 0
    np.testing.assert_array_equal(taken["W1"], PARAMETERS["W1"])


def test_numbers_that_are_not_given_have_their_defaults() -> None:
    values = scalars_of(MODEL, OptimizerSpec(), m=4)
    assert (values["m"], values["derivative_at_zero1"], values["learning_rate"]) == (4, 0, 0.1)


@pytest.mark.parametrize("rules", [STANDARD.rules, STANDARD.long_way, {"activation": STANDARD.rules["activation"]}])
@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
def test_every_scalar_of_a_program_has_a_value(output: str, loss: str, rules: dict[str, GroupRule]) -> None:
    model = ModelSpec(2, tuple(LayerSpec(3, activation) for activation in ACTIVATIONS), 2, output, loss, l2=0.1)
    program = program_of(model, OptimizerSpec(), rules)
    scalars = {name for name in program.inputs if program.tensors[name].axes == ()}
    assert scalars <= set(scalars_of(model, OptimizerSpec(), m=1))


def test_numbers_of_an_activation_carry_the_number_of_their_layer() -> None:
    layers = (LayerSpec(3, "max_eps", (("eps", 0.5),)), LayerSpec(3, "elu"), LayerSpec(3, "leaky_relu"))
    output_settings = (("derivative_at_zero", 1.0),)
    model = ModelSpec(2, layers, 2, "relu", "squared_error", output_settings=output_settings)
    values = scalars_of(model, None, m=1)
    names = ("eps1", "derivative_at_zero1", "alpha2", "negative_slope3", "derivative_at_zero4")
    assert [values[name] for name in names] == [0.5, 0, 1, 0.01, 1]


def test_thirds_are_a_distribution_in_float16_too() -> None:
    model = ModelSpec(2, (), 3, dtype="float16")
    np.testing.assert_array_equal(batch_of(model, ROW, [[1 / 3] * 3]).y, np.full((1, 3), 1 / 3, "float16"))


# --- Initial parameters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        ("he", lambda i, o: 2 / i),
        ("he_uniform", lambda i, o: 2 / i),
        ("xavier", lambda i, o: 2 / (i + o)),
        ("xavier_uniform", lambda i, o: 2 / (i + o)),
        ("normal", lambda i, o: 0.3**2),
    ],
)
@pytest.mark.parametrize("shape", [(400, 100), (50, 800)])
def test_initial_weights_have_mean_zero_and_the_variance_of_their_name(
    name: str, variance: Callable[[int, int], float], shape: tuple[int, int]
) -> None:
    weights = initializers.named(name, {"std": 0.3} if name == "normal" else {})(np.random.default_rng(0), shape)
    # Of 40000 normal numbers the mean is off by sqrt(v / 40000), the variance by v sqrt(2 / 40000): allow 4 of each.
    expected = variance(*shape)
    assert abs(weights.mean()) < 4 * np.sqrt(expected / weights.size)
    assert abs(weights.var() - expected) < 4 * expected * np.sqrt(2 / weights.size)


def test_initial_weights_are_normal() -> None:
    # Kurtosis of a normal distribution is 3, of a uniform one 1.8; of 40000 numbers it is off by sqrt(24 / 40000).
    weights = initializers.he(np.random.default_rng(0), (200, 200))
    assert abs((weights**4).mean() / (weights**2).mean() ** 2 - 3) < 4 * np.sqrt(24 / 40000)


@pytest.mark.parametrize(("name", "limit"), [("he_uniform", 6 / 200), ("xavier_uniform", 6 / 400)])
def test_uniform_weights_fill_their_interval_and_do_not_leave_it(name: str, limit: float) -> None:
    weights = initializers.named(name)(np.random.default_rng(0), (200, 200))
    # The largest of 40000 uniform numbers misses the end by about 1 in 40000 of the interval.
    assert 0.999 * np.sqrt(limit) < np.abs(weights).max() <= np.sqrt(limit)


def test_constant_weights_are_that_constant() -> None:
    weights = initializers.named("constant", {"value": 0.25})(np.random.default_rng(0), (3, 4))
    np.testing.assert_array_equal(weights, np.full((3, 4), 0.25))


@pytest.mark.parametrize("name", initializers.INITIALIZERS)
def test_every_initializer_gives_the_shape_and_draws_from_its_generator_alone(name: str) -> None:
    one, two = (initializers.named(name)(np.random.default_rng(3), (4, 5)) for _ in range(2))
    assert one.shape == (4, 5)
    assert one.tobytes() == two.tobytes()


def test_he_keeps_the_mean_square_of_relu_activations_through_the_layers() -> None:
    # E|a_L|^2 / |a_0|^2 is the product of n v / 2 = 1, exact in the mean at any width: 3 layers of 8, 4000 networks.
    rng = np.random.default_rng(0)
    a = np.ones((4000, 1, 8))
    for _ in range(3):
        w = np.stack([initializers.he(rng, (8, 8)) for _ in range(len(a))])
        a = np.maximum(a @ w, 0)
    squares = (a**2).sum(axis=(1, 2)) / 8
    assert abs(squares.mean() - 1) < 4 * squares.std() / np.sqrt(len(squares))


def test_weights_of_zero_are_zero() -> None:
    assert not initializers.named("zeros")(np.random.default_rng(0), (3, 4)).any()


def test_initial_parameters_have_the_shapes_and_the_dtype_of_the_model() -> None:
    parameters = initial_parameters(SINGLE, initializers.he, np.random.default_rng(0))
    assert {name: value.shape for name, value in parameters.items()} == SINGLE.parameter_shapes
    assert {value.dtype for value in parameters.values()} == {np.dtype("float32")}


def test_biases_start_at_one_constant() -> None:
    parameters = initial_parameters(MODEL, initializers.he, np.random.default_rng(0), bias=0.01)
    assert set(parameters["b1"]) | set(parameters["b2"]) == {0.01}


def test_same_seed_gives_the_same_weights() -> None:
    one, two = (initial_parameters(MODEL, initializers.he, np.random.default_rng(7)) for _ in range(2))
    assert all(one[name].tobytes() == two[name].tobytes() for name in one)


def test_model_without_biases_has_only_weights() -> None:
    assert list(ModelSpec(2, (LayerSpec(3),), 2, bias=False).parameter_shapes) == ["W1", "W2"]
