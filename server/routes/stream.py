"""WS /sessions/{id}/stream."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from server.problems import Problem, from_exception
from server.routes.answers import UseCases
from server.streaming import Stream

router = APIRouter(prefix="/sessions", tags=["sessions"])
POLICY_VIOLATION, TRY_AGAIN_LATER, GOING_AWAY = 1008, 1013, 1001


@router.websocket("/{session_id}/stream")
async def stream(websocket: WebSocket, session_id: str, playground: UseCases) -> None:
    """Live training, see server/streaming.py for the messages."""
    await websocket.accept()
    try:
        playground.streams.check_origin(websocket.headers.get("origin"), websocket.headers.get("host"))
        with playground.streams.place():
            await _serve(websocket, Stream(playground, session_id, websocket.url.path))
    except Problem as problem:
        await websocket.send_json({"type": "problem", "problem": from_exception(problem, websocket.url.path)})
        await websocket.close(TRY_AGAIN_LATER if problem.status == 503 else POLICY_VIOLATION)


async def _serve(websocket: WebSocket, stream: Stream) -> None:
    """Read and write until the client is gone or the server stops."""

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
