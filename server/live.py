"""The sessions that were used last, ready to go on."""

import asyncio
from collections import OrderedDict
from weakref import WeakValueDictionary

from server.sessions.record import Session


class LiveSessions:
    """Sessions by id. Another process may have changed one since: its version says whether it is still the newest.

    A session is taken out for the time of its use. One that could not be stored is not put back: what was not
    acknowledged has not happened.

    Parameters
    ----------
    most_sessions, most_values : number of sessions, and of numbers in one step of all of them together, that are kept;
        the one unused longest goes first.
    """

    def __init__(self, most_sessions: int, most_values: int) -> None:
        self._most_sessions = most_sessions
        self._most_values = most_values
        self._values = 0
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def lock(self, session_id: str) -> asyncio.Lock:
        """The lock that whoever works with this session holds."""
        lock = self._locks.get(session_id)
        if lock is None:
            lock = self._locks[session_id] = asyncio.Lock()
        return lock

    def take(self, session_id: str) -> Session | None:
        session = self._sessions.pop(session_id, None)
        if session is not None:
            self._values -= session.trainer.values_per_step
        return session

    def put(self, session: Session) -> None:
        self._sessions[session.id] = session
        self._values += session.trainer.values_per_step
        while len(self._sessions) > self._most_sessions or self._values > self._most_values:
            self.take(next(iter(self._sessions)))
