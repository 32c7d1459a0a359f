"""Whether a new session would be stored."""

import asyncio
from time import monotonic

from server.sessions.store.access import StoreAccess
from server.sessions.store.protocol import StoreBusy, StoreError, StoreMoved

# An answer counts for this many seconds, so a caller that asks often causes no extra work.
GOOD_FOR_SECONDS = 1.0
# One writer at this moment does not make the server unready; a writer that goes on and on does.
ATTEMPTS, PAUSE_SECONDS = 10, 0.05


class Readiness:
    """Tries to do what users do."""

    def __init__(self, store: StoreAccess) -> None:
        self._store = store
        self._lock = asyncio.Lock()
        self._known_at = float("-inf")
        self._failure: StoreError | None = None

    async def __call__(self) -> None:
        """Raise what the creation of a session would."""
        async with self._lock:
            if monotonic() - self._known_at > GOOD_FOR_SECONDS:
                self._failure = await self._found_out()
                self._known_at = monotonic()
        if self._failure is not None:
            raise self._failure

    async def _found_out(self) -> StoreError | None:
        failure: StoreError | None = None
        for _ in range(ATTEMPTS):
            try:
                self._store.at_once(lambda store: store.check())
                return None
            except (StoreBusy, StoreMoved) as error:
                failure = error
                await asyncio.sleep(PAUSE_SECONDS)
            except StoreError as error:
                return error
        return failure
