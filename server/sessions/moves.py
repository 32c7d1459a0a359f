"""What a person does with a session: begin it, change it, step, train, rewind. Each is stored before it is answered."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from engine.vocabulary import Vocabulary
from server.datasets import Datasets
from server.http.problems import cut_short
from server.limits import at_most
from server.problems import Problem
from server.scheduling import Slices
from server.sessions.codec.pool import Pool
from server.sessions.codec.record import Session
from server.sessions.creating import new_session
from server.sessions.edit_schemas import SessionEdit
from server.sessions.edits import edit_of, numbers_in_change
from server.sessions.paths import Taking, walk, walk_and_return
from server.sessions.schemas import SessionRequest
from server.sessions.service import Sessions
from server.sessions.showing import Showing
from server.sessions.store.access import StoreAccess
from server.sessions.store.protocol import StoreError
from server.sessions.store.room import Room
from server.settings import Settings
from server.steps.frames import Shown
from server.steps.views import ViewRequest
from server.waiting.hands import Hands
from server.waiting.line import too_busy

TYPICAL_INPUTS = 16


class Moves:
    """The moves; each answers, if that is asked for, with the view of what it led to."""

    def __init__(
        self,
        settings: Settings,
        sessions: Sessions,
        showing: Showing,
        datasets: Datasets,
        store: StoreAccess,
        room: Room,
        slices: Slices,
        pool: Pool,
        hands: Hands,
        vocabulary: Vocabulary,
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._showing = showing
        self._datasets = datasets
        self._store = store
        self._room = room
        self._slices = slices
        self._pool = pool
        self._hands = hands
        self._vocabulary = vocabulary

    async def create(
        self, request: SessionRequest, ask: ViewRequest | None, is_gone: Callable[[], Awaitable[bool]]
    ) -> tuple[Session, bytes | None]:
        """Begin a run, bring it along its path and store it."""
        async with AsyncExitStack() as places:
            async with self._hands.making.place():
                session = await new_session(
                    request, self._datasets, self._settings, self._vocabulary, self._pool, self._slices
                )
                is_walked, is_small = request.path is not None, self._hands.is_small(session)
                place, has_room = self._hands.place(session, "copy" if is_walked else "change")
                if is_walked and not is_small and not has_room:
                    # It would wait for others that walk for long, in the way of all who only begin.
                    raise too_busy()
                if is_walked or not is_small:
                    await places.enter_async_context(place)
            if request.path is not None:
                await walk(session, request.path, self._sessions, self._settings, is_gone)
            self._showing.check(session, ask)
            await self._sessions.add(session)
            return await self._showing.with_view(ask, session)

    async def edit(
        self,
        session_id: str,
        if_match: int | None,
        request: SessionEdit,
        ask: ViewRequest | None,
        is_gone: Callable[[], Awaitable[bool]],
    ) -> tuple[Session, bytes | None]:
        """Change something from the next step on; after a rewind this cuts the future, unless it is given again."""

        def work(session: Session) -> None:
            self._showing.check(session, ask)
            session.edit(edit_of(request, session.trainer, self._settings))

        await self._room.for_(lambda: self._store(lambda store: store.check_room()))
        if request.future is not None:
            async with self._sessions.opened(session_id, if_match, "long") as session:
                self._showing.check(session, ask)
                await self._sessions.edit(session, request)
                await walk_and_return(session, request.future, self._sessions, self._settings, is_gone)
                await self._sessions.save(session)
                return await self._showing.with_view(ask, session)
        # The width of the rows is not known yet, and hardly ever larger than this.
        values = numbers_in_change(request, TYPICAL_INPUTS)
        session, view = await self._sessions.change(
            session_id, if_match, work, partial(self._showing.with_view, ask), values
        )
        return session, view

    async def step_on(self, session_id: str, if_match: int | None, ask: ViewRequest) -> tuple[Session, bytes]:
        """Take one step; answers the view of the one after it."""

        def work(session: Session) -> None:
            self._showing.check(session, ask)
            session.trainer.take()

        async def then(session: Session, _: None) -> tuple[Session, bytes]:
            return session, await self._showing.shown(session, ask)

        return await self._sessions.change(session_id, if_match, work, then)

    async def step(self, session_id: str, if_match: int | None, sample: int | None) -> tuple[Session, Shown]:
        """Take one step; answers its numbers, of the whole batch or of one sample in it."""

        def work(session: Session) -> Shown:
            trainer = session.trainer
            seen = None if sample is None else trainer.trace(sample)
            trace = trainer.step()
            return Shown(seen or trace, session.run.model, trainer.taken, sample)

        async def then(session: Session, shown: Shown) -> tuple[Session, Shown]:
            return session, shown

        return await self._sessions.change(session_id, if_match, work, then)

    async def train(
        self, session_id: str, if_match: int | None, steps: int, is_gone: Callable[[], Awaitable[bool]]
    ) -> dict[str, Any]:
        """Take many steps, slice by slice, and store each slice: who asks in between sees how far it has come.

        Parameters
        ----------
        is_gone : whether nobody waits for the answer any more; the training then ends early.
        """
        at_most("steps of a request", steps, self._settings.max_steps_per_request, "max_steps_per_request")
        taking = Taking(session_id, if_match, steps, self._sessions, self._settings)
        while True:
            try:
                trained = await taking.slice(is_gone)
            except (Problem, StoreError) as error:
                # Also where somebody has changed or deleted the session between two slices.
                raise cut_short(error, taking.stored, taking.taken) from error
            if trained is not None:
                return trained

    async def rewind(
        self, session_id: str, if_match: int | None, step: int, ask: ViewRequest | None
    ) -> tuple[Session, bytes | None]:
        """Go to another step of a run, back or forward; slices recompute what is missing."""
        async with self._sessions.opened(session_id, if_match, "long") as session:
            self._showing.check(session, ask)
            trainer = session.trainer
            trainer.jump_before(step)
            await self._sessions.train_to(trainer, step)
            await self._sessions.save(session)
            return await self._showing.with_view(ask, session)
