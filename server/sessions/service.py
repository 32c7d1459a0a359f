"""The sessions that are being worked with: each by one at a time, and stored before anybody hears of a change."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from engine.history import HistoryPoint
from engine.program import Program
from engine.training import Trainer
from engine.vocabulary import Vocabulary
from server.scheduling import Pace, Slices
from server.sessions.channel import Channel
from server.sessions.codec.cache import SessionCache
from server.sessions.codec.pool import Pool
from server.sessions.codec.record import START, Session, session_of
from server.sessions.edit_schemas import Change
from server.sessions.edits import edit_of, numbers_in_change
from server.sessions.store.access import StoreAccess
from server.sessions.store.protocol import DocumentKind, SessionStore, StaleVersion, StoreBusy, UnknownKey
from server.sessions.store.room import Room
from server.settings import Settings
from server.waiting.hands import Hands, Use

T = TypeVar("T")
U = TypeVar("U")
# Without If-Match a change is tried again on the newest version, so often, when another process was faster.
ATTEMPTS = 5


def _values_per_step(session: Session) -> int:
    return session.trainer.values_per_step


class Sessions:
    """Opens, changes and stores sessions.

    Parameters
    ----------
    remember : called with the program of each session that is stored or read.
    channel : carries that a session has changed to those who watch it.
    pool : what all sessions have together.
    ready : the sessions that need not be read from the store.
    hands : room for those that are worked with.
    """

    def __init__(
        self,
        settings: Settings,
        store: StoreAccess,
        room: Room,
        slices: Slices,
        remember: Callable[[Program], object],
        vocabulary: Vocabulary,
        channel: Channel,
        pool: Pool,
        ready: SessionCache,
        hands: Hands,
    ) -> None:
        self._pool = pool
        self._channel = channel
        self._vocabulary = vocabulary
        self._settings = settings
        self._store = store
        self._room = room
        self._slices = slices
        self._remember = remember
        self._ready = ready
        self._hands = hands
        # Looks at a session are noted seldom enough to cost nothing, and often enough to count as use.
        self._unnoticed_seconds = min(settings.session_ttl_seconds, settings.unused_seconds) / 10

    async def add(self, session: Session) -> None:
        """Store a new session."""
        state, changed = session.changes()
        parts = {START: session.start(), **{name: body for name, body in changed.items() if body is not None}}
        size = len(state) + sum(map(len, parts.values()))
        session.mark_stored(
            await self._room.for_(lambda: self._store.sized(size, lambda store: store.create(session.id, state, parts)))
        )
        self._remember(session.trainer.program)
        self._ready.put(session)

    async def look(
        self, session_id: str, work: Callable[[Session], T], values: Callable[[Session], int] = _values_per_step
    ) -> T:
        """What can be read off a session without changing it.

        Parameters
        ----------
        values : how many numbers the work touches; by default those of one step.
        """
        async with self.looked(session_id, values) as session:
            return await self._slices.run(values(session), lambda: work(session))

    @asynccontextmanager
    async def beside(self, session_id: str, copied: Callable[[Session], T]) -> AsyncIterator[T]:
        """What is made of a session to go its own way; there is room for it while inside."""
        known = self._ready.peek(session_id)
        if known is None:
            async with self.looked(session_id) as known:
                pass
        place, _ = self._hands.place(known, "copy")
        del known
        async with place:
            yield await self.look(session_id, copied)

    async def change(
        self,
        session_id: str,
        if_match: int | None,
        work: Callable[[Session], T],
        then: Callable[[Session, T], Awaitable[U]],
        values: int = 0,
    ) -> U:
        """Do something to a session and store it; nothing has happened before it is stored.

        Parameters
        ----------
        if_match : the version that the caller believes in; None: whichever is current.
        then : makes the answer when it is stored, before anybody else has the session.
        values : how many numbers the work touches besides those of one step.

        Raises
        ------
        StaleVersion : the session has another version.
        """

        def touched(session: Session) -> int:
            return session.trainer.values_per_step + values

        for attempt in range(ATTEMPTS):
            try:
                async with (
                    self._alone(session_id),
                    self._in_hand(lambda: self._taken(session_id, if_match), "change", touched) as session,
                ):
                    done = await self._slices.run(touched(session), partial(work, session))
                    await self.save(session)
                    answer = await then(session, done)
                    self._ready.put(session)
                    return answer
            except StaleVersion:
                if if_match is not None or attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    async def edit(self, session: Session, change: Change) -> None:
        """Change an open session, or one that is not stored yet, from the next step on."""
        await self._slices.run(
            numbers_in_change(change, session.run.model.inputs),
            lambda: session.edit(edit_of(change, session.trainer, self._settings)),
        )

    async def slice(
        self, trainer: Trainer, pace: Pace, steps: int, every: int | None = None, *, may_refuse: bool = True
    ) -> list[HistoryPoint]:
        """Take some steps as one slice, of an open session or of none; returns a point for each `every`-th step."""
        work = partial(pace.measure, steps, partial(trainer.train, steps, every))
        return await self._slices.run_slice(trainer.values_per_step, work, may_refuse=may_refuse)

    async def train_to(self, trainer: Trainer, step: int, check: Callable[[], Awaitable[None]] | None = None) -> None:
        """Take steps until so many are taken, slice by slice.

        Parameters
        ----------
        check : is called before each slice; what it raises ends the training.
        """
        pace = Pace(self._settings.train_slice_ms)
        while trainer.taken < step:
            if check is not None:
                await check()
            await self.slice(trainer, pace, min(pace.steps, step - trainer.taken))

    async def save(self, session: Session) -> None:
        """Store an open session, and then tell its watchers."""
        state, parts = session.changes()
        session.mark_stored(await self._store.write(session.id, session.head.version, state, parts))
        self._remember(session.trainer.program)
        self._channel.changed(session.id)

    async def delete(self, session_id: str, if_match: int | None) -> None:
        """Forget a session."""
        async with self._alone(session_id):
            head = await self._store(lambda store: store.head(session_id))
            if if_match is not None and if_match != head.version:
                raise StaleVersion(head.version)
            size = await self._store(lambda store: store.size(session_id))
            await self._store.sized(size, lambda store: store.delete(session_id))
            self._ready.take(session_id)
        self._channel.changed(session_id)

    async def begin_watching(self, session_id: str) -> None:
        """A page has a session before it: from now on it is one that was used. Raises UnknownKey."""
        async with self.opened(session_id) as session:
            self._store.perhaps(partial(_note_use, session_id, session))

    async def keep_watched(self) -> None:
        """A watched session is in use; the watchers of one that is gone hear of it."""
        for session_id in self._channel.watched():
            try:
                self._store.perhaps(partial(_note_use, session_id, self._ready.peek(session_id)))
            except UnknownKey:
                self._channel.changed(session_id)
            await asyncio.sleep(0)

    @asynccontextmanager
    async def opened(
        self, session_id: str, if_match: int | None = None, use: Use | None = None, *, may_refuse: bool = True
    ) -> AsyncIterator[Session]:
        """A session for one caller at a time, who stores it before leaving if it has changed.

        Parameters
        ----------
        use : what for, where that takes its time; None: a moment.
        may_refuse : False for what is bounded already, see `Line`.
        """
        async with (
            self._alone(session_id),
            self._in_hand(
                lambda: self._newest(session_id, if_match, may_refuse=may_refuse), use, may_refuse=may_refuse
            ) as session,
        ):
            yield session
            self._ready.put(session)

    @asynccontextmanager
    async def looked(
        self, session_id: str, values: Callable[[Session], int] = _values_per_step, *, may_refuse: bool = True
    ) -> AsyncIterator[Session]:
        """A session to look at, alone; it lives longer by that.

        Parameters
        ----------
        values : how many numbers the look touches; by default those of one step.
        """
        if self._store.is_held and self._ready.lock(session_id).locked():
            # A change waits for other writers. Meanwhile readers can look at the session as it is stored.
            async with self._in_hand(lambda: self._read(session_id), "look", values) as session:
                yield session
            return
        async with (
            self._alone(session_id),
            self._in_hand(
                lambda: self._newest(session_id, None, may_refuse=may_refuse),
                "look",
                values,
                may_refuse=may_refuse,
            ) as session,
        ):
            if session.head.expires_at - time.time() < self._settings.session_ttl_seconds - self._unnoticed_seconds:
                self._store.perhaps(partial(_note_look, session))
            yield session
            self._ready.put(session)

    @asynccontextmanager
    async def _in_hand(
        self,
        take: Callable[[], Awaitable[Session]],
        use: Use | None,
        values: Callable[[Session], int] | None = None,
        *,
        may_refuse: bool = True,
    ) -> AsyncIterator[Session]:
        """A session with room for it while it is worked with.

        Until there is, it lies with those that are ready, where it may go.

        Parameters
        ----------
        take : called by one who is alone with the session, perhaps twice.
        values : how many numbers the work touches: what is done at once waits for nobody. None: it waits in any case.
        """
        session = await take()
        if use is None or (values is not None and values(session) <= self._settings.inline_values):
            with self._hands.counted(session):
                yield session
            return
        place, has_room = self._hands.place(session, use, may_refuse=may_refuse)
        if not has_room:
            self._ready.put(session)
            del session
        async with place:
            yield session if has_room else await take()

    @asynccontextmanager
    async def _alone(self, session_id: str) -> AsyncIterator[None]:
        """One caller's turn with a session. Callers queued behind one held up by the store have the same patience."""
        since = time.monotonic()
        async with self._ready.lock(session_id):
            if self._store.is_held and time.monotonic() - since >= self._store.patience_seconds:
                raise StoreBusy("others were writing all the time")
            yield

    async def _taken(self, session_id: str, if_match: int | None) -> Session:
        session = self._ready.take(session_id)
        # Whether it is still the newest shows when it is stored; asking before would cost as much.
        if session is not None and if_match in (None, session.head.version):
            return session
        return await self._newest(session_id, if_match)

    async def _newest(self, session_id: str, if_match: int | None, *, may_refuse: bool = True) -> Session:
        head = await self._store(lambda store: store.head(session_id))
        if if_match is not None and if_match != head.version:
            raise StaleVersion(head.version)
        session = self._ready.take(session_id)
        if session is not None and session.head.version == head.version:
            return session
        return await self._read(session_id, may_refuse=may_refuse)

    async def _read(self, session_id: str, *, may_refuse: bool = True) -> Session:
        size = await self._store(lambda store: store.size(session_id))
        async with self._hands.reading.place(size, may_refuse=may_refuse):
            stored = await self._store.read(size, lambda store: store.read(session_id))
            work = partial(session_of, session_id, stored, self._vocabulary, self._pool)
            session = await self._slices.run(size, work, may_refuse=may_refuse)
        self._remember(session.trainer.program)
        return session


def _note_look(session: Session, store: SessionStore) -> None:
    session.head = store.touch(session.id)
    _note_table(session, store)


def _note_use(session_id: str, session: Session | None, store: SessionStore) -> None:
    store.touch(session_id, is_used=True)
    if session is not None:
        _note_table(session, store)


def _note_table(session: Session, store: SessionStore) -> None:
    """An uploaded table is in use while a session made from it is: the session's owner may start over with it."""
    if session.data.name is not None:
        store.touch_document(DocumentKind.DATASET, session.data.name)
