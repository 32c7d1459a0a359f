"""The way that a request brings a session along, all or nothing."""

from collections.abc import Awaitable, Callable

from server.limits import at_most
from server.problems import Problem
from server.sessions.codec.record import Session
from server.sessions.edit_schemas import Path
from server.sessions.service import Sessions
from server.settings import Settings


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
