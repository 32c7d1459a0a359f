"""How long computations and short requests share one event loop."""

import asyncio
import math
import sys
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import TypeVar

from server.settings import Settings
from server.stopping import Stopping
from server.waiting.line import Line

S = TypeVar("S")
T = TypeVar("T")
# So many numbers that the work on them is always done in a thread.
MANY = sys.maxsize
# A request that came during a slice is read, computed, stored and answered before the next one.
TURNS_BETWEEN_SLICES = 4
# Small pieces of work that are all due at once, as the views of a thousand pages, add up to no more than that before
# the loop looks after everybody else.
LONGEST_TURN_SECONDS = 0.005
SHORTEST_BEAT_SECONDS, LONGEST_DEBT_SECONDS = 0.02, 0.25


class Slices:
    """Runs pieces of work: small ones at once, one at a time, and large ones in threads.

    A small NumPy call holds the interpreter's lock, so a thread would not compute beside the event loop but fight it
    for the lock. Between two slices the loop answers whatever has arrived; large matrix products do let go of the lock.
    """

    def __init__(self, settings: Settings, stopping: Stopping | None = None) -> None:
        self._settings = settings
        self._stopping = stopping
        self._turn = Line(1, settings.max_waiting)
        self._threads = Line(settings.max_concurrent_trainings, settings.max_waiting)
        # Reading holds the interpreter's lock all the time: a second reader would only make the others wait longer.
        self._reader = Line(1, settings.max_waiting)
        # Seconds of small work since the loop has been seen to turn, and how often it has.
        self._spent, self._turns = 0.0, 0

    def lines(self) -> dict[str, Line]:
        """Each by its name in /metrics."""
        return {"slices": self._turn, "threads": self._threads, "bodies": self._reader}

    async def run(self, values: int, work: Callable[[], T], *, may_refuse: bool = True) -> T:
        """A short piece of work that touches so many numbers.

        Raises
        ------
        Problem : too many wait for a thread.
        """
        if values <= self._settings.inline_values:
            return await self._at_once(work)
        async with self._threads.place(may_refuse=may_refuse):
            return await asyncio.to_thread(work)

    async def _at_once(self, work: Callable[[], T]) -> T:
        while self._spent > LONGEST_TURN_SECONDS:
            turns = self._turns
            await asyncio.sleep(0)
            # The first one that goes on notes it for all.
            if turns == self._turns:
                self._turns, self._spent = turns + 1, 0.0
        start = perf_counter()
        try:
            return work()
        finally:
            self._spent += perf_counter() - start

    async def read(self, size: int, work: Callable[[], T]) -> T:
        """Make something of this many bytes. Raises Problem where too many wait."""
        if size <= self._settings.inline_body_bytes:
            return await self._at_once(work)
        async with self._reader.place():
            return await asyncio.to_thread(work)

    async def run_slice(self, values: int, work: Callable[[], T], *, may_refuse: bool = True) -> T:
        """One slice of a long computation whose single step touches this many numbers.

        Raises
        ------
        Problem : the server stops, and nobody should wait for all slices; or too many wait for theirs.
        """
        if self._stopping is not None:
            self._stopping.check()
        if values > self._settings.inline_values:
            return await self.run(values, work, may_refuse=may_refuse)
        async with self._turn.place(may_refuse=may_refuse):
            done = work()
            # The lock goes to the next one in line only after the loop has looked after everybody else.
            for _ in range(TURNS_BETWEEN_SLICES):
                await asyncio.sleep(0)
        return done

    async def run_over(self, values: int, items: Sequence[S], work: Callable[[Sequence[S]], list[T]]) -> list[T]:
        """The work on all items, of which one touches so many numbers: in a slice as many as fit into it."""
        done: list[T] = []
        pace = Pace(self._settings.train_slice_ms)
        while len(done) < len(items):
            some = items[len(done) : len(done) + pace.steps]
            done += await self.run_slice(values, partial(pace.measure, len(some), partial(work, some)))
        return done


class Pace:
    """How many steps fit into a slice, learnt from the slices so far."""

    def __init__(self, slice_ms: float) -> None:
        self._slice_seconds = slice_ms / 1000
        self.steps = 1

    def measure(self, steps: int, work: Callable[[], T]) -> T:
        """Do the work of so many steps and learn how long they take."""
        start = perf_counter()
        done = work()
        per_step = (perf_counter() - start) / steps
        fitting = int(self._slice_seconds / max(per_step, 1e-7))
        # Grows gently: the first steps warm caches up, and a slice must not become long by one lucky measurement.
        self.steps = max(1, min(fitting, 4 * self.steps))
        return done


class Beat:
    """Says when steps are due, and how many, at so many a second.

    Steps that are due within the same fiftieth of a second come together: storing each alone would cost more than
    taking it, and nobody sees the difference. Steps that could not be taken in time are forgotten, so that a machine
    that was busy for a second does not race afterwards.

    Parameters
    ----------
    per_second : None: as many as the engine gives are always due.
    now : seconds.
    """

    def __init__(self, per_second: float | None, now: Callable[[], float]) -> None:
        self._per_second = per_second
        self._now = now
        # When the next step is due, and the earliest moment at which it may be taken.
        self._due = self._earliest = now()

    @property
    def seconds_left(self) -> float:
        """How long to wait for the next steps."""
        return 0.0 if self._per_second is None else max(self._due, self._earliest) - self._now()

    @property
    def steps(self) -> int | None:
        """How many steps are due; None: as many as one likes."""
        if self._per_second is None:
            return None
        return max(0, math.floor((self._now() - self._due) * self._per_second + 1e-6) + 1)

    def took(self, steps: int) -> None:
        """So many of them are taken."""
        if self._per_second is not None:
            now = self._now()
            self._due = max(self._due + steps / self._per_second, now - LONGEST_DEBT_SECONDS)
            self._earliest = now + SHORTEST_BEAT_SECONDS


class Allowance:
    """So many a second, and as many at once after a second of silence.

    Parameters
    ----------
    now : seconds.
    """

    def __init__(self, per_second: float, now: Callable[[], float]) -> None:
        self._each = 1 / per_second
        self._burst = max(1.0, self._each)
        self._now = now
        self._due = -math.inf

    def take(self) -> float:
        """One more; answers how many seconds it has to wait."""
        now = self._now()
        self._due = max(self._due, now - self._burst) + self._each
        wait = self._due - now
        # Less than that is rounding.
        return wait if wait > 1e-6 else 0.0
