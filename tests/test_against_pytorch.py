"""Every value and gradient of a step equals what PyTorch's autograd gives for the same request."""

from typing import Any

import numpy as np
import pytest

from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.model import LayerSpec, ModelSpec, OptimizerSpec, batch_of, given_parameters, trace_step
from engine.optimizers import OPTIMIZERS
from engine.run import RunSpec
from engine.trace import Trace
from engine.training import Trainer
from tests.pytorch_fixtures import FIXTURES, OF_A_LAYER, assert_agrees, fixture


def run_of(request: dict[str, Any]) -> RunSpec:
    body = request["model"]
    model = ModelSpec(
        inputs=body["inputs"],
        hidden=tuple(LayerSpec(**_with_settings(layer, "units", "activation")) for layer in body["hidden"]),
        outputs=body["output"]["units"],
        output_activation=body["output"]["activation"],
        output_settings=_with_settings(body["output"], "units", "activation")["settings"],
        **{key: body[key] for key in ("loss", "reduction", "l2", "bias", "dtype")},
    )
    optimizer = OptimizerSpec(**_with_settings(request["optimizer"], "name"))
    batch = batch_of(model, request["batch"]["x"], request["batch"]["y"])
    return RunSpec(model, optimizer, given_parameters(model, request["parameters"]), batch)


def trace_of(request: dict[str, Any]) -> Trace:
    run = run_of(request)
    return trace_step(run.model, run.parameters, run.train, run.optimizer)


def _with_settings(body: dict[str, Any], *fields: str) -> dict[str, Any]:
    """The fields as they are, and all other keys as pairs under "settings"."""
    settings = tuple((key, value) for key, value in body.items() if key not in fields)
    return {**{key: body[key] for key in fields}, "settings": settings}


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) >= 92


@pytest.mark.parametrize("name", FIXTURES)
def test_losses_values_gradients_and_updates_agree(name: str) -> None:
    content = fixture(name)
    trace, expected = trace_of(content["request"]), content["expected"]
    assert_agrees(trace["loss"], expected["loss"], "loss")
    assert_agrees(trace["dx"], expected["dx"], "dx")
    assert_agrees(trace["p"] if "p" in trace.program.tensors else None, expected["probabilities"], "p")
    if content["request"]["model"]["l2"] > 0:
        assert_agrees(trace["data_loss"], expected["data_loss"], "data_loss")
        assert_agrees(trace["regularization"], expected["regularization"], "regularization")
    for layer in expected["layers"]:
        for role in OF_A_LAYER:
            assert_agrees(trace.by_role(role, layer["index"]), layer[role], f"{role}{layer['index']}")
    for parameter, wanted in expected["updated"].items():
        assert_agrees(trace[f"{parameter}_next"], wanted, f"{parameter}_next")


@pytest.mark.parametrize("name", [name for name in FIXTURES if "trajectory" in fixture(name)["expected"]])
def test_ten_steps_of_every_optimizer_agree(name: str) -> None:
    content = fixture(name)
    trajectory = content["expected"]["trajectory"]
    trainer = Trainer(run_of(content["request"]))
    trainer.train(trajectory["steps"])
    losses = [point.loss for point in trainer.history.points]
    np.testing.assert_allclose(losses, trajectory["losses"], rtol=1e-10)
    for parameter, wanted in trajectory["parameters"].items():
        np.testing.assert_allclose(trainer.parameters[parameter], wanted, rtol=1e-10, atol=1e-12, err_msg=parameter)


def test_every_activation_output_and_optimizer_stands_in_a_fixture() -> None:
    requests = [fixture(name)["request"] for name in FIXTURES]
    models = [request["model"] for request in requests]
    assert {layer["activation"] for model in models for layer in model["hidden"]} == set(ACTIVATIONS)
    assert {(model["output"]["activation"], model["loss"]) for model in models} == set(OUTPUTS)
    moved = [fixture(name)["request"]["optimizer"]["name"] for name in FIXTURES if name.startswith("optimizer")]
    assert set(moved) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", [name for name in FIXTURES if name.startswith("corner")])
def test_corner_fixtures_have_exact_zeros_where_the_choice_matters(name: str) -> None:
    content = fixture(name)
    trace = trace_of(content["request"])
    for k, layer in enumerate(content["request"]["model"]["hidden"], start=1):
        at_corner = (trace[f"z{k}"] == 0) & (trace[f"da{k}"] != 0)
        assert at_corner.sum() >= 3
        np.testing.assert_array_equal(trace[f"mask{k}"][at_corner], layer["derivative_at_zero"])
