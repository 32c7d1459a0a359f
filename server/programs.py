"""The programs that this server has answered with, to be fetched by their fingerprint."""

from engine.kept import Kept
from engine.program import Program
from server.memory import PROGRAMS
from server.wire import to_json


class ProgramRegistry:
    """The programs used last, and their documents as bytes.

    Parameters
    ----------
    kept : where they lie, beside whatever else is kept.
    """

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def remember(self, program: Program) -> bytes:
        """Keep a program and answer its document; costs next to nothing when it is known."""
        document = self.get(program.fingerprint)
        if document is None:
            document = to_json(dict(program.document))
            # The program too, since sessions that have it do not count it: each of them goes with it or before it.
            size = program.nbytes + len(document)
            self._kept.put(PROGRAMS, program.fingerprint, (program, document), size)
        return document

    def get(self, fingerprint: str) -> bytes | None:
        known: tuple[Program, bytes] | None = self._kept.use(PROGRAMS, fingerprint)
        return None if known is None else known[1]
