"""What was acknowledged is there after the server was killed."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.live_server import COMMAND
from tests.server.api import SESSION
from tests.views import decoded


@contextmanager
def killable_server(data_dir: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address and the process of a server that ends with SIGKILL, if not before."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        process = subprocess.Popen(
            [COMMAND, "--no-browser", "--data-dir", data_dir, "--fd", str(listener.fileno())],
            pass_fds=[listener.fileno()],
        )
    try:
        yield address, process
    finally:
        process.kill()
        process.wait()


def api_of(address: str) -> httpx.Client:
    return httpx.Client(base_url=f"http://{address}/api/v1", timeout=60)


@pytest.fixture
def uninterrupted(tmp_path: Path) -> Iterator[httpx.Client]:
    """Another server, on which the same run is never interrupted."""
    with killable_server(tmp_path / "other") as (address, _), api_of(address) as api:
        yield api


def test_a_killed_training_goes_on_from_its_last_acknowledged_step(tmp_path: Path, uninterrupted: httpx.Client) -> None:
    with killable_server(tmp_path / "data") as (address, process):
        with api_of(address) as api:
            session_id = api.post("/sessions", json=SESSION).json()["id"]
        with connect(f"ws://{address}/api/v1/sessions/{session_id}/stream") as stream:
            stream.send(json.dumps({"type": "train", "steps": 1_000_000}))
            acknowledged = 0
            while acknowledged < 300:
                message = stream.recv(timeout=60)
                if isinstance(message, bytes):
                    acknowledged = decoded(message).header["session"]["step"]
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    with killable_server(tmp_path / "data") as (address, _), api_of(address) as api:
        found: dict[str, Any] = api.get(f"/sessions/{session_id}").json()
        # A slice may have been stored of which the news did not get out.
        assert found["step"] >= acknowledged
        twin = uninterrupted.post("/sessions", json=SESSION).json()["id"]
        train(uninterrupted, twin, found["step"])
        assert found["parameters"] == uninterrupted.get(f"/sessions/{twin}").json()["parameters"]
        train(api, session_id, 100)
        train(uninterrupted, twin, 100)
        one, other = api.get(f"/sessions/{session_id}").json(), uninterrupted.get(f"/sessions/{twin}").json()
        assert one["parameters"] == other["parameters"]
        assert (
            api.get(f"/sessions/{session_id}/history").json() == uninterrupted.get(f"/sessions/{twin}/history").json()
        )


def train(api: httpx.Client, session_id: str, steps: int) -> None:
    while steps:
        some = min(steps, 10_000)
        assert api.post(f"/sessions/{session_id}/train", json={"steps": some}).status_code == 200
        steps -= some


def test_edits_that_were_answered_survive_a_kill_and_are_replayed(tmp_path: Path, uninterrupted: httpx.Client) -> None:
    edits: list[dict[str, Any]] = [
        {"optimizer": {"name": "adam", "learning_rate": 0.01}, "l2": 0.01},
        {"data": {"set": [{"row": 3, "x": [0.5, 0.5], "y": 2}], "remove": [7]}, "batch_size": 16},
    ]
    with killable_server(tmp_path / "data") as (address, process), api_of(address) as api:
        session_id = api.post("/sessions", json=SESSION).json()["id"]
        for edit in edits:
            train(api, session_id, 70)
            answered = api.patch(f"/sessions/{session_id}", json=edit).json()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    twin = uninterrupted.post("/sessions", json=SESSION).json()["id"]
    for edit in edits:
        train(uninterrupted, twin, 70)
        uninterrupted.patch(f"/sessions/{twin}", json=edit)
    train(uninterrupted, twin, 70)
    with killable_server(tmp_path / "data") as (address, _), api_of(address) as api:
        found = api.get(f"/sessions/{session_id}").json()
        assert (found["step"], found["version"], found["edits"]) == (140, answered["version"], answered["edits"])
        train(api, session_id, 70)
        for step in (210, 75, 210):
            for server, name in ((api, session_id), (uninterrupted, twin)):
                assert server.post(f"/sessions/{name}/rewind", json={"step": step}).status_code == 200
            one, other = api.get(f"/sessions/{session_id}").json(), uninterrupted.get(f"/sessions/{twin}").json()
            assert one["parameters"] == other["parameters"]


def test_a_step_that_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with killable_server(tmp_path) as (address, process), api_of(address) as api:
        session_id = api.post("/sessions", json=SESSION).json()["id"]
        for _ in range(5):
            taken = api.post(f"/sessions/{session_id}/step").json()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with killable_server(tmp_path) as (address, _), api_of(address) as api:
        found = api.get(f"/sessions/{session_id}").json()
    assert (found["step"], found["parameters"]) == (5, taken["updated"])
