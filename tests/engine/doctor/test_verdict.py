"""What was sent is judged by its own digits, its own layout and its own steps before."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.doctor.case import Answer, Case, answer_of, case_of
from engine.doctor.compare import Comparison
from engine.doctor.conventions import Conventions, Orientation
from engine.doctor.diagnosis import Diagnosis
from engine.doctor.probes import probes
from engine.doctor.verdict import diagnose
from engine.errors import EngineError
from engine.model import LayerSpec, ModelSpec
from engine.primitives import Array
from engine.rewrites import take_as_given
from tests.learner import BENCH, all_right, answered, rounded, values_of

ROWS = Conventions()
MODELS = {
    "standard": ModelSpec(4, (LayerSpec(5),), 3),
    "three hidden": ModelSpec(3, (LayerSpec(5, "leaky_relu"), LayerSpec(4, "elu"), LayerSpec(6)), 2),
    "one output": ModelSpec(3, (LayerSpec(4, "sigmoid"),), 1, "sigmoid", "binary_cross_entropy"),
    "numbers": ModelSpec(2, (LayerSpec(3, "max_eps"),), 2, "identity", "half_squared_error"),
    "no hidden layer": ModelSpec(4, (), 3),
    "softmax with a squared error": ModelSpec(4, (LayerSpec(5, "tanh"),), 3, "softmax", "squared_error"),
    "huber": ModelSpec(3, (LayerSpec(5),), 2, "identity", "huber", output_settings=(("delta", 0.5),)),
}
WITH_EVERYTHING = ("loss", "z1", "a1", "p", "dz2", "dW2", "db2", "da1", "dz1", "dW1", "db1")


def statuses(diagnosis: Diagnosis, case: int = 0) -> dict[str, str]:
    return {name: judged.status for name, judged in diagnosis.cases[case].tensors.items()}


def generic(conventions: Conventions = ROWS) -> Case:
    return probes(None, conventions)[0]


# --- Right ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
@pytest.mark.parametrize("layout", ["rows", "columns"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_right_code_is_called_correct(model: ModelSpec, layout: str, reduction: str) -> None:
    found = diagnose(all_right(probes(model, Conventions(layout, reduction), seed=2)))
    assert found.verdict == "correct"
    ids = {alarm.id for alarm in found.false_alarms}
    assert ("sum_of_the_batch" in ids) == (reduction == "sum")
    assert ("p_minus_y" in ids) == (model.loss in ("cross_entropy", "binary_cross_entropy"))


@pytest.mark.parametrize("delta", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("forgets", ["the line", "the square"])
def test_code_that_knows_one_half_of_huber_is_not_called_correct(delta: float, forgets: str) -> None:
    model = ModelSpec(4, (LayerSpec(5, "tanh"),), 2, "identity", "huber", output_settings=(("delta", delta),))
    cases = probes(model, ROWS)
    answers = []
    for case in cases:
        error = values_of(case, ["error"])["error"]
        da = (error if forgets == "the line" else delta * np.sign(error)) / error.size
        program = take_as_given(case.program, ["da2"])
        answers.append(answered(case, values_of(case, program=program, given={"da2": da})))
    assert diagnose(answers).verdict != "correct"


@pytest.mark.parametrize("decimals", [3, 4, 6, 8])
def test_rounding_what_is_sent_changes_no_verdict(decimals: int) -> None:
    assert diagnose(all_right(probes(None, ROWS), rounded(decimals))).verdict == "correct"


def test_gradients_that_are_rounded_to_nothing_in_one_case_are_right_if_others_show_the_digits() -> None:
    # With a logit 1000 above the others this output is saturated in some rows, and its gradients are below 0.00005.
    model = ModelSpec(4, (LayerSpec(5, "tanh"),), 3, "sigmoid", "squared_error")
    cases = probes(model, ROWS, seed=1)
    answers = all_right(cases, rounded(4))
    lost = [answer for answer in answers if not any(np.any(sent.values) for sent in answer.results.values())]
    assert lost and len(lost) < len(answers)
    assert diagnose(answers).verdict == "correct"
    # Alone, the same zeros may be an array that was never filled.
    assert diagnose(lost[-1:]).verdict == "unknown"


@pytest.mark.parametrize("seed", range(5))
def test_float32_changes_no_verdict(seed: int) -> None:
    assert diagnose(all_right(probes(None, ROWS, seed), dtype="float32")).verdict == "correct"


def test_a_rounded_chain_is_judged_by_its_own_digits() -> None:
    # dz = p - y was rounded to 0.0474, so dW = 1.8 * 0.0474 = 0.0853, although the exact product is 0.0857.
    exact = 0.0857 / 1.8
    model = ModelSpec(1, (), 1, "identity", "half_squared_error")
    case = case_of("hand", {"W1": [[0.0]], "b1": [exact]}, [[1.8]], [[0.0]], ROWS, model)
    assert values_of(case, ["dW1"])["dW1"] == pytest.approx(0.0857)
    judged = Comparison(BENCH, case.program, answer_of(case, {"dz1": [[0.0474]], "dW1": [[0.0853]]})).judged()
    assert (judged["dz1"].status, judged["dW1"].status) == ("wrong", "follows")
    alone = Comparison(BENCH, case.program, answer_of(case, {"dW1": [[0.0853]]})).judged()
    assert alone["dW1"].status == "wrong"
    # Where the rounded step is right, so is what follows from it.
    near = Comparison(BENCH, case.program, answer_of(case, {"dz1": [[0.048]], "dW1": [[0.086]]})).judged()
    assert {each.status for each in near.values()} == {"right"}


def test_the_slope_at_the_corner_may_be_anything_between() -> None:
    for t in (0.25, 1.0):
        cases = probes(None, ROWS)
        found = diagnose(all_right(cases, given={"derivative_at_zero1": t}))
        alarm = next(alarm for alarm in found.false_alarms if alarm.id == "mask_at_zero")
        assert found.verdict == "correct"
        assert alarm.numbers == {"t": pytest.approx(t)}


def test_a_slope_outside_of_those_at_the_sides_is_wrong() -> None:
    assert diagnose(all_right(probes(None, ROWS), given={"derivative_at_zero1": 1.5})).verdict != "correct"


def test_the_corner_of_leaky_relu_is_one_too() -> None:
    model = ModelSpec(4, (LayerSpec(5, "leaky_relu"),), 3)
    case = next(case for case in probes(model, ROWS) if case.name == "exact zeros")
    values = values_of(case, ["mask1", "z1", "da1", "dW2", "db2"])
    dz1 = values["da1"] * np.where(values["z1"] == 0, 1.0, values["mask1"])
    sent = {"dW1": case.batch.x.T @ dz1, "db1": dz1.sum(axis=0), "dW2": values["dW2"], "db2": values["db2"]}
    found = diagnose([answered(case, sent)])
    assert found.verdict == "correct"
    assert next(alarm for alarm in found.false_alarms if alarm.id == "mask_at_zero").numbers == {"t": 1.0}


def test_dividing_by_m_at_the_end_is_right() -> None:
    case = generic()
    later = {"dz2", "da1", "dz1"}
    found = diagnose([answered(case, values_of(case, WITH_EVERYTHING), lambda n, v: 7 * v if n in later else v)])
    assert found.verdict == "correct"
    assert "mean_taken_later" in {alarm.id for alarm in found.false_alarms}
    np.testing.assert_allclose(found.cases[0].tensors["dz2"].right, 7 * values_of(case, ["dz2"])["dz2"])


def test_a_loss_that_is_not_finite_where_p_is_0_is_a_false_alarm() -> None:
    case = next(case for case in probes(None, ROWS) if case.name == "one big row")
    names = ("loss", "dW1", "db1", "dW2", "db2")
    found = diagnose([answered(case, values_of(case, names), lambda n, v: "NaN" if n == "loss" else v)])
    assert found.verdict == "correct"
    assert "log_of_zero" in {alarm.id for alarm in found.false_alarms}


# --- Wrong ----------------------------------------------------------------------------------------------------------


def test_what_is_computed_from_a_wrong_tensor_follows() -> None:
    case = generic()
    wrong = values_of(case, WITH_EVERYTHING, given=None)
    dz1 = wrong["da1"].copy()
    wrong |= {"dz1": dz1, "dW1": case.batch.x.T @ dz1, "db1": dz1.sum(axis=0)}
    for decimals in (4, 16):
        found = statuses(diagnose([answered(case, wrong, rounded(decimals))]))
        assert found["dz1"] == "wrong"
        assert (found["dW1"], found["db1"]) == ("follows", "follows")
        assert {found[name] for name in ("dz2", "dW2", "db2", "da1", "loss", "z1")} == {"right"}


def test_a_missing_gradient_is_incomplete_and_any_wrong_tensor_outranks_it() -> None:
    case = generic()
    values = values_of(case, ["dW2", "db2", "dW1"])
    found = diagnose([answered(case, values)])
    assert found.verdict == "incomplete"
    assert found.pattern is not None and found.pattern.params == {"tensors": ["db1"]}
    assert statuses(found)["db1"] == "missing"
    wrong = diagnose([answered(case, values, lambda n, v: v + 0.1 if n == "dW1" else v)])
    assert wrong.verdict == "unknown"


def test_a_gradient_that_one_case_lacks_may_come_with_another() -> None:
    first, second, *_ = probes(None, ROWS)
    answers = [answered(first, values_of(first, ["dW1", "db1"])), answered(second, values_of(second, ["dW2", "db2"]))]
    assert diagnose(answers).verdict == "correct"


def test_a_zero_gradient_does_not_round_to_right() -> None:
    case = case_of(
        "small",
        {"W1": [[0.0]], "b1": [0.0002]},
        [[1.0]],
        [[0.0]],
        ROWS,
        ModelSpec(1, (), 1, "identity", "half_squared_error"),
    )
    assert diagnose([answer_of(case, {"dW1": [[0]], "db1": [0]})]).verdict == "unknown"
    assert diagnose([answer_of(case, {"dW1": [["0.000"]], "db1": ["0.000"]})]).verdict == "correct"


@pytest.mark.parametrize("shape", [(5, 4), (7,), (), (4, 5, 1, 2)])
def test_a_wrong_shape_is_a_status(shape: tuple[int, ...]) -> None:
    case = generic()
    values = values_of(case)
    found = diagnose([answered(case, values, lambda n, v: np.zeros(shape) if n == "dW1" else v)])
    assert statuses(found)["dW1"] == "shape"
    assert found.pattern is not None and found.pattern.code == "shape"


def test_rows_of_different_lengths_are_a_wrong_shape() -> None:
    case = generic()
    found = diagnose([answer_of(case, {"dW1": [[1.0, 2.0], [3.0]]})])
    assert statuses(found)["dW1"] == "shape"


def test_nan_and_infinity_are_a_status() -> None:
    case = generic()
    found = diagnose([answered(case, values_of(case), lambda n, v: np.full(v.shape, np.nan) if n == "dW1" else v)])
    assert statuses(found)["dW1"] == "not_finite"
    assert found.pattern is not None and found.pattern.code == "not_finite"


def test_a_call_that_failed_is_said_in_its_words() -> None:
    found = diagnose([answer_of(generic(), {}, raised="ValueError: shapes (7,5) and (3,5) not aligned")])
    assert found.pattern is not None and found.pattern.code == "raised"
    assert "shapes (7,5) and (3,5) not aligned" in found.pattern.explanation


PATTERNS: dict[str, Callable[[str, Array], Array]] = {
    "one_factor": lambda n, v: 0.7 * v,
    "all_zero": lambda n, v: 0 * v,
    "only_biases": lambda n, v: v + 0.1 * np.arange(len(v)) if n.startswith("db") else v,
    "only_last_weights": lambda n, v: v + 0.1 * np.arange(v.shape[1]) if n == "dW2" else v,
    "only_weights": lambda n, v: v + 0.1 * np.arange(v.shape[1]) if n.startswith("dW") else v,
    "all_but_the_last_bias": lambda n, v: v if n == "db2" else v + 0.1 * np.arange(v.shape[-1]),
    "below_the_last": lambda n, v: v + 0.1 * np.arange(v.shape[-1]) if n in ("dW1", "db1") else v,
    "first_wrong": lambda n, v: v + 0.1 * np.arange(v.shape[-1]),
}


@pytest.mark.parametrize("code", PATTERNS)
def test_what_no_name_fits_is_said_as_a_pattern(code: str) -> None:
    case = generic()
    found = diagnose([answered(case, values_of(case), PATTERNS[code])])
    assert (found.verdict, found.mistakes, found.candidates) == ("unknown", (), ())
    assert found.pattern is not None and found.pattern.code == code


@pytest.mark.parametrize("zeros", ["dW2", "db2", "dW1", "db1"])
@pytest.mark.parametrize("factor", [0.7, -3.0])
def test_zeros_beside_other_wrong_tensors_are_no_common_factor(zeros: str, factor: float) -> None:
    case = generic()
    found = diagnose([answered(case, values_of(case), lambda n, v: 0 * v if n == zeros else factor * v)])
    assert found.pattern is not None and found.pattern.code == "first_wrong"


def test_a_tensor_of_zeros_in_one_case_alone_is_no_common_factor() -> None:
    first, second = probes(None, ROWS)[:2]
    zeros = answered(first, values_of(first), lambda _, value: 0 * value)
    found = diagnose([zeros, answered(second, values_of(second), lambda _, value: 0.7 * value)])
    assert found.pattern is not None and found.pattern.code == "first_wrong"


def test_the_ratio_is_the_number_by_which_all_of_a_tensor_is_off() -> None:
    case = generic()
    found = diagnose([answered(case, values_of(case), lambda n, v: 0.7 * v if n == "dW2" else v)])
    assert found.cases[0].tensors["dW2"].ratio == pytest.approx(0.7)
    assert found.cases[0].tensors["dW2"].relative_error == pytest.approx(0.3)
    assert found.cases[0].tensors["dW1"].ratio is None


# --- Layouts --------------------------------------------------------------------------------------------------------


def test_weights_that_fit_only_transposed_are_taken_so() -> None:
    # As PyTorch has them: samples in rows, weights as (fan_out, fan_in).
    ours = generic()
    transposed = {name: value.T.tolist() for name, value in ours.parameters.items()}
    case = case_of("mine", transposed, ours.batch.x.tolist(), ours.batch.y.tolist(), ROWS)
    assert case.orientation == Orientation(samples=False, weights=True)
    results = {name: value.T.tolist() for name, value in values_of(ours).items()}
    assert diagnose([answer_of(case, results)]).verdict == "correct"


@pytest.mark.parametrize("shape", [(-1,), (1, -1), (-1, 1)])
def test_a_bias_may_be_a_row_a_column_or_neither(shape: tuple[int, ...]) -> None:
    case = generic()
    values = values_of(case)
    results = {name: (v.reshape(shape) if name.startswith("db") else v).tolist() for name, v in values.items()}
    assert diagnose([answer_of(case, results)]).verdict == "correct"


def test_labels_may_be_a_row_of_columns() -> None:
    ours = generic(Conventions("columns"))
    labels = ours.batch.y.argmax(axis=1)
    parameters = {
        name: ours.orientation.to_theirs(ours.program.tensors[name], v) for name, v in ours.parameters.items()
    }
    for y in (labels, labels[None, :], labels[:, None], ours.batch.y, ours.batch.y.T):
        case = case_of(
            "mine",
            {n: v.tolist() for n, v in parameters.items()},
            ours.batch.x.T.tolist(),
            y.tolist(),
            Conventions("columns"),
        )
        np.testing.assert_array_equal(case.batch.y, ours.batch.y)
        np.testing.assert_array_equal(case.batch.x, ours.batch.x)


def test_inputs_that_changed_are_noticed() -> None:
    case = generic()
    theirs = {name: value.tolist() for name, value in case.parameters.items()}
    same = answer_of(case, {"dW1": [[0.0]]}, None, theirs, case.batch.x.tolist())
    changed = answer_of(case, {"dW1": [[0.0]]}, None, {**theirs, "W2": (case.parameters["W2"] - 0.01).tolist()}, None)
    rounded_off = answer_of(case, {"dW1": [[0.0]]}, None, {"W1": np.round(case.parameters["W1"] + 0.0004, 3).tolist()})
    assert (same.changed, changed.changed, rounded_off.changed) == ((), ("W2",), ())


def test_parameters_that_do_not_fit_each_other_are_refused_in_words() -> None:
    with pytest.raises(EngineError, match=r"W1 \(2, 3\), W2 \(4, 5\)"):
        case_of("mine", {"W1": np.zeros((2, 3)).tolist(), "W2": np.zeros((4, 5)).tolist()}, [[1.0, 2.0]], [0], ROWS)


def test_a_name_that_no_tensor_has_is_told() -> None:
    case = generic()
    answer: Answer = answer_of(case, {"dW1": values_of(case)["dW1"].tolist(), "cache": [1.0]})
    assert answer.unread == ("cache",)


@pytest.mark.parametrize("layout", ["rows", "columns"])
def test_rows_that_should_sum_to_0_and_do_not_are_told_with_their_sum(layout: str) -> None:
    case = generic(Conventions(layout))

    def slipped(name: str, value: Array) -> Array:
        other = value.copy()
        other[(2, 1) if layout == "rows" else (1, 2)] += 0.25 if name == "dz2" else 0
        return other

    names = ("dz2", "dW2", "db2")
    turned = {
        name: case.orientation.to_theirs(case.program.tensors[name], v) for name, v in values_of(case, names).items()
    }
    found = diagnose([answer_of(case, {n: (slipped(n, v) if n == "dz2" else v).tolist() for n, v in turned.items()})])
    assert (found.verdict, found.mistakes) == ("unknown", ())
    assert found.pattern is not None and found.pattern.code == "unbalanced"
    assert found.pattern.params == {"tensor": "dz2", "sample": 3, "sum": pytest.approx(0.25), "case": "generic"}
    # With squared errors a row of dz has no such sum.
    other = probes(MODELS["numbers"], ROWS)[0]
    sent = answered(other, values_of(other, ["dz2"]), lambda _, value: value + np.eye(*value.shape))
    plain = diagnose([sent]).pattern
    assert plain is not None and plain.code != "unbalanced"
