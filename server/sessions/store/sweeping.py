"""Deletes what has expired, unless that would be suspiciously much at once."""

import asyncio
import logging
from collections.abc import Callable

from server.sessions.store.access import StoreAccess

logger = logging.getLogger(__name__)
# Deleting more at a time would keep writers waiting.
AT_A_TIME = 100
# A sweep of a larger part waits: a clock that is wrong for a moment would take everything.
LARGE_PART = 0.1
# A clock that has gained this much was moved, or the machine slept. Sessions in use stay then, so that a tenth is not
# reached; those that only wait for their owners would go.
LARGEST_GAIN_SECONDS = 60.0


class Sweeper:
    """Deletes expired sessions and documents.

    Parameters
    ----------
    wait_seconds : how long a sweep of more than a tenth waits, the first one, and one after the clock was moved ahead.
    steady : seconds that no setting of the clock changes.
    wall : seconds since 1970, as the clock says.
    """

    def __init__(
        self, store: StoreAccess, wait_seconds: float, steady: Callable[[], float], wall: Callable[[], float]
    ) -> None:
        self._store = store
        self._wait_seconds = wait_seconds
        self._steady = steady
        self._wall = wall
        # How far one clock is ahead of the other, while nobody moves the clock on the wall; and how far at last.
        self._ahead = self._last_ahead = wall() - steady()
        self._waits_since: float | None = None
        # Whether the clock was right when this process began is not known.
        self._is_first = True

    async def sweep(self) -> int:
        """Delete what has expired, if it may go; answers how many it were."""
        census = await self._store.in_thread(lambda store: store.census())
        ahead = self._wall() - self._steady()
        if ahead - self._last_ahead > LARGEST_GAIN_SECONDS:
            # Moved again: what it says now has not been believed for a moment yet.
            self._waits_since = None
        self._last_ahead = ahead
        is_suspicious = (
            census.expired > LARGE_PART * census.all
            or ahead - self._ahead > LARGEST_GAIN_SECONDS
            or self._is_first
            # The others are in use again: these few have no other reason to have expired.
            or (census.expired > 0 and self._waits_since is not None)
        )
        self._is_first = False
        if is_suspicious and not (census.expired and self._has_waited(census.expired, census.all)):
            return 0
        self._waits_since, self._ahead = None, ahead
        swept, some = 0, AT_A_TIME
        while some == AT_A_TIME:
            # By the clock that was looked at: it may be another one by now.
            some = await self._store.in_thread(lambda store: store.forget_expired(AT_A_TIME, census.now))
            swept += some
            await asyncio.sleep(0)
        if swept:
            logger.info("%d of %d sessions and documents had expired and were deleted", swept, census.all)
        return swept

    def _has_waited(self, expired: int, of: int) -> bool:
        now = self._steady()
        if self._waits_since is None:
            self._waits_since = now
            logger.warning(
                "%d of %d sessions and documents have expired at once, or since the clock was moved, or before the "
                "server was started; a wrong clock would do that too: they are deleted in %.0f s, if that is so then",
                expired,
                of,
                self._wait_seconds,
            )
        return now - self._waits_since >= self._wait_seconds
