"""Views of sessions, and the programs that they name."""

import time
from collections.abc import Callable

import orjson

from server.http.json import to_json
from server.scheduling import Slices
from server.sessions.codec.record import Session
from server.sessions.documents import head_document, session_document
from server.settings import Settings
from server.steps import views
from server.steps.programs import ProgramRegistry
from server.steps.recent import RecentViews
from server.steps.views import Running, ViewRequest

View = Callable[[Session, ViewRequest, Running | None], bytes]


def next_view(session: Session, ask: ViewRequest, training: Running | None) -> bytes:
    """The step after those that a session has taken, as the answer of a step has it."""
    return views.view(orjson.dumps(head_document(session)), session.trainer, ask, training)


def whole_view(session: Session, ask: ViewRequest, training: Running | None) -> bytes:
    """The same with the whole session."""
    return views.view(to_json(session_document(session)), session.trainer, ask, training)


def view_beside(session: bytes, beside: Session, ask: ViewRequest, training: Running | None) -> bytes:
    """Another step than the session's next one: that of a copy of it.

    Parameters
    ----------
    session : the document of the session itself.
    """
    return views.view(session, beside.trainer, ask, training)


class Showing:
    """Makes views, and keeps the programs that they name.

    Parameters
    ----------
    running : the training of a session that goes on, if one does.
    """

    def __init__(
        self,
        settings: Settings,
        slices: Slices,
        programs: ProgramRegistry,
        recent: RecentViews,
        running: Callable[[str], Running | None],
    ) -> None:
        self._settings = settings
        self._slices = slices
        self._programs = programs
        self._recent = recent
        self._running = running

    def check(self, session: Session, ask: ViewRequest | None) -> None:
        """Refuse what cannot be shown of a session, before anything is changed."""
        if ask is not None:
            views.check(session.trainer, ask, self._settings)

    async def with_view(
        self, ask: ViewRequest | None, session: Session, _: object = None
    ) -> tuple[Session, bytes | None]:
        """A session that is stored and nobody else has, and the view of it that was asked for, whole."""
        return session, None if ask is None else await self.shown(session, ask, whole_view)

    async def shown(
        self,
        session: Session,
        ask: ViewRequest,
        view: View = next_view,
        took: Callable[[float], object] | None = None,
        *,
        may_refuse: bool = True,
    ) -> bytes:
        """A view of a session that nobody else has meanwhile; the programs that it names are kept.

        Parameters
        ----------
        took : told how many seconds it took to make, without the time in which others had their turn.
        may_refuse : False for pages that are open, which are bounded by their number.
        """
        for program in views.programs_of(session.trainer, ask):
            self._programs.remember(program)
        training = self._running(session.id)
        key = (session.id, session.head.version, ask, training, view)

        def work() -> bytes:
            start = time.perf_counter()
            made = self._recent.get(key, lambda: view(session, ask, training))
            if took is not None:
                took(time.perf_counter() - start)
            return made

        return await self._slices.run(views.values_of(session.trainer, ask), work, may_refuse=may_refuse)
