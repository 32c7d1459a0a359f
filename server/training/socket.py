"""WS /sessions/{id}/stream."""

import asyncio
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from server.http.problems import from_exception
from server.http.strangers import check_site
from server.problems import Problem
from server.scheduling import Allowance
from server.sessions.channel import Subscription
from server.sessions.store.protocol import StoreError
from server.settings import Settings
from server.stopping import ServerStopping
from server.training.watcher import Watcher

router = APIRouter(prefix="/sessions", tags=["sessions"])
POLICY_VIOLATION, TRY_AGAIN_LATER, GOING_AWAY = 1008, 1013, 1001
GONE = (WebSocketDisconnect, RuntimeError, OSError, TimeoutError)


@router.websocket("/{session_id}/stream")
async def stream(websocket: WebSocket, session_id: str) -> None:
    """Watch a session and train it, see server/training/watcher.py for the messages."""
    path = websocket.url.path
    playground = websocket.app.state.playground
    try:
        await websocket.accept()
        check_site(websocket.headers, playground.settings)
        await playground.sessions.begin_watching(session_id)
        with playground.watchers.place(session_id) as subscription:
            does = (playground.settings, playground.sessions, playground.showing, playground.trainings)
            await _serve(websocket, Watcher(*does, session_id, path, subscription), subscription)
    except (Problem, StoreError) as error:
        problem = from_exception(error, path)
        await _say(websocket, problem, TRY_AGAIN_LATER if problem["status"] == 503 else POLICY_VIOLATION)
    except GONE:
        pass
    else:
        await _say(websocket, from_exception(ServerStopping(), path), GOING_AWAY)
    finally:
        playground.trainings.left(session_id)


# For the last words to one that may take nothing any more.
PARTING_SECONDS = 2.0


async def _serve(websocket: WebSocket, watcher: Watcher, subscription: Subscription) -> None:
    """Read and write until the server stops.

    Raises
    ------
    WebSocketDisconnect, RuntimeError, OSError, TimeoutError : the client is gone.
    StoreError : the session is.
    Problem : the client is not served any longer.
    """

    settings: Settings = websocket.app.state.settings
    allowance = Allowance(settings.max_messages_per_second, asyncio.get_running_loop().time)

    async def listen() -> None:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message["code"])
            if seconds := allowance.take():
                await asyncio.sleep(seconds)
            text = message.get("text")
            await watcher.hear(text if text is not None else message.get("bytes") or b"")

    async def stay() -> None:
        await subscription.lost.wait()
        most = settings.max_pending_notices
        detail = f"More than {most} notices were waiting for this socket, which took none, so the server closes it."
        raise Problem(503, "too_slow", detail, wanted=most)

    stopping: asyncio.Event = websocket.app.state.stopping
    works = (listen(), watcher.tell(websocket), stay(), stopping.wait())
    tasks: list[asyncio.Task[Any]] = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    try:
        for result in results:
            if isinstance(result, Exception):
                raise result
    finally:
        # An error knows this call; if this call knew the error, all that the socket had would wait for the collector.
        del tasks, results, result


async def _say(websocket: WebSocket, problem: dict[str, Any], code: int) -> None:
    """Say why the socket closes, and close it; the client may be gone already."""
    with suppress(*GONE):
        async with asyncio.timeout(PARTING_SECONDS):
            await websocket.send_json({"type": "problem", "problem": problem})
            await websocket.close(code)
