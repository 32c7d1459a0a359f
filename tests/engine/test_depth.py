"""Sizes in deep networks agree with the theory of random networks."""

import math

import numpy as np
import pytest

from engine.experiments import Depth, Progress, result_of
from engine.experiments.depth import INITIALIZERS, DepthCurve
from engine.experiments.single_layer import SingleLayer
from engine.initializers import xavier
from engine.primitives import Array

G = np.linspace(-8, 8, 4001)
DENSITY = np.exp(-G * G / 2) / np.sum(np.exp(-G * G / 2))
WIDTH = 100


def sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


FUNCTIONS = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) / 1.0),
}


def expected_log10_of_the_gradient(activation: str, initializer: str, layers: int) -> float:
    """log10 of |dz_1| / |dz_L|: q' = n v E[f(sqrt(q) g)^2] from q0 = 1, and n v E[f'^2] for every layer between."""
    f, slope = FUNCTIONS[activation]
    nv = WIDTH * INITIALIZERS[initializer](WIDTH) ** 2
    q, total = nv, 0.0
    for _ in range(layers - 1):
        with np.errstate(all="ignore"):
            z = math.sqrt(q) * G
            total += math.log10(nv * float(DENSITY @ slope(z) ** 2)) / 2
            # ReLU has no scale of its own, so that a q below all floats may stand for a smaller one.
            q = max(nv * float(DENSITY @ f(z) ** 2), 1e-200)
    # What is typical lies below the mean square. E ln of a chi-square over its n degrees of freedom is about -1 / n, so
    # log10 of a size loses 0.217 / n a layer, and more where half of the units are off.
    return total - (0.54 if activation == "relu" else 0.217) * layers / WIDTH


def curves(layers: int, **options: object) -> dict[tuple[str, str], DepthCurve]:
    result = result_of(Depth(layers=layers, width=WIDTH, **options).run())  # type: ignore[arg-type]
    return {(curve.activation, curve.initializer): curve for curve in result.curves}


@pytest.mark.parametrize(("layers", "tolerance"), [(5, 0.15), (20, 0.15), (100, 0.6)])
def test_gradient_of_the_first_layer_is_as_small_as_theory_says(layers: int, tolerance: float) -> None:
    for (activation, initializer), curve in curves(layers, seeds=20, seed=1).items():
        expected = expected_log10_of_the_gradient(activation, initializer, layers)
        assert abs(curve.dz.median[0] - expected) < tolerance, (activation, initializer)
        assert curve.dz.median[-1] == 0


def test_the_theory_that_is_answered_is_that_of_random_networks() -> None:
    for (activation, initializer), curve in curves(100, seeds=1).items():
        # For ReLU the oracle has the limit of wide layers, the answer the exact loss of a layer of this width.
        below = 0.0003 * 100 if activation == "relu" else 0.0
        # Where the slopes differ a unit counts more than another; the oracle takes all to be alike.
        unlike = 0.15 if (activation, initializer) == ("tanh", "he") else 0.02
        expected = expected_log10_of_the_gradient(activation, initializer, 100) + below
        assert curve.theory[0] == pytest.approx(expected, abs=unlike), (activation, initializer)
        assert curve.theory[-1] == 0


@pytest.mark.parametrize(("width", "below"), [(16, 0.03830), (64, 0.00871), (100, 0.00552)])
def test_a_typical_layer_of_relu_falls_below_its_mean_square_by_a_known_factor(width: int, below: float) -> None:
    result = result_of(
        Depth(layers=11, width=width, activations=("relu",), initializers=("he", "xavier"), seeds=1).run()
    )
    he, xavier = (curve.theory for curve in result.curves)
    assert np.diff(he) == pytest.approx(below, abs=5e-6)
    assert he[0] == pytest.approx(-10 * below, abs=1e-4)
    assert np.diff(xavier) == pytest.approx(below + math.log10(2) / 2, abs=5e-6)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "sigmoid", "tanh", "identity"])
def test_the_theory_is_that_of_the_typical_network_also_where_layers_are_narrow(activation: str) -> None:
    # 0.217 / n and more a layer: 30 layers of 8 units lose a factor of 6 to 300 against the mean square.
    options = {"activations": (activation,), "initializers": ("xavier",), "seeds": 200, "seed": 4}
    (curve,) = result_of(Depth(layers=30, width=8, **options).run()).curves  # type: ignore[arg-type]
    spread = (curve.dz.ninetieth[0] - curve.dz.tenth[0]) / 2.56
    # The median of so many; the second order of the theory leaves out a little more.
    assert abs(curve.dz.median[0] - curve.theory[0]) < 4 * 1.25 * spread / math.sqrt(200) + 0.1


def test_a_thousand_layers_neither_vanish_nor_overflow_in_the_logarithms() -> None:
    # Gradients of 10^-1600 have no float64. The logarithm of a single network spreads by about 1 with a sigmoid and
    # by 1.5 with ReLU; the median of 20 networks lies within 2 for all nine combinations.
    found = curves(1000, seeds=1, activations=("sigmoid", "relu"))
    for key, curve in found.items():
        expected = expected_log10_of_the_gradient(*key, 1000)
        assert abs(curve.dz.median[0] - expected) < 6, key


def test_gradients_of_weights_look_flat_where_activations_shrink_as_gradients_do() -> None:
    # Xavier with ReLU: dz shrinks by 0.7 a layer on the way back and a by 0.7 on the way up, so their product stays.
    curve = curves(20, seeds=20, activations=("relu",), initializers=("xavier",))["relu", "xavier"]
    assert curve.dz.median[0] < -2.5
    assert abs(curve.dW.median[0]) < 0.3


def test_small_tanh_networks_are_scaled_without_a_trace() -> None:
    # At 0.01 the input shrinks by 0.1 a layer, below what float32 can hold, where tanh is the identity.
    curve = curves(60, seeds=3, activations=("tanh",), initializers=("normal",))["tanh", "normal"]
    slope = np.diff(curve.a.median)
    assert np.all(np.abs(slope[5:] + 1) < 0.2)
    assert curve.a.median[-1] < -55


def test_a_network_that_is_dead_has_sizes_of_minus_infinity() -> None:
    # Of 50 layers of width 1 with ReLU nothing comes through.
    (curve,) = result_of(Depth(50, 1, ("relu",), ("he",), seeds=3).run()).curves
    for sizes in (curve.a, curve.dz, curve.dW):
        assert not np.any(np.isnan([sizes.median, sizes.tenth, sizes.ninetieth]))
    assert curve.a.median[-1] == curve.dz.median[0] == -math.inf


@pytest.mark.parametrize(("activation", "gain"), [("relu", 1.0), ("leaky_relu", 1 + 0.01**2)])
def test_he_weights_keep_the_mean_square_at_any_width(activation: str, gain: float) -> None:
    # E |a|^2 / |x|^2 = n v / 2 for ReLU, times 1 + slope^2 for leaky.
    width, networks = 3, 20_000
    rng = np.random.default_rng(0)
    weights = rng.normal(0, math.sqrt(2 / width), (networks, width, width)).astype("float32")
    x = np.broadcast_to(np.array([1.0, -2.0, 0.5], "float32"), (networks, 1, width))
    a, _ = SingleLayer(activation, width, networks, 1).forward(weights, x)
    assert np.mean(np.sum(a**2, axis=-1)) / np.sum(x[0] ** 2) == pytest.approx(gain, rel=0.02)


@pytest.mark.parametrize(("std", "expected"), [(math.sqrt(1 / 300), 0.49), (math.sqrt(1 / 100), 0.85)])
def test_mean_singular_value_of_a_layer_is_that_of_glorot_and_bengio(std: float, expected: float) -> None:
    # 8 / (3 pi) sqrt(n v): U(+-1/sqrt(n)) has variance 1 / (3 n), the normalised one 1 / n.
    w = xavier(np.random.default_rng(0), (100, 100)) * std * 10
    assert np.mean(np.linalg.svd(w, compute_uv=False)) == pytest.approx(expected, abs=0.01)
    assert 8 / (3 * math.pi) * std * 10 == pytest.approx(expected, abs=0.01)


def test_layer_back_is_the_gradient_of_the_layer_forward() -> None:
    rng = np.random.default_rng(0)
    weights, x, da = rng.normal(size=(2, 4, 4)), rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4))
    layer = SingleLayer("tanh", 4, 2, 3, "float64")
    _, mask = layer.forward(weights, x)
    _, dx = layer.backward(weights, mask.copy(), da)
    h = 1e-6
    for place in [(0, 0, 0), (1, 2, 3)]:
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        above = layer.forward(weights, up)[0].copy()
        numeric = np.sum((above - layer.forward(weights, down)[0]) * da) / (2 * h)
        assert dx[place] == pytest.approx(numeric, rel=1e-6)


def test_both_ways_are_progress_and_the_same_seed_gives_the_same_result() -> None:
    depth = Depth(layers=3, width=5, seeds=2)
    assert list(depth.run()) == [Progress(done, 6) for done in range(1, 7)]
    assert result_of(depth.run()) == result_of(depth.run())
