"""All connections of a server: how many there may be, and how long a silent one is waited for."""

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Callable
from typing import Literal, Protocol

from server.settings import Settings

logger = logging.getLogger(__name__)

# The server waits for the rest of a request's head (or a next request), for the rest of its body, or for a client to
# take what was sent.
Wait = Literal["head", "body", "take"]
LINES: dict[str, str] = {
    "head": "which sent no byte of the head of a request for {head_patience_seconds:g} seconds",
    "body": "which sent no byte of the body of a request for {body_patience_seconds:g} seconds",
    "take": "which took nothing of their answers for {take_patience_seconds:g} seconds",
    "many": "which had sent nothing for longest, since there were more than BACKPROP_MAX_CONNECTIONS",
    "full": "which came while all others were being answered, since there were more than BACKPROP_MAX_CONNECTIONS",
    "flood": "which sent more at once than there may be (heads, chunks, requests, messages or pings)",
}
# Seconds between two sweeps, and between two lines about the same thing in the log.
SWEEP, QUIET = 1.0, 60.0
# Seconds for the rest of an answer after which a connection ends.
PARTING = 10.0


class Connection(Protocol):
    """What the crowd needs of a connection."""

    @property
    def waits_for(self) -> Wait | None:
        """What the client owes, None while it owes nothing: it is being answered, or it is an open socket."""

    @property
    def is_half_sent(self) -> bool:
        """Whether some of a request has come, and not all."""

    @property
    def transport(self) -> asyncio.Transport: ...


class Crowd:
    """Knows every connection and closes those that keep a place and send or take nothing.

    A limit on the time of a whole request would shut out slow networks; one byte is a sign of life here. At the limit
    of connections the one that has been silent for longest makes place for a newcomer.

    Parameters
    ----------
    most : connections, where it is fewer than the settings say because the system allows fewer open files.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float], most: int | None = None) -> None:
        self.most = min(settings.max_connections, most or settings.max_connections)
        self.settings = settings
        self._clock = clock
        self._patience: dict[Wait, float] = {
            "head": settings.head_patience_seconds,
            "body": settings.body_patience_seconds,
            "take": settings.take_patience_seconds,
        }
        # When each sent its last byte, the longest silent one first.
        self._heard: dict[Connection, float] = {}
        # How many bytes each has not taken, and since when it is so.
        self._unsent: dict[Connection, tuple[int, float]] = {}
        self._closed: Counter[str] = Counter()
        self._said: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._interval = min(SWEEP, *(patience / 4 for patience in self._patience.values()))
        # When the next sweep is due; if it comes much later, bytes that arrived meanwhile have not been read either.
        self._due = math.inf

    def __len__(self) -> int:
        return len(self._heard)

    @property
    def unsent(self) -> int:
        """Bytes of answers that clients have not taken, over all connections."""
        return sum(connection.transport.get_write_buffer_size() for connection in self._heard)

    def opened(self, connection: Connection) -> bool:
        """Another connection; answers whether there is a place for it."""
        self._heard[connection] = self._clock()
        if len(self._heard) <= self.most:
            return True
        oldest = next((other for other in self._heard if other is not connection and self._owes(other)), None)
        if oldest is None:
            self.counted("full")
            return False
        self._close(oldest)
        self.counted("many")
        return True

    def joined(self, connection: Connection) -> None:
        """A connection that was another one: a socket that was a request."""
        self._heard[connection] = self._clock()

    def heard(self, connection: Connection) -> None:
        """A byte has come, or it is the client's turn from now on."""
        if self._heard.pop(connection, None) is not None:
            self._heard[connection] = self._clock()

    def left(self, connection: Connection) -> None:
        self._heard.pop(connection, None)
        self._unsent.pop(connection, None)

    def counted(self, why: str) -> None:
        """Something that belongs in the log, once in a while."""
        self._closed[why] += 1
        self._say(self._clock())

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Sweep again and again, until `close`."""
        is_late = self._clock() > self._due + self._interval
        if not is_late:
            self.sweep()
        self._due = math.inf if is_late else self._clock() + self._interval
        self._timer = loop.call_later(self._interval, self.watch, loop)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def sweep(self) -> None:
        """Close those whose time is up."""
        now = self._clock()
        for connection in list(self._heard):
            if self._takes_nothing(connection, now):
                connection.transport.abort()
                self.left(connection)
                self._closed["take"] += 1
            elif (wait := self._owes(connection)) and now - self._heard[connection] > self._patience[wait]:
                # Browsers open connections ahead and may never use them: nothing to log.
                self._closed[wait] += connection.is_half_sent
                self._close(connection)
        self._say(now)

    def _owes(self, connection: Connection) -> Wait | None:
        """Nobody is asked for more while an answer is on its way to it."""
        return None if connection.transport.get_write_buffer_size() else connection.waits_for

    def _takes_nothing(self, connection: Connection, now: float) -> bool:
        transport = connection.transport
        size = transport.get_write_buffer_size()
        before, since = self._unsent.get(connection, (0, now))
        if not size:
            if self._unsent.pop(connection, None):
                # It may begin with its next request now.
                self.heard(connection)
            return False
        if size != before:
            since = now
        self._unsent[connection] = (size, since)
        patience = self._patience["take"]
        return now - since > (min(patience, PARTING) if transport.is_closing() else patience)

    def _close(self, connection: Connection) -> None:
        connection.transport.close()
        self.left(connection)

    def _say(self, now: float) -> None:
        for why, count in self._closed.items():
            if count and now - self._said.get(why, -QUIET) >= QUIET:
                self._said[why] = now
                self._closed[why] = 0
                logger.warning("closed connections: %d, %s", count, LINES[why].format(**vars(self.settings)))
