"""Things of several kinds that are kept for their next use, bounded by the memory that they take together."""

from collections import Counter, OrderedDict
from collections.abc import Hashable
from contextlib import AbstractContextManager, nullcontext
from typing import Any


class Kept:
    """By kind and key, in the order of their last use: what was unused longest goes first, of whichever kind it is.

    Parameters
    ----------
    most_bytes : of all of them.
    alone : entered for every look at what is kept; a lock, where several threads take and put.
    """

    def __init__(self, most_bytes: int, alone: AbstractContextManager[object] | None = None) -> None:
        self._most_bytes = most_bytes
        self._alone = nullcontext() if alone is None else alone
        # With what each took when it was put here: it is measured once, and may grow in the hands of its user.
        self._things: OrderedDict[tuple[str, Hashable], tuple[Any, int]] = OrderedDict()
        self._bytes: Counter[str] = Counter()

    @property
    def nbytes(self) -> int:
        """What all of them take in memory."""
        return self._bytes.total()

    def bytes_of(self, kind: str) -> int:
        """What those of a kind take."""
        return self._bytes[kind]

    def put(self, kind: str, key: Hashable, thing: object, nbytes: int) -> None:
        """Keep something, in the place of what had the same key."""
        with self._alone:
            self._pop((kind, key))
            # It would drive out all others and go itself.
            if nbytes <= self._most_bytes:
                self._things[kind, key] = thing, nbytes
                self._bytes[kind] += nbytes
                self._shrink()

    def take(self, kind: str, key: Hashable) -> Any:
        """Take the thing with this key out; None if there is none."""
        with self._alone:
            return self._pop((kind, key))

    def use(self, kind: str, key: Hashable) -> Any:
        """Read the thing with this key, which is then the last one used; None if there is none."""
        with self._alone:
            if (kind, key) not in self._things:
                return None
            self._things.move_to_end((kind, key))
            return self._things[kind, key][0]

    def peek(self, kind: str, key: Hashable) -> Any:
        """Read it without counting that as a use."""
        with self._alone:
            return self._things.get((kind, key), (None, 0))[0]

    def limit(self, most_bytes: int) -> None:
        """Keep no more than so many bytes from now on."""
        with self._alone:
            self._most_bytes = most_bytes
            self._shrink()

    def _shrink(self) -> None:
        while self._bytes.total() > self._most_bytes:
            self._pop(next(iter(self._things)))

    def _pop(self, place: tuple[str, Hashable]) -> Any:
        thing, nbytes = self._things.pop(place, (None, 0))
        self._bytes[place[0]] -= nbytes
        return thing
