"""The way that a request brings a session along: a path, all or nothing; or so many steps, each slice stored."""

from collections.abc import Awaitable, Callable
from typing import Any

from engine.history import HistoryPoint, thinned
from server.limits import at_most
from server.problems import Problem
from server.scheduling import Pace
from server.sessions.codec.record import Session
from server.sessions.documents import session_document
from server.sessions.edit_schemas import Path
from server.sessions.service import Sessions
from server.settings import Settings
from server.steps.history import history_columns


async def walk(
    session: Session, path: Path, sessions: Sessions, settings: Settings, is_gone: Callable[[], Awaitable[bool]]
) -> None:
    """Take the steps of a path with a session that is open or not stored yet, slice by slice.

    Parameters
    ----------
    is_gone : whether nobody waits for the answer any more.

    Raises
    ------
    EngineError, Problem : an edit cannot be made, or nobody waits; the session must not be stored then.
    """
    trainer = session.trainer
    at_most("steps of a path", path.step - trainer.taken, settings.max_steps_per_stream, "max_steps_per_stream")
    for edit in path.edits:
        await _go_to(edit.step, session, sessions, is_gone)
        await sessions.edit(session, edit.patch)
    await _go_to(path.step, session, sessions, is_gone)


async def walk_and_return(
    session: Session, path: Path, sessions: Sessions, settings: Settings, is_gone: Callable[[], Awaitable[bool]]
) -> None:
    """The same, and back again: the path is the future of the session then."""
    now = session.trainer.taken
    await walk(session, path, sessions, settings, is_gone)
    session.trainer.jump_before(now)
    await _go_to(now, session, sessions, is_gone)


async def _go_to(step: int, session: Session, sessions: Sessions, is_gone: Callable[[], Awaitable[bool]]) -> None:
    trainer = session.trainer
    if step < trainer.taken:
        raise Problem(
            422,
            "path_goes_back",
            f"The path goes to step {step}, and the session has taken {trainer.taken} steps. Give a path that begins "
            "where the session is.",
            field="path",
            found=step,
            taken=trainer.taken,
        )

    async def check() -> None:
        if await is_gone():
            raise Problem(503, "nobody_waits", "Nobody was waiting for the answer any more, so nothing was done.")

    await sessions.train_to(trainer, step, check)


class Taking:
    """Takes so many steps of a session. Between two slices it has no hold of the session, which may leave the memory.

    Parameters
    ----------
    if_match : the version that the caller believes in; None: whichever is current.
    steps : to be taken.
    """

    def __init__(
        self, session_id: str, if_match: int | None, steps: int, sessions: Sessions, settings: Settings
    ) -> None:
        self._session_id = session_id
        self._version = if_match
        self._steps = steps
        self._sessions = sessions
        self._most_points = settings.max_metric_points
        # Steps from one point of the answer to the next.
        self._every = max(1, -(-steps // self._most_points))
        self._pace = Pace(settings.train_slice_ms)
        self._points: list[HistoryPoint] = []
        self._end: int | None = None
        # How many steps the session has taken.
        self.taken = 0

    @property
    def stored(self) -> int:
        """How many of its steps are stored."""
        return 0 if self._end is None else self.taken - (self._end - self._steps)

    async def slice(self, is_gone: Callable[[], Awaitable[bool]]) -> dict[str, Any] | None:
        """Take a slice and store it; the answer, if it was the last one or nobody waits any more."""
        async with self._sessions.opened(self._session_id, self._version, "slice") as session:
            trainer = session.trainer
            if self._end is None:
                self._end, self.taken = trainer.taken + self._steps, trainer.taken
            count = min(self._pace.steps, self._end - trainer.taken)
            self._points += await self._sessions.slice(trainer, self._pace, count, self._every)
            await self._sessions.save(session)
            self._version, self.taken = session.head.version, trainer.taken
            if trainer.taken != self._end and not await is_gone():
                return None
            seen = [p for p in self._points if (p.step - 1) % self._every == 0 or p.step == trainer.taken]
            return {
                "step": trainer.taken,
                "metrics": history_columns(thinned(seen, self._most_points)),
                "session": session_document(session),
            }
