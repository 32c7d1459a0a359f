"""The messages that the page spoke before views: goes as soon as it speaks the new ones."""

import asyncio
from contextlib import suppress

from fastapi import WebSocket, WebSocketDisconnect

from server.streaming import Stream

GOING_AWAY = 1001


class OldForm(Exception):
    """The first message of a socket has `dtype`, which only the old form has."""


async def serve(websocket: WebSocket, stream: Stream, first: str) -> None:
    """Read and write until the client is gone or the server stops."""
    stream.receive(first)

    async def read() -> None:
        while True:
            stream.receive(await websocket.receive_text())

    stopping: asyncio.Event = websocket.app.state.stopping
    tasks = [asyncio.create_task(work) for work in (read(), stream.outbox.send_all(websocket), _wait_for(stopping))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stream.stop()
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    if stopping.is_set():
        # The client may be gone already.
        with suppress(WebSocketDisconnect, RuntimeError):
            await websocket.close(GOING_AWAY)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, (WebSocketDisconnect, RuntimeError, OSError)):
            raise result


async def _wait_for(event: asyncio.Event) -> None:
    await event.wait()
