"""Room in the budget for what requests bring and what is computed for them, beside sessions."""

from contextlib import AbstractAsyncContextManager

from server.memory import Held, Memory
from server.settings import Settings
from server.waiting.line import Line


class Shares:
    """Counts what requests take, and lets those wait that have no room; large ones keep no small one waiting.

    Parameters
    ----------
    large, small : how much of the budget large ones may take together, and small ones.
    most_small : how much of it a small one takes.
    """

    def __init__(
        self, memory: Memory, settings: Settings, kind: Held, large: float, small: float, most_small: float
    ) -> None:
        def noted(more: int) -> None:
            memory.hold(kind, more)

        self._most_small = int(most_small * memory.most)
        self._kind = kind
        self._large, self._small = (
            Line(int(part * memory.most), settings.max_waiting, noted) for part in (large, small)
        )

    def place(self, size: int) -> AbstractAsyncContextManager[None]:
        """Room for so many bytes, to be entered. See `Line.place`."""
        return (self._small if size <= self._most_small else self._large).place(size)

    def lines(self) -> dict[str, Line]:
        """Each by its name in /metrics."""
        return {f"small {self._kind}": self._small, f"large {self._kind}": self._large}


def values_share(memory: Memory, settings: Settings) -> Shares:
    """For what is read from bodies, until it is answered."""
    return Shares(memory, settings, "values", 1 / 8, 1 / 16, 1 / 100)


def checks_share(memory: Memory, settings: Settings) -> Shares:
    """For gradient checks, slices of the loss and diagnoses, of which many go on piece by piece at the same time."""
    return Shares(memory, settings, "checks", 1 / 16, 1 / 16, 1 / 200)
