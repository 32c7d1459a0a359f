"""Compresses what is text and fetched once: programs and documentation, not the answers of steps."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class Compression:
    """gzip for programs and documentation; the page's files come compressed.

    Steps and frames go as they are: compressing one would cost more than computing it.
    """

    def __init__(self, app: ASGIApp, api: str) -> None:
        self.app = app
        self._api = api
        self._compressed = GZipMiddleware(app, minimum_size=500, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        is_step = path.startswith(self._api) and not path.startswith(f"{self._api}/programs/")
        await (self.app if is_step else self._compressed)(scope, receive, send)
