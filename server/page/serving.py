"""Answers for the page's files, before the routes."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server.http.prefix import path_below
from server.page.files import Folder
from server.page.index import NAME, Index


class PageFiles:
    """Answers for the files of the page; everything else goes on to the application.

    It stands before the routes, which need not be asked for any of the files of a visit.
    """

    def __init__(self, app: ASGIApp, folder: Folder, index: Index) -> None:
        self.app = app
        self._folder = folder
        self._index = index

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.app
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            headers = Headers(scope=scope)
            name = path_below(scope).removeprefix("/")
            is_index = name in ("", NAME)
            wishes = headers.get("accept-language", "")
            file = await self._index.file(wishes) if is_index else self._folder.file(name)
            answer = self.app if file is None else file.answer(headers)
        await answer(scope, receive, send)
