"""Bound programs that nobody uses at the moment: binding one costs ten times what a run does."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar


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
    most_bytes : of all that is kept; what was unused longest goes first.
    alone : entered for every look at what is kept; a lock, where several threads take and put.
    """

    def __init__(self, most_bytes: int = 4_000_000, alone: AbstractContextManager[object] | None = None) -> None:
        self._alone = nullcontext() if alone is None else alone
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Bound] = OrderedDict()

    def take(self, key: Hashable, bind: Callable[[], B]) -> B:
        """What is kept under this key, or a new one; the key says its type."""
        with self._alone:
            kept = self._kept.pop(key, None)
            if kept is not None:
                self._bytes -= kept.nbytes
                return kept  # type: ignore[return-value]
        return bind()

    def put(self, key: Hashable, bound: Bound) -> None:
        """Give it back, whatever numbers it holds."""
        with self._alone:
            replaced = self._kept.pop(key, None)
            self._kept[key] = bound
            self._bytes += bound.nbytes - (0 if replaced is None else replaced.nbytes)
            while self._bytes > self._most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.nbytes
