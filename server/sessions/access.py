"""How the event loop uses a store without ever waiting for it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from server.sessions.store import Head, SessionStore, StaleVersion, StoreBusy, UnknownKey

T = TypeVar("T")
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

    def __call__(self, store: SessionStore) -> Head:
        return store.write(self.session_id, self.version, self.state, self.parts)


class StoreAccess:
    """Calls a store at once, which takes hundredths of a millisecond, unless another process is writing.

    Then the call is made again in a thread, by a second connection that waits for its turn.

    Parameters
    ----------
    open_hasty : opens the store that never waits; called at the first use.
    open_patient : opens the same store with patience; called when it is needed first.
    """

    def __init__(self, open_hasty: Callable[[], SessionStore], open_patient: Callable[[], SessionStore]) -> None:
        self._open_hasty = open_hasty
        self._open_patient = open_patient
        self._waiting: list[Write] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @cached_property
    def _hasty(self) -> SessionStore:
        return self._open_hasty()

    @cached_property
    def _patient(self) -> SessionStore:
        return self._open_patient()

    async def __call__(self, call: Callable[[SessionStore], T]) -> T:
        """The answer of this call, which may be made twice: the first one then has changed nothing."""
        try:
            return call(self._hasty)
        except StoreBusy:
            return await self.in_thread(call)

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
        try:
            _settle(writes, _write_all(self._hasty, writes))
        except StoreBusy:
            task = asyncio.create_task(self._write_in_thread(writes))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        except Exception as error:
            _settle(writes, [error] * len(writes))

    async def _write_in_thread(self, writes: Sequence[Write]) -> None:
        try:
            _settle(writes, await self.in_thread(lambda store: _write_all(store, writes)))
        except Exception as error:
            _settle(writes, [error] * len(writes))

    async def in_thread(self, call: Callable[[SessionStore], T]) -> T:
        """The answer of a call that takes its time."""
        return await asyncio.to_thread(lambda: call(self._patient))

    def close(self) -> None:
        for name in ("_hasty", "_patient"):
            store = self.__dict__.pop(name, None)
            if store is not None:
                store.close()


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
            # Whoever waited was cancelled.
            continue
        if isinstance(result, Exception):
            write.stored.set_exception(result)
        else:
            write.stored.set_result(result)
