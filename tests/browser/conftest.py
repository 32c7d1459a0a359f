"""A real server in a process of its own, and a real Chromium."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import ChromiumMissing, find_chromium

# The sandbox does not work as root in containers; the rest keeps Chromium from calling anybody but the server.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find_chromium()
    if chromium is None:
        raise ChromiumMissing
    return {**browser_type_launch_args, "executable_path": str(chromium), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the console command, serving with an empty data directory.

    The socket listens before the command starts, so a request made too early waits and nobody needs to poll. Our own
    copy of the socket is closed, so if the command dies a request fails at once.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        port = listener.getsockname()[1]
        data_dir = tmp_path_factory.mktemp("data")
        console_command = Path(sys.executable).with_name("backprop-playground")
        server = subprocess.Popen(
            [console_command, "--no-browser", "--data-dir", data_dir, "--fd", str(listener.fileno())],
            pass_fds=[listener.fileno()],
            env={name: value for name, value in os.environ.items() if not name.startswith("BACKPROP_")},
        )
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=10)


@pytest.fixture(scope="session")
def base_url(live_server: str) -> str:
    """Lets tests write `page.goto("/")`."""
    return live_server
