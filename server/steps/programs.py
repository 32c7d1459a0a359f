"""The programs that this server has answered with, to be fetched by their fingerprint."""

from collections.abc import Callable

from engine.kept import Kept
from engine.program import Program
from server.http.json import to_json
from server.memory import PROGRAMS

# After this time in use a program is noted again, so that it stays in the store while somebody is answered with it.
NOTED_SECONDS = 300.0


class ProgramRegistry:
    """The programs used last, and their documents as bytes.

    Parameters
    ----------
    kept : where they lie, beside whatever else is kept.
    note : puts a document into the store, where other processes find it, and this one after it was started again.
    clock : seconds, of which only differences count.
    """

    def __init__(self, kept: Kept, note: Callable[[str, bytes], object], clock: Callable[[], float]) -> None:
        self._kept = kept
        self._note = note
        self._clock = clock

    def remember(self, program: Program) -> None:
        """Keep a program that is answered, and note it; costs next to nothing when it was noted not long ago."""
        now = self._clock()
        known: _Known | None = self._kept.use(PROGRAMS, program.fingerprint)
        if known is None:
            known = _Known(program, to_json(dict(program.document)))
            # The program too, since sessions that have it do not count it: each of them goes with it or before it.
            self._kept.put(PROGRAMS, program.fingerprint, known, program.nbytes + len(known.document))
        if now - known.noted_at >= NOTED_SECONDS:
            known.noted_at = now
            self._note(program.fingerprint, known.document)

    def get(self, fingerprint: str) -> bytes | None:
        known: _Known | None = self._kept.use(PROGRAMS, fingerprint)
        return None if known is None else known.document


class _Known:
    """A program with its document, and when it was noted last."""

    __slots__ = ("document", "noted_at", "program")

    def __init__(self, program: Program, document: bytes) -> None:
        self.program = program
        self.document = document
        self.noted_at = float("-inf")
