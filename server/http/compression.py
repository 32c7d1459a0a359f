"""Compresses what is text and fetched once: programs, labs and documentation, not the answers of steps."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from server.http.prefix import path_below


class Compression:
    """gzip for programs, labs and documentation; the page's files come compressed.

    Steps and frames go as they are: compressing one would cost more than computing it.
    """

    def __init__(self, app: ASGIApp, api: str) -> None:
        self.app = app
        self._steps = f"{api}/"
        self._texts = (f"{api}/programs/", f"{api}/labs")
        self._compressed = GZipMiddleware(app, minimum_size=500, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = path_below(scope) if scope["type"] == "http" else ""
        is_step = path.startswith(self._steps) and not path.startswith(self._texts)
        await (self.app if is_step else self._compressed)(scope, receive, send)
