"""Units whose gates are shut, and norms."""

import math

import numpy as np
import pytest

from engine.metrics import l2_norm, layer_norms, rows_open
from engine.model import LayerSpec, ModelSpec, OptimizerSpec, batch_of, trace_step
from engine.trace import Trace

MASK = np.array([[1.0, 0.0, 0.0, 0.5], [1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])


def test_a_gate_is_counted_in_the_rows_where_a_gradient_passes() -> None:
    assert rows_open(MASK).tolist() == [[4, 0, 1, 1]]


def test_a_slope_of_nan_counts_as_one_that_lets_pass() -> None:
    assert rows_open(np.array([[np.nan], [0.0]])).tolist() == [[1]]


def test_whole_numbers_stay_whole_in_the_count_of_many_rows() -> None:
    assert rows_open(np.ones((100_003, 3), np.float16)).tolist() == [[100_003] * 3]


def test_the_norm_runs_over_all_axes() -> None:
    # 1 + 4 + 4 + 16 = 25
    assert l2_norm(np.array([[1.0, -2.0], [2.0, 4.0]])) == 5.0


@pytest.mark.parametrize("size", [1e-300, 1e-170, 1e170, 1e300])
def test_norms_of_tiny_and_huge_gradients_neither_vanish_nor_overflow(size: float) -> None:
    with np.errstate(all="raise"):
        assert l2_norm(np.array([3 * size, 4 * size])) == pytest.approx(5 * size, rel=1e-15)


def test_a_half_precision_gradient_is_summed_in_double() -> None:
    # 10^6 ones: float16 counts no further than 2048, and has no room for the sum.
    assert l2_norm(np.ones(10**6, dtype=np.float16)) == 1000.0


def test_norms_show_what_is_not_finite() -> None:
    assert l2_norm(np.array([1.0, -np.inf])) == math.inf
    assert math.isnan(l2_norm(np.array([1.0, np.nan])))
    assert math.isnan(l2_norm(np.array([np.nan, np.inf])))
    assert math.isnan(l2_norm(np.array([np.inf, np.nan])))


def test_nothing_and_zeros_have_norm_zero() -> None:
    assert l2_norm(np.zeros((0, 3))) == l2_norm(np.zeros(4)) == 0.0


def step_of(dtype: str = "float64", scale: float = 1.0) -> Trace:
    """A step of a 2-3-2 network with a unit that is dead, whose W1 has this scale."""
    model = ModelSpec(2, (LayerSpec(3),), 2, dtype=dtype)
    W1 = scale * np.array([[1.0, -1.0, 0.5], [1.0, -1.0, -2.0]])
    parameters = {"W1": W1, "b1": np.zeros(3), "W2": np.ones((3, 2)), "b2": np.zeros(2)}
    return trace_step(model, parameters, batch_of(model, [[1, 0], [0, 1]], [0, 1]), OptimizerSpec("sgd"))


@pytest.mark.parametrize(
    ("dtype", "scale"), [("float64", 1.0), ("float64", 1e-180), ("float64", 1e160), ("float32", 1e30)]
)
def test_norms_of_layers_are_those_of_their_tensors_whatever_their_size(dtype: str, scale: float) -> None:
    with np.errstate(all="ignore"):
        trace = step_of(dtype, scale)
    below, *layers = layer_norms(trace)
    assert (below.W, below.dz, below.dW) == (None, None, None)
    assert below.a == pytest.approx(l2_norm(trace["x"]), rel=1e-15)
    for layer, norms in enumerate(layers, start=1):
        for role in ("W", "dz", "dW"):
            wanted = l2_norm(trace[f"{role}{layer}"])
            assert getattr(norms, role) == pytest.approx(wanted, rel=1e-14, nan_ok=True)
    assert layers[0].a == pytest.approx(l2_norm(trace["a1"]), rel=1e-14)
