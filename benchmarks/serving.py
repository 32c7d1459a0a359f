"""The server in a process of its own, by its console command, with one endpoint more: an empty one to compare with.

``python -m benchmarks.serving ARGUMENTS`` is ``backprop-playground ARGUMENTS`` with ``POST /api/v1/empty``.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import Response
from fastapi.routing import APIRoute

import server.app
import server.cli
from server.settings import Settings

EMPTY = "/api/v1/empty"


STEP = "/api/v1/sessions/{session_id}/step"


async def empty() -> Response:
    """The least that an endpoint can do which answers bytes, as the step does.

    An ordinary endpoint of FastAPI behind the same middleware, found as early among the routes as the step; it parses
    nothing, so that it is as fast as such an endpoint gets.
    """
    return Response(b"{}", media_type="application/json")


def main() -> int:
    create_app = server.app.create_app

    def create_with_the_empty_endpoint(settings: Settings | None = None) -> FastAPI:
        app = create_app(settings)
        routes = app.router.routes
        step = next(number for number, route in enumerate(routes) if getattr(route, "path", "") == STEP)
        routes.insert(step, APIRoute(EMPTY, empty, methods=["POST"]))
        return app

    server.app.create_app = create_with_the_empty_endpoint
    return server.cli.main()


@contextmanager
def served() -> Iterator[int]:
    """The port of a server that runs as long as the context, on a data directory of its own."""
    with tempfile.TemporaryDirectory() as directory:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.serving", "--no-browser", "--port", "0", "--data-dir", directory],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            greeting = process.stdout.readline()
            found = re.search(r"http://\S+:(\d+)", greeting)
            assert found, f"the server said {greeting!r}"
            yield int(found[1])
        finally:
            process.terminate()
            process.wait(timeout=20)


if __name__ == "__main__":
    sys.exit(main())
