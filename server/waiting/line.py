"""Lines in which requests wait: for a thread, a turn, room in memory. A line that is full refuses the next one."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from server.problems import Problem


class Line:
    """So much of something, which is handed out in the order in which it was asked for.

    What wants more than there is at all gets it alone, so nobody waits for ever.

    Parameters
    ----------
    most : of what is handed out: places, or bytes.
    most_waiting : one more is refused.
    noted : called with each change of how much is taken.
    """

    def __init__(self, most: int, most_waiting: int, noted: Callable[[int], object] | None = None) -> None:
        self._most = most
        self._most_waiting = most_waiting
        self._noted = noted
        self._taken = 0
        self._wanting: deque[tuple[int, asyncio.Future[None]]] = deque()
        # How many were refused so far.
        self.refused = 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._wanting)

    def has_room(self, size: int = 1) -> bool:
        """Whether so much can be taken without waiting."""
        return not self._wanting and self._fits(size)

    @asynccontextmanager
    async def place(self, size: int = 1, *, may_refuse: bool = True) -> AsyncIterator[None]:
        """Wait for so much, which is taken while inside.

        Parameters
        ----------
        may_refuse : False for work that is bounded already, and that nobody could ask for again.

        Raises
        ------
        Problem : too many wait.
        """
        if self.has_room(size):
            self._take(size)
        else:
            await self._wait(size, may_refuse)
        try:
            yield
        finally:
            self._take(-size)
            self._go_on()

    async def _wait(self, size: int, may_refuse: bool) -> None:
        if may_refuse and len(self._wanting) >= self._most_waiting:
            self.refused += 1
            raise too_busy()
        turn = asyncio.get_running_loop().create_future()
        self._wanting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._take(-size)
            elif (size, turn) in self._wanting:
                self._wanting.remove((size, turn))
            self._go_on()
            raise

    def _fits(self, size: int) -> bool:
        return not self._taken or self._taken + size <= self._most

    def _take(self, size: int) -> None:
        self._taken += size
        if self._noted is not None:
            self._noted(size)

    def _go_on(self) -> None:
        while self._wanting and self._fits(self._wanting[0][0]):
            size, turn = self._wanting.popleft()
            # One that was cancelled a moment ago has not come to know it yet.
            if not turn.cancelled():
                self._take(size)
                turn.set_result(None)


def too_busy() -> Problem:
    """More wait already than should."""
    return Problem(
        503,
        "too_busy",
        "More people than usual are waiting for this server, so nothing was done. Try again in a moment.",
    )
