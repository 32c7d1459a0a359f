"""Live training over a WebSocket, against the real server."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from engine.history import Point
from server.outbox import Outbox
from server.streaming import FrameClock
from server.wire import unpack
from tests.live_server import serve
from tests.server.api import SESSION

LONG = 1_000_000


@pytest.fixture
async def api(live_server: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{live_server}/api/v1", timeout=20) as client:
        yield client


@asynccontextmanager
async def stream_of(api: httpx.AsyncClient, session_id: str, **options: Any) -> AsyncIterator[ClientConnection]:
    url = str(api.base_url).replace("http", "ws", 1) + f"sessions/{session_id}/stream"
    async with connect(url, **options) as stream:
        yield stream


async def new_session(api: httpx.AsyncClient) -> str:
    answer = await api.post("/sessions", json=SESSION)
    session_id: str = answer.json()["id"]
    return session_id


async def say(stream: ClientConnection, **message: Any) -> None:
    await stream.send(json.dumps(message))


async def hear(stream: ClientConnection, *kinds: str) -> tuple[list[Any], dict[str, Any]]:
    """Everything up to the first message of one of these types, and that message."""
    before: list[Any] = []
    while True:
        received = await asyncio.wait_for(stream.recv(), 20)
        message = received if isinstance(received, bytes) else json.loads(received)
        if isinstance(message, dict) and message["type"] in kinds:
            return before, message
        before.append(message)


async def version_and_step(api: httpx.AsyncClient, session_id: str) -> tuple[int, int]:
    session = (await api.get(f"/sessions/{session_id}")).json()
    return session["version"], session["step"]


async def test_a_training_ends_with_its_last_frame_and_done(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id) as stream:
        await say(stream, type="train", steps=1000, frames_per_second=20)
        before, done = await hear(stream, "done", "problem")
    assert (done["type"], done["step"]) == ("done", 1000)
    assert (done["version"], 1000) == await version_and_step(api, session_id)
    assert isinstance(before[-1], bytes)
    header, _ = unpack(before[-1])
    assert header["step"] == 1001
    steps = [step for m in before if isinstance(m, dict) for step in m["metrics"]["step"]]
    assert steps == sorted(set(steps)) and steps[0] == 1 and steps[-1] == 1000


async def test_the_last_frame_is_the_step_that_comes_next(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id) as stream:
        await say(stream, type="train", steps=50, frames_per_second=0)
        before, _ = await hear(stream, "done")
    frames = [message for message in before if isinstance(message, bytes)]
    assert len(frames) == 1
    assert frames[0] == (await api.get(f"/sessions/{session_id}/trace?detail=frame")).content


async def test_streaming_equals_training(api: httpx.AsyncClient) -> None:
    streamed, trained = await new_session(api), await new_session(api)
    async with stream_of(api, streamed) as stream:
        await say(stream, type="train", steps=700, frames_per_second=60)
        await hear(stream, "done")
    await api.post(f"/sessions/{trained}/train", json={"steps": 700})
    one, other = [(await api.get(f"/sessions/{session_id}")).json() for session_id in (streamed, trained)]
    assert one["parameters"] == other["parameters"]


async def test_small_frames_are_float32(api: httpx.AsyncClient) -> None:
    async with stream_of(api, await new_session(api)) as stream:
        await say(stream, type="train", steps=5, dtype="float32")
        before, _ = await hear(stream, "done")
    header, vector = unpack(before[-1])
    assert header["dtype"] == "float32" == vector.dtype.name


async def test_a_paused_training_stands_still_until_it_is_resumed(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id) as stream:
        await say(stream, type="train", steps=LONG)
        await hear(stream, "metrics")
        await say(stream, type="pause")
        before, paused = await hear(stream, "paused")
        assert (paused["version"], paused["step"]) == await version_and_step(api, session_id)
        frame = next(message for message in reversed(before) if isinstance(message, bytes))
        assert unpack(frame)[0]["step"] == paused["step"] + 1
        await asyncio.sleep(0.1)
        assert (paused["version"], paused["step"]) == await version_and_step(api, session_id)
        await say(stream, type="resume")
        _, metrics = await hear(stream, "metrics")
        assert metrics["step"] > paused["step"]


async def test_one_may_step_while_the_training_is_paused(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id) as stream:
        await say(stream, type="train", steps=LONG)
        await say(stream, type="pause")
        _, paused = await hear(stream, "paused")
        stepped = await api.post(f"/sessions/{session_id}/step", headers={"If-Match": f'"{paused["version"]}"'})
        assert stepped.json()["step"] == paused["step"] + 1
        await say(stream, type="resume")
        _, answer = await hear(stream, "metrics", "problem")
        assert answer["type"] == "metrics"


async def test_another_tab_that_steps_a_running_session_ends_the_training_with_a_reason(
    api: httpx.AsyncClient,
) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id) as stream:
        await say(stream, type="train", steps=LONG)
        await hear(stream, "metrics")
        assert (await api.post(f"/sessions/{session_id}/step")).status_code == 200
        _, problem = await hear(stream, "problem")
    assert problem["problem"]["code"] == "stale_version"


async def test_a_client_that_vanishes_ends_its_training(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id) as stream:
        await say(stream, type="train", steps=LONG)
        _, metrics = await hear(stream, "metrics")
        stream.transport.abort()
    await asyncio.sleep(0.3)
    first = await version_and_step(api, session_id)
    await asyncio.sleep(0.2)
    assert first == await version_and_step(api, session_id)
    assert metrics["step"] <= first[1] < LONG
    # What was reported is what is stored.
    assert (await api.post(f"/sessions/{session_id}/step?detail=summary")).json()["step"] == first[1] + 1


async def test_a_reader_who_sleeps_gets_every_result_but_not_every_frame(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id, max_queue=1) as stream:
        await say(stream, type="train", steps=8000, frames_per_second=60)
        await asyncio.sleep(1)
        before, done = await hear(stream, "done")
    steps = [step for m in before if isinstance(m, dict) for step in m["metrics"]["step"]]
    assert done["step"] == steps[-1] == 8000
    assert isinstance(before[-1], bytes)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("nonsense", "not_json"),
        ('{"type": "fly"}', "invalid"),
        ('{"type": "train"}', "invalid"),
        ('{"type": "train", "steps": 0}', "invalid"),
        ('{"type": "train", "steps": 1, "frames_per_second": NaN}', "invalid"),
        ('{"type": "train", "steps": 1000000000}', "too_large"),
        ('{"type": "train", "steps": 1' + "0" * 30 + "}", "too_large"),
        ('{"type": "train", "steps": 5, "version": 99}', "stale_version"),
    ],
)
async def test_a_message_without_sense_is_answered_and_the_stream_goes_on(
    api: httpx.AsyncClient, message: str, code: str
) -> None:
    async with stream_of(api, await new_session(api)) as stream:
        await stream.send(message)
        _, problem = await hear(stream, "problem")
        assert problem["problem"]["code"] == code
        await say(stream, type="train", steps=3)
        _, done = await hear(stream, "done", "problem")
        assert done["type"] == "done"


async def test_one_stream_trains_once_at_a_time(api: httpx.AsyncClient) -> None:
    async with stream_of(api, await new_session(api)) as stream:
        await say(stream, type="train", steps=LONG)
        await say(stream, type="train", steps=LONG)
        _, problem = await hear(stream, "problem")
    assert problem["problem"]["code"] == "already_training"


async def test_unknown_sessions_and_foreign_pages_are_told_why(api: httpx.AsyncClient) -> None:
    async with stream_of(api, "nobody") as stream:
        await say(stream, type="train", steps=1)
        assert (await hear(stream, "problem"))[1]["problem"]["code"] == "unknown_session"
    async with stream_of(api, await new_session(api), origin="http://elsewhere.example") as stream:
        assert (await hear(stream, "problem"))[1]["problem"]["code"] == "foreign_origin"
        with pytest.raises(websockets.ConnectionClosed):
            await stream.recv()
    own = str(api.base_url).split("/api")[0]
    async with stream_of(api, await new_session(api), origin=own) as stream:
        await say(stream, type="train", steps=1)
        assert (await hear(stream, "done", "problem"))[1]["type"] == "done"


async def test_too_many_streams_are_told_to_wait(tmp_path: Path) -> None:
    with serve(tmp_path, max_streams=1) as url:
        async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=20) as api:
            session_id = await new_session(api)
            async with stream_of(api, session_id) as first:
                await say(first, type="train", steps=1)
                await hear(first, "done")
                async with stream_of(api, session_id) as second:
                    _, problem = await hear(second, "problem")
            assert problem["problem"]["code"] == "too_many_streams"
            # The server may hear of the end of the first stream a moment later.
            answers = []
            while "done" not in answers and len(answers) < 50:
                async with stream_of(api, session_id) as third:
                    with contextlib.suppress(websockets.ConnectionClosed):
                        await say(third, type="train", steps=1)
                    answers.append((await hear(third, "done", "problem"))[1]["type"])
                await asyncio.sleep(0.02)
            assert answers[-1] == "done"


async def test_the_server_stops_while_streams_train(tmp_path: Path) -> None:
    # serve() waits ten seconds for the server to end and fails when it does not.
    with serve(tmp_path, shutdown_timeout_seconds=8) as url:
        async with httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=20) as api:
            session_id = await new_session(api)
            async with stream_of(api, session_id) as stream:
                await say(stream, type="train", steps=LONG)
                await hear(stream, "metrics")
                start = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - start < 3


class SlowSender:
    """Keeps what it is given, and lets nothing through until told."""

    def __init__(self) -> None:
        self.sent: list[str | bytes] = []
        self.open = asyncio.Event()

    async def send_text(self, data: str) -> None:
        await self.open.wait()
        self.sent.append(data)

    async def send_bytes(self, data: bytes) -> None:
        await self.open.wait()
        self.sent.append(data)


async def test_an_outbox_drops_frames_and_keeps_results() -> None:
    outbox, sender = Outbox(most_points=100), SlowSender()
    sending = asyncio.create_task(outbox.send_all(sender))
    for step in range(1, 21):
        outbox.metrics([Point(step, 0.5, None, None)], step)
        outbox.frame(b"frame %d" % step)
        await asyncio.sleep(0)
    outbox.notice({"type": "done"})
    sender.open.set()
    await outbox.emptied()
    sending.cancel()
    metrics = [json.loads(text) for text in sender.sent if isinstance(text, str)]
    assert [step for m in metrics[:-1] for step in m["metrics"]["step"]] == list(range(1, 21))
    frames = [data for data in sender.sent if isinstance(data, bytes)]
    assert len(frames) <= 2 and frames[-1] == b"frame 20"
    assert metrics[-1] == {"type": "done"}


def test_frames_are_due_at_their_rate_and_never_at_rate_zero() -> None:
    times = iter([0.0, 0.0, 0.0, 0.05, 0.1, 0.1])
    clock = FrameClock(10, lambda: next(times))
    assert [clock.is_due(), clock.is_due(), clock.is_due()] == [True, False, True]
    assert not FrameClock(0, lambda: 0.0).is_due()
