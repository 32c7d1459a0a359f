"""What a stream still has to send: results in full, pictures only the newest."""

import asyncio
from typing import Any, Protocol

from engine.history import Point, thinned
from server.documents import metrics_document
from server.wire import to_json


class Sender(Protocol):
    """The two ways out of a WebSocket."""

    async def send_text(self, data: str) -> None: ...

    async def send_bytes(self, data: bytes) -> None: ...


class Outbox:
    """Fills without waiting and empties as fast as the reader reads.

    A slow reader gets its metrics in one message, thinned when they are very many, and of the frames the last one.
    Notices (done, problem) follow what came before them and are never lost.

    Parameters
    ----------
    most_points : points that may wait; more are thinned.
    """

    def __init__(self, most_points: int) -> None:
        self._most_points = most_points
        self._points: list[Point] = []
        self._version = 0
        self._frame: bytes | None = None
        self._notices: list[dict[str, Any]] = []
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._emptied.set()

    def metrics(self, points: list[Point], version: int) -> None:
        """Points of the session as it is stored with that version."""
        self._points += points
        self._version = version
        if len(self._points) > 2 * self._most_points:
            self._points = thinned(self._points, self._most_points)
        self._mark()

    def frame(self, frame: bytes) -> None:
        self._frame = frame
        self._mark()

    def notice(self, document: dict[str, Any]) -> None:
        self._notices.append(document)
        self._mark()

    async def emptied(self) -> None:
        """Wait until everything is with the reader."""
        await self._emptied.wait()

    async def send_all(self, sender: Sender) -> None:
        """Send what comes, until cancelled."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            points, self._points = self._points, []
            frame, self._frame = self._frame, None
            notices, self._notices = self._notices, []
            if points:
                document = {
                    "type": "metrics",
                    "step": points[-1].step,
                    "version": self._version,
                    "metrics": metrics_document(points),
                }
                await sender.send_text(to_json(document).decode())
            if frame is not None:
                await sender.send_bytes(frame)
            for document in notices:
                await sender.send_text(to_json(document).decode())
            if not self._filled.is_set():
                self._emptied.set()

    def _mark(self) -> None:
        self._emptied.clear()
        self._filled.set()
