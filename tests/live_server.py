"""The console command in a process of its own, for tests that need a real server."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

COMMAND = Path(sys.executable).with_name("backprop-playground")


def environment_with(**settings: object) -> dict[str, str]:
    """The environment of this process, with these settings and no others."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BACKPROP_")}
    return own | {f"BACKPROP_{name.upper()}": str(value) for name, value in settings.items()}


def start(
    data_dir: Path, port: int = 0, log: IO[bytes] | None = None, **settings: object
) -> tuple[subprocess.Popen[bytes], str]:
    """A server with these settings, and its URL; its caller ends it. Port 0: any that is free. log: where it writes it.

    The socket listens before the command starts, so a request made too early waits and nobody needs to poll. Our own
    copy of the socket is closed, so if the command dies a request fails at once.
    """
    with socket.create_server(("127.0.0.1", port), backlog=128) as listener:
        port = listener.getsockname()[1]
        server = subprocess.Popen(
            [COMMAND, "--no-browser", "--data-dir", data_dir, "--fd", str(listener.fileno())],
            pass_fds=[listener.fileno()],
            env=environment_with(**settings),
            stderr=log,
        )
    return server, f"http://127.0.0.1:{port}"


@contextmanager
def serve(data_dir: Path, log: IO[bytes] | None = None, **settings: object) -> Iterator[str]:
    """The URL of a server with these settings, for example `serve(tmp_path, max_rows=10)`."""
    server, url = start(data_dir, log=log, **settings)
    try:
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)
