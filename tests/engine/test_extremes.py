"""Numbers at the edge: huge logits, overflow, single precision."""

import numpy as np
import pytest
from hypothesis import given

from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec
from tests.engine.cases import Case, for_many_networks, networks, random_case
from tests.engine.test_identities import case_of_logits

DTYPES = ["float64", "float32"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("label", "loss"), [(0, 0.0), (1, 1000.0), (2, 2000.0)])
def test_logits_of_a_thousand_give_the_exact_loss(label: int, loss: float, dtype: str) -> None:
    assert case_of_logits([[1000.0, 0.0, -1000.0]], [label], dtype).trace()["loss"] == loss


@pytest.mark.parametrize("dtype", DTYPES)
def test_logits_of_a_thousand_give_the_exact_gradient(dtype: str) -> None:
    trace = case_of_logits([[1000.0, 0.0, -1000.0]], [2], dtype).trace()
    np.testing.assert_array_equal(trace["dz1"], [[1, 0, -1]])


def test_probability_reaches_exactly_one_only_beyond_a_gap_of_36_74() -> None:
    # 1 / (1 + e^-gap) rounds to 1 when e^-gap is below half a unit in the last place, 2^-53: a gap of 53 ln 2.
    gap = 53 * np.log(2)
    assert case_of_logits([[gap + 0.01, 0.0]], [0]).trace()["p"][0, 0] == 1
    assert case_of_logits([[gap - 0.8, 0.0]], [0]).trace()["p"][0, 0] < 1


def test_overflow_shows_in_the_loss_and_does_not_raise() -> None:
    case = random_case(units=(2, 4, 3))
    huge = {name: value * 1e200 for name, value in case.parameters.items()}
    assert not np.isfinite(Case(case.model, huge, case.batch).trace()["loss"])


def test_overflow_shows_in_the_parameters_that_follow_from_it() -> None:
    case = random_case(units=(2, 4, 3), optimizer=OptimizerSpec())
    huge = {name: value * 1e200 for name, value in case.parameters.items()}
    assert not np.isfinite(Case(case.model, huge, case.batch, case.optimizer).trace()["W1_next"]).all()


def test_nan_in_a_row_of_x_reaches_the_loss() -> None:
    case = random_case()
    case.batch.x[0, 0] = np.nan
    assert np.isnan(case.trace()["loss"])


def test_running_leaves_the_caller_s_floating_point_settings_alone() -> None:
    before = np.geterr()
    random_case().trace()
    assert np.geterr() == before


def test_tiny_gradients_stay_different_from_zero() -> None:
    # p of class 1 is about e^-700; its gradient must not become 0.
    assert case_of_logits([[700.0, 0.0]], [0]).trace()["dz1"][0, 1] > 0


@for_many_networks
@given(case=networks(OptimizerSpec(), "float32"))
def test_every_number_of_a_float32_step_is_float32(case: Case) -> None:
    trace = case.trace()
    assert {trace[name].dtype for name in trace.program.tensors} == {np.dtype("float32")}


def test_float32_agrees_with_float64_to_its_precision() -> None:
    double, single = (random_case(units=(2, 4, 4, 3), dtype=dtype).trace() for dtype in ("float64", "float32"))
    for name in double.program.tensors:
        np.testing.assert_allclose(single[name], double[name], rtol=1e-4, atol=1e-6, err_msg=name)


def test_infinite_weight_behind_a_shut_gate_does_not_reach_the_layer_below() -> None:
    # The one unit is off (z = -1), and 1e308 * 3.5 + 1e308 * 3.5 makes its da infinite: inf * 0 would be NaN.
    model = ModelSpec(1, (LayerSpec(1),), 2)
    parameters = {
        "W1": np.array([[-1.0]]),
        "b1": np.zeros(1),
        "W2": np.array([[1e308, -1e308]]),
        "b2": np.zeros(2),
    }
    case = Case(model, parameters, Batch(np.ones((1, 1)), np.array([[4.0, -3.0]])))
    trace = case.trace()
    assert not np.isfinite(trace["da1"]).any()
    np.testing.assert_array_equal(trace["dz1"], [[0.0]])
