"""The socket of a session over a network, against the real server."""

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests.live_server import serve
from tests.server.api import SESSION
from tests.views import decoded


@pytest.fixture
async def api(live_server: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(live_server) as client:
        yield client


def client_of(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=60)


def address(api: httpx.AsyncClient, session_id: str) -> str:
    return str(api.base_url).replace("http", "ws", 1) + f"sessions/{session_id}/stream"


@asynccontextmanager
async def stream_of(api: httpx.AsyncClient, session_id: str, **options: Any) -> AsyncIterator[ClientConnection]:
    async with connect(address(api, session_id), **options) as stream:
        yield stream


async def new_session(api: httpx.AsyncClient) -> str:
    answer = await api.post("/sessions", json=SESSION)
    session_id: str = answer.json()["id"]
    return session_id


async def say(stream: ClientConnection, **message: Any) -> None:
    await stream.send(json.dumps(message))


async def hear(stream: ClientConnection, *kinds: str) -> list[dict[str, Any]]:
    """Everything up to the first message of one of these types; the header of a view has the type "view"."""
    messages: list[dict[str, Any]] = []
    while not messages or messages[-1]["type"] not in kinds:
        received = await asyncio.wait_for(stream.recv(), 20)
        if isinstance(received, bytes):
            messages.append({"type": "view", "bytes": received, **decoded(received).header})
        else:
            messages.append(json.loads(received))
    return messages


async def version_and_step(api: httpx.AsyncClient, session_id: str) -> tuple[int, int]:
    session = (await api.get(f"/sessions/{session_id}")).json()
    return session["version"], session["step"]


async def test_two_tabs_show_the_same_step_and_the_same_numbers(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id) as one, stream_of(api, session_id) as other:
        await say(one, type="train", steps=1000, frames_per_second=20)
        *_, view, done = await hear(one, "done", "problem")
        *_, same, too = await hear(other, "done", "problem")
    assert done == too == {"type": "done", "step": 1000, "version": view["session"]["version"]}
    assert (done["version"], 1000) == await version_and_step(api, session_id)
    assert view["step"] == same["step"] == 1001
    assert decoded(view["bytes"]).values == decoded(same["bytes"]).values


async def test_a_view_on_the_socket_is_the_one_that_a_request_answers(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    query = {"sample": 20, "history_from": 2, "map": "0,1,7", "long_way": True}
    await api.post(f"/sessions/{session_id}/train", json={"steps": 3})
    async with stream_of(api, session_id) as stream:
        await say(stream, type="show", **query)
        (view,) = await hear(stream, "view")
    assert view["bytes"] == (await api.get(f"/sessions/{session_id}/view", params=query)).content


async def test_a_client_that_vanishes_ends_its_training(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id) as stream:
        await say(stream, type="train")
        *_, view = await hear(stream, "view")
        stream.transport.abort()
    first, then = await version_and_step(api, session_id), None
    for _ in range(50):
        await asyncio.sleep(0.2)
        if first == (then := await version_and_step(api, session_id)):
            break
        first = then
    assert first == then
    # What was reported is what is stored.
    assert view["session"]["step"] <= first[1]
    assert (await api.post(f"/sessions/{session_id}/step?detail=summary")).json()["step"] == first[1] + 1


async def test_a_reader_who_sleeps_gets_every_result_but_not_every_view(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id, max_queue=1) as stream:
        await say(stream, type="train", steps=8000)
        await asyncio.sleep(1)
        *_, view, done = await hear(stream, "done")
    assert done["step"] == view["session"]["step"] == 8000


async def test_hardly_any_old_view_lies_between_the_server_and_a_reader_who_was_slow(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id, max_queue=1) as stream:
        await say(stream, type="show", map="0,1,40")
        await hear(stream, "view")
        stream.transport.pause_reading()
        for _ in range(60):
            step = (await api.post(f"/sessions/{session_id}/step?detail=summary")).json()["step"]
            await asyncio.sleep(0.02)
        stream.transport.resume_reading()
        late = 0
        while (await hear(stream, "view"))[-1]["session"]["step"] < step:
            late += 1
    assert late < 15


async def test_a_page_that_says_nothing_watches_for_ever_and_one_that_answers_no_ping_is_closed(tmp_path: Path) -> None:
    with serve(tmp_path, ping_seconds=0.2, max_watchers=2) as url:
        async with client_of(url) as api:
            session_id = await new_session(api)
            async with stream_of(api, session_id) as silent:
                reader, writer = await asyncio.open_connection(*urlsplit(url).netloc.split(":"))
                writer.write(opening(address(api, session_id)))
                assert b" 101 " in await reader.readline()
                # Both places are taken until the one that never answers is closed.
                async with stream_of(api, session_id) as third:
                    assert (await hear(third, "problem"))[-1]["problem"]["code"] == "too_many_watchers"
                assert await asyncio.wait_for(reader.read(), 10) is not None
                writer.close()
                async with asyncio.timeout(10):
                    # Its place is given back a moment after its connection is closed.
                    while not await hears_of_a_step(api, session_id):
                        await asyncio.sleep(0.05)
                assert (await hear(silent, "view", "problem"))[-1]["type"] == "view"


async def hears_of_a_step(api: httpx.AsyncClient, session_id: str) -> bool:
    """Whether one more page gets a place."""
    async with stream_of(api, session_id) as stream:
        await api.post(f"/sessions/{session_id}/step")
        return bool((await hear(stream, "view", "problem"))[-1]["type"] == "view")


def opening(url: str) -> bytes:
    """The request that opens a socket, of a client that never says anything afterwards."""
    _, netloc, path, *_ = urlsplit(url)
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: {netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


async def test_foreign_pages_are_told_why_and_the_servers_own_are_not(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id, origin="http://elsewhere.example") as stream:
        assert (await hear(stream, "problem"))[-1]["problem"]["code"] == "foreign_origin"
        with pytest.raises(websockets.ConnectionClosed):
            await stream.recv()
    own = str(api.base_url).split("/api")[0]
    async with stream_of(api, session_id, origin=own) as stream:
        await say(stream, type="train", steps=1)
        assert (await hear(stream, "done", "problem"))[-1]["type"] == "done"


async def test_the_server_stops_while_sessions_train(tmp_path: Path) -> None:
    # serve() waits ten seconds for the server to end and fails when it does not.
    with serve(tmp_path, shutdown_timeout_seconds=8) as url:
        async with client_of(url) as api:
            session_id = await new_session(api)
            async with stream_of(api, session_id) as stream, stream_of(api, session_id):
                await say(stream, type="train")
                await hear(stream, "view")
                start = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - start < 3
