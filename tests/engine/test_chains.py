"""Scalar chains and dead units: what one weight a layer shows about gradients in depth."""

from collections.abc import Sequence

import numpy as np
import pytest

from engine.datasets import make
from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec, batch_of, trace_step
from engine.run import RunSpec
from engine.trace import Trace
from engine.training import Trainer


def chain(x: float, weights: Sequence[float], y: float, activation: str = "relu") -> Trace:
    hidden = tuple(LayerSpec(1, activation) for _ in weights[1:])
    model = ModelSpec(1, hidden, 1, activation, "half_squared_error", bias=False)
    parameters = {f"W{layer}": np.array([[w]]) for layer, w in enumerate(weights, start=1)}
    return trace_step(model, parameters, Batch(np.array([[x]]), np.array([[y]])))


def number(trace: Trace, name: str) -> float:
    return float(trace[name].reshape(()))


def test_chain_of_two_has_the_numbers_of_the_worked_example() -> None:
    trace = chain(1.5, (0.8, 1.2), 2.0)
    found = {name: number(trace, name) for name in ("z1", "z2", "loss", "da1", "da2", "dW1", "dW2")}
    wanted = {"z1": 1.2, "z2": 1.44, "loss": 0.1568, "da1": -0.672, "da2": -0.56, "dW1": -1.008, "dW2": -0.672}
    assert found == pytest.approx(wanted, rel=1e-12)


def test_every_weight_times_its_gradient_is_the_same_while_all_units_are_on() -> None:
    weights = (0.8, 1.2, 0.5, 2.0)
    trace = chain(1.5, weights, 2.0)
    r = number(trace, "a4")
    for layer, w in enumerate(weights, start=1):
        assert w * number(trace, f"dW{layer}") == pytest.approx((r - 2.0) * r, rel=1e-12)


def test_one_shut_gate_stops_every_gradient_before_it() -> None:
    trace = chain(1.5, (0.8, -1.2, 0.5), 2.0)
    assert [number(trace, f"dW{layer}") for layer in (1, 2)] == [0, 0]


@pytest.mark.parametrize(("w", "expected"), [(1.01, 1.01**1000), (0.99, 0.99**1000)])
def test_a_thousand_equal_weights_scale_as_their_power(w: float, expected: float) -> None:
    # 1.01^1000 = 2.1e4 and 0.99^1000 = 4.3e-5.
    trace = chain(1.0, [w] * 1000, 0.0)
    assert number(trace, "a1000") == pytest.approx(expected, rel=1e-9)


def test_a_sigmoid_passes_at_most_a_quarter_of_the_weight() -> None:
    trace = chain(0.3, (2.0, -1.5, 3.0), 1.0, "sigmoid")
    for layer, w in ((2, -1.5), (3, 3.0)):
        below, above = abs(number(trace, f"dz{layer - 1}")), abs(number(trace, f"dz{layer}"))
        assert below <= above * abs(w) / 4


@pytest.mark.parametrize("derivative", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("dx", [0.25, -0.25])
def test_linearisation_at_the_corner_is_wrong_on_the_sides_that_were_not_chosen(derivative: float, dx: float) -> None:
    # f(x) = relu(x) at 0: the error over |dx| is 1 - d to the right and d to the left.
    settings = (("derivative_at_zero", derivative),)
    model = ModelSpec(1, (), 1, "relu", "half_squared_error", bias=False, output_settings=settings)
    one = {"W1": np.ones((1, 1))}
    at_0 = trace_step(model, one, Batch(np.zeros((1, 1)), np.zeros((1, 1))))
    beside = trace_step(model, one, Batch(np.full((1, 1), dx), np.zeros((1, 1))))
    error = abs(number(beside, "a1") - number(at_0, "mask1") * dx) / abs(dx)
    assert error == (1 - derivative if dx > 0 else derivative)


def dead_network(activation: str, optimizer: OptimizerSpec, **settings: float) -> Trainer:
    """2-8-2 on two moons, all hidden units off on every row."""
    model = ModelSpec(2, (LayerSpec(8, activation, tuple(settings.items())),), 2)
    rng = np.random.default_rng(0)
    parameters = {
        "W1": rng.normal(size=(2, 8)),
        "b1": np.full(8, -12.0),
        "W2": rng.normal(size=(8, 2)),
        "b2": np.zeros(2),
    }
    moons = make("two_moons", rng=rng)
    return Trainer(RunSpec(model, optimizer, parameters, batch_of(model, moons.x, moons.y)))


@pytest.mark.parametrize("activation", ["relu", "max_eps"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_units_that_are_off_on_every_row_do_not_come_back(activation: str, optimizer: str) -> None:
    trainer = dead_network(activation, OptimizerSpec(optimizer))
    before = trainer.parameters
    trainer.train(200)
    assert np.array_equal(trainer.parameters["W1"], before["W1"])
    assert np.array_equal(trainer.parameters["b1"], before["b1"])
    assert trainer.history.points[-1].loss == pytest.approx(np.log(2), abs=1e-3)


def test_leaky_units_that_are_off_on_every_row_come_back() -> None:
    trainer = dead_network("leaky_relu", OptimizerSpec("adam", (("learning_rate", 0.05),)), negative_slope=0.2)
    trainer.train(1500)
    assert trainer.history.points[-1].loss < 0.35
