"""The gradient check finds what is wrong, and says what it cannot judge."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.gradient_check import GradientCheck, best_h, spread, worst_of
from engine.layers import ACTIVATIONS
from engine.model import ModelSpec, batch_of
from engine.vocabulary import STANDARD
from tests.engine.cases import Case, cells_checked, random_case


def check_of(case: Case, h: float | None = None) -> GradientCheck:
    return GradientCheck(case.model, case.parameters, case.batch, h)


def at_the_corner(derivative_at_zero: float) -> Case:
    """One unit whose z is exactly 0: z1 = [[0]], W2 = [[1, -1]], y = class 0, so da1 = -1."""
    case = random_case(units=(1, 1, 2), m=1, derivative_at_zero=derivative_at_zero)
    parameters = {"W1": [[1.0]], "b1": [0.0], "W2": [[1.0, -1.0]], "b2": [0.0, 0.0]}
    case.batch.x[...], case.batch.y[...] = 0, [[1, 0]]
    return Case(case.model, {name: np.array(value) for name, value in parameters.items()}, case.batch)


@pytest.mark.parametrize("derivative_at_zero", [0.0, 0.5, 1.0])
def test_at_a_corner_the_difference_is_half_of_both_sides_whatever_was_chosen(derivative_at_zero: float) -> None:
    # p - y = [-1/2, 1/2], so da1 = -1/2 - 1/2 = -1; the loss falls to the right of the corner and is flat to the left.
    cell = check_of(at_the_corner(derivative_at_zero)).check("b1", (0,))
    assert cell.analytic == -derivative_at_zero
    assert cell.numeric == pytest.approx(-0.5, rel=1e-4)
    assert cell.verdict == "skipped"


def test_a_skipped_cell_names_the_unit_and_the_sample_that_cross() -> None:
    case = random_case(units=(2, 4, 3, 2), m=5, seed=2)
    # Sample 3 is put 1e-7 above the corner of unit 1 of layer 1.
    case.parameters["b1"][1] -= case.trace()["z1"][3, 1] - 1e-7
    cell = check_of(case).check("b1", (1,))
    kink = cell.kink
    assert kink is not None
    assert (kink.layer, kink.unit, kink.sample) == (1, 1, 3)
    assert kink.below < 0 < kink.above
    assert kink.above - kink.below == pytest.approx(2 * cell.h, rel=1e-9)


def test_a_corner_elsewhere_is_found_where_it_is() -> None:
    case = random_case(units=(2, 3, 2), m=3, activation="max_eps")
    case.parameters["b1"][0] -= case.trace()["z1"][2, 0] - 0.01
    kink = check_of(case).check("b1", (0,)).kink
    assert kink is not None and (kink.unit, kink.sample) == (0, 2)
    assert kink.below < 0.01 < kink.above


def at_an_error(*errors: float) -> GradientCheck:
    """Huber with delta 1/2 on an identity whose outputs are x, so that these are the errors of one sample each."""
    model = ModelSpec(1, (), 1, "identity", "huber", bias=False, output_settings=(("delta", 0.5),))
    return GradientCheck(
        model, {"W1": np.ones((1, 1))}, batch_of(model, [[error] for error in errors], [0] * len(errors))
    )


@pytest.mark.parametrize("error", [0.5, -0.5])
def test_an_error_of_exactly_delta_is_skipped_since_the_loss_goes_over_to_a_line_there(error: float) -> None:
    check = at_an_error(0.1, error)
    cell = check.check("x", (1, 0))
    # To one side the loss bends and to the other it does not: a quarter of h over m = 2 is missing.
    assert abs(cell.numeric - cell.analytic) == pytest.approx(cell.h / 4 / 2, rel=1e-3)
    assert cell.difference > cell.allowed and cell.verdict == "skipped"
    assert cell.kink is not None
    assert (cell.kink.tensor, cell.kink.layer, cell.kink.unit, cell.kink.sample) == ("error", 1, 0, 1)
    assert min(abs(cell.kink.below), abs(cell.kink.above)) < 0.5 < max(abs(cell.kink.below), abs(cell.kink.above))
    assert check.check("x", (0, 0)).verdict == "agrees"


def test_errors_away_from_delta_are_judged_on_both_sides_of_it() -> None:
    check = at_an_error(-2.0, -0.4, 0.0, 0.3, 0.6)
    assert {check.check("x", (row, 0)).verdict for row in range(5)} == {"agrees"}
    assert check.check("W1", (0, 0)).verdict == "agrees"


def test_an_error_that_jumps_from_one_line_to_the_other_crosses_both_bends() -> None:
    assert at_an_error(0.0).nudge("x", (0, 0), 2.0).verdict == "skipped"


def test_the_bend_of_a_loss_is_no_other_gate() -> None:
    assert not at_an_error(0.0).at("x", (0, 0), 2.0).masks_differ


def test_every_bias_is_skipped_where_all_units_stand_on_their_corner() -> None:
    case = random_case(units=(2, 4, 2), m=1, at_the_corner=True)
    case.batch.x[...] = 0
    assert {cell.verdict for cell in cells_checked(case) if cell.name == "b1"} == {"skipped"}


def test_nothing_is_skipped_where_no_unit_is_near_its_corner() -> None:
    case = random_case(units=(2, 4, 4, 2), m=4)
    trace = case.trace()
    assert min(np.abs(trace[name]).min() for name in ("z1", "z2")) > 1e-3
    assert {cell.verdict for cell in cells_checked(case)} == {"agrees"}


@pytest.mark.parametrize("name", [name for name, activation in ACTIVATIONS.items() if activation.corner is None])
def test_smooth_activations_have_no_kink(name: str) -> None:
    case = random_case(activation=name, at_the_corner=True)
    assert all(cell.kink is None for cell in cells_checked(case))


def test_a_wrong_rule_is_found() -> None:
    def forgets_the_mask(walk: object, chunk: object) -> None:
        walk.pass_through(chunk[0].inputs[0], walk.upstream(chunk[0].output))  # type: ignore[attr-defined, index]

    case = random_case(units=(2, 4, 4, 2), m=4, seed=3)
    cells = cells_checked(case, {**STANDARD.rules, "activation": forgets_the_mask})
    assert {cell.name for cell in cells if cell.verdict == "differs"} == {"x", "W1", "b1", "W2", "b2"}
    worst = worst_of(cells)
    assert worst is not None and worst.relative_error > 1e-2


def test_checking_leaves_the_parameters_as_they_were() -> None:
    check = check_of(random_case())
    first = [check.check(*cell) for cell in check.cells_of()]
    assert [check.check(*cell) for cell in check.cells_of()] == first


@pytest.mark.parametrize(("dtype", "wanted"), [("float64", 1e-5), ("float32", 1e-2)])
def test_the_best_step_is_near_what_the_theory_says(dtype: str, wanted: float) -> None:
    assert wanted / 2 < best_h(dtype) < wanted


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_error_grows_to_both_sides_of_the_best_step(dtype: str) -> None:
    # Above it with h squared, below it with 1 / h, which is as noisy as roundings are.
    check = check_of(random_case(units=(2, 4, 4, 2), activation="tanh", dtype=dtype))
    cell = ("W2", (1, 2))
    best = check.best_h_of(*cell)
    assert best is not None
    errors = [check.check(*cell, h).difference for h in (best * 1e-4, best, best * 30)]
    assert errors[0] > 10 * errors[1] and errors[2] > 10 * errors[1]
    assert check.check(*cell, 0.1).difference / check.check(*cell, 0.05).difference == pytest.approx(4, rel=0.2)


def test_cells_are_chosen_evenly_when_there_are_too_many() -> None:
    check = check_of(random_case(units=(2, 4, 3)))
    cells = check.cells_of(["W1", "b2"])
    assert (len(cells), cells[0], cells[10]) == (11, ("W1", (0, 0)), ("b2", (2,)))
    assert spread(cells, 3) == [cells[0], cells[5], cells[10]]
    assert spread(cells, 11) == list(cells)


def test_what_has_no_gradient_is_refused() -> None:
    check = check_of(random_case())
    with pytest.raises(EngineError, match="choose one of W1, W2, b1, b2, x"):
        check.cells_of(["W3"])
    with pytest.raises(EngineError, match="positive"):
        check_of(random_case(), h=0.0)


@pytest.mark.overflow_is_the_lesson
def test_a_loss_that_is_not_finite_does_not_agree() -> None:
    case = random_case(output=("identity", "squared_error"))
    case.parameters["W2"][...] = 1e200
    assert {cell.verdict for cell in cells_checked(case) if cell.name == "W1"} == {"differs"}


@pytest.mark.overflow_is_the_lesson
@pytest.mark.parametrize("value", [1e300, 1e-300, 0.0])
def test_no_number_is_too_large_or_too_small_to_be_checked(value: float) -> None:
    case = random_case(output=("identity", "half_squared_error"), activation="tanh")
    for array in case.parameters.values():
        array[...] = value
    check = check_of(case)
    for cell in check.cells_of():
        assert check.check(*cell).name == cell[0]
        assert check.check(*cell, h=1e308).name == cell[0]
        assert check.best_h_of(*cell) is None or check.best_h_of(*cell) >= 0  # type: ignore[operator]
