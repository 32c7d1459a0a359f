"""Room in memory for sessions while somebody works with them, which is not in the order of what is kept."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Literal, Protocol, get_args

from server.memory import Memory
from server.settings import Settings
from server.waiting.line import Line

# A look, a change, a slice of a training; a long way of a session, which nobody else can have meanwhile; a copy of one,
# or a new one, that goes its own way. They have room of their own, so that no long one keeps a short one waiting.
Use = Literal["look", "change", "slice", "long", "copy"]
# How much of the budget large ones may take in each use, and small ones: those that take less than that part of it.
LARGE_PART, SMALL_PART, SMALL = 1 / 16, 1 / 32, 1 / 1_000
# Sessions that are made at a time: how large they become shows when they are.
MADE_AT_ONCE = 8


class Session(Protocol):
    """What is known here of a session."""

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""

    @property
    def bytes_at_work(self) -> int:
        """What it may take while it is worked with."""


class Hands:
    """Counts the sessions that are worked with, by their bytes, and lets those wait that have no room.

    Waiting for one of these lines nobody has room in another one, apart from what makes a copy or a new session: so
    nobody waits for ever.
    """

    def __init__(self, memory: Memory, settings: Settings) -> None:
        self._memory = memory
        self._most_small = int(SMALL * memory.most)
        self._lines = {
            (use, is_small): self._line(SMALL_PART if is_small else LARGE_PART, settings)
            for use in get_args(Use)
            for is_small in (True, False)
        }
        # What is read from the store, by what is stored.
        self.reading = self._line(LARGE_PART, settings)
        self.making = Line(MADE_AT_ONCE, settings.max_waiting)

    def lines(self) -> dict[str, Line]:
        """Each by its name in /metrics."""
        named = {
            f"{'small' if is_small else 'large'} sessions: {use}": line for (use, is_small), line in self._lines.items()
        }
        return {**named, "stored sessions": self.reading, "new sessions": self.making}

    def is_small(self, session: Session) -> bool:
        return session.bytes_at_work <= self._most_small

    @contextmanager
    def counted(self, session: Session) -> Iterator[None]:
        """Have a session in hand without waiting: for what is done in a moment."""
        size = session.nbytes
        self._memory.hold("at_work", size)
        try:
            yield
        finally:
            self._memory.hold("at_work", -size)

    def place(
        self, session: Session, use: Use, *, may_refuse: bool = True
    ) -> tuple[AbstractAsyncContextManager[None], bool]:
        """Room for a session, to be entered, and whether it is there now. See `Line.place`."""
        line, size = self._lines[use, self.is_small(session)], session.bytes_at_work
        return line.place(size, may_refuse=may_refuse), line.has_room(size)

    def _line(self, part: float, settings: Settings) -> Line:
        def noted(more: int) -> None:
            self._memory.hold("at_work", more)

        return Line(int(part * self._memory.most), settings.max_waiting, noted)
