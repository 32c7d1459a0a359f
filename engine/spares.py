"""Bound programs that nobody uses at the moment: binding one costs ten times what a run does."""

from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar

from engine.kept import Kept

KIND = "spares"
# Of the bound programs of a run that has them alone.
BYTES_OF_A_RUN = 4_000_000


class Bound(Protocol):
    """What can be kept."""

    @property
    def nbytes(self) -> int: ...


B = TypeVar("B", bound=Bound)


class Spares:
    """Keeps bound programs for the next use, in this run or in another one.

    A program is taken out while it is used, so that two threads never have the same.

    Parameters
    ----------
    kept : where they lie, beside whatever else is kept; None: alone.
    """

    def __init__(self, kept: Kept | None = None) -> None:
        self._kept = Kept(BYTES_OF_A_RUN) if kept is None else kept

    def take(self, key: Hashable, bind: Callable[[], B]) -> B:
        """What is kept under this key, or a new one; the key says its type."""
        kept: B | None = self._kept.take(KIND, key)
        return bind() if kept is None else kept

    def put(self, key: Hashable, bound: Bound) -> None:
        """Give it back, whatever numbers it holds."""
        self._kept.put(KIND, key, bound, bound.nbytes)
