"""Sessions: runs that are stored, changed by one at a time, and never lost."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from safetensors.numpy import load

from server.app import create_app
from server.settings import Settings
from server.steps.frames import unpack
from tests.server.api import MODEL, SESSION, TRACE, check_problem, client_of


def path_of(session: dict[str, Any]) -> str:
    return f"/sessions/{session['id']}"


async def test_a_new_session_says_what_it_is(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sessions", json=SESSION)
    session = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/sessions/{session['id']}"
    assert answer.headers["etag"] == '"1"'
    assert (session["step"], session["version"]) == (0, 1)
    assert session["model"]["hidden"] == [{"units": 8, "activation": "relu", "derivative_at_zero": 0}]
    assert session["optimizer"] == {"name": "sgd", "learning_rate": 0.1}
    assert np.shape(session["parameters"]["W1"]) == (2, 8)
    data = session["dataset"]
    assert data["rows"] + data["held_out_rows"] == 100
    assert data["feature_names"] == ["x1", "x2"] and data["class_names"] == ["A", "B", "C"]
    assert len(data["x_mean"]) == len(data["x_scale"]) == 2
    assert (await client.get(path_of(session))).json() == session


async def test_step_takes_the_step_that_trace_showed(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    shown = (await client.get(f"{path_of(session)}/trace")).json()
    again = (await client.get(f"{path_of(session)}/trace")).json()
    taken = await client.post(f"{path_of(session)}/step")
    assert shown == again == taken.json()
    assert taken.headers["etag"] == '"2"'
    after = (await client.get(path_of(session))).json()
    assert after["step"] == 1
    assert after["parameters"] == taken.json()["updated"]


async def test_a_sample_of_a_step_is_that_row_alone(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    batch = (await client.get(f"{path_of(session)}/trace")).json()
    sample = (await client.get(f"{path_of(session)}/trace?sample=4")).json()
    assert sample["scope"] == {"kind": "sample", "sample": 4, "m": 1}
    assert sample["batch"]["x"] == batch["batch"]["x"][4:5]
    taken = (await client.post(f"{path_of(session)}/step", json={"scope": {"kind": "sample", "sample": 4}})).json()
    assert taken == sample
    check_problem(await client.get(f"{path_of(session)}/trace?sample=99"), 422, "sample")


async def test_training_equals_stepping(client: httpx.AsyncClient) -> None:
    one, other = [(await client.post("/sessions", json=SESSION)).json() for _ in range(2)]
    trained = await client.post(f"{path_of(one)}/train", json={"steps": 30})
    for _ in range(30):
        await client.post(f"{path_of(other)}/step?detail=summary")
    stepped = (await client.get(path_of(other))).json()
    assert trained.json()["session"]["parameters"] == stepped["parameters"]
    assert trained.json()["metrics"]["step"] == list(range(1, 31))
    assert trained.headers["etag"] == f'"{trained.json()["session"]["version"]}"'
    histories = [(await client.get(f"{path_of(s)}/history")).json() for s in (one, other)]
    assert histories[0] == histories[1]


async def test_metrics_of_a_long_training_are_thinned(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    metrics = (await client.post(f"{path_of(session)}/train", json={"steps": 3000})).json()["metrics"]
    assert 100 < len(metrics["step"]) <= 500
    assert metrics["step"][0] == 1 and metrics["step"][-1] == 3000
    assert metrics["loss"][-1] < metrics["loss"][0]
    assert len({len(column) for column in metrics.values()}) == 1


async def test_rewind_goes_back_and_forth_and_stepping_again_repeats(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    path = path_of(session)
    end = (await client.post(f"{path}/train", json={"steps": 250})).json()["session"]
    back = (await client.post(f"{path}/rewind", json={"step": 120})).json()
    assert (back["step"], back["furthest_step"]) == (120, 250)
    assert back["parameters"] != end["parameters"]
    forth = (await client.post(f"{path}/rewind", json={"step": 250})).json()
    assert forth["parameters"] == end["parameters"]
    await client.post(f"{path}/rewind", json={"step": 0})
    again = (await client.post(f"{path}/train", json={"steps": 250})).json()["session"]
    assert again["parameters"] == end["parameters"]
    check_problem(await client.post(f"{path}/rewind", json={"step": 251}), 422, "rewind")


async def test_a_double_click_is_one_step(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    clicks = [client.post(f"{path_of(session)}/step?detail=summary", headers={"If-Match": '"1"'}) for _ in range(2)]
    answers = sorted(await asyncio.gather(*clicks), key=lambda answer: answer.status_code)
    assert answers[0].json()["step"] == 1
    check_problem(answers[1], 412, "stale_version")
    assert (await client.get(path_of(session))).json()["step"] == 1


@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [("POST", "/step", None), ("POST", "/train", {"steps": 1}), ("POST", "/rewind", {"step": 0}), ("DELETE", "", None)],
)
async def test_a_stale_version_changes_nothing(
    client: httpx.AsyncClient, session: dict[str, Any], method: str, suffix: str, body: dict[str, int] | None
) -> None:
    path = path_of(session)
    await client.post(f"{path}/step")
    answer = await client.request(method, path + suffix, json=body, headers={"If-Match": '"1"'})
    assert check_problem(answer, 412, "stale_version")["params"] == {"current": 2}
    assert (await client.get(path)).headers["etag"] == '"2"'


@pytest.mark.parametrize("if_match", ['W/"1"', '"one"', "1, 2"])
async def test_an_if_match_that_is_no_version_is_explained(
    client: httpx.AsyncClient, session: dict[str, Any], if_match: str
) -> None:
    answer = await client.post(f"{path_of(session)}/step", headers={"If-Match": if_match})
    check_problem(answer, 400, "bad_if_match")


async def test_two_processes_on_one_directory_share_sessions(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with client_of(create_app(settings)) as left, client_of(create_app(settings)) as right:
        session = (await left.post("/sessions", json=SESSION)).json()
        steps = [
            (await client.post(f"{path_of(session)}/step?detail=summary")).json()["step"]
            for client in (left, right, right, left, left, right)
        ]
        assert steps == [1, 2, 3, 4, 5, 6]
        assert (await left.get(path_of(session))).json() == (await right.get(path_of(session))).json()


async def test_a_restarted_server_knows_session_and_program(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with client_of(create_app(settings)) as before:
        session = (await before.post("/sessions", json=SESSION)).json()
        trained = (await before.post(f"{path_of(session)}/train", json={"steps": 130})).json()["session"]
        expected = (await before.get(f"{path_of(session)}/trace")).json()
    async with client_of(create_app(settings)) as after:
        program = await after.get(f"/programs/{session['program']}")
        assert program.status_code == 200
        assert (await after.get(path_of(session))).json() == trained
        assert (await after.get(f"{path_of(session)}/trace")).json() == expected
        rewound = (await after.post(f"{path_of(session)}/rewind", json={"step": 0})).json()
        assert rewound["parameters"] == session["parameters"]


async def test_an_untouched_session_expires_and_the_answer_says_so(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, session_ttl_seconds=0.05))
    async with client_of(app) as client:
        session = (await client.post("/sessions", json=SESSION)).json()
        await asyncio.sleep(0.1)
        assert await app.state.playground.store(lambda store: store.forget_expired(10)) > 0
        for answer in (await client.get(path_of(session)), await client.post(f"{path_of(session)}/step")):
            assert "expired" in check_problem(answer, 404, "unknown_session")["detail"]


async def test_a_session_of_a_small_network_takes_less_than_64_kilobytes_with_its_checkpoints(tmp_path: Path) -> None:
    model = {"inputs": 2, "hidden": [{"units": 8}, {"units": 8}], "output": {"units": 3}}
    body = {"model": model, "dataset": {"name": "three_spirals"}, "batch_size": 32, "optimizer": {"name": "adam"}}
    async with client_of(create_app(Settings(data_dir=tmp_path))) as client:
        session = (await client.post("/sessions", json=body)).json()
        for _ in range(2):
            await client.post(f"{path_of(session)}/train", json={"steps": 1500})
    (path,) = tmp_path.glob("*.sqlite3")
    with closing(sqlite3.connect(path)) as database:
        (parts,) = database.execute("SELECT sum(length(body)) FROM parts").fetchone()
        (head,) = database.execute("SELECT sum(length(state)) FROM sessions").fetchone()
    assert parts + head < 64_000


async def test_deleted_sessions_are_gone(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    assert (await client.delete(path_of(session))).status_code == 204
    check_problem(await client.get(path_of(session)), 404, "unknown_session")
    check_problem(await client.delete(path_of(session)), 404, "unknown_session")


async def test_a_full_server_says_so(tmp_path: Path) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path, max_sessions=1))) as client:
        session = (await client.post("/sessions", json=SESSION)).json()
        await client.post(f"{path_of(session)}/step")
        check_problem(await client.post("/sessions", json=SESSION), 503, "too_many_sessions")


async def test_rows_of_ones_own_are_taken_as_they_are(client: httpx.AsyncClient) -> None:
    body = {"model": TRACE["model"], "batch": TRACE["batch"]}
    session = (await client.post("/sessions", json=body)).json()
    assert session["dataset"]["name"] is None
    assert session["dataset"]["x_mean"] == [0, 0] and session["dataset"]["x_scale"] == [1, 1]
    assert (await client.get(f"{path_of(session)}/trace")).json()["batch"] == TRACE["batch"]
    history = (await client.post(f"{path_of(session)}/train", json={"steps": 2})).json()["metrics"]
    assert history["held_out_loss"] == [None, None]


async def test_xor_is_its_four_points_and_holds_none_out(client: httpx.AsyncClient) -> None:
    model = {**MODEL, "output": {"units": 2}}
    session = (await client.post("/sessions", json={"model": model, "dataset": {"name": "xor"}})).json()
    assert (session["dataset"]["rows"], session["dataset"]["held_out_rows"]) == (4, 0)
    rows = (await client.get(f"{path_of(session)}/data")).json()
    assert rows == {"train": {"x": [[-1, -1], [-1, 1], [1, -1], [1, 1]], "y": [0, 1, 1, 0]}, "held_out": None}


async def test_a_model_that_does_not_fit_the_data_is_told_what_would(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sessions", json={**SESSION, "dataset": {"name": "iris"}})
    assert "model.inputs to 4" in check_problem(answer, 422, "model_does_not_fit")["detail"]


async def test_a_session_needs_exactly_one_source_of_rows(client: httpx.AsyncClient) -> None:
    for body in ({"model": MODEL}, {**SESSION, "batch": TRACE["batch"]}):
        check_problem(await client.post("/sessions", json=body), 422, "dataset_or_batch")


async def test_the_decision_map_is_the_network_on_a_grid(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    found = (await client.get(f"{path_of(session)}/decision-map?resolution=7")).json()
    assert np.shape(found["probabilities"]) == (7, 7, 3)
    grid = [[found["x"][column], found["y"][row]] for row in range(7) for column in range(7)]
    body = {"model": MODEL, "parameters": session["parameters"], "batch": {"x": grid, "y": [0] * 49}}
    shown = (await client.post("/trace", json=body)).json()["probabilities"]
    np.testing.assert_allclose(np.reshape(found["probabilities"], (49, 3)), shown, rtol=1e-12)
    problem = await client.get(f"{path_of(session)}/decision-map?x_feature=2")
    check_problem(problem, 422, "unknown_feature")


async def test_an_export_has_the_parameters(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    as_json = (await client.get(f"{path_of(session)}/export")).json()
    assert as_json["parameters"] == session["parameters"]
    answer = await client.get(f"{path_of(session)}/export?format=safetensors")
    arrays = load(answer.content)
    assert {name: array.tolist() for name, array in arrays.items()} == session["parameters"]
    assert answer.headers["content-disposition"] == 'attachment; filename="network-step-0.safetensors"'


@pytest.mark.parametrize("format", ["numpy", "pytorch"])
async def test_a_session_as_a_script(client: httpx.AsyncClient, session: dict[str, Any], format: str) -> None:
    await client.post(f"{path_of(session)}/train", json={"steps": 5})
    await client.patch(path_of(session), json={"optimizer": {"name": "adam"}})
    await client.post(f"{path_of(session)}/train", json={"steps": 5})
    answer = await client.get(f"{path_of(session)}/export?format={format}")
    assert answer.headers["content-type"] == "text/x-python; charset=utf-8"
    assert f'filename="network-step-10-{format}.py"' in answer.headers["content-disposition"]
    compile(answer.text, "network.py", "exec")
    assert "# Changed after step 5: optimizer." in answer.text


async def test_a_numpy_script_reproduces_the_bytes_of_its_session(client: httpx.AsyncClient, tmp_path: Path) -> None:
    model = {"inputs": 64, "hidden": [{"units": 16}], "output": {"units": 10}, "dtype": "float32"}
    body = {"model": model, "dataset": {"name": "digits"}, "batch_size": 64, "optimizer": {"name": "adam"}}
    path = path_of((await client.post("/sessions", json=body)).json())
    await client.post(f"{path}/train", json={"steps": 60})
    await client.patch(path, json={"optimizer": {"learning_rate": 0.01}, "data": {"remove": [0, 1]}})
    await client.post(f"{path}/train", json={"steps": 40})
    (tmp_path / "network.py").write_text((await client.get(f"{path}/export?format=numpy")).text, encoding="utf-8")
    command = [sys.executable, "-I", str(tmp_path / "network.py"), str(tmp_path / "parameters.npz")]
    await asyncio.to_thread(subprocess.run, command, check=True)
    wanted = load((await client.get(f"{path}/export?format=safetensors")).content)
    found = np.load(tmp_path / "parameters.npz")
    assert {name: found[name].tobytes() for name in found} == {name: array.tobytes() for name, array in wanted.items()}


async def test_a_script_that_would_be_too_long_is_refused(tmp_path: Path) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path, max_script_values=100))) as client:
        path = path_of((await client.post("/sessions", json=SESSION)).json())
        problem = check_problem(await client.get(f"{path}/export?format=numpy"), 422, "too_large")
        assert problem["params"]["setting"] == "max_script_values"
        assert (await client.get(f"{path}/export?format=safetensors")).status_code == 200


async def test_a_step_as_a_frame_carries_the_new_version(client: httpx.AsyncClient, session: dict[str, Any]) -> None:
    answer = await client.post(f"{path_of(session)}/step?detail=frame")
    header, _ = unpack(answer.content)
    assert (header["step"], answer.headers["etag"]) == (1, '"2"')


async def test_a_session_on_digits_in_float32_survives_a_restart(tmp_path: Path) -> None:
    model = {"inputs": 64, "hidden": [{"units": 16}], "output": {"units": 10}, "dtype": "float32"}
    body = {"model": model, "dataset": {"name": "digits"}, "batch_size": 64}
    settings = Settings(data_dir=tmp_path)
    async with client_of(create_app(settings)) as client:
        session = (await client.post("/sessions", json=body)).json()
        before = (await client.post(f"{path_of(session)}/train", json={"steps": 25})).json()["session"]
    async with client_of(create_app(settings)) as client:
        assert (await client.get(path_of(session))).json()["parameters"] == before["parameters"]
