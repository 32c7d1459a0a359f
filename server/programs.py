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

    def remember(self, program: Program) -> bytes:
        """Keep a program and answer its document; costs next to nothing when it is known."""
        document = self._documents.get(program.fingerprint)
        if document is None:
            document = self._documents[program.fingerprint] = to_json(dict(program.document))
            if len(self._documents) > self._capacity:
                self._documents.popitem(last=False)
        self._documents.move_to_end(program.fingerprint)
        return document

    def get(self, fingerprint: str) -> bytes | None:
        return self._documents.get(fingerprint)
