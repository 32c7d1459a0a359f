"""How the event loop uses a store without ever waiting for it."""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from server.sessions.store import SessionStore, StoreBusy

T = TypeVar("T")


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

    async def in_thread(self, call: Callable[[SessionStore], T]) -> T:
        """The answer of a call that takes its time."""
        return await asyncio.to_thread(lambda: call(self._patient))

    def close(self) -> None:
        for name in ("_hasty", "_patient"):
            store = self.__dict__.pop(name, None)
            if store is not None:
                store.close()
