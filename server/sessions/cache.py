"""The sessions that were used last, ready to go on."""

import asyncio
from collections import OrderedDict
from weakref import WeakValueDictionary

from server.sessions.record import Session


class SessionCache:
    """Sessions by id. Another process may have changed one since: its version says whether it is still the newest.

    A session is taken out for the time of its use. One that could not be stored is not put back: what was not
    acknowledged has not happened.

    Parameters
    ----------
    most_bytes : that all kept sessions take in memory together; the one unused longest goes first.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        # With what it took when it was put here: it is measured once, and may have grown since.
        self._kept: OrderedDict[str, tuple[Session, int]] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def nbytes(self) -> int:
        """What the kept sessions take in memory."""
        return self._bytes

    def __contains__(self, session_id: str) -> bool:
        return session_id in self._kept

    def peek(self, session_id: str) -> Session | None:
        """A session that stays here; it may be changing in somebody's hands a moment later."""
        kept = self._kept.get(session_id)
        return None if kept is None else kept[0]

    def lock(self, session_id: str) -> asyncio.Lock:
        """The lock to hold while working with this session."""
        lock = self._locks.get(session_id)
        if lock is None:
            lock = self._locks[session_id] = asyncio.Lock()
        return lock

    def take(self, session_id: str) -> Session | None:
        kept = self._kept.pop(session_id, None)
        if kept is None:
            return None
        session, size = kept
        self._bytes -= size
        return session

    def put(self, session: Session) -> None:
        # Who was not alone with it may have put it back already.
        self.take(session.id)
        size = session.nbytes
        self._kept[session.id] = session, size
        self._bytes += size
        while self._bytes > self._most_bytes:
            self.take(next(iter(self._kept)))
