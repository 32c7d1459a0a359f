"""Pictures of learning: planes of single units, gates on all rows, and steps of the past computed again."""

import threading
import tracemalloc
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from engine.datasets import Dataset, make
from server.app import create_app
from server.settings import Settings
from tests.server.api import MODEL, SESSION, check_problem, client_of


def path_of(session: dict[str, Any]) -> str:
    return f"/sessions/{session['id']}"


async def test_the_map_of_a_unit_is_its_z_and_a_in_the_trace_of_the_grid(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    path = f"{path_of(session)}/decision-map?resolution=5"
    found = (await client.get(f"{path}&unit=1:3&unit=2:0")).json()
    grid = [[found["x"][column], found["y"][row]] for row in range(5) for column in range(5)]
    body = {"model": MODEL, "parameters": session["parameters"], "batch": {"x": grid, "y": [0] * 25}}
    layers = (await client.post("/trace", json=body)).json()["layers"]
    for unit in found["units"]:
        layer = layers[unit["layer"] - 1]
        for name in ("z", "a"):
            np.testing.assert_allclose(np.ravel(unit[name]), np.array(layer[name])[:, unit["unit"]], rtol=1e-12)
    assert [(unit["layer"], unit["unit"]) for unit in found["units"]] == [(1, 3), (2, 0)]
    assert (await client.get(path)).json() == {**found, "units": []}


async def test_the_map_before_a_step_of_the_past_is_the_one_that_was_answered_then(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    path = f"{path_of(session)}/decision-map?resolution=5&unit=1:3"
    then = []
    for _ in range(3):
        then.append((await client.get(path)).json())
        await client.post(f"{path_of(session)}/step")
    assert [(await client.get(f"{path}&step={step}")).json() for step in (1, 2, 3)] == then
    assert (await client.get(f"{path}&step=4")).json() == (await client.get(path)).json() not in then
    assert check_problem(await client.get(f"{path}&step=5"), 422, "unknown_step")["params"]["furthest"] == 4


async def test_a_map_of_no_unit_is_refused(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    for unit in ("0:0", "1:8", "3:0"):
        answer = await client.get(f"{path_of(session)}/decision-map?unit={unit}")
        assert check_problem(answer, 422, "unknown_unit")["params"]["found"] == unit
    check_problem(await client.get(f"{path_of(session)}/decision-map?unit=first"), 422, "invalid")


async def test_a_unit_is_dead_when_it_is_off_for_all_rows_and_not_only_in_the_batch(client: httpx.AsyncClient) -> None:
    # Unit 1 has z = x1 - 1.5: open for x1 = 2 alone; unit 2 has z = -1 everywhere.
    body = {
        "model": {"inputs": 1, "hidden": [{"units": 2}], "output": {"units": 2}},
        "parameters": {"W1": [[1, 0]], "b1": [-1.5, -1], "W2": [[1, 0], [0, 1]], "b2": [0, 0]},
        "batch": {"x": [[2], [1], [0], [-1]], "y": [0, 1, 0, 1]},
        "batch_size": 2,
        "shuffle": False,
    }
    session = (await client.post("/sessions", json=body)).json()
    gates = (await client.get(f"{path_of(session)}/gates")).json()
    assert gates == {
        "step": 1,
        "rows": 4,
        "layers": [{"layer": 1, "share_on": [0.25, 0], "is_dead": [False, True], "is_shut": [False, True]}],
    }
    await client.post(f"{path_of(session)}/step")
    (layer,) = (await client.get(f"{path_of(session)}/gates")).json()["layers"]
    assert (layer["is_dead"], layer["is_shut"]) == ([False, True], [True, True])


async def test_an_output_that_is_a_gate_is_dead_as_a_hidden_unit_is(client: httpx.AsyncClient) -> None:
    # z of the output is 0 for both rows, and the slope at 0 is 0.
    body = {
        "model": {
            "inputs": 1,
            "hidden": [{"units": 1}],
            "output": {"units": 1, "activation": "relu"},
            "loss": "half_squared_error",
        },
        "parameters": {"W1": [[1]], "b1": [-3], "W2": [[1]], "b2": [0]},
        "batch": {"x": [[2], [1]], "y": [[1], [0]]},
    }
    session = (await client.post("/sessions", json=body)).json()
    layers = (await client.get(f"{path_of(session)}/gates")).json()["layers"]
    assert [(layer["layer"], layer["is_dead"]) for layer in layers] == [(1, [True]), (2, [True])]


async def test_a_network_without_hidden_layers_has_no_gates(client: httpx.AsyncClient) -> None:
    body = {"model": {"inputs": 2, "output": {"units": 2}}, "dataset": {"name": "xor"}}
    session = (await client.post("/sessions", json=body)).json()
    assert (await client.get(f"{path_of(session)}/gates")).json()["layers"] == []


async def test_a_step_of_the_past_has_its_bits_and_moves_nothing(client: httpx.AsyncClient) -> None:
    session = (await client.post("/sessions", json=SESSION)).json()
    path = path_of(session)
    await client.post(f"{path}/train", json={"steps": 7})
    eighth, sample = [(await client.get(f"{path}/trace{query}")).json() for query in ("", "?sample=3")]
    await client.patch(path, json={"optimizer": {"learning_rate": 0.01}})
    await client.post(f"{path}/train", json={"steps": 200})
    before = await client.get(path)
    again = (await client.get(f"{path}/trace?step=8")).json()
    # The edit after step 7 is one of step 8, which the first look did not see yet.
    assert again["step"] == 8
    assert {**again, "updated": None} == {**eighth, "updated": None}
    assert (await client.get(f"{path}/trace?step=8&sample=3")).json()["layers"] == sample["layers"]
    after = await client.get(path)
    assert (after.json(), after.headers["etag"]) == (before.json(), before.headers["etag"])


async def test_a_step_after_a_rewind_can_still_be_seen(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    path = path_of(session)
    await client.post(f"{path}/train", json={"steps": 12})
    last = (await client.get(f"{path}/trace")).json()
    await client.post(f"{path}/rewind", json={"step": 4})
    assert (await client.get(f"{path}/trace?step=13")).json() == last
    assert (await client.get(path)).json()["step"] == 4
    check_problem(await client.get(f"{path}/trace?step=14"), 422, "unknown_step")
    check_problem(await client.get(f"{path}/trace?step=0"), 422, "invalid")


async def test_a_replay_is_not_longer_than_a_request_may_train(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, max_steps_per_request=30, checkpoint_every_steps=50)
    async with client_of(create_app(settings)) as client:
        path = path_of((await client.post("/sessions", json=SESSION)).json())
        for _ in range(2):
            await client.post(f"{path}/train", json={"steps": 30})
        await client.post(f"{path}/rewind", json={"step": 0})
        assert (await client.get(f"{path}/trace?step=31")).status_code == 200
        check_problem(await client.get(f"{path}/trace?step=32"), 422, "too_large")
        assert (await client.get(f"{path}/trace?step=52")).status_code == 200


async def test_pictures_of_data_sets_are_made_beside_the_loop_and_once(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def noted(*args: Any, **options: Any) -> Dataset:
        threads.append(threading.get_ident())
        return make(*args, **options)

    monkeypatch.setattr("server.datasets.service.make", noted)
    first = (await client.get("/datasets")).json()
    assert len(threads) == len(first) > 5 and threading.get_ident() not in threads
    assert (await client.get("/datasets")).json() == first and len(threads) == len(first)


@pytest.mark.parametrize(
    ("inputs", "units", "unit"), [(2, 400, "unit=1:0&unit=1:399"), (1_000, 3, "unit=1:2"), (2, 4, "unit=2:0&unit=2:1")]
)
async def test_a_fine_map_keeps_no_more_than_it_answers(
    client: httpx.AsyncClient, inputs: int, units: int, unit: str
) -> None:
    model = {"inputs": inputs, "hidden": [{"units": units}], "output": {"units": 2}}
    rows = [[0.25 * (row + column % 3) for column in range(inputs)] for row in range(2)]
    body = {"model": model, "batch": {"x": rows, "y": [0, 1]}}
    at = f"/sessions/{(await client.post('/sessions', json=body)).json()['id']}/decision-map"
    tracemalloc.start()
    try:
        answer = await client.get(f"{at}?resolution=200&{unit}")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # 40,000 points of all features, or of all units of the layer, would take 128 to 320 MB; the answer as text is 10.
    assert peak < 110_000_000
    fine = answer.json()
    coarse = (await client.get(f"{at}?resolution=2&{unit}")).json()
    for one, other in zip(fine["units"], coarse["units"], strict=True):
        for name in ("z", "a"):
            corners = [[one[name][row][column] for column in (0, -1)] for row in (0, -1)]
            assert np.allclose(corners, other[name], rtol=1e-12)
