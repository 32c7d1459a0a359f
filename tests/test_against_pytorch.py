"""Every value and gradient of a step equals what PyTorch's autograd gives for the same request."""

from typing import Any

import numpy as np
import pytest

from engine.model import LayerSpec, ModelSpec, OptimizerSpec, batch_of, given_parameters, trace_step
from engine.trace import Trace
from tests.pytorch_fixtures import FIXTURES, OF_A_LAYER, assert_agrees, fixture


def trace_of(request: dict[str, Any]) -> Trace:
    body = request["model"]
    model = ModelSpec(
        inputs=body["inputs"],
        hidden=tuple(LayerSpec(**_with_settings(layer, "units", "activation")) for layer in body["hidden"]),
        outputs=body["output"]["units"],
        output_activation=body["output"]["activation"],
        **{key: body[key] for key in ("loss", "reduction", "l2", "bias", "dtype")},
    )
    optimizer = OptimizerSpec(**_with_settings(request["optimizer"], "name"))
    batch = batch_of(model, request["batch"]["x"], request["batch"]["y"])
    return trace_step(model, given_parameters(model, request["parameters"]), batch, optimizer)


def _with_settings(body: dict[str, Any], *fields: str) -> dict[str, Any]:
    """The fields as they are, and all other keys as pairs under "settings"."""
    settings = tuple((key, value) for key, value in body.items() if key not in fields)
    return {**{key: body[key] for key in fields}, "settings": settings}


def test_there_are_fixtures() -> None:
    assert len(FIXTURES) >= 32


@pytest.mark.parametrize("name", FIXTURES)
def test_loss_and_gradients_of_the_input_agree(name: str) -> None:
    content = fixture(name)
    trace, expected = trace_of(content["request"]), content["expected"]
    assert_agrees(trace["loss"], expected["loss"], "loss")
    assert_agrees(trace["dx"], expected["dx"], "dx")
    assert_agrees(trace["p"], expected["probabilities"], "p")
    if content["request"]["model"]["l2"] > 0:
        assert_agrees(trace["data_loss"], expected["data_loss"], "data_loss")
        assert_agrees(trace["regularization"], expected["regularization"], "regularization")


@pytest.mark.parametrize("name", FIXTURES)
def test_values_and_gradients_of_every_layer_agree(name: str) -> None:
    content = fixture(name)
    trace = trace_of(content["request"])
    for layer in content["expected"]["layers"]:
        for role in OF_A_LAYER:
            assert_agrees(trace.by_role(role, layer["index"]), layer[role], f"{role}{layer['index']}")


@pytest.mark.parametrize("name", FIXTURES)
def test_parameters_after_the_step_agree(name: str) -> None:
    content = fixture(name)
    trace = trace_of(content["request"])
    for parameter, wanted in content["expected"]["updated"].items():
        assert_agrees(trace[f"{parameter}_next"], wanted, f"{parameter}_next")


@pytest.mark.parametrize("name", [name for name in FIXTURES if name.startswith("corner")])
def test_corner_fixtures_have_exact_zeros_where_the_choice_matters(name: str) -> None:
    content = fixture(name)
    trace = trace_of(content["request"])
    for k, layer in enumerate(content["request"]["model"]["hidden"], start=1):
        at_corner = (trace[f"z{k}"] == 0) & (trace[f"da{k}"] != 0)
        assert at_corner.sum() >= 3
        np.testing.assert_array_equal(trace[f"mask{k}"][at_corner], layer["derivative_at_zero"])
