"""A step as it is answered: by layer, by micro-step, in short, and as a binary frame."""

import math
from typing import Any

import httpx
import numpy as np
import pytest

from engine.layout import layout_of
from engine.model import LayerSpec, ModelSpec, OptimizerSpec, program_of
from server.steps.frames import unpack
from tests.server.api import TRACE

LAYER_KEYS = ["index", "activation", "W", "b", "z", "mask", "a", "da", "dz", "dW", "db"]


async def step(client: httpx.AsyncClient, query: str = "", **changes: Any) -> dict[str, Any]:
    answer = await client.post(f"/trace{query}", json={**TRACE, **changes})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_a_step_has_the_keys_of_the_contract(client: httpx.AsyncClient) -> None:
    found = await step(client)
    assert found["step"] == 1
    assert found["scope"] == {"kind": "batch", "sample": None, "m": 3}
    assert found["batch"] == TRACE["batch"]
    assert [list(layer) for layer in found["layers"]] == [LAYER_KEYS, LAYER_KEYS]
    assert [layer["index"] for layer in found["layers"]] == [1, 2]
    assert list(found["updated"]) == ["W1", "b1", "W2", "b2"]
    assert found["optimizer_state"] == {}
    assert np.shape(found["dx"]) == (3, 2)
    assert found["data_loss"] == found["loss"] and found["regularization"] == 0
    assert found["program"].startswith("sha256:")


async def test_the_softmax_layer_has_p_for_a_and_neither_mask_nor_da(client: httpx.AsyncClient) -> None:
    found = await step(client)
    softmax = found["layers"][1]
    assert softmax["a"] == found["probabilities"]
    assert softmax["mask"] is None and softmax["da"] is None


async def test_without_bias_b_and_db_are_null(client: httpx.AsyncClient) -> None:
    found = await step(client, model={**TRACE["model"], "bias": False})
    assert [(layer["b"], layer["db"]) for layer in found["layers"]] == [(None, None)] * 2
    assert list(found["updated"]) == ["W1", "W2"]


async def test_without_optimizer_nothing_is_updated(client: httpx.AsyncClient) -> None:
    assert (await step(client, optimizer=None))["updated"] is None


async def test_with_l2_the_parts_of_the_loss_add_up(client: httpx.AsyncClient) -> None:
    found = await step(client, model={**TRACE["model"], "l2": 0.5})
    weights = [np.array(layer["W"]) for layer in found["layers"]]
    assert found["regularization"] == pytest.approx(0.25 * sum((w**2).sum() for w in weights))
    assert found["loss"] == pytest.approx(found["data_loss"] + found["regularization"])


async def test_given_parameters_are_used_as_they_are(client: httpx.AsyncClient) -> None:
    parameters = {"W1": [[1, 0, 2], [0, 1, -1]], "b1": [0, 0.5, 0], "W2": [[1, 0], [0, 1], [1, 1]], "b2": [0, 0]}
    found = await step(client, parameters=parameters)
    assert found["layers"][0]["W"] == parameters["W1"]
    # First row x = (0, 1): z1 = (0, 1.5, -1); relu shuts the corner and what is below it.
    assert found["layers"][0]["z"][0] == [0, 1.5, -1]
    assert found["layers"][0]["mask"][0] == [0, 1, 0]


async def test_the_derivative_at_zero_is_a_field_of_its_layer(client: httpx.AsyncClient) -> None:
    hidden = [{"units": 3, "activation": "relu", "derivative_at_zero": 0.5}]
    found = await step(client, model={**TRACE["model"], "hidden": hidden}, initializer={"name": "zeros"})
    assert found["layers"][0]["mask"] == [[0.5] * 3] * 3


async def test_labels_as_rows_come_back_as_rows_unless_each_is_one_class(client: httpx.AsyncClient) -> None:
    soft = [[0.25, 0.75], [1, 0], [0, 1]]
    assert (await step(client, batch={**TRACE["batch"], "y": soft}))["batch"]["y"] == soft
    hard = [[0, 1], [1, 0], [0, 1]]
    assert (await step(client, batch={**TRACE["batch"], "y": hard}))["batch"]["y"] == [1, 0, 1]


@pytest.mark.parametrize("y", [[[1], [0], [1]], [[1.0], [0.0], [1.0]]])
async def test_a_column_of_labels_is_taken_as_labels(client: httpx.AsyncClient, y: Any) -> None:
    assert await step(client, batch={**TRACE["batch"], "y": y}) == await step(client)


async def test_summary_is_the_scalars_alone(client: httpx.AsyncClient) -> None:
    full, summary = await step(client), await step(client, "?detail=summary")
    assert summary == {key: full[key] for key in summary}
    assert "layers" not in summary and "batch" not in summary


async def test_micro_steps_are_the_nodes_of_the_program_with_their_values(client: httpx.AsyncClient) -> None:
    found = await step(client, "?detail=micro")
    program = (await client.get(f"/programs/{found['program']}")).json()
    assert [micro["output"] for micro in found["micro"]] == [node["output"] for node in program["nodes"]]
    assert [micro["code"] for micro in found["micro"]] == [node["code"] for node in program["nodes"]]
    values = {micro["output"]: micro["value"] for micro in found["micro"]}
    assert values["z1"] == found["layers"][0]["z"]
    assert values["loss"] == found["loss"]


async def test_a_frame_decodes_to_the_numbers_of_the_json(client: httpx.AsyncClient) -> None:
    found = await step(client)
    data = (await client.post("/trace?detail=frame", json=TRACE)).content
    header, vector = unpack(data)
    program = (await client.get(f"/programs/{header['program']}")).json()
    sizes = {**program["sizes"], "n": header["m"]}
    values, start = {}, 0
    for tensor in program["tensors"]:
        shape = [sizes[axis] for axis in tensor["axes"]]
        values[tensor["name"]] = vector[start : start + math.prod(shape)].reshape(shape)
        start += math.prod(shape)
    assert start == len(vector)
    assert values["dW1"].tolist() == found["layers"][0]["dW"]
    assert values["p"].tolist() == found["probabilities"]
    assert values["W2_next"].tolist() == found["updated"]["W2"]
    assert {key: header[key] for key in ("step", "scope", "loss", "accuracy")} == {
        key: found[key] for key in ("step", "scope", "loss", "accuracy")
    }


async def test_the_bytes_of_a_frame_are_as_documented(client: httpx.AsyncClient) -> None:
    answer = await client.post("/trace?detail=frame", json=TRACE)
    data = answer.content
    length = int.from_bytes(data[4:8], "little")
    program = program_of(ModelSpec(2, (LayerSpec(3),), 2), OptimizerSpec())
    assert answer.headers["content-type"] == "application/octet-stream"
    assert data[:4] == b"BPF1"
    assert (8 + length) % 8 == 0
    assert len(data) == 8 + length + 8 * layout_of(program, 3).size


@pytest.mark.parametrize("dtype", ["float64", "float32"])
async def test_a_frame_has_the_dtype_of_the_model(client: httpx.AsyncClient, dtype: str) -> None:
    body = {**TRACE, "model": {**TRACE["model"], "dtype": dtype}}
    header, vector = unpack((await client.post("/trace?detail=frame", json=body)).content)
    assert header["dtype"] == dtype == vector.dtype.name


async def test_numbers_that_json_cannot_hold_are_words(client: httpx.AsyncClient) -> None:
    parameters = {"W1": [[1e200] * 3] * 2, "b1": [0] * 3, "W2": [[1e200, -1e200]] * 3, "b2": [0, 0]}
    found = await step(client, parameters=parameters)
    assert found["layers"][1]["z"][0] == ["Infinity", "-Infinity"]
    assert found["loss"] == "NaN"
    header, _ = unpack((await client.post("/trace?detail=frame", json={**TRACE, "parameters": parameters})).content)
    assert header["loss"] == "NaN"


async def test_the_long_way_has_another_program_and_the_same_gradients(client: httpx.AsyncClient) -> None:
    short, long = await step(client), await step(client, "?expand=true")
    assert long["program"] != short["program"]
    np.testing.assert_allclose(long["layers"][0]["dW"], short["layers"][0]["dW"], rtol=1e-12)
    program = (await client.get(f"/programs/{long['program']}")).json()
    assert "jacobian" in {tensor["name"] for tensor in program["tensors"]}


SATURATED: dict[str, Any] = {
    "model": {"inputs": 1, "output": {"units": 1, "activation": "sigmoid"}, "loss": "binary_cross_entropy"},
    "parameters": {"W1": [[40]], "b1": [0]},
    "batch": {"x": [[1]], "y": [0]},
}


async def test_a_number_that_the_long_way_cannot_show_has_its_reason_beside_it(client: httpx.AsyncClient) -> None:
    short, long = [(await client.post(f"/trace{query}", json=SATURATED)).json() for query in ("", "?expand=true")]
    assert (short["layers"][0]["dz"], long["layers"][0]["dz"]) == ([[1]], [[0]])
    assert "notes" not in short
    first, *others = long["notes"]
    assert (first["code"], first["tensor"]) == ("divided_by_zero", "dz1")
    assert "dz1" in first["text"] and "short way" in first["text"]
    assert {(note["code"], note["tensor"]) for note in others} == {("follows", name) for name in ("dW1", "db1", "dx")}
    header, _ = unpack((await client.post("/trace?expand=true&detail=frame", json=SATURATED)).content)
    assert header["notes"] == long["notes"]


async def test_a_long_way_that_agrees_has_no_notes(client: httpx.AsyncClient) -> None:
    assert (await step(client, "?expand=true"))["notes"] == []
    given = {**SATURATED, "given": {"dp": [[2]]}}
    assert (await client.post("/trace?expand=true", json=given)).json()["notes"] == []


async def test_a_session_says_the_same_of_its_next_step_and_of_one_sample(client: httpx.AsyncClient) -> None:
    session = (await client.post("/sessions", json=SATURATED)).json()
    for query in ("", "&sample=0", "&step=1", "&sample=0&step=1"):
        answer = (await client.get(f"/sessions/{session['id']}/trace?expand=true{query}")).json()
        assert answer["notes"][0]["code"] == "divided_by_zero"


async def test_a_program_may_be_kept_for_ever(client: httpx.AsyncClient) -> None:
    fingerprint = (await step(client))["program"]
    answer = await client.get(f"/programs/{fingerprint}")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["etag"] == f'"{fingerprint}"'


async def test_a_number_that_changes_nothing_but_numbers_keeps_the_program(client: httpx.AsyncClient) -> None:
    hidden = [{"units": 3, "derivative_at_zero": 1}]
    other = await step(
        client, model={**TRACE["model"], "hidden": hidden}, optimizer={"name": "sgd", "learning_rate": 9}, seed=1
    )
    assert other["program"] == (await step(client))["program"]
