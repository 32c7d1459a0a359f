"""The programs that this server has answered with, to be fetched by their fingerprint."""

from collections import OrderedDict

from engine.program import Program
from server.wire import to_json


class ProgramRegistry:
    """The documents of the programs used last, as bytes; the one unused longest goes first.

    Parameters
    ----------
    capacity : number of programs.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._documents: OrderedDict[str, bytes] = OrderedDict()

    def remember(self, program: Program) -> None:
        """Keep a program; costs next to nothing when it is known."""
        if program.fingerprint in self._documents:
            self._documents.move_to_end(program.fingerprint)
            return
        self.put(program.fingerprint, document_bytes(program))

    def put(self, fingerprint: str, document: bytes) -> None:
        self._documents[fingerprint] = document
        while len(self._documents) > self._capacity:
            self._documents.popitem(last=False)

    def get(self, fingerprint: str) -> bytes | None:
        return self._documents.get(fingerprint)


def document_bytes(program: Program) -> bytes:
    """The program document as JSON."""
    return to_json(dict(program.document))
