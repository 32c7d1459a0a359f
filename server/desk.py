"""The sessions that are being worked with: each by one at a time, and stored before anybody hears of a change."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from engine.history import Point
from engine.program import Program
from engine.training import Trainer
from engine.vocabulary import Vocabulary
from server.scheduling import Pace, Slices
from server.sessions.access import StoreAccess
from server.sessions.cache import SessionCache
from server.sessions.pool import Pool
from server.sessions.record import START, Session, session_of
from server.sessions.store import Head, StaleVersion, UnknownKey
from server.settings import Settings
from server.training.channel import Channel

T = TypeVar("T")
U = TypeVar("U")
# Without If-Match a change is tried again on the newest version, so often, when another process was faster.
ATTEMPTS = 5


class Desk:
    """Opens, changes and stores sessions.

    Parameters
    ----------
    remember : told of the program of every session that is read from the store.
    channel : carries that a session has changed to those who watch it.
    pool : what all sessions have together.
    """

    def __init__(
        self,
        settings: Settings,
        store: StoreAccess,
        slices: Slices,
        remember: Callable[[Program], object],
        vocabulary: Vocabulary,
        channel: Channel,
        pool: Pool,
    ) -> None:
        self._pool = pool
        self._channel = channel
        self._vocabulary = vocabulary
        self._settings = settings
        self._store = store
        self._slices = slices
        self._remember = remember
        self._ready = SessionCache(settings.max_ready_bytes)

    async def add(self, session: Session) -> None:
        """Store a new session."""
        state, changed = session.changes()
        parts = {START: session.start(), **{name: body for name, body in changed.items() if body is not None}}
        session.mark_stored(await self._store(lambda store: store.create(session.id, state, parts)))
        self._ready.put(session)

    async def look(
        self, session_id: str, work: Callable[[Session], T], values: Callable[[Session], int] | None = None
    ) -> T:
        """What can be read off a session without changing it.

        Parameters
        ----------
        values : how many numbers the work touches; by default those of one step.
        """
        async with self.looked(session_id) as session:
            return await self._slices.run(
                values(session) if values else session.trainer.values_per_step, lambda: work(session)
            )

    async def change(
        self,
        session_id: str,
        if_match: int | None,
        work: Callable[[Session], T],
        then: Callable[[Session, T], Awaitable[U]],
    ) -> U:
        """Do something to a session and store it; nothing has happened before it is stored.

        Parameters
        ----------
        if_match : the version that the caller believes in; None: whichever is current.
        then : makes the answer when it is stored, before anybody else has the session.

        Raises
        ------
        StaleVersion : the session has another version.
        """
        for attempt in range(ATTEMPTS):
            try:
                async with self._ready.lock(session_id):
                    session = self._ready.take(session_id)
                    # Whether it is still the newest shows when it is stored; asking before would cost as much.
                    if session is None or if_match not in (None, session.head.version):
                        session = await self._newest(session_id, if_match)
                    done = await self._slices.run(session.trainer.values_per_step, partial(work, session))
                    await self.save(session)
                    answer = await then(session, done)
                    self._ready.put(session)
                    return answer
            except StaleVersion:
                if if_match is not None or attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    async def slice(self, trainer: Trainer, pace: Pace, steps: int, every: int | None = None) -> list[Point]:
        """Take some steps as one slice, of an open session or of none; returns a point for each `every`-th step."""
        work = partial(pace.measure, steps, partial(trainer.train, steps, every))
        return await self._slices.run_slice(trainer.values_per_step, work)

    async def save(self, session: Session) -> None:
        """Store an open session; whoever hears of a change hears of it after this."""
        state, parts = session.changes()
        session.mark_stored(await self._store.write(session.id, session.head.version, state, parts))
        self._channel.changed(session.id)

    async def delete(self, session_id: str, if_match: int | None) -> None:
        """Forget a session."""
        async with self._ready.lock(session_id):
            head = await self._store(lambda store: store.head(session_id))
            if if_match is not None and if_match != head.version:
                raise StaleVersion(head.version)
            await self._store(lambda store: store.delete(session_id))
            self._ready.take(session_id)
        self._channel.changed(session_id)

    async def keep_watched(self) -> None:
        """A watched session is in use; who watches one that has expired hears of it."""
        for session_id in self._channel.watched():
            try:
                await self._touch(session_id)
            except UnknownKey:
                self._channel.changed(session_id)
            await asyncio.sleep(0)

    @asynccontextmanager
    async def opened(self, session_id: str, if_match: int | None = None) -> AsyncIterator[Session]:
        """A session to work with, alone; whoever changes it stores it before leaving."""
        async with self._ready.lock(session_id):
            session = await self._newest(session_id, if_match)
            yield session
            self._ready.put(session)

    @asynccontextmanager
    async def looked(self, session_id: str) -> AsyncIterator[Session]:
        """A session to look at, alone; it lives longer by that."""
        async with self.opened(session_id) as session:
            if session.head.expires_at - time.time() < 0.9 * self._settings.session_ttl_seconds:
                session.head = await self._touch(session_id)
            yield session

    async def _touch(self, session_id: str) -> Head:
        return await self._store(lambda store: store.touch(session_id))

    async def _newest(self, session_id: str, if_match: int | None) -> Session:
        head = await self._store(lambda store: store.head(session_id))
        if if_match is not None and if_match != head.version:
            raise StaleVersion(head.version)
        session = self._ready.take(session_id)
        if session is not None and session.head.version == head.version:
            return session
        stored = await self._store(lambda store: store.read(session_id))
        session = await self._slices.run(
            len(stored.state), lambda: session_of(session_id, stored, self._vocabulary, self._pool)
        )
        self._remember(session.trainer.program)
        return session
