"""All connections of a server: how many there may be, and how long a silent one is waited for."""

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol

from server.memory import SHORT_BODY, Memory
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
    "pile": "which had taken nothing for longest, since what nobody took filled its part of BACKPROP_MEMORY_MB",
    "bodies": "which had sent nothing for longest of the body of a request, since bodies filled their part of "
    "BACKPROP_MEMORY_MB",
    "flood": "which sent more at once than there may be (heads, chunks, requests, messages or pings)",
}
# Seconds between two sweeps, and between two lines about the same thing in the log.
SWEEP, QUIET = 1.0, 60.0
# Seconds for the rest of an answer after which a connection ends.
PARTING = 10.0


class Connection(Protocol):
    """What the crowd needs of a connection."""

    transport: asyncio.Transport

    @property
    def waits_for(self) -> Wait | None:
        """What the client owes, None while it owes nothing: it is being answered, or it is an open socket."""

    @property
    def is_half_sent(self) -> bool:
        """Whether some of a request has come, and not all."""

    @property
    def has_arrived(self) -> bool:
        """Whether something has come that was not read yet, bytes or the end."""

    @property
    def unsent(self) -> int:
        """Bytes that are kept because the client has not taken them."""


class Pile(NamedTuple):
    """What lies there for a client.

    Parameters
    ----------
    left : bytes that it has not taken.
    kept : bytes that have to stay for that.
    since : when it has taken something last.
    """

    left: int
    kept: int
    since: float


class Crowd:
    """Knows every connection and closes those that keep a place and send or take nothing.

    A limit on the time of a whole request would shut out slow networks; one byte is a sign of life here. At the limit
    of connections the one that has been silent for longest makes place for a newcomer; where answers that nobody takes
    fill their part of the memory, the one that has taken nothing for longest does.

    Parameters
    ----------
    memory : where the bytes count that clients have not taken.
    most : connections, where it is fewer than the settings say because the system allows fewer open files.
    """

    def __init__(self, settings: Settings, memory: Memory, clock: Callable[[], float], most: int | None = None) -> None:
        self.most = min(settings.max_connections, most or settings.max_connections)
        self.settings = settings
        self._memory = memory
        self._clock = clock
        self._patience: dict[Wait, float] = {
            "head": settings.head_patience_seconds,
            "body": settings.body_patience_seconds,
            "take": settings.take_patience_seconds,
        }
        # When each sent its last byte, the longest silent one first.
        self._heard: dict[Connection, float] = {}
        # What each has not taken, the longest unchanged first.
        self._unsent: dict[Connection, Pile] = {}
        # How much of a body each has sent that is not answered, where that is much.
        self._bodies: dict[Connection, int] = {}
        self._closed: Counter[str] = Counter()
        self._said: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._interval = min(SWEEP, *(patience / 4 for patience in self._patience.values()))
        # When the next sweep is due; if it comes much later, bytes that arrived meanwhile have not been read either.
        self._due = math.inf

    def __len__(self) -> int:
        return len(self._heard)

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
        self._note_unsent(connection, False)
        self.answered(connection)

    def arrived(self, connection: Connection, size: int) -> bool:
        """So many bytes of a body have come, which are kept until it is answered; whether there is room for them.

        Others of which only a part has come make room, the longest silent first.
        """
        if size <= SHORT_BODY or connection not in self._heard:
            return True
        self._memory.hold("bodies", size - self._bodies.get(connection, 0))
        self._bodies[connection] = size
        while self._memory.is_overrun and len(self._bodies) > 1:
            halves = (other for other in self._heard if other in self._bodies and other.waits_for == "body")
            silent = next(halves, connection)
            if silent is connection:
                self.counted("bodies")
                return False
            self._drop(silent, "bodies")
        return True

    def answered(self, connection: Connection) -> None:
        """No body is kept for it any more."""
        self._memory.hold("bodies", -self._bodies.pop(connection, 0))

    def piled_up(self, connection: Connection) -> None:
        """More was sent than the client takes at once."""
        if connection in self._heard:
            self._note_unsent(connection, True)
            self._clear_away()

    def taken(self, connection: Connection) -> None:
        """It has taken nearly all of that."""
        self._note_unsent(connection, False)

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
                self._drop(connection, "take")
            elif (wait := self._owes(connection)) and now - self._heard[connection] > self._patience[wait]:
                if connection.has_arrived:
                    # A request, perhaps, that came while this thread did something else.
                    continue
                # Browsers open connections ahead and may never use them: nothing to log.
                self._closed[wait] += connection.is_half_sent
                self._close(connection)
        self._clear_away()
        self._say(now)

    def _owes(self, connection: Connection) -> Wait | None:
        """Nobody is asked for more while an answer is on its way to it."""
        return None if connection.transport.get_write_buffer_size() else connection.waits_for

    def _takes_nothing(self, connection: Connection, now: float) -> bool:
        left = connection.transport.get_write_buffer_size()
        before = self._unsent.get(connection)
        if left == (before.left if before else 0):
            patience = self._patience["take"]
            limit = min(patience, PARTING) if connection.transport.is_closing() else patience
            return before is not None and now - before.since > limit
        self._note_unsent(connection, left > 0)
        if not left:
            # It may begin with its next request now.
            self.heard(connection)
        return False

    def _note_unsent(self, connection: Connection, is_any: bool) -> None:
        before = self._unsent.pop(connection, None)
        now = Pile(connection.transport.get_write_buffer_size(), connection.unsent, self._clock()) if is_any else None
        if now is not None:
            self._unsent[connection] = now
        self._memory.hold("unsent", (now.kept if now else 0) - (before.kept if before else 0))

    def _clear_away(self) -> None:
        """Drop those that have taken nothing for longest, as many as it needs, but never the last one."""
        while self._memory.is_piled_up and len(self._unsent) > 1:
            self._drop(next(iter(self._unsent)), "pile")

    def _drop(self, connection: Connection, why: str) -> None:
        """Close it without sending what it does not take."""
        connection.transport.abort()
        self.left(connection)
        self._closed[why] += 1

    def _close(self, connection: Connection) -> None:
        connection.transport.close()
        self.left(connection)

    def _say(self, now: float) -> None:
        for why, count in self._closed.items():
            if count and now - self._said.get(why, -QUIET) >= QUIET:
                self._said[why] = now
                self._closed[why] = 0
                logger.warning("closed connections: %d, %s", count, LINES[why].format(**vars(self.settings)))
