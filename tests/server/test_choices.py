"""GET /models says what the engine knows, no more and no less."""

import math

import httpx
import pytest

from engine import initializers, layers, losses, optimizers
from tests.server.api import TRACE, check_problem


async def test_every_name_of_the_engine_is_offered(client: httpx.AsyncClient) -> None:
    offered = (await client.get("/models")).json()
    names = {
        kind: [choice["name"] for choice in offered[kind]] for kind in ("activations", "optimizers", "initializers")
    }
    assert names["activations"] == list(layers.ACTIVATIONS)
    assert names["optimizers"] == list(optimizers.OPTIMIZERS)
    assert names["initializers"] == list(initializers.INITIALIZERS)
    pairs = [(output["name"], loss) for output in offered["outputs"] for loss in output["losses"]]
    assert sorted(pairs) == sorted(losses.OUTPUTS)
    assert offered["dtypes"][0] == "float64" and offered["reductions"][0] == "mean"


async def test_a_number_is_offered_with_its_limits(client: httpx.AsyncClient) -> None:
    offered = (await client.get("/models")).json()
    relu = next(choice for choice in offered["activations"] if choice["name"] == "relu")
    assert relu["settings"] == [
        {"name": "derivative_at_zero", "default": 0.0, "minimum": 0.0, "maximum": 1.0, "above": None, "below": None}
    ]
    adam = next(choice for choice in offered["optimizers"] if choice["name"] == "adam")
    beta = next(setting for setting in adam["settings"] if setting["name"] == "beta1")
    assert beta == {"name": "beta1", "default": 0.9, "minimum": 0.0, "maximum": None, "above": None, "below": 1.0}


async def test_a_loss_is_offered_with_the_numbers_that_it_alone_takes(client: httpx.AsyncClient) -> None:
    offered = (await client.get("/models")).json()
    outputs = {output["name"]: output for output in offered["outputs"]}
    elu = outputs["elu"]
    assert [number["name"] for number in elu["settings"]] == ["alpha"]
    assert {loss: [number["name"] for number in numbers] for loss, numbers in elu["loss_settings"].items()} == {
        "half_squared_error": [],
        "squared_error": [],
        "huber": ["delta"],
    }
    (delta,) = elu["loss_settings"]["huber"]
    assert (delta["default"], delta["minimum"], delta["above"]) == (1, None, 0)


async def test_every_output_takes_exactly_the_numbers_that_are_offered_with_its_loss(client: httpx.AsyncClient) -> None:
    offered = (await client.get("/models")).json()
    for output in offered["outputs"]:
        for loss in output["losses"]:
            known = {
                number["name"]: number["default"] for number in (*output["settings"], *output["loss_settings"][loss])
            }
            model = {"inputs": 2, "output": {"units": 2, "activation": output["name"], **known}, "loss": loss}
            body = {"model": model, "batch": {"x": [[0, 1]], "y": [[0, 1]]}}
            assert (await client.post("/trace", json=body)).is_success, (output["name"], loss)
            others = {number["name"] for numbers in output["loss_settings"].values() for number in numbers} - set(known)
            for name in others:
                wrong = {**body, "model": {**model, "output": {**model["output"], name: 1}}}
                check_problem(await client.post("/trace", json=wrong), 422, "unknown_name")


async def test_least_units_are_those_that_the_engine_takes(client: httpx.AsyncClient) -> None:
    offered = (await client.get("/models")).json()
    for output in offered["outputs"]:
        for units in (1, 2):
            model = {
                **TRACE["model"],
                "output": {"units": units, "activation": output["name"]},
                "loss": output["losses"][0],
            }
            y = [0, 1, 0] if units == 1 else [[0, 1], [1, 0], [1, 0]]
            answer = await client.post("/trace", json={**TRACE, "model": model, "batch": {**TRACE["batch"], "y": y}})
            assert answer.is_success == (units >= output["least_units"]), answer.text


async def test_as_many_layers_are_offered_as_a_model_may_have(client: httpx.AsyncClient) -> None:
    most = (await client.get("/models")).json()["most_layers"]
    for depth in (most, most + 1):
        model = {**TRACE["model"], "hidden": [{"units": 2}] * (depth - 1)}
        answer = await client.post("/trace", json={**TRACE, "model": model})
        if depth == most:
            assert answer.is_success, answer.text
        else:
            refused = check_problem(answer, 422, "too_large")
            assert refused["params"]["setting"] == "max_layers" and "BACKPROP" not in refused["detail"]


async def test_what_a_request_leaves_out_is_what_the_defaults_say(client: httpx.AsyncClient) -> None:
    defaults = (await client.get("/models")).json()["defaults"]
    model = {"inputs": 2, "hidden": [{"units": 3}], "output": {"units": 2}}
    said = {
        **{name: value for name, value in defaults.items() if name != "hidden_layer" and value is not None},
        "model": {
            **defaults["model"],
            "inputs": 2,
            "hidden": [{"units": 3, **defaults["hidden_layer"]}],
            "output": {"units": 2, **defaults["model"]["output"]},
        },
        "dataset": {"name": "xor", **defaults["dataset"]},
    }
    request = {"model": model, "dataset": {"name": "xor"}}
    short, long = [(await client.post("/sessions", json=body)).json() for body in (request, said)]
    varying = {"id", "expires_at", "version"}
    assert {k: v for k, v in short.items() if k not in varying} == {k: v for k, v in long.items() if k not in varying}


async def test_the_curve_of_an_activation_is_what_the_engine_computes(client: httpx.AsyncClient) -> None:
    curves = {row["name"]: dict(row["curve"]) for row in (await client.get("/models")).json()["activations"]}
    assert curves.keys() == layers.ACTIVATIONS.keys()
    assert curves["relu"] == {z: max(0.0, z) for z in curves["relu"]}
    assert curves["tanh"] == pytest.approx({z: math.tanh(z) for z in curves["tanh"]}, abs=5e-4)
    assert curves["leaky_relu"][-3.0] == -0.03
    assert all(min(curve) == -3 and max(curve) == 3 and 0 in curve for curve in curves.values())
