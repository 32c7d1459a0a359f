"""The end of a server that was told to stop: callers that wait for something long hear of it in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.problems import Problem

# Of the time that connections may finish in, the part after which an answer that is not there yet is a problem.
PATIENT_PART = 0.5


class ServerStopping(Problem):
    """The problem that waiting callers hear of."""

    def __init__(self) -> None:
        super().__init__(
            503,
            "server_stopping",
            "The server is stopping. Everything up to here is stored; continue when it runs again.",
        )


class Stopping(asyncio.Event):
    """Set when the server is told to stop.

    Parameters
    ----------
    patience_seconds : how long callers that are waiting then may go on.
    """

    def __init__(self, patience_seconds: float) -> None:
        super().__init__()
        self._patience_seconds = patience_seconds
        self._waiting: set[asyncio.Timeout] = set()

    def set(self) -> None:
        super().set()
        for waiting in self._waiting:
            self._hurry(waiting)

    @asynccontextmanager
    async def patience(self) -> AsyncIterator[asyncio.Timeout]:
        """Time without an end, until the server stops. Raises TimeoutError."""
        async with asyncio.timeout(None) as waiting:
            self._waiting.add(waiting)
            if self.is_set():
                self._hurry(waiting)
            try:
                yield waiting
            finally:
                self._waiting.discard(waiting)

    def check(self) -> None:
        """Raise the problem of a server that stops."""
        if self.is_set():
            raise ServerStopping()

    def _hurry(self, waiting: asyncio.Timeout) -> None:
        if not waiting.expired():
            waiting.reschedule(asyncio.get_running_loop().time() + self._patience_seconds)
