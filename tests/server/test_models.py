"""Every model of the design over REST: traced, and trained in a session."""

from typing import Any

import httpx
import numpy as np
import pytest

from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.model import DTYPES
from engine.optimizers import OPTIMIZERS
from server.steps.frames import unpack
from tests.server.api import check_problem

XOR = {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 0]}


def body(
    activation: str = "relu", output: tuple[str, str] = ("softmax", "cross_entropy"), units: int = 2, **changes: Any
) -> dict[str, Any]:
    """A request for xor with a hidden layer of three units."""
    model = {
        "inputs": 2,
        "hidden": [{"units": 3, "activation": activation}],
        "output": {"units": units, "activation": output[0]},
        "loss": output[1],
    }
    return {"model": model, "batch": XOR, "optimizer": {"name": "adam", "learning_rate": 0.1}, **changes}


async def answer(client: httpx.AsyncClient, path: str, request: dict[str, Any] | None = None) -> dict[str, Any]:
    found = await (client.get(path) if request is None else client.post(path, json=request))
    assert found.is_success, found.text
    document: dict[str, Any] = found.json()
    return document


@pytest.mark.parametrize("activation", ACTIVATIONS)
async def test_every_activation_is_traced_and_echoed_with_its_numbers(
    client: httpx.AsyncClient, activation: str
) -> None:
    assert (await answer(client, "/trace", body(activation)))["layers"][0]["activation"] == activation
    layer = (await answer(client, "/sessions", body(activation)))["model"]["hidden"][0]
    numbers = {setting.name: setting.default for setting in ACTIVATIONS[activation].settings}
    assert layer == {"units": 3, "activation": activation, **numbers}


@pytest.mark.parametrize(("output", "loss"), [pair for pair in OUTPUTS if pair[0] != "softmax"])
async def test_every_output_with_its_losses_is_traced(client: httpx.AsyncClient, output: str, loss: str) -> None:
    step = await answer(client, "/trace", body(output=(output, loss), units=1))
    last = step["layers"][-1]
    assert (step["probabilities"] is not None) == (step["accuracy"] is not None) == (output == "sigmoid")
    assert last["mask"] is not None
    assert (last["da"] is None) == (loss == "binary_cross_entropy")
    assert step["batch"]["y"] == [[0], [1], [1], [0]]


@pytest.mark.parametrize("loss", ["half_squared_error", "squared_error"])
async def test_softmax_with_a_squared_error_answers_da_and_no_mask(client: httpx.AsyncClient, loss: str) -> None:
    step = await answer(client, "/trace?detail=micro", body(output=("softmax", loss)))
    last = step["layers"][-1]
    assert last["a"] == step["probabilities"] and step["accuracy"] is not None
    assert last["mask"] is None and step["batch"]["y"] == [0, 1, 1, 0]
    jacobian = next(micro for micro in step["micro"] if micro["output"] == "jacobian")["value"]
    for p, da, dz, table in zip(last["a"], last["da"], last["dz"], jacobian, strict=True):
        np.testing.assert_allclose(table, np.diag(p) - np.outer(p, p), rtol=1e-12)
        np.testing.assert_allclose(dz, np.array(da) @ table, rtol=1e-12, atol=1e-17)


async def test_sigmoid_with_binary_cross_entropy_answers_what_the_contract_says(client: httpx.AsyncClient) -> None:
    step = await answer(client, "/trace", body(output=("sigmoid", "binary_cross_entropy"), units=1))
    last = step["layers"][-1]
    assert last["a"] == step["probabilities"]
    assert last["mask"] == [[a * (1 - a)] for [a] in last["a"]]
    assert last["da"] is None
    assert last["dz"] == [[(a - y) / 4] for [a], y in zip(last["a"], XOR["y"], strict=True)]


async def test_accuracy_of_a_sigmoid_asks_on_which_side_of_one_half_p_is(client: httpx.AsyncClient) -> None:
    # z = (-1, 1, 3, -1): only the third row is wrong.
    model = {"inputs": 1, "output": {"units": 1, "activation": "sigmoid"}, "loss": "binary_cross_entropy"}
    batch = {"x": [[-1], [1], [3], [-1]], "y": [0, 1, 0, 0]}
    request = {"model": model, "parameters": {"W1": [[1]], "b1": [0]}, "batch": batch}
    assert (await answer(client, "/trace", request))["accuracy"] == 0.75


async def test_output_takes_the_number_of_its_activation(client: httpx.AsyncClient) -> None:
    output = {"units": 1, "activation": "relu", "derivative_at_zero": 0.5}
    model = {"inputs": 1, "output": output, "loss": "half_squared_error", "bias": False}
    request = {"model": model, "parameters": {"W1": [[0]]}, "batch": {"x": [[1]], "y": [1]}}
    assert (await answer(client, "/trace", request))["layers"][0]["mask"] == [[0.5]]
    session = await answer(client, "/sessions", request)
    assert session["model"]["output"] == output


async def test_delta_of_huber_can_be_changed_in_mid_run_and_its_replay_is_the_same(client: httpx.AsyncClient) -> None:
    output = {"units": 1, "activation": "tanh", "delta": 0.25}
    model = {"inputs": 2, "hidden": [{"units": 3}], "output": output, "loss": "huber"}
    request = {"model": model, "batch": {"x": [[0, 1], [1, 0]], "y": [1, -1]}, "seed": 1}
    session = await answer(client, "/sessions", request)
    assert session["model"]["output"] == output
    path = f"/sessions/{session['id']}"
    await answer(client, f"{path}/train", {"steps": 3})
    patched = await client.patch(path, json={"activation_numbers": [None, {"delta": 2}]})
    assert patched.json()["model"]["output"]["delta"] == 2
    check_problem(await client.patch(path, json={"activation_numbers": [None, {"delta": 0}]}), 422, "range")
    after = await answer(client, f"{path}/train", {"steps": 3})
    await answer(client, f"{path}/rewind", {"step": 1})
    again = await answer(client, f"{path}/train", {"steps": 5})
    assert again["session"]["parameters"] == after["session"]["parameters"]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
async def test_every_optimizer_trains_a_session_and_answers_its_state(
    client: httpx.AsyncClient, optimizer: str
) -> None:
    fields = {"learning_rate": 0.1}
    request = body("tanh", ("sigmoid", "binary_cross_entropy"), 1, optimizer={"name": optimizer, **fields})
    session = await answer(client, "/sessions", request)
    before = (await answer(client, f"/sessions/{session['id']}/trace"))["loss"]
    after = await answer(client, f"/sessions/{session['id']}/train", {"steps": 100})
    step = await answer(client, f"/sessions/{session['id']}/trace?detail=micro")
    assert step["loss"] < before
    assert set(step["updated"]) == set(after["session"]["parameters"])
    assert {name.split("_")[0] for name in step["optimizer_state"]} in (set(), {"W1", "b1", "W2", "b2"})
    assert bool(step["optimizer_state"]) == (optimizer != "sgd")
    exported = await answer(client, f"/sessions/{session['id']}/export?format=json")
    assert exported["optimizer_state"] == step["optimizer_state"]


async def test_adam_shows_its_bias_correction_as_micro_steps(client: httpx.AsyncClient) -> None:
    step = await answer(client, "/trace?detail=micro", body())
    code = [micro["code"] for micro in step["micro"]]
    assert "W1_average_corrected = W1_average_next / one_minus_beta1_to_t" in code
    assert "W1_square_average_corrected = W1_square_average_next / one_minus_beta2_to_t" in code


async def test_session_with_adam_goes_on_after_a_rewind_as_it_did_before(client: httpx.AsyncClient) -> None:
    session = (await answer(client, "/sessions", body()))["id"]
    first = await answer(client, f"/sessions/{session}/train", {"steps": 30})
    await answer(client, f"/sessions/{session}/rewind", {"step": 12})
    again = await answer(client, f"/sessions/{session}/train", {"steps": 18})
    assert again["session"]["parameters"] == first["session"]["parameters"]


@pytest.mark.parametrize("dtype", DTYPES)
async def test_every_dtype_is_traced_trained_and_framed(client: httpx.AsyncClient, dtype: str) -> None:
    request = body()
    request["model"]["dtype"] = dtype
    session = (await answer(client, "/sessions", request))["id"]
    trained = await answer(client, f"/sessions/{session}/train", {"steps": 5})
    assert trained["session"]["model"]["dtype"] == dtype
    frame = await client.get(f"/sessions/{session}/trace?detail=frame")
    header, vector = unpack(frame.content)
    # A browser has no arrays of float16; its numbers travel in float32 unchanged.
    assert header["dtype"] == vector.dtype.name == ("float32" if dtype == "float16" else dtype)


@pytest.mark.parametrize("units", [1, 2])
async def test_dataset_of_two_classes_fits_one_sigmoid_output_or_two(client: httpx.AsyncClient, units: int) -> None:
    request = body(output=("sigmoid", "binary_cross_entropy"), units=units)
    del request["batch"]
    session = await answer(client, "/sessions", {**request, "dataset": {"name": "xor"}})
    step = await answer(client, f"/sessions/{session['id']}/trace")
    assert step["batch"]["y"] == ([[0], [1], [1], [0]] if units == 1 else [[1, 0], [0, 1], [0, 1], [1, 0]])
    assert session["dataset"]["classes"] == 2


@pytest.mark.parametrize("name", ["he_uniform", "xavier_uniform", "constant"])
async def test_initializers_make_the_first_weights(client: httpx.AsyncClient, name: str) -> None:
    request = body(initializer={"name": name, "bias": 0.25, **({"value": 0.5} if name == "constant" else {})})
    step = await answer(client, "/trace", request)
    assert step["layers"][0]["b"] == [0.25] * 3
    if name == "constant":
        assert step["layers"][0]["W"] == [[0.5] * 3] * 2


async def test_a_number_that_an_initializer_does_not_take_is_refused_in_words(client: httpx.AsyncClient) -> None:
    refused = await client.post("/trace", json=body(initializer={"name": "he", "std": 0.5}))
    assert "'std'" in check_problem(refused, 422, "unknown_name")["detail"]


async def test_pair_that_does_not_go_together_is_refused_in_words(client: httpx.AsyncClient) -> None:
    refused = await client.post("/trace", json=body(output=("softmax", "huber")))
    document = check_problem(refused, 422, "pair")
    assert "cross_entropy" in document["detail"]
    assert document["params"]["wanted"] == ["cross_entropy", "half_squared_error", "squared_error"]
