"""How the event loop uses a store without ever waiting for it."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from server.sessions.store.protocol import (
    Head,
    SessionStore,
    StaleVersion,
    StoreBusy,
    StoreError,
    StoreMoved,
    UnknownKey,
)

T = TypeVar("T")
logger = logging.getLogger(__name__)
# Reading or writing this many bytes takes a few milliseconds.
BYTES_AT_ONCE = 1_000_000
# Notes that wait for another writer at a time; one more is left out.
MOST_NOTES = 64
# What goes wrong with one write and not with the others of its transaction.
OWN_ERRORS = (StaleVersion, UnknownKey)


@dataclass(frozen=True, slots=True)
class Write:
    """A call of `SessionStore.write` that waits for its transaction."""

    session_id: str
    version: int
    state: bytes
    parts: Mapping[str, bytes | None]
    stored: asyncio.Future[Head]

    @property
    def size(self) -> int:
        """How many bytes are written."""
        return len(self.state) + sum(len(body) for body in self.parts.values() if body is not None)

    def __call__(self, store: SessionStore) -> Head:
        return store.write(self.session_id, self.version, self.state, self.parts)


class StoreAccess:
    """Calls a store at once, which takes hundredths of a millisecond, unless another process is writing.

    Then the call is made again in a thread, by a second connection that waits for its turn. The thread does nothing
    else, so that computations never wait for a writer; each call waits from the moment at which it was made.

    Parameters
    ----------
    open_hasty : opens the store that never waits; called at the first use.
    open_patient : opens the same store with patience; called when it is needed first.
    patience_ms : how long a call waits.
    """

    def __init__(
        self,
        open_hasty: Callable[[], SessionStore],
        open_patient: Callable[[], SessionStore],
        patience_ms: float = 10_000.0,
    ) -> None:
        self._open_hasty = open_hasty
        self._open_patient = open_patient
        self.patience_seconds = patience_ms / 1000
        self._waiting: list[Write] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = ThreadPoolExecutor(1, "store")
        self._reader = ThreadPoolExecutor(1, "reader")
        self._opened: tuple[SessionStore, ...] = ()
        self._opening = threading.Lock()
        self._bringing: asyncio.Future[None] | None = None
        # Whether another connection was writing when this one last tried to write.
        self.is_held = False

    @property
    def _stores(self) -> tuple[SessionStore, SessionStore, SessionStore]:
        """The hasty one, the patient one and that of the reader.

        Together, so that none makes a new database while another one is moved.
        """
        with self._opening:
            if not self._opened:
                self._opened = (self._open_hasty(), self._open_patient(), self._open_hasty())
            hasty, patient, reader = self._opened
        return hasty, patient, reader

    @property
    def _hasty(self) -> SessionStore:
        return self._stores[0]

    async def __call__(self, call: Callable[[SessionStore], T]) -> T:
        """The answer of this call, which may be made again: those before it then have changed nothing."""
        try:
            return call(self._hasty)
        except StoreBusy:
            self._hold()
            answer = await self.in_thread(call)
            self.is_held = False
            return answer
        except StoreMoved:
            await self._bring_back()
        try:
            return call(self._hasty)
        except StoreBusy:
            # The connection that was given up is being closed, in the thread: behind it there is room.
            return await self.in_thread(call)

    async def sized(self, size: int, call: Callable[[SessionStore], T]) -> T:
        """The answer of a call that writes or deletes this many bytes, in a thread where they are many."""
        return await (self(call) if size <= BYTES_AT_ONCE else self.in_thread(call))

    async def read(self, size: int, call: Callable[[SessionStore], T]) -> T:
        """The answer of a call that reads this many bytes; it never waits for a writer."""
        if size <= BYTES_AT_ONCE:
            return await self(call)
        try:
            return await self._run(lambda: call(self._stores[2]), self._reader)
        except StoreMoved:
            await self._bring_back()
            return await self._run(lambda: call(self._stores[2]), self._reader)

    def at_once(self, call: Callable[[SessionStore], T]) -> T:
        """The answer of this call, or StoreBusy."""
        try:
            return call(self._hasty)
        except StoreMoved:
            self._begin(self._bring_back())
            raise

    def perhaps(self, call: Callable[[SessionStore], object]) -> None:
        """Make a note in the store, or leave it out where it cannot be written at once: no reader waits for it."""
        try:
            self.at_once(call)
        except UnknownKey:
            raise
        except StoreError:
            pass

    def soon(self, call: Callable[[SessionStore], object]) -> None:
        """Make a note in the store, at once or when it is its turn; nobody waits for it, and it may fail."""
        try:
            self.at_once(call)
        except StoreBusy:
            if len(self._tasks) < MOST_NOTES:
                self._begin(self._noted(call))
        except StoreError:
            pass

    async def _noted(self, call: Callable[[SessionStore], object]) -> None:
        await self.in_thread(call)

    async def write(self, session_id: str, version: int, state: bytes, parts: Mapping[str, bytes | None]) -> Head:
        """Store a session, see `SessionStore.write`; answers when it is stored.

        What several requests write in one turn of the event loop is one transaction, which costs little more than one
        of them would.
        """
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._write_waiting)
        write = Write(session_id, version, state, parts, loop.create_future())
        self._waiting.append(write)
        return await write.stored

    def _write_waiting(self) -> None:
        writes, self._waiting = self._waiting, []
        if sum(write.size for write in writes) > BYTES_AT_ONCE:
            self._begin(_settle_later(writes, self.in_thread(lambda store: _write_all(store, writes))))
            return
        try:
            _settle(writes, _write_all(self._hasty, writes))
            self.is_held = False
        except (StoreBusy, StoreMoved):
            self._begin(_settle_later(writes, self(lambda store: _write_all(store, writes))))
        except Exception as error:
            _settle(writes, [error] * len(writes))

    async def in_thread(self, call: Callable[[SessionStore], T]) -> T:
        """The answer of a call that takes its time."""
        until = monotonic() + self.patience_seconds

        def work() -> T:
            left = until - monotonic()
            if left <= 0:
                raise StoreBusy("others were writing all the time")
            patient = self._stores[1]
            patient.wait_for_others(left)
            return call(patient)

        try:
            return await self._run(work)
        except StoreMoved:
            await self._bring_back()
            return await self._run(work)

    def close(self) -> None:
        # A call that has begun in the thread ends first; one that only waits for its turn has not begun.
        self._thread.shutdown(cancel_futures=True)
        self._reader.shutdown(cancel_futures=True)
        for store in self._given_up():
            store.close()

    def _hold(self) -> None:
        if not self.is_held:
            logger.info("another process or a sweep is writing to the session database; changes wait for it")
        self.is_held = True

    async def _bring_back(self) -> None:
        """Bring the database back to its place, once for all callers that found it missing."""
        if self._bringing is None or self._bringing.done():
            self._bringing = asyncio.ensure_future(self._brought_back())
        await asyncio.shield(self._bringing)

    async def _brought_back(self) -> None:
        logger.warning("the session database was moved away or removed while it was open; it is brought back")
        # Until it is there, nobody opens it: a new one would be empty.
        await self._run(lambda: self._stores[0].bring_back())
        for store in self._given_up():
            # In the thread, where somebody may still be waiting with it.
            self._thread.submit(store.close)
        logger.warning("the session database is back, and nothing that was acknowledged is lost")

    def _given_up(self) -> tuple[SessionStore, ...]:
        """Hand over the open stores to a caller that closes them; the next call that needs one opens it again."""
        opened, self._opened = self._opened, ()
        return opened

    async def _run(self, work: Callable[[], T], thread: ThreadPoolExecutor | None = None) -> T:
        return await asyncio.get_running_loop().run_in_executor(thread or self._thread, work)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quietly(work: Coroutine[object, object, None]) -> None:
    """Ignore its failure: the next caller that uses the store meets the same one."""
    with suppress(StoreError):
        await work


def _write_all(store: SessionStore, writes: Sequence[Write]) -> list[Head | Exception]:
    """Write all of them; none is stored if this raises."""
    if len(writes) == 1:
        return [_write_one(store, writes[0])]
    with store.together():
        return [_write_one(store, write) for write in writes]


def _write_one(store: SessionStore, write: Write) -> Head | Exception:
    try:
        return write(store)
    except OWN_ERRORS as error:
        return error


def _settle(writes: Sequence[Write], results: Sequence[Head | Exception]) -> None:
    for write, result in zip(writes, results, strict=True):
        if write.stored.done():
            # The caller was cancelled while it waited.
            continue
        if isinstance(result, Exception):
            write.stored.set_exception(result)
        else:
            write.stored.set_result(result)


async def _settle_later(writes: Sequence[Write], results: Awaitable[Sequence[Head | Exception]]) -> None:
    try:
        _settle(writes, await results)
    except Exception as error:
        _settle(writes, [error] * len(writes))
