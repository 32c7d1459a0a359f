"""The sessions that were used last, ready to go on."""

import asyncio
from weakref import WeakValueDictionary

from engine.kept import Kept
from server.memory import SESSIONS
from server.sessions.codec.record import Session


class SessionCache:
    """Sessions by id. Another process may have changed one since: its version says whether it is still the newest.

    A session is taken out for the time of its use. One that could not be stored is not put back: what was not
    acknowledged has not happened.

    Parameters
    ----------
    kept : where they lie, beside whatever else is kept.
    """

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def peek(self, session_id: str) -> Session | None:
        """A session that stays here; it may be changing in somebody's hands a moment later."""
        session: Session | None = self._kept.peek(SESSIONS, session_id)
        return session

    def lock(self, session_id: str) -> asyncio.Lock:
        """The lock to hold while working with this session."""
        lock = self._locks.get(session_id)
        if lock is None:
            lock = self._locks[session_id] = asyncio.Lock()
        return lock

    def take(self, session_id: str) -> Session | None:
        session: Session | None = self._kept.take(SESSIONS, session_id)
        return session

    def put(self, session: Session) -> None:
        self._kept.put(SESSIONS, session.id, session, session.nbytes)
