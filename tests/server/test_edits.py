"""PATCH /sessions/{id}: changes in mid-run, noted at their step and made again by a rewind."""

from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from server.app import create_app
from server.settings import Settings
from tests.server.api import MODEL, SESSION, TRACE, check_problem, client_of


def path_of(session: dict[str, Any]) -> str:
    return f"/sessions/{session['id']}"


async def edited(client: httpx.AsyncClient, session: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.patch(path_of(session), json=body)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{document["version"]}"'
    return document


async def train(client: httpx.AsyncClient, session: dict[str, Any], steps: int) -> dict[str, Any]:
    answer = await client.post(f"{path_of(session)}/train", json={"steps": steps})
    document: dict[str, Any] = answer.json()["session"]
    return document


async def test_an_edit_is_in_the_session_and_in_its_log(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    await train(client, session, 5)
    body = {
        "optimizer": {"learning_rate": 0.02},
        "l2": 0.01,
        "derivative_at_zero": 0.5,
        "batch_size": None,
        "parameters": {"b1": [0.5] * 8},
    }
    found = await edited(client, session, body)
    assert found["optimizer"] == {"name": "sgd", "learning_rate": 0.02}
    assert (found["model"]["l2"], found["model"]["hidden"][0]["derivative_at_zero"]) == (0.01, 0.5)
    assert (found["batch_size"], found["parameters"]["b1"]) == (None, [0.5] * 8)
    changes = {**body, "parameters": ["b1"], "derivative_at_zero": [0.5], "optimizer": found["optimizer"]}
    assert found["edits"] == [{"step": 5, "changes": changes}]
    assert (await client.get(path_of(session))).json() == found
    trace = (await client.get(f"{path_of(session)}/trace")).json()
    assert trace["program"] == found["program"] != session["program"]
    assert (await client.get(f"/programs/{found['program']}")).status_code == 200
    assert trace["regularization"] > 0 and trace["layers"][0]["b"] == [0.5] * 8


async def test_another_optimizer_takes_its_own_defaults_and_begins_anew(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    await train(client, session, 5)
    found = await edited(client, session, {"optimizer": {"name": "adam"}})
    assert found["optimizer"]["learning_rate"] == 0.001
    state = (await client.get(f"{path_of(session)}/trace")).json()["optimizer_state"]
    assert not np.any(state["W1_average"])
    found = await edited(client, session, {"optimizer": {"name": "adam", "beta1": 0.5}})
    assert (found["optimizer"]["beta1"], found["optimizer"]["learning_rate"]) == (0.5, 0.001)


async def test_a_rewind_makes_the_edits_again(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    seen: dict[int, dict[str, Any]] = {}
    for body in ({"optimizer": {"name": "momentum"}}, {"l2": 0.1, "batch_size": 7}, {"optimizer": {"momentum": 0.5}}):
        await train(client, session, 60)
        found = await edited(client, session, body)
        seen[found["step"]] = found
    end = await train(client, session, 60)
    for step in (120, 240, 60, 180):
        found = (await client.post(f"{path_of(session)}/rewind", json={"step": step})).json()
        wanted = seen.get(step, end)
        for name in ("parameters", "optimizer", "model", "batch_size", "program", "batch_rows"):
            assert found[name] == wanted[name], (step, name)
        assert [edit["step"] for edit in found["edits"]] == [60, 120, 180]
        assert (await client.get(f"/programs/{found['program']}")).status_code == 200


async def test_an_edit_after_a_rewind_cuts_the_future(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    await train(client, session, 60)
    await edited(client, session, {"l2": 0.1})
    await train(client, session, 60)
    await client.post(f"{path_of(session)}/rewind", json={"step": 30})
    found = await edited(client, session, {"l2": 0.2})
    assert (found["step"], found["furthest_step"]) == (30, 30)
    assert [edit["step"] for edit in found["edits"]] == [30]
    history = (await client.get(f"{path_of(session)}/history")).json()
    assert history["metrics"]["step"][-1] == 30
    check_problem(await client.post(f"{path_of(session)}/rewind", json={"step": 31}), 422, "rewind")


async def test_a_restarted_server_goes_on_with_the_edits(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, checkpoint_every_steps=10)
    async with client_of(create_app(settings)) as client:
        one, other = [(await client.post("/sessions", json=SESSION)).json() for _ in range(2)]
        for session in (one, other):
            await train(client, session, 33)
            await edited(client, session, {"optimizer": {"name": "rmsprop"}, "data": {"remove": [0, 5]}})
        whole = await train(client, one, 33)
    async with client_of(create_app(settings)) as client:
        assert (await train(client, other, 33))["parameters"] == whole["parameters"]
        back = [(await client.post(f"{path_of(s)}/rewind", json={"step": 40})).json() for s in (one, other)]
        assert back[0]["parameters"] == back[1]["parameters"]


async def test_rows_are_set_removed_and_added(client: httpx.AsyncClient) -> None:
    body = {"model": {**MODEL, "output": {"units": 2}}, "batch": TRACE["batch"]}
    session = (await client.post("/sessions", json=body)).json()
    change = {
        "set": [{"row": 0, "x": [5, 6]}, {"row": 2, "y": 0}],
        "remove": [1],
        "add": {"x": [[7, 8]], "y": [1]},
    }
    found = await edited(client, session, {"data": change})
    rows = (await client.get(f"{path_of(session)}/data")).json()["train"]
    assert rows == {"x": [[5, 6], [-1, 0.5], [7, 8]], "y": [1, 0, 1]}
    assert found["dataset"]["rows"] == found["batch_rows"] == 3
    assert found["edits"][0]["changes"] == {"data": {"set": [0, 2], "removed": [1], "added": 1}}
    trace = (await client.get(f"{path_of(session)}/trace")).json()
    assert trace["batch"]["x"] == rows["x"]


async def test_labels_in_a_column_and_a_bias_in_a_column_are_taken(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    data = {"set": [{"row": 0, "y": [2]}], "add": {"x": [[1, 2], [3, 4]], "y": [[1], [2]]}}
    found = await edited(client, session, {"data": data, "parameters": {"b1": [[0.25]] * 8, "b2": [[1, 2, 3]]}})
    rows = (await client.get(f"{path_of(session)}/data")).json()["train"]
    assert [rows["y"][0], *rows["y"][-2:]] == [2, 1, 2]
    assert (found["parameters"]["b1"], found["parameters"]["b2"]) == ([0.25] * 8, [1, 2, 3])


async def test_a_stale_version_edits_nothing(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    for version, status in (("1", 200), ("1", 412), ("2", 200)):
        answer = await client.patch(path_of(session), json={"l2": 0.1}, headers={"If-Match": f'"{version}"'})
        assert answer.status_code == status
    assert check_problem(
        await client.patch(path_of(session), json={"l2": 0.3}, headers={"If-Match": '"1"'}), 412, "stale_version"
    )["params"] == {"current": 3}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"l2": None}, "invalid"),
        ({"rate": 0.1}, "invalid"),
        ({"l2": -1}, "range"),
        ({"optimizer": {"name": "newton"}}, "unknown_name"),
        ({"optimizer": {"beta1": 0.9}}, "unknown_name"),
        ({"parameters": {"W9": [[1]]}}, "unknown_name"),
        ({"parameters": {"W1": [[1, 2]]}}, "shape"),
        ({"parameters": {"W1": [[1, 2]] * 8}}, "transposed"),
        ({"parameters": {"b1": [[0] * 4] * 2}}, "shape"),
        ({"derivative_at_zero": 2}, "range"),
        ({"derivative_at_zero": [0.5, 0.5]}, "shape"),
        ({"batch_size": 0}, "invalid"),
        ({"data": {"remove": [1000]}}, "row"),
        ({"data": {"set": [{"row": 1000, "y": 1}]}}, "row"),
        ({"data": {"remove": list(range(79))}}, "empty"),
        ({"data": {"set": [{"row": 0, "y": 3}]}}, "label"),
        ({"data": {"set": [{"row": 0, "y": [3]}]}}, "label"),
        ({"data": {"add": {"x": [[1, 2]], "y": [[0.5]]}}}, "label"),
        ({"data": {"add": {"x": [[1]], "y": [1]}}}, "shape"),
    ],
)
async def test_what_has_no_meaning_is_explained_and_changes_nothing(
    client: httpx.AsyncClient, session: dict[str, Any], body: dict[str, Any], code: str
) -> None:
    assert session["dataset"]["rows"] == 79
    check_problem(await client.patch(path_of(session), json=body), 422, code)
    assert (await client.get(path_of(session))).json() == session


async def test_a_model_without_a_corner_says_so(client: httpx.AsyncClient) -> None:
    model = {**MODEL, "hidden": [{"units": 3, "activation": "tanh"}]}
    session = (await client.post("/sessions", json={**SESSION, "model": model})).json()
    check_problem(await client.patch(path_of(session), json={"derivative_at_zero": 1}), 422, "no_corner")
    check_problem(await client.patch(path_of(session), json={"derivative_at_zero": [1]}), 422, "unknown_name")


async def test_rows_and_edits_are_bounded(tmp_path: Path) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path, max_rows=100, max_edits=2))) as client:
        session = (await client.post("/sessions", json=SESSION)).json()
        many = {"x": [[0, 0]] * 22, "y": [0] * 22}
        problem = check_problem(await client.patch(path_of(session), json={"data": {"add": many}}), 422, "too_large")
        assert problem["params"]["setting"] == "max_rows"
        for _ in range(2):
            await edited(client, session, {"l2": 0.1})
        problem = check_problem(await client.patch(path_of(session), json={"l2": 0.1}), 422, "too_large")
        assert problem["params"]["setting"] == "max_edits"
