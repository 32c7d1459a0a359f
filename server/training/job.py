"""The training of one session: steps, slice by slice, each stored before anybody hears of it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from server.scheduling import Beat, Pace
from server.sessions.service import Sessions
from server.settings import Settings
from server.steps.views import Running


@dataclass(frozen=True, slots=True)
class Order:
    """A training as it was asked for.

    Parameters
    ----------
    steps : from where the session is when it begins; None: until it is paused.
    until : steps taken when it ends, where that is known already.
    steps_per_second : None: as many as the engine gives.
    """

    steps: int | None
    steps_per_second: float | None
    until: int | None = None


class Job:
    """Takes the steps of an order.

    Between two slices the session is closed, so that others can look at it and change it: the training goes on from
    there.
    """

    def __init__(self, session_id: str, order: Order, sessions: Sessions, settings: Settings) -> None:
        self.session_id = session_id
        self.order = order
        self.until = order.until
        self.is_done = self.is_paused = False
        self._sessions = sessions
        self._pace = Pace(settings.train_slice_ms)
        self._halted = asyncio.Event()

    @property
    def running(self) -> Running | None:
        """What a view says of it."""
        return None if self.is_done else Running(self.until, self.order.steps_per_second, self.is_paused)

    def halt(self) -> None:
        """Let `run` end after what is stored."""
        self._halted.set()

    async def run(self) -> tuple[int, int] | None:
        """Train; answers the step and the version at the end, or None where it was halted before."""
        beat = Beat(self.order.steps_per_second, asyncio.get_running_loop().time)
        end = None
        while end is None and not await self._is_halted(beat.seconds_left):
            end = await self._slice(beat)
        return end

    async def _is_halted(self, seconds: float) -> bool:
        """Wait so long, or until halted."""
        if seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._halted.wait()
        return self._halted.is_set()

    async def _slice(self, beat: Beat) -> tuple[int, int] | None:
        # Trainings are bounded by their number.
        async with self._sessions.opened(self.session_id, use="slice", may_refuse=False) as session:
            trainer = session.trainer
            if self.until is None and self.order.steps is not None:
                self.until = trainer.taken + self.order.steps
            due = [self._pace.steps, beat.steps, None if self.until is None else self.until - trainer.taken]
            count = min(steps for steps in due if steps is not None)
            if count > 0:
                await self._sessions.slice(trainer, self._pace, count, may_refuse=False)
                await self._sessions.save(session)
                beat.took(count)
            # Before the session is closed, so that its last view already says that no training is left.
            self.is_done = self.until is not None and trainer.taken >= self.until
            return (trainer.taken, session.head.version) if self.is_done else None
