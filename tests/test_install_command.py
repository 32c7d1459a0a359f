"""The console command, as a person starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

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
        environment = {**os.environ, "BACKPROP_PAGE": "source"}
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode == 1
    assert result.stderr.startswith(f"backprop-playground: Port {port} is taken by another program.")
    assert "Traceback" not in result.stderr


def test_a_wrong_setting_is_said_by_its_name(tmp_path: Path) -> None:
    result = subprocess.run(
        [COMMAND, "--no-browser", "--data-dir", tmp_path],
        env={**os.environ, "BACKPROP_MAX_ROWS": "many"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("backprop-playground: BACKPROP_MAX_ROWS: ")


def test_a_setting_of_an_older_version_is_refused_in_words(tmp_path: Path) -> None:
    result = subprocess.run(
        [COMMAND, "--no-browser", "--data-dir", tmp_path],
        env={**os.environ, "BACKPROP_MAX_LIVE_SESSIONS": "64"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("backprop-playground: BACKPROP_MAX_LIVE_SESSIONS does nothing any more; ")
    assert "BACKPROP_MEMORY_MB" in result.stderr and "Traceback" not in result.stderr


def test_a_name_that_only_looks_like_a_setting_is_mentioned_and_the_server_starts(tmp_path: Path) -> None:
    kubernetes = {"BACKPROP_SERVICE_HOST": "10.0.0.7", "BACKPROP_PORT": "tcp://10.0.0.7:80"}
    with running("--port", "0", "--data-dir", str(tmp_path), BACKPROP_PAGE="source", **kubernetes) as (server, _):
        server.terminate()
        _, errors = server.communicate(timeout=30)
    for name in kubernetes:
        assert f"WARNING server.cli: {name} says nothing to this server, so it is left alone." in errors


def test_it_says_its_version() -> None:
    result = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, timeout=60)
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
    assert (result.returncode, result.stdout) == (0, f"backprop-playground {project['version']}\n")


def test_it_listens_where_the_platform_says(tmp_path: Path) -> None:
    with running("--data-dir", str(tmp_path), PORT="0") as (_, address):
        assert urlsplit(address).port not in (0, 8000)


def test_a_data_directory_is_created(tmp_path: Path) -> None:
    data_dir = tmp_path / "new" / "deep"
    with running("--port", "0", "--data-dir", str(data_dir)):
        assert data_dir.is_dir()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_it_stops_at_once_and_without_a_traceback(tmp_path: Path, stop: signal.Signals) -> None:
    # A checkout without a bundle says so on stderr, unless it is asked for its sources.
    with running("--port", "0", "--data-dir", str(tmp_path), BACKPROP_PAGE="source") as (server, address):
        with urllib.request.urlopen(f"{address}/api/v1/health", timeout=30) as answer:
            assert answer.status == 200
        started_at = time.monotonic()
        server.send_signal(stop)
        _, errors = server.communicate(timeout=30)
    assert time.monotonic() - started_at < 2
    assert errors == ""
    assert server.returncode in (0, -stop)


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "allowed", "answer"),
    [(100, 400, 300, 300, None), (100, 200, 300, 200, 200), (350, 400, 300, 350, None), (300, 300, 300, 300, None)],
    ids=["a soft limit is raised", "a hard one is said", "a high one stays", "enough is enough"],
)
def test_pages_get_the_open_files_that_the_machine_allows(
    soft: int, hard: int, wanted: int, allowed: int, answer: int | None
) -> None:
    program = f"""
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
from server.cli import allow_open_files
print(allow_open_files({wanted}), *resource.getrlimit(resource.RLIMIT_NOFILE))"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert result.stdout.split() == [str(answer), str(allowed), str(hard)], result.stderr
