"""Pages that watch a session, without a network."""

import asyncio
import json
from typing import Any, Self

from fastapi import FastAPI

from tests.views import decoded


class Page:
    """One socket on a session. `reads` is clear while the page takes nothing; `held` is set when it would have to."""

    def __init__(self, app: FastAPI, session_id: str, **headers: str) -> None:
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.held = asyncio.Event()
        self.close_code: int | None = None
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        path = f"/api/v1/sessions/{session_id}/stream"
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in {"host": "test", **headers}.items()],
            "subprotocols": [],
        }
        self._app = app(scope, self._said.get, self._take)

    async def __aenter__(self) -> Self:
        self.task = asyncio.ensure_future(self._app)
        self._said.put_nowait({"type": "websocket.connect"})
        assert await self.hear("accept") == []
        return self

    async def __aexit__(self, *_: object) -> None:
        self.leave()
        await self.task

    def leave(self) -> None:
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1001})

    def say(self, text: str | bytes | None = None, **message: Any) -> None:
        said = json.dumps(message) if text is None else text
        self._said.put_nowait({"type": "websocket.receive", "text" if isinstance(said, str) else "bytes": said})

    async def next(self) -> dict[str, Any]:
        """The next message; the header of a view has the type "view"."""
        return await asyncio.wait_for(self.heard.get(), 20)

    async def hear(self, *kinds: str) -> list[dict[str, Any]]:
        """Everything up to the first message of one of these types, and that message at the end if it is not alone."""
        messages = [await self.next()]
        while messages[-1]["type"] not in kinds:
            messages.append(await self.next())
        return messages if messages[-1]["type"] != "accept" else messages[:-1]

    async def view(self, step: int | None = None) -> dict[str, Any]:
        """The next view, of this step if one is given."""
        while True:
            *_, view = await self.hear("view")
            if step in (None, view["step"]):
                return view

    async def _take(self, message: dict[str, Any]) -> None:
        if not self.reads.is_set():
            self.held.set()
        await self.reads.wait()
        match message:
            case {"type": "websocket.accept"}:
                self.heard.put_nowait({"type": "accept"})
            case {"type": "websocket.close"}:
                self.close_code = message["code"]
                self.heard.put_nowait({"type": "close"})
            case {"bytes": bytes(view)}:
                self.heard.put_nowait({"type": "view", **decoded(view).header})
            case {"text": str(text)}:
                self.heard.put_nowait(json.loads(text))
