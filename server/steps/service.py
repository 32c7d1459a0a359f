"""Steps with nothing stored, and the programs that answers name."""

from engine.vocabulary import Vocabulary
from server.problems import Problem
from server.scheduling import Slices
from server.sessions.store.access import StoreAccess
from server.sessions.store.packing import Damaged, unsealed
from server.sessions.store.protocol import DocumentKind, UnknownKey
from server.settings import Settings
from server.steps.frames import Shown
from server.steps.programs import ProgramRegistry
from server.steps.schemas import TraceRequest
from server.steps.stateless import trace_of


class Steps:
    """Computes single steps, and finds programs."""

    def __init__(
        self,
        settings: Settings,
        slices: Slices,
        programs: ProgramRegistry,
        store: StoreAccess,
        vocabulary: Vocabulary,
    ) -> None:
        self._settings = settings
        self._slices = slices
        self._programs = programs
        self._store = store
        self._vocabulary = vocabulary

    async def trace(self, request: TraceRequest, *, expand: bool) -> Shown:
        """One step with nothing stored."""
        # The true size is known only later; by far the most of it are the rows.
        values = len(request.batch.x) * (request.model.inputs + sum(layer.units for layer in request.model.hidden))
        return await self._slices.run(
            10 * values, lambda: trace_of(request, self._settings, self._vocabulary, expand=expand)
        )

    async def program(self, fingerprint: str) -> bytes:
        """The document of a program that was answered, or that a stored session has."""
        document = self._programs.get(fingerprint)
        if document is not None:
            return document
        try:
            found = unsealed(await self._store(lambda store: store.document(DocumentKind.PROGRAM, fingerprint)))
            self._store.perhaps(lambda store: store.touch_document(DocumentKind.PROGRAM, fingerprint))
            return found
        except (UnknownKey, Damaged):
            raise Problem(
                404,
                "unknown_program",
                f"This server has no program {fingerprint}. Ask for the step again: its answer names its program.",
                fingerprint=fingerprint,
            ) from None
