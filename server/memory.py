"""The one budget of memory: what is kept for its next use, and what has to stay until a client has taken it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

from engine.kept import Kept
from engine.spares import KIND as SPARES
from server.problems import Problem

MB = 1_000_000
# What has to stay may take this part; the rest is for what makes answers quick.
MOST_HELD = 0.5
SESSIONS, PROGRAMS, VIEWS, RESULTS, DIAGNOSES = "sessions", "programs", "views", "results", "diagnoses"
KEPT = (SESSIONS, SPARES, PROGRAMS, VIEWS, RESULTS, DIAGNOSES)
# Of it, the bodies of requests: less than that half, so that there is room for answers however many come.
MOST_BODIES = 0.25
# Bytes of a body that belong to the connection itself (docs/OPERATING.md), as the head of a request does.
SHORT_BODY = 16_384
# Long answers and experiments that are on their way, bytes of all answers that clients have not taken, of long bodies
# that have come so far, until they are answered; sessions that somebody works with (server/waiting/hands.py), what was
# read from bodies, and checks that go on (server/waiting/shares.py).
Held = Literal["answers", "experiments", "unsent", "bodies", "at_work", "values", "checks"]
IN_LINES: tuple[Held, ...] = ("at_work", "values", "checks")


class Memory:
    """All that clients make the server keep, in bytes.

    What is kept for its next use goes where there is no room, the longest unused first. What is held cannot go, so
    one more has to wait.

    Parameters
    ----------
    budget : megabytes of everything.
    """

    def __init__(self, budget: float) -> None:
        self.most = int(budget * MB)
        self.kept = Kept(self.most, threading.Lock())
        self._held: dict[Held, int] = dict.fromkeys(get_args(Held), 0)
        # Bytes that have to stay, of all kinds.
        self.held = 0

    @property
    def is_piled_up(self) -> bool:
        """Whether clients have left more lying than may lie there."""
        return self._held["unsent"] > MOST_HELD * self.most

    @property
    def is_overrun(self) -> bool:
        """Whether more of bodies has come than may be kept."""
        return self._held["bodies"] > MOST_BODIES * self.most

    def sizes(self) -> dict[str, int]:
        """Bytes by what they are for."""
        return {kind: self.kept.bytes_of(kind) for kind in KEPT} | {
            str(kind): size for kind, size in self._held.items()
        }

    def check_room(self, size: int) -> None:
        """Refuse what has no room. What is larger than all the room there may be gets it alone.

        Raises
        ------
        Problem
        """
        # What has waited for its room has one of its own.
        held = self.held - sum(self._held[kind] for kind in IN_LINES)
        if held and held + size > MOST_HELD * self.most:
            raise Problem(
                503,
                "memory_full",
                "This server is making and sending as many answers as it has room for. Try again in a moment.",
                wanted=self.most,
            )

    @contextmanager
    def held_for(self, kind: Held, size: int) -> Iterator[None]:
        """Room for so many bytes, while inside.

        Raises
        ------
        Problem : there is none.
        """
        self.check_room(size)
        self.hold(kind, size)
        try:
            yield
        finally:
            self.hold(kind, -size)

    def hold(self, kind: Held, more: int) -> None:
        """So many bytes more, or fewer, have to stay, whether there is room for them or not."""
        self._held[kind] += more
        self.held += more
        self.kept.limit(max(0, self.most - self.held))
