"""Activations: their values, their slopes, and what happens exactly at a corner."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layers import ACTIVATIONS
from engine.model import Batch, LayerSpec, ModelSpec
from engine.primitives import Array
from engine.settings import with_defaults
from engine.trace import Trace
from tests.engine.cases import Case, for_many_networks

HALF_LN_3 = float(np.log(3) / 2)
# gelu at 1: the sigmoid of sqrt(8 / pi) (z + 0.044715 z^3), and how steep that bend is.
GELU_P = float(1 / (1 + np.exp(-np.sqrt(8 / np.pi) * 1.044715)))
GELU_V_SLOPE = float(np.sqrt(8 / np.pi) * 1.134145)

# activation, its numbers, z, a, slope
POINTS = [
    ("relu", {}, -2.0, 0, 0),
    ("relu", {}, 2.0, 2, 1),
    ("leaky_relu", {}, -2.0, -0.02, 0.01),
    ("leaky_relu", {"negative_slope": 0.2}, -2.0, -0.4, 0.2),
    ("leaky_relu", {"negative_slope": 0.2}, 2.0, 2, 1),
    # A negative slope makes a positive below 0, where the slope still is the one of z.
    ("leaky_relu", {"negative_slope": -0.5}, -2.0, 1, -0.5),
    ("max_eps", {}, -2.0, 0.01, 0),
    ("max_eps", {}, 0.005, 0.01, 0),
    ("max_eps", {"eps": 0.5}, 2.0, 2, 1),
    ("elu", {}, -np.log(2), -0.5, 0.5),
    ("elu", {"alpha": 3.0}, -np.log(2), -1.5, 1.5),
    ("elu", {"alpha": 3.0}, 2.0, 2, 1),
    ("sigmoid", {}, 0.0, 0.5, 0.25),
    ("sigmoid", {}, np.log(3), 0.75, 0.1875),
    ("tanh", {}, 0.0, 0, 1),
    ("tanh", {}, HALF_LN_3, 0.5, 0.75),
    ("bipolar_sigmoid", {}, 0.0, 0, 0.5),
    ("bipolar_sigmoid", {}, np.log(3), 0.5, 0.375),
    ("softplus", {}, 0.0, np.log(2), 0.5),
    ("softplus", {}, np.log(3), np.log(4), 0.75),
    # Far to the left it is e^z, as its slope is.
    ("softplus", {}, -600.0, np.exp(-600), np.exp(-600)),
    # p (1 + z (1 - p)) with p = 3/4
    ("silu", {}, 0.0, 0, 0.5),
    ("silu", {}, np.log(3), 0.75 * np.log(3), 0.75 * (1 + np.log(3) / 4)),
    ("silu", {}, -600.0, -600 * np.exp(-600), -599 * np.exp(-600)),
    ("gelu", {}, 0.0, 0, 0.5),
    ("gelu", {}, 1.0, GELU_P, GELU_P * (1 + GELU_V_SLOPE * (1 - GELU_P))),
    ("gelu", {}, -1.0, GELU_P - 1, (1 - GELU_P) * (1 - GELU_V_SLOPE * GELU_P)),
    ("identity", {}, -2.0, -2, 1),
]
# At the corner: the chosen number, or the left derivative.
CORNERS = [
    ("relu", {}, 0.0, 0),
    ("relu", {"derivative_at_zero": 0.5}, 0.0, 0.5),
    ("max_eps", {"eps": 0.25}, 0.25, 0),
    ("max_eps", {"eps": 0.25, "derivative_at_zero": 1.0}, 0.25, 1),
    ("leaky_relu", {"negative_slope": 0.2}, 0.0, 0.2),
    ("leaky_relu", {"negative_slope": 0.2}, -0.0, 0.2),
    ("elu", {"alpha": 3.0}, 0.0, 3),
]


def at(activation: str, numbers: dict[str, float], z: float, dtype: str = "float64") -> Trace:
    """A step through one unit whose z is this number."""
    model = ModelSpec(
        1, (LayerSpec(1, activation, tuple(numbers.items())),), 1, "identity", "squared_error", dtype=dtype
    )
    parameters = {name: np.zeros(shape, dtype) for name, shape in model.parameter_shapes.items()}
    parameters["W1"][...] = 1
    parameters["W2"][...] = 1
    return Case(model, parameters, Batch(np.full((1, 1), z, dtype), np.zeros((1, 1), dtype))).trace()


@pytest.mark.parametrize(("activation", "numbers", "z", "a", "slope"), POINTS)
def test_value_and_slope(activation: str, numbers: dict[str, float], z: float, a: float, slope: float) -> None:
    trace = at(activation, numbers, z)
    np.testing.assert_allclose((trace["a1"], trace["mask1"]), [[[a]], [[slope]]], rtol=1e-14)


@pytest.mark.parametrize(("activation", "numbers", "z", "slope"), CORNERS)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_slope_exactly_at_the_corner(
    activation: str, numbers: dict[str, float], z: float, slope: float, dtype: str
) -> None:
    np.testing.assert_array_equal(at(activation, numbers, z, dtype)["mask1"], np.full((1, 1), slope, dtype))


def test_every_activation_stands_in_the_table_of_points() -> None:
    assert {activation for activation, *_ in POINTS} == set(ACTIVATIONS)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("z", [1e4, -1e4])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_far_out_every_activation_and_slope_is_finite_and_no_slope_is_negative(
    activation: str, z: float, dtype: str
) -> None:
    trace = at(activation, {}, z, dtype)
    assert np.isfinite(trace["a1"]).all()
    assert (trace["mask1"] >= 0).all()


@pytest.mark.parametrize("activation", ["silu", "gelu", "softplus"])
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_what_bends_into_relu_is_relu_far_out_to_the_last_bit(activation: str, dtype: str) -> None:
    for z in (-3e4, 3e4):
        bent, relu = at(activation, {}, z, dtype), at("relu", {}, z, dtype)
        np.testing.assert_array_equal((bent["a1"], bent["mask1"]), (relu["a1"], relu["mask1"]))


@pytest.mark.parametrize("activation", ["silu", "gelu"])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("z", [-20.0, -8.0, -4.0, -1.25, 4.0, 8.0, 20.0])
def test_slope_in_low_precision_is_within_a_few_roundings_of_the_precise_one(
    activation: str, dtype: str, z: float
) -> None:
    found, precise = (at(activation, {}, z, each)["mask1"] for each in (dtype, "float64"))
    np.testing.assert_allclose(found, precise, rtol=8 * np.finfo(dtype).eps, atol=2 * np.finfo(dtype).eps)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.overflow_is_the_lesson
def test_nan_stays_visible_in_the_activation(activation: str) -> None:
    assert np.isnan(at(activation, {}, np.nan)["a1"]).all()


@pytest.mark.parametrize("activation", ACTIVATIONS)
@for_many_networks
@given(z=st.floats(-20, 20))
def test_slope_is_the_limit_of_differences_away_from_the_corner(activation: str, z: float) -> None:
    declared = ACTIVATIONS[activation]
    corner = declared.corner
    numbers = with_defaults(declared.settings, ())
    place = numbers[corner] if isinstance(corner, str) else corner
    h = 1e-5
    if place is not None and abs(z - place) <= h:
        return

    def value(z: float) -> Array:
        return at(activation, {}, z)["a1"]

    # The third derivatives are at most 2: h^2 / 6 of that, and rounding of a / h.
    difference = (value(z + h) - value(z - h)) / (2 * h)
    np.testing.assert_allclose(at(activation, {}, z)["mask1"], difference, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_corner_is_declared_where_the_slope_or_its_change_jumps_and_nowhere_else(activation: str) -> None:
    corner = ACTIVATIONS[activation].corner
    place = with_defaults(ACTIVATIONS[activation].settings, ())[corner] if isinstance(corner, str) else corner or 0.0
    h = 1e-4
    far_left, left, right, far_right = (
        at(activation, {}, place + distance)["mask1"].item() for distance in (-2 * h, -h, h, 2 * h)
    )
    jumps = abs(right - left) > 0.1 or abs((far_right - right) - (left - far_left)) > 0.1 * h
    assert jumps == (corner is not None)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_sigmoid_is_exact_to_the_last_digits_on_both_sides(dtype: str) -> None:
    # Far to the left p itself is e^z, which does not round to 0 before e^z does; the ratio of both is 1.
    z = np.log(np.finfo(dtype).tiny) + 1
    ratio = at("sigmoid", {}, z, dtype)["a1"] / np.exp(z, dtype=dtype)
    np.testing.assert_allclose(ratio, 1, rtol=1e-5)
    assert at("sigmoid", {}, -z, dtype)["a1"] == 1
