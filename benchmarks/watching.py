"""Watching: steps a second while a page draws against those without a picture, and how late another tab is."""

import asyncio
import json
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.connection import Connection, request_to
from benchmarks.serving import served
from benchmarks.table import Row

# The network of the first minute, and what its page asks a view to hold.
SESSION: dict[str, Any] = {
    "model": {"inputs": 2, "hidden": [{"units": 4}, {"units": 2}], "output": {"units": 2}},
    "dataset": {"name": "circles"},
    "batch_size": 10,
    "seed": 1,
}
SHOW = {"type": "show", "map": "0,1,40"}
FRAMES_PER_SECOND = 60
ROUNDS, STEPS = 9, 5_000
MOVES = 60


def rows() -> Iterator[Row]:
    """All figures of watching."""
    with served() as port:
        yield from asyncio.run(_rows(port))


async def _rows(port: int) -> list[Row]:
    connection = await Connection.to(port)
    trained, streamed = [(await connection.post("/api/v1/sessions", SESSION))["id"] for _ in range(2)]
    address = f"ws://127.0.0.1:{port}/api/v1/sessions/{streamed}/stream"
    async with connect(address) as page, connect(address) as tab:
        late = [await _lateness(connection, streamed, page, tab) for _ in range(MOVES)]
        await tab.close()
        rates, views = [], 0
        for _ in range(ROUNDS):
            start = perf_counter()
            await connection.post(f"/api/v1/sessions/{trained}/train", {"steps": STEPS})
            middle = perf_counter()
            views += await _train(page)
            rates.append((STEPS / (perf_counter() - middle), STEPS / (middle - start)))
    connection.close()
    watched, unwatched = map(median, zip(*rates, strict=True))
    seconds = sum(STEPS / rate for rate, _ in rates)
    return [
        Row(
            "steps/s while drawing, 2-4-2-2 on circles, batch 10 / POST train",
            median(a / b for a, b in rates),
            0.5,
            "higher",
            f"{watched:.0f}/s with {views / seconds:.0f} views a second / {unwatched:.0f}/s",
        ),
        Row(
            "another tab shows the step, ms after it was asked for",
            median(late) * 1000,
            100,
            note=f"worst {max(late) * 1000:.1f} ms of {MOVES}",
        ),
    ]


async def _train(page: ClientConnection) -> int:
    """Train with pictures; answers how many came."""
    await page.send(json.dumps(SHOW))
    await page.send(json.dumps({"type": "train", "steps": STEPS, "frames_per_second": FRAMES_PER_SECOND}))
    views = 0
    async for message in page:
        if isinstance(message, str):
            assert json.loads(message)["type"] == "done", message
            return views
        views += 1
    raise ConnectionError("the server closed the socket")


async def _lateness(connection: Connection, session: str, page: ClientConnection, tab: ClientConnection) -> float:
    start = perf_counter()
    status, body = await connection.send(request_to(f"/api/v1/sessions/{session}/step?detail=summary"))
    assert status == 200, body
    await asyncio.gather(page.recv(), tab.recv())
    return perf_counter() - start
