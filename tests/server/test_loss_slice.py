"""POST /sessions/{id}/slice: one number moved, and the loss with it."""

from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from server.app import create_app
from server.settings import Settings
from tests.server.api import SESSION, check_problem, client_of

# z1 = (2 * 1 - 2) = 0 for unit 0 and (2 * 1 + 1) = 3 for unit 1: unit 0 stands on its corner.
CORNER: dict[str, Any] = {
    "model": {"inputs": 1, "hidden": [{"units": 2}], "output": {"units": 2}},
    "parameters": {"W1": [[1, 1]], "b1": [-2, 1], "W2": [[1, -1], [0.5, 0]], "b2": [0, 0]},
    "batch": {"x": [[2], [3]], "y": [0, 1]},
}


async def sliced(client: httpx.AsyncClient, session_id: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/sessions/{session_id}/slice", json=body)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def begun(client: httpx.AsyncClient, recipe: dict[str, Any]) -> str:
    return str((await client.post("/sessions", json=recipe)).json()["id"])


@pytest.mark.parametrize("sample", [None, 4])
async def test_the_difference_meets_the_gradient_of_the_next_step(
    client: httpx.AsyncClient, session: dict[str, Any], sample: int | None
) -> None:
    found = await sliced(client, session["id"], tensor="W2", index=[1, 2], sample=sample)
    query = "" if sample is None else f"?sample={sample}"
    step = (await client.get(f"/sessions/{session['id']}/trace{query}")).json()
    assert found["scope"] == step["scope"]
    assert (found["step"], found["loss"]) == (1, step["loss"])
    assert found["gradient"] == step["layers"][1]["dW"][1][2]
    assert found["verdict"] == "agrees"
    assert found["relative_difference"] < 1e-6
    above, below = found["above"], found["below"]
    assert found["slope"] == (above["loss"] - below["loss"]) / (above["value"] - below["value"])
    assert above["value"] - found["value"] == pytest.approx(found["h"], rel=1e-9)


async def test_the_slice_is_the_loss_of_a_network_with_that_value(client: httpx.AsyncClient) -> None:
    session_id = await begun(client, CORNER)
    values = np.linspace(-3, 3, 7).tolist()
    found = await sliced(client, session_id, tensor="b1", index=[0], values=values)
    assert found["values"] == values
    for value, loss in zip(values, found["losses"], strict=True):
        parameters = {**CORNER["parameters"], "b1": [value, 1]}
        trace = (await client.post("/trace", json={**CORNER, "parameters": parameters})).json()
        assert loss == pytest.approx(trace["loss"], rel=1e-12)


async def test_gates_that_flip_are_named(client: httpx.AsyncClient) -> None:
    session_id = await begun(client, CORNER)
    found = await sliced(client, session_id, tensor="b1", index=[0], values=[-2, -2.5, -3.5])
    assert found["verdict"] == "skipped"
    assert [(kink["layer"], kink["unit"], kink["sample"]) for kink in found["kinks"]] == [(1, 0, 0)]
    assert found["masks_differ"] == [False, True, True]
    # Sample 1 has z = 3 - 2 = 1: a nudge by 2 moves it too.
    wide = await sliced(client, session_id, tensor="b1", index=[0], h=2)
    assert wide["kinks_in_all"] == 2
    assert {kink["sample"] for kink in wide["kinks"]} == {0, 1}


async def test_an_input_can_be_moved_too(client: httpx.AsyncClient) -> None:
    session_id = await begun(client, CORNER)
    found = await sliced(client, session_id, tensor="x", index=[0, 0], sample=1)
    step = (await client.get(f"/sessions/{session_id}/trace?sample=1")).json()
    assert found["gradient"] == step["dx"][0][0]
    assert found["verdict"] == "agrees"


async def test_looking_changes_nothing(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    address = f"/sessions/{session['id']}"
    before = (await client.get(f"{address}/trace")).json()
    await sliced(client, session["id"], tensor="W1", index=[0, 0], h=1, values=[5, -5])
    assert (await client.get(f"{address}/trace")).json() == before
    assert (await client.get(address)).json()["version"] == session["version"]


async def test_what_has_no_meaning_is_explained(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    for body, code in (
        ({"tensor": "W9", "index": [0, 0]}, "unknown_name"),
        ({"tensor": "W1", "index": [2, 0]}, "unknown_cell"),
        ({"tensor": "W1", "index": [0, 0], "h": 0}, "invalid"),
        ({"tensor": "W1", "index": [0, 0], "sample": 32}, "sample"),
        ({"tensor": "W1", "index": [0, 0], "values": [0.0] * 1001}, "too_large"),
    ):
        check_problem(await client.post(f"/sessions/{session['id']}/slice", json=body), 422, code)
    answer = await client.post("/sessions/nowhere/slice", json={"tensor": "W1", "index": [0, 0]})
    check_problem(answer, 404, "unknown_session")


async def test_the_cost_of_a_slice_is_bounded(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, max_gradient_check_values=3_000)
    async with client_of(create_app(settings)) as client:
        session_id = await begun(client, SESSION)
        body = {"tensor": "W1", "index": [0, 0], "values": [0.0] * 20}
        answer = await client.post(f"/sessions/{session_id}/slice", json=body)
        assert check_problem(answer, 422, "too_large")["params"]["setting"] == "max_gradient_check_values"
