"""Makes room for new sessions and data sets when the store is full."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from server.sessions.store.access import StoreAccess
from server.sessions.store.protocol import NoRoom

T = TypeVar("T")
logger = logging.getLogger(__name__)
# Others may take the room that was made before its turn comes.
ATTEMPTS = 5


class Room:
    """Lets those go that were never used, and then those that nobody has used for long.

    Parameters
    ----------
    watched : the sessions that somebody has on a page now.
    unused_seconds : sessions and data sets that nobody has used for this long may go.
    """

    def __init__(self, store: StoreAccess, watched: Callable[[], Collection[str]], unused_seconds: float) -> None:
        self._store = store
        self._watched = watched
        self._unused_seconds = unused_seconds
        self._turn = asyncio.Lock()

    async def for_(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The answer of this attempt to store something, made again after making room where there is none.

        Raises
        ------
        NoRoom : everything that is stored was used not long ago.
        """
        for _ in range(ATTEMPTS):
            try:
                return await attempt()
            except NoRoom:
                async with self._turn:
                    await self._make()
        return await attempt()

    async def _make(self) -> None:
        spared = frozenset(self._watched())
        evicted = await self._store.in_thread(lambda store: store.evict(spared, self._unused_seconds))
        if evicted.never_used or evicted.unused:
            logger.warning(
                "made room for new sessions: %d that were never used and %d unused for %.0f s were deleted",
                evicted.never_used,
                evicted.unused,
                self._unused_seconds,
            )
