"""The console command, as a person starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("backprop-playground")


@contextmanager
def running(*options: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The started command and the address that it printed."""
    with subprocess.Popen(
        [COMMAND, "--no-browser", *options],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            words = server.stdout.readline().split()
            yield server, next(word for word in words if word.startswith("http://"))
        finally:
            server.kill()


def test_a_taken_port_is_said_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = [COMMAND, "--no-browser", "--data-dir", tmp_path, "--port", str(port)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert result.returncode == 1
    assert result.stderr.startswith(f"backprop-playground: Port {port} is taken by another program.")
    assert "Traceback" not in result.stderr


def test_a_wrong_setting_is_said_by_its_name(tmp_path: Path) -> None:
    result = subprocess.run(
        [COMMAND, "--no-browser", "--data-dir", tmp_path],
        env={**os.environ, "BACKPROP_MAX_ROWS": "many"},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("backprop-playground: BACKPROP_MAX_ROWS: ")


def test_a_data_directory_is_created(tmp_path: Path) -> None:
    data_dir = tmp_path / "new" / "deep"
    with running("--port", "0", "--data-dir", str(data_dir)):
        assert data_dir.is_dir()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_it_stops_at_once_and_without_a_traceback(tmp_path: Path, stop: signal.Signals) -> None:
    with running("--port", "0", "--data-dir", str(tmp_path)) as (server, address):
        with urllib.request.urlopen(f"{address}/api/v1/health", timeout=10) as answer:
            assert answer.status == 200
        started_at = time.monotonic()
        server.send_signal(stop)
        _, errors = server.communicate(timeout=10)
    assert time.monotonic() - started_at < 2
    assert errors == ""
    assert server.returncode in (0, -stop)
