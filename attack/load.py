"""A school at work on one server of ours: ``python -m attack.load [MINUTES]``.

300 clients step, look, change, train and watch, start over and leave, each as fast as a person does. Ends with 1 if
something failed, if memory did not level off, or if steps took longer and longer.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from attack.table import Row, as_text
from attack.target import API, Target, attacked

CLIENTS = 300
# Seconds between two presses of one person.
THINKS = (1.0, 5.0)
# Presses before somebody begins another run.
STAYS = (10, 60)
VIEW = {"Accept": "application/vnd.backprop.view"}
MOST_SLOWER, MOST_GROWTH = 3.0, 1.15

RUNS: Sequence[dict[str, Any]] = (
    {"model": {"inputs": 2, "hidden": [{"units": 3}], "output": {"units": 2}}, "dataset": {"name": "xor"}},
    {"model": {"inputs": 2, "hidden": [{"units": 8}], "output": {"units": 2}}, "dataset": {"name": "two_moons"}},
    {
        "model": {"inputs": 4, "hidden": [{"units": 6}, {"units": 4}], "output": {"units": 3}},
        "dataset": {"name": "iris"},
        "batch_size": 16,
    },
    {
        "model": {"inputs": 64, "hidden": [{"units": 32}], "output": {"units": 10}},
        "dataset": {"name": "digits"},
        "batch_size": 32,
    },
)
WEIGHTS = (5, 3, 3, 1)


@dataclass
class Minute:
    """What was seen in one minute."""

    steps: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    @property
    def p99(self) -> float:
        """Milliseconds."""
        ordered = sorted(self.steps)
        return 1000 * ordered[int(0.99 * (len(ordered) - 1))] if ordered else 0.0


class Load:
    """All clients, and what they have seen."""

    def __init__(self, target: Target, minutes: float, clients: int) -> None:
        self.target = target
        self.clients = clients
        self.minutes = [Minute() for _ in range(max(2, round(minutes)))]
        self.errors: Counter[str] = Counter()
        self.requests = self.heard = 0
        self._start = time.monotonic()
        self._seconds = 60 * minutes

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self._start >= self._seconds

    @property
    def minute(self) -> Minute:
        share = (time.monotonic() - self._start) / self._seconds
        return self.minutes[min(int(share * len(self.minutes)), len(self.minutes) - 1)]

    async def run(self) -> None:
        clients = [asyncio.create_task(self._person(number)) for number in range(self.clients)]
        while not self.is_over:
            await asyncio.sleep(1)
            self.minute.megabytes = self.target.megabytes
        await asyncio.gather(*clients)

    async def _person(self, number: int) -> None:
        rng = random.Random(number)
        # A class comes within some seconds, not at once.
        await asyncio.sleep(rng.uniform(0, 10))
        limits = httpx.Limits(max_connections=2)
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.target.port}{API}", timeout=60, limits=limits
        ) as api:
            while not self.is_over:
                try:
                    await self._run_of(api, rng)
                except (httpx.HTTPError, ConnectionClosed, OSError, TimeoutError) as error:
                    self._note(error)
                    await asyncio.sleep(1)

    def _note(self, error: Exception) -> None:
        """Count it, and say at once what it was: one in a hundred thousand has to explain itself."""
        self.errors[type(error).__name__] += 1
        request = error.request if isinstance(error, httpx.RequestError) else None
        asked = "" if request is None else f" {request.method} {request.url.path.split('/')[-1]}"
        print(f"{time.monotonic() - self._start:.1f} s{asked}: {error!r}, from {error.__cause__!r}", file=sys.stderr)

    async def _run_of(self, api: httpx.AsyncClient, rng: random.Random) -> None:
        """One run: begun, watched by a page, worked with, left or deleted."""
        (body,) = rng.choices(RUNS, WEIGHTS)
        created = await self._ask(api, "POST", "/sessions", json={**body, "seed": rng.randrange(1000)})
        if not created.is_success:
            await asyncio.sleep(1)
            return
        session_id = created.json()["id"]
        address = f"ws://127.0.0.1:{self.target.port}{API}/sessions/{session_id}/stream"
        async with connect(address, max_size=None) as page:
            hearing = asyncio.create_task(self._hear(page))
            try:
                for _ in range(rng.randint(*STAYS)):
                    if self.is_over:
                        break
                    await asyncio.sleep(rng.uniform(*THINKS))
                    await self._press(api, page, session_id, rng)
                    if hearing.done():
                        self.errors["a socket was closed"] += 1
                        break
            finally:
                hearing.cancel()
        if rng.random() < 0.2:
            await self._ask(api, "DELETE", f"/sessions/{session_id}")

    async def _press(self, api: httpx.AsyncClient, page: Any, session_id: str, rng: random.Random) -> None:
        at = f"/sessions/{session_id}"
        match rng.choices(("step", "look", "change", "rewind", "train", "map", "export"), (60, 15, 8, 5, 6, 4, 2))[0]:
            case "step":
                start = time.perf_counter()
                await self._ask(api, "POST", f"{at}/step", headers=VIEW)
                self.minute.steps.append(time.perf_counter() - start)
            case "look":
                await self._ask(api, "GET", f"{at}/view?sample={rng.randrange(4)}&map=0,1,40")
            case "change":
                await self._ask(api, "PATCH", at, json={"l2": rng.random() / 100})
            case "rewind":
                await self._ask(api, "POST", f"{at}/rewind", json={"step": 0})
            case "map":
                await self._ask(api, "GET", f"{at}/decision-map?resolution=50")
            case "export":
                await self._ask(api, "GET", f"{at}/export?format=numpy")
            case "train":
                await page.send(json.dumps({"type": "train", "steps": rng.choice((10, 100, 500))}))

    async def _ask(self, api: httpx.AsyncClient, method: str, path: str, **how: Any) -> httpx.Response:
        answer = await api.request(method, path, **how)
        self.requests += 1
        if not answer.is_success:
            code = answer.json().get("code") if "json" in answer.headers["content-type"] else "?"
            self.errors[f"{method} {answer.status_code} {code}"] += 1
        return answer

    async def _hear(self, page: Any) -> None:
        """Take every view, as a page does, until the socket is closed."""
        with suppress(ConnectionClosed):
            async for message in page:
                self.heard += 1
                if isinstance(message, str) and json.loads(message)["type"] == "problem":
                    self.errors[f"socket {json.loads(message)['problem']['code']}"] += 1

    def rows(self) -> list[Row]:
        first, *later = self.minutes
        # While all come, memory grows; a third of the time is enough for that.
        settled = self.minutes[len(self.minutes) // 3 : 2 * len(self.minutes) // 3 + 1]
        level = max(minute.megabytes for minute in settled)
        what = f"{self.clients} clients, {self._seconds / 60:g} minutes, {self.requests} requests, {self.heard} views"
        return [
            Row(f"{what}: errors", sum(self.errors.values()), 0, note=", ".join(map(str, self.errors.most_common(5)))),
            Row(
                "p99 of a step, worst minute after the first",
                max(minute.p99 for minute in later),
                MOST_SLOWER * first.p99,
                "ms",
                ", ".join(f"{minute.p99:.0f}" for minute in self.minutes),
            ),
            Row(
                "memory at the end, beside that of the middle third",
                self.minutes[-1].megabytes,
                MOST_GROWTH * level,
                "MB",
                ", ".join(f"{minute.megabytes:.0f}" for minute in self.minutes),
            ),
        ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m attack.load", description=__doc__)
    parser.add_argument("minutes", nargs="?", type=float, default=20.0)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--memory-mb", type=float, default=256.0, help="BACKPROP_MEMORY_MB of the server")
    given = parser.parse_args()
    with attacked(memory_mb=given.memory_mb) as target:
        load = Load(target, given.minutes, given.clients)
        asyncio.run(load.run())
    rows = load.rows()
    print(as_text(rows))
    return 0 if all(row.is_ok for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
