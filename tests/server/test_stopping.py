"""A server that is told to stop: callers that wait for something long hear of it, and the log is short."""

import asyncio
import json
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.app import create_app
from server.settings import Settings
from server.stopping import Stopping
from tests.live_server import COMMAND
from tests.server.api import SESSION, TRACE, check_problem, client_of

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ [\w.]+: .+")
LARGE: dict[str, Any] = {
    "model": {"inputs": 64, "hidden": [{"units": 256}, {"units": 64}], "output": {"units": 10}},
    "dataset": {"name": "digits"},
}
CHECK = {
    "model": {"inputs": 2, "hidden": [{"units": 100}, {"units": 19}], "output": {"units": 3}},
    "batch": {"x": [[row / 500, 1] for row in range(500)], "y": [row % 3 for row in range(500)]},
}


def test_a_server_that_is_told_to_stop_answers_everybody_and_ends_well(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        server = subprocess.Popen(
            [COMMAND, "--no-browser", "--data-dir", tmp_path, "--fd", str(listener.fileno())],
            pass_fds=[listener.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )
    answers: list[httpx.Response] = []
    try:
        with httpx.Client(base_url=f"http://{address}/api/v1", timeout=60) as api:
            name = api.post("/sessions", json=LARGE).json()["id"]
            other = api.post("/sessions", json=SESSION).json()["id"]
            calls: list[Callable[[], httpx.Response]] = [
                lambda: api.post(f"/sessions/{name}/train", json={"steps": 10_000}),
                lambda: api.post(f"/sessions/{other}/rewind", json={"step": 0}),
                lambda: api.post("/gradient-check", json=CHECK),
                lambda: api.post("/sessions", json={**LARGE, "path": {"step": 9_000, "edits": []}}),
            ]
            threads = [threading.Thread(target=lambda call=call: answers.append(call())) for call in calls]
            for thread in threads:
                thread.start()
            # All are under way, and something of the training is stored.
            while api.get(f"/sessions/{name}").json()["step"] < 5:
                pass
            server.send_signal(signal.SIGTERM)
            for thread in threads:
                thread.join()
        assert server.wait(timeout=60) == 0
    finally:
        server.kill()
        _, written = server.communicate()
    assert {answer.status_code for answer in answers} <= {200, 503}
    cut = [answer for answer in answers if answer.status_code == 503]
    assert {answer.json()["code"] for answer in cut} == {"partly_trained", "server_stopping"}
    for answer in cut:
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
    lines = written.splitlines()
    assert len(lines) < 5 and all(LINE.fullmatch(line) for line in lines), written
    (partly,) = [answer.json() for answer in cut if answer.json()["code"] == "partly_trained"]
    assert partly["params"]["stored"] >= 5 and partly["params"]["cause"] == "server_stopping"


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_app(Settings(data_dir=tmp_path, shutdown_timeout_seconds=0))


async def test_what_waits_for_anything_at_all_is_answered_in_time(app: FastAPI) -> None:
    """Not only what is computed slice by slice: here for a body that does not come."""
    never = asyncio.Event()

    async def body() -> Any:
        yield json.dumps(TRACE)[:20].encode()
        await never.wait()

    async with client_of(app) as client:
        asking = asyncio.create_task(
            client.post("/trace", content=body(), headers={"content-type": "application/json"})
        )
        held = asyncio.create_task(client.post("/sessions", json=SESSION))
        await held
        assert not asking.done()
        app.state.stopping.set()
        answer = await asyncio.wait_for(asking, 20)
    check_problem(answer, 503, "server_stopping")
    assert int(answer.headers["retry-after"]) > 0
    # As every answer.
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_training_that_was_cut_short_says_how_much_of_it_is_stored(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, shutdown_timeout_seconds=60))
    async with client_of(app) as client:
        name = (await client.post("/sessions", json=SESSION)).json()["id"]
        await client.post(f"/sessions/{name}/train", json={"steps": 3})
        training = asyncio.create_task(client.post(f"/sessions/{name}/train", json={"steps": 10_000}))
        found = {"step": 0}
        while found["step"] < 10:
            await asyncio.sleep(0)
            found = (await client.get(f"/sessions/{name}")).json()
        app.state.stopping.set()
        problem = check_problem(await training, 503, "partly_trained")
        step = (await client.get(f"/sessions/{name}")).json()["step"]
        assert problem["params"] == {"cause": "server_stopping", "stored": step - 3, "step": step}


async def test_patience_ends_with_the_server_and_never_before() -> None:
    stopping = Stopping(0.01)
    async with stopping.patience():
        await asyncio.sleep(0.05)
    with pytest.raises(TimeoutError):
        async with stopping.patience():
            stopping.set()
            await asyncio.Event().wait()
    with pytest.raises(TimeoutError):
        async with stopping.patience():
            await asyncio.Event().wait()
