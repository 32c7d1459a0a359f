"""Classes of pages: a socket each and one press of *Next* a second, beside trainings, against presses of nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from statistics import quantiles

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.connection import Connection, request_to
from benchmarks.serving import EMPTY, served
from benchmarks.table import Row
from benchmarks.watching import SESSION, SHOW
from server.steps.views import VIEW

CLASSES, TRAININGS = (30, 100, 300), 5
SECONDS = 6
# Pressed again each second: an answer that takes longer is not there in time.
IN_TIME = 1.0

Press = Callable[[], Awaitable[tuple[int, bytes]]]


def rows() -> Iterator[Row]:
    """All figures of classes."""
    for pages in CLASSES:
        with served() as port:
            yield from asyncio.run(_class(port, pages))


async def _class(port: int, pages: int) -> list[Row]:
    maker = await Connection.to(port)
    requests = ({**SESSION, "seed": seed} for seed in range(pages + TRAININGS))
    ids = [(await maker.post("/api/v1/sessions", request))["id"] for request in requests]
    maker.close()
    async with AsyncExitStack() as stack:
        bare = await _press([person.nothing for person in await _persons(stack, port, ids[:pages])])
        for number, name in enumerate(ids):
            socket = await stack.enter_async_context(connect(f"ws://127.0.0.1:{port}/api/v1/sessions/{name}/stream"))
            reading = asyncio.create_task(_read(socket))
            stack.callback(reading.cancel)
            # To say goodbye to one whose views nobody reads any more takes ten seconds.
            stack.callback(socket.transport.abort)
            await socket.send(json.dumps(SHOW))
            if number >= pages:
                await socket.send(json.dumps({"type": "train", "frames_per_second": 20}))
        pressed = await _press([person.next for person in await _persons(stack, port, ids[:pages])])
    (slow, middle), (bare_slow, _) = map(_percentiles, (pressed, bare))
    title = f"{pages} pages, {TRAININGS} trainings"
    return [
        Row(
            f"{title}: presses done in time",
            sum(seconds < IN_TIME for seconds in pressed) / len(pressed),
            1,
            "higher",
            f"median {middle * 1000:.1f} ms, worst {max(pressed) * 1000:.0f} ms, {len(pressed)} presses",
        ),
        Row(
            f"{title}: p99 / empty endpoint's p99",
            slow / bare_slow,
            3,
            note=f"{slow * 1000:.1f} ms / {bare_slow * 1000:.1f} ms",
        ),
    ]


class Person:
    """Presses, and knows how far the own page is."""

    def __init__(self, connection: Connection, session: str) -> None:
        self.connection = connection
        self._session = session
        self._step = 0

    async def nothing(self) -> tuple[int, bytes]:
        return await self.connection.send(request_to(EMPTY))

    async def next(self) -> tuple[int, bytes]:
        query = f"map={SHOW['map']}&history_from={self._step + 1}"
        self._step += 1
        return await self.connection.send(request_to(f"/api/v1/sessions/{self._session}/step?{query}", accept=VIEW))


async def _persons(stack: AsyncExitStack, port: int, ids: list[str]) -> list[Person]:
    """Somebody at each session. The server closes connections that were not used for seconds, so each time new ones."""
    persons = [Person(await Connection.to(port), name) for name in ids]
    for person in persons:
        stack.callback(person.connection.close)
    return persons


async def _press(presses: list[Press]) -> list[float]:
    """Press each once a second, evenly spread; answers how long after its time each was done."""
    loop = asyncio.get_running_loop()
    start = loop.time() + 0.1

    async def person(number: int, press: Press) -> list[float]:
        seconds = []
        for turn in range(SECONDS):
            due = start + turn + number / len(presses)
            await asyncio.sleep(max(0.0, due - loop.time()))
            status, body = await press()
            assert status == 200, body
            # From the moment of the press, also where it had to wait for the answer to the one before.
            seconds.append(loop.time() - due)
        return seconds

    done = await asyncio.gather(*(person(number, press) for number, press in enumerate(presses)))
    return [seconds for person in done for seconds in person]


async def _read(socket: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass


def _percentiles(seconds: list[float]) -> tuple[float, float]:
    """The 99th and the 50th."""
    percentiles = quantiles(seconds, n=100)
    return percentiles[98], percentiles[49]
