"""Each mistake gives the numbers that MISTAKES.md names, on one network with ReLU and softmax."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from engine.mistakes import MISTAKES, values_of
from engine.primitives import Array
from engine.program import Program
from engine.trace import Trace
from tests.engine.cases import Case, random_case

# Sizes and m are pairwise distinct, and so are all their quotients.
CASE = random_case(seed=3, units=(4, 5, 3), m=7)
L2 = random_case(seed=3, units=(4, 5, 3), m=7, l2=0.1)


def trace_of(case: Case, program: Program, **values: object) -> Trace:
    workspace = case.workspace(program)
    workspace.load({**values_of(program, case.batch.m), **values})
    return workspace.trace()


@dataclass(frozen=True)
class Given:
    """The numbers of the right step, by the letters of MISTAKES.md."""

    x: Array
    y: Array
    w2: Array
    b1: Array
    b2: Array
    w1: Array
    z1: Array
    z2: Array
    a1: Array
    p: Array
    m: int = 7

    @property
    def d(self) -> Array:
        return (self.p - self.y) / self.m

    @property
    def u(self) -> Array:
        return self.d @ self.w2.T

    @property
    def mask(self) -> Array:
        return (self.z1 > 0).astype(float)

    def from_dz2(self, dz2: Array) -> dict[str, Array]:
        """The whole chain from another gradient of the logits."""
        return {"dW2": self.a1.T @ dz2, "db2": dz2.sum(axis=0), **self.from_dz1((dz2 @ self.w2.T) * self.mask)}

    def from_dz1(self, dz1: Array) -> dict[str, Array]:
        return {"dW1": self.x.T @ dz1, "db1": dz1.sum(axis=0)}


def given(case: Case = CASE) -> Given:
    right = case.trace()
    names = {"w1": "W1", "w2": "W2", "b1": "b1", "b2": "b2"}
    letters = ("x", "y", "w1", "w2", "b1", "b2", "z1", "z2", "a1", "p")
    return Given(**{letter: right[names.get(letter, letter)] for letter in letters})


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def scaled(factor: float) -> Callable[[Given], dict[str, Array]]:
    return lambda g: g.from_dz2(factor * g.d)


Expected = Callable[[Given], dict[str, Array]]
SIGNATURES: dict[str, Expected] = {
    "output_slope_on_p_minus_y": lambda g: g.from_dz2(g.d * g.p * (1 - g.p)),
    "mean_missing": scaled(7),
    "weights_updated_too_early": lambda g: g.from_dz1((g.d @ (g.w2 - 0.1 * g.a1.T @ g.d).T) * g.mask),
    "softmax_over_the_batch": lambda g: g.from_dz2((np.exp(g.z2) / np.exp(g.z2).sum() - g.y) / 7),
    "softmax_over_the_wrong_axis": lambda g: g.from_dz2((np.exp(g.z2) / np.exp(g.z2).sum(axis=0) - g.y) / 7),
    "sign_turned": scaled(-1),
    "bias_summed_over_units": lambda g: {"db1": (g.u * g.mask).sum(axis=1), "db2": g.d.sum(axis=1)},
    "bias_summed_over_everything": lambda g: {"db1": (g.u * g.mask).sum(), "db2": g.d.sum()},
    "bias_not_summed": lambda g: {"db1": g.u * g.mask, "db2": g.d},
    "bias_averaged_again": lambda g: {"db1": (g.u * g.mask).mean(axis=0), "db2": g.d.mean(axis=0)},
    "bias_not_averaged": lambda g: {"db1": 7 * (g.u * g.mask).sum(axis=0), "db2": (g.p - g.y).sum(axis=0)},
    "activation_overwritten": lambda g: {"dW2": g.mask.T @ g.d, **g.from_dz1(g.u * g.mask)},
    "mask_missing": lambda g: g.from_dz1(g.u),
    "bias_gradient_zero": lambda g: {"db1": np.zeros(5), "db2": np.zeros(3)},
    "relu_on_the_output": lambda g: g.from_dz2(g.d * (g.z2 > 0)),
    "upstream_overwritten": lambda g: g.from_dz1(g.mask),
    "mask_from_upstream": lambda g: g.from_dz1(np.maximum(g.u, 0)),
    "weights_from_z": lambda g: {"dW2": g.z1.T @ g.d, **g.from_dz1(g.u * g.mask)},
    "slope_of_sigmoid": lambda g: g.from_dz1(g.u * g.a1 * (1 - g.a1)),
    "slope_of_tanh": lambda g: g.from_dz1(g.u * (1 - g.a1**2)),
    "hidden_mean_twice": lambda g: {"dW2": g.a1.T @ g.d, **g.from_dz1(g.u * g.mask / 7)},
    "last_sample_only": lambda g: {
        "dW1": np.outer(g.x[-1], (g.u * g.mask)[-1]),
        "db1": (g.u * g.mask)[-1],
        "dW2": np.outer(g.a1[-1], g.d[-1]),
        "db2": g.d[-1],
    },
    "mean_over_outputs_too": scaled(1 / 3),
    "factor_two": scaled(2),
    "probability_gradient_as_logit_gradient": lambda g: g.from_dz2(-g.y / g.p / 7),
    "slope_of_the_error": lambda g: g.from_dz2(g.d - 7 * g.d**2),
    "leaky_backward_only": lambda g: g.from_dz1(g.u * (g.mask + 0.01 * (1 - g.mask))),
    "slope_returns_activation": lambda g: g.from_dz1(g.u * g.a1),
    "mask_inverted": lambda g: g.from_dz1(g.u * (1 - g.mask)),
    "reshape_for_transpose": lambda g: g.from_dz1((g.d @ g.w2.reshape(3, 5)) * g.mask),
    "softmax_jacobian_on_p_minus_y": lambda g: g.from_dz2(g.p * g.d - g.p * (g.p * g.d).sum(axis=1, keepdims=True)),
    "diagonal_jacobian": lambda g: g.from_dz2(-g.y * (1 - g.p) / 7),
    "softmax_twice": lambda g: g.from_dz2((softmax(g.p) - g.y) / 7),
    "sigmoid_for_softmax": lambda g: g.from_dz2((sigmoid(g.z2) - g.y) / 7),
    "softmax_missing": lambda g: g.from_dz2((g.z2 - g.y) / 7),
    "mean_twice": scaled(1 / 7),
    "mean_over_features": scaled(7 / 4),
    "mean_over_classes": scaled(7 / 3),
    "weights_transposed": lambda g: {"dW2": g.d.T @ g.a1, "dW1": (g.u * g.mask).T @ g.x},
    "integer_gradients": lambda g: {name: np.trunc(array) for name, array in g.from_dz2(g.d).items()},
    "softmax_without_maximum": scaled(1),
    "softmax_with_global_maximum": scaled(1),
    "inputs_changed": scaled(1),
}


@pytest.mark.parametrize("id", SIGNATURES)
def test_base_case_gives_the_numbers_of_the_signature(id: str) -> None:
    wrong = MISTAKES[id].rewrite(CASE.program())
    assert wrong is not None
    trace = trace_of(CASE, wrong, learning_rate=0.1)
    for name, expected in SIGNATURES[id](given()).items():
        np.testing.assert_allclose(trace[name], expected, rtol=1e-10, atol=1e-14, err_msg=name)


L2_FACTORS: dict[str, Callable[[Array], Array]] = {
    "l2_forgotten": lambda w: 0 * w,
    "l2_twice": lambda w: 2 * 0.1 * w,
    "l2_sign": lambda w: -0.1 * w,
    "l2_of_squares": lambda w: 0.1 * w**2,
    "l2_over_m": lambda w: 0.1 / 7 * w,
}


@pytest.mark.parametrize("id", L2_FACTORS)
def test_submitted_minus_the_gradient_of_the_data_is_the_wrong_penalty(id: str) -> None:
    wrong = MISTAKES[id].rewrite(L2.program())
    assert wrong is not None
    trace, right = trace_of(L2, wrong), L2.trace()
    for layer in (1, 2):
        found = trace[f"dW{layer}"] - right[f"dW{layer}_data"]
        np.testing.assert_allclose(found, L2_FACTORS[id](right[f"W{layer}"]), atol=1e-14)


def test_penalty_on_the_biases_is_lambda_times_the_bias() -> None:
    wrong = MISTAKES["l2_on_biases"].rewrite(L2.program())
    assert wrong is not None
    trace, right = trace_of(L2, wrong), L2.trace()
    np.testing.assert_allclose(trace["db1"] - right["db1"], 0.1 * right["b1"], atol=1e-15)


@pytest.mark.parametrize(
    ("id", "total"), [("softmax_over_the_batch", (1 - 7) / 7), ("softmax_over_the_wrong_axis", (3 - 7) / 7)]
)
def test_wrong_axis_shows_in_the_sum_of_the_bias_gradient(id: str, total: float) -> None:
    wrong = MISTAKES[id].rewrite(CASE.program())
    assert wrong is not None
    np.testing.assert_allclose(trace_of(CASE, wrong)["db2"].sum(), total, rtol=1e-12)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_slope_taken_at_the_wrong_value_is_f_of_a_or_the_formula_of_z(activation: str) -> None:
    case = random_case(seed=4, units=(4, 5, 3), m=7, activation=activation)
    at_a, at_z = MISTAKES["slope_taken_at_the_wrong_value"].variants(case.program())
    right = case.trace()
    u, a, z = right["da1"], right["a1"], right["z1"]
    if activation == "sigmoid":
        expected = [sigmoid(a) * (1 - sigmoid(a)), z * (1 - z)]
    else:
        expected = [1 - np.tanh(a) ** 2, 1 - z**2]
    for variant, slope in zip((at_a, at_z), expected, strict=True):
        np.testing.assert_allclose(trace_of(case, variant.program)["dz1"], u * slope, rtol=1e-12)


def test_labels_that_are_no_rows_are_taken_away_from_every_probability() -> None:
    change = MISTAKES["labels_not_one_hot"].data
    assert change is not None
    (_, y), g = next(change.batches(CASE.batch.x, CASE.batch.y)), given()
    labels = g.y.argmax(axis=1)
    np.testing.assert_array_equal(y, np.repeat(labels[:, None], 3, axis=1))
    workspace = CASE.workspace()
    workspace.load({"y": y})
    np.testing.assert_allclose(workspace.trace()["db2"].sum(), 1 - 3 * labels.mean(), rtol=1e-12)


def test_shuffled_labels_leave_the_last_bias_right_and_nothing_else() -> None:
    change = MISTAKES["labels_shuffled"].data
    assert change is not None
    x, y = next(change.batches(CASE.batch.x, CASE.batch.y))
    workspace, right = CASE.workspace(), CASE.trace()
    workspace.load({"x": x, "y": y})
    trace = workspace.trace()
    np.testing.assert_allclose(trace["db2"], right["db2"], rtol=1e-12)
    assert not any(np.allclose(trace[name], right[name]) for name in ("dW1", "db1", "dW2"))


def test_every_order_of_few_labels_is_tried_once() -> None:
    change = MISTAKES["labels_shuffled"].data
    assert change is not None
    y = np.eye(3)[[0, 0, 0, 1, 1, 2, 2]]
    found = {tuple(order.argmax(axis=1)) for _, order in change.batches(np.zeros((7, 1)), y)}
    # 7! / (3! 2! 2!) orders can be told apart, and one of them is right.
    assert len(found) == 209 == len(list(change.batches(np.zeros((7, 1)), y)))


def test_labels_off_by_one_are_those_of_the_neighbour() -> None:
    change = MISTAKES["labels_off_by_one"].data
    assert change is not None
    labels = np.array([0, 1, 2])
    below, above = (y.argmax(axis=1) for _, y in change.batches(np.zeros((3, 1)), np.eye(3)[labels]))
    np.testing.assert_array_equal(below, [2, 0, 1])
    np.testing.assert_array_equal(above, [1, 2, 0])


def test_all_weights_zero_leave_a_gradient_in_the_last_bias_alone() -> None:
    zeroed = MISTAKES["weights_all_zero"].parameters
    assert zeroed is not None
    workspace = CASE.workspace()
    workspace.load(zeroed(CASE.parameters))
    trace = workspace.trace()
    assert all(not trace[name].any() for name in ("dW1", "db1", "dW2"))
    assert trace["db2"].any()
    np.testing.assert_allclose(trace["loss"], np.log(3))


def test_second_call_minus_the_right_one_is_the_first_call() -> None:
    wrong = MISTAKES["gradients_not_reset"].rewrite(CASE.program())
    assert wrong is not None
    workspace, right = CASE.workspace(wrong), CASE.trace()
    first = workspace.trace()
    workspace.commit()
    second = workspace.trace()
    for name in ("dW1", "db1", "dW2", "db2"):
        np.testing.assert_array_equal(first[name], right[name])
        np.testing.assert_allclose(second[name] - right[name], first[name], rtol=1e-12)


@pytest.mark.parametrize("derivative", [0.0, 0.5, 1.0])
def test_slope_at_exactly_zero_is_the_only_difference(derivative: float) -> None:
    case = random_case(units=(4, 5, 3), m=7, at_the_corner=True)
    wrong = MISTAKES["mask_at_zero"].rewrite(case.program())
    assert wrong is not None
    trace, right = trace_of(case, wrong, mask_at_zero=derivative), case.trace()
    expected = np.where(right["z1"] == 0, derivative * right["da1"], right["dz1"])
    np.testing.assert_array_equal(trace["dz1"], expected)


def test_maximum_of_the_whole_batch_fails_where_one_sample_is_a_thousand_above_another() -> None:
    wrong = MISTAKES["softmax_with_global_maximum"].rewrite(CASE.program())
    assert wrong is not None
    workspace = CASE.workspace(wrong)
    x = CASE.batch.x.copy()
    x[0] *= 1e4
    workspace.load({"x": x})
    assert np.isnan(workspace.trace()["p"]).any()


def test_softmax_without_its_maximum_fails_on_large_logits_alone() -> None:
    wrong = MISTAKES["softmax_without_maximum"].rewrite(CASE.program())
    assert wrong is not None
    workspace = CASE.workspace(wrong)
    np.testing.assert_allclose(workspace.trace()["p"], CASE.trace()["p"], rtol=1e-12)
    workspace.load({"b2": CASE.parameters["b2"] + 2000})
    assert np.isnan(workspace.trace()["p"]).all()


def test_labels_of_shape_m_meet_every_output() -> None:
    case = random_case(units=(4, 5, 1), m=7, output=("sigmoid", "binary_cross_entropy"))
    wrong = MISTAKES["labels_broadcast"].rewrite(case.program())
    assert wrong is not None
    trace, right = trace_of(case, wrong), case.trace()
    np.testing.assert_allclose(trace["dz2"], (right["p"] - right["y"].ravel()) / 7, rtol=1e-12)
    assert trace["dW2"].shape == (5, 7)
    assert trace["db2"].shape == (7,)
    assert "dW1" not in wrong.tensors


def test_elementwise_products_are_possible_in_a_square_alone() -> None:
    assert MISTAKES["elementwise_for_matmul"].rewrite(CASE.program()) is None
    case = random_case(units=(4, 4, 4), m=4)
    right = case.trace()
    found = {(v.kind, v.layers): v.program for v in MISTAKES["elementwise_for_matmul"].variants(case.program())}
    np.testing.assert_array_equal(trace_of(case, found["dW", (2,)])["dW2"], right["a1"].T * right["dz2"])
    np.testing.assert_array_equal(trace_of(case, found["da", (2,)])["da1"], right["dz2"] * right["W2"].T)
    np.testing.assert_array_equal(trace_of(case, found["z", (1,)])["aW1"], right["x"] * right["W1"])


def test_weights_that_are_not_turned_go_unnoticed_in_a_square_alone() -> None:
    assert MISTAKES["weights_not_transposed"].rewrite(CASE.program()) is None
    case = random_case(units=(4, 5, 5), m=7)
    wrong = MISTAKES["weights_not_transposed"].rewrite(case.program())
    assert wrong is not None
    right = case.trace()
    np.testing.assert_allclose(trace_of(case, wrong)["da1"], right["dz2"] @ right["W2"], rtol=1e-12)
