"""A server with another vocabulary offers its rows, computes with them, stores and restores them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from server.app import create_app
from server.settings import Settings
from tests.own_vocabulary import OWN, SESSION
from tests.server.api import check_problem, client_of


@pytest.fixture
async def own_client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_app(Settings(data_dir=tmp_path), OWN)) as client:
        yield client


async def test_everything_new_is_offered_with_its_numbers(own_client: httpx.AsyncClient) -> None:
    offered = (await own_client.get("/models")).json()
    kinds = ("activations", "outputs", "optimizers", "initializers")
    rows = {kind: {row["name"]: row for row in offered[kind]} for kind in kinds}
    assert [number["name"] for number in rows["activations"]["bend"]["settings"]] == ["rate"]
    assert rows["outputs"]["identity"]["targets"]["log_cosh"] == "numbers"
    assert [number["default"] for number in rows["optimizers"]["crawl"]["settings"]] == [0.1]
    assert [number["name"] for number in rows["initializers"]["stripes"]["settings"]] == ["size"]
    datasets = (await own_client.get("/datasets")).json()
    assert "ramp" in [dataset["name"] for dataset in datasets]
    mistakes = (await own_client.get("/mistakes")).json()["mistakes"]
    assert mistakes[-1]["id"] == "step_too_long" and mistakes[-1]["wrong_line"] == "W1_step = 2 * (learning_rate * dW1)"


async def test_a_session_can_have_the_mistake_and_its_script_too(own_client: httpx.AsyncClient) -> None:
    moved = []
    for mistakes in ([], ["step_too_long"]):
        model = {**SESSION["model"], "mistakes": mistakes}
        session = (await own_client.post("/sessions", json={**SESSION, "model": model})).json()
        step = (await own_client.post(f"/sessions/{session['id']}/step")).json()
        moved.append(np.array(step["updated"]["W1"]) - session["parameters"]["W1"])
    np.testing.assert_allclose(moved[1], 2 * moved[0], rtol=1e-9)
    script = await own_client.get(f"/sessions/{session['id']}/export?format=numpy")
    assert "W1_step = 2 * W1_step_once" in script.text


async def test_a_session_with_them_steps_changes_and_exports(own_client: httpx.AsyncClient) -> None:
    created = await own_client.post("/sessions", json=SESSION)
    assert created.status_code == 201, created.text
    assert created.json()["targets"] == "numbers"
    path = f"/sessions/{created.json()['id']}"
    step = (await own_client.post(f"{path}/step?detail=micro")).json()
    assert {"bend", "bend_slope", "log_cosh"} <= {node["op"] for node in step["micro"]}
    program = (await own_client.get(f"/programs/{step['program']}")).json()
    assert "bend" in program["primitives"]
    edited = await own_client.patch(path, json={"activation_numbers": [{"rate": 2}]})
    assert edited.json()["model"]["hidden"][0]["rate"] == 2
    assert edited.json()["edits"][-1]["changes"] == {"activation_numbers": [{"rate": 2}]}
    assert "1 + rate1 * np.abs(z1)" in (await own_client.get(f"{path}/export?format=numpy")).text
    assert "lr=0.2 / 2" in (await own_client.get(f"{path}/export?format=pytorch")).text


async def test_a_trace_a_gradient_check_and_replicas_know_them(own_client: httpx.AsyncClient) -> None:
    start = {key: SESSION[key] for key in ("model", "initializer", "seed")}
    batch = {"x": [[0.5], [-1]], "y": [[1], [0.5]]}
    trace = await own_client.post("/trace", json={**start, "batch": batch, "optimizer": SESSION["optimizer"]})
    assert trace.status_code == 200, trace.text
    check = (await own_client.post("/gradient-check", json={**start, "batch": batch})).json()
    assert check["counts"]["agrees"] == check["counts"]["checked"] == 10
    replicas = await own_client.post("/experiments/replicas", json={**SESSION, "seeds": 2, "steps": 3})
    assert '"type":"result"' in replicas.text.replace(" ", ""), replicas.text


async def test_a_stored_session_with_them_opens_in_another_process(tmp_path: Path) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path), OWN)) as client:
        session = (await client.post("/sessions", json=SESSION)).json()
        path = f"/sessions/{session['id']}"
        await client.patch(path, json={"activation_numbers": [{"rate": 1.5}], "optimizer": {"learning_rate": 0.4}})
        await client.post(f"{path}/train", json={"steps": 3})
        kept = (await client.get(path)).json()
        await asyncio.sleep(0)
    async with client_of(create_app(Settings(data_dir=tmp_path), OWN)) as client:
        assert (await client.get(path)).json()["parameters"] == kept["parameters"]
        assert (await client.get(path)).json()["model"] == kept["model"]


async def test_a_server_without_the_rows_refuses_their_names(client: httpx.AsyncClient) -> None:
    check_problem(await client.post("/sessions", json=SESSION), 422, "unknown_name")


async def test_numbers_of_an_activation_can_be_changed_in_mid_run_layer_by_layer(client: httpx.AsyncClient) -> None:
    model = {
        "inputs": 2,
        "hidden": [{"units": 3, "activation": "leaky_relu"}, {"units": 2, "activation": "elu"}, {"units": 2}],
        "output": {"units": 1, "activation": "relu"},
        "loss": "half_squared_error",
    }
    batch = {"x": [[0, 1], [1, 0]], "y": [[1], [0]]}
    path = f"/sessions/{(await client.post('/sessions', json={'model': model, 'batch': batch})).json()['id']}"
    changes = [{"negative_slope": 0.2}, {"alpha": 2}, None, {"derivative_at_zero": 0.5}]
    found = (await client.patch(path, json={"activation_numbers": changes})).json()["model"]
    assert (found["hidden"][0]["negative_slope"], found["hidden"][1]["alpha"]) == (0.2, 2)
    assert (found["hidden"][2]["derivative_at_zero"], found["output"]["derivative_at_zero"]) == (0, 0.5)
    refused = {"shape": [{}], "unknown_name": [{"slope": 1}, None, None], "range": [None, {"alpha": -1}, None]}
    for code, wrong in refused.items():
        check_problem(await client.patch(path, json={"activation_numbers": wrong}), 422, code)
