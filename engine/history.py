"""The learning curve: what the steps saw, thinned evenly when it grows long."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from engine.primitives import Array

# Points that there is room for at first; most curves are short.
FIRST_ROOM = 32


class HistoryPoint(NamedTuple):
    """What one step saw before its update.

    Parameters
    ----------
    step : from 1.
    loss : of the step's batch, L2 included.
    accuracy : of the step's batch, None where the model gives no classes.
    held_out_loss : the same loss on the rows that are held out, None where there are none.
    """

    step: int
    loss: float
    accuracy: float | None = None
    held_out_loss: float | None = None


class History:
    """At most ``capacity`` points, one every ``stride`` steps from step 1; when full, every second one goes.

    Which steps are in it depends on the number of steps alone, so a replay records the same ones.
    """

    def __init__(self, capacity: int = 512, *, has_accuracy: bool = True, has_held_out: bool = True) -> None:
        assert capacity >= 2
        self._has_accuracy = has_accuracy
        self._has_held_out = has_held_out
        self.capacity = capacity
        self.stride = 1
        self._rows: Array = np.empty((min(FIRST_ROOM, capacity + 1), len(HistoryPoint._fields)))
        self._count = 0
        self._last = 0

    @property
    def points(self) -> tuple[HistoryPoint, ...]:
        return self.points_from(1)

    def points_from(self, step: int) -> tuple[HistoryPoint, ...]:
        """The points of that step and of later ones."""
        if step > self._last:
            return ()
        first = int(np.searchsorted(self.table[:, 0], step))
        return tuple(
            HistoryPoint(
                int(number),
                loss,
                accuracy if self._has_accuracy else None,
                held_out_loss if self._has_held_out else None,
            )
            for number, loss, accuracy, held_out_loss in self.table[first:].tolist()
        )

    @property
    def table(self) -> Array:
        """(points, fields) float64, fields in the order of a point, NaN for None; a view until the next append."""
        return self._rows[: self._count]

    @property
    def nbytes(self) -> int:
        return self._rows.nbytes

    @property
    def extent(self) -> tuple[int, int]:
        """(points, stride): as long as nothing is cut, the table has changed if and only if this has."""
        return self._count, self.stride

    @property
    def last(self) -> int:
        """The step of the last point; 0 where there is none."""
        return self._last

    def wants(self, step: int) -> bool:
        """Whether this step's point has a place and is not there yet."""
        return (step - 1) % self.stride == 0 and step > self._last

    def next_wanted(self, step: int) -> int:
        """The first step from this one on whose point is wanted."""
        first = max(step, self._last + 1)
        return first + (1 - first) % self.stride

    def append(self, point: HistoryPoint) -> None:
        """Add a wanted point."""
        if self._count == len(self._rows):
            more = min(self._count, self.capacity + 1 - self._count)
            self._rows = np.concatenate([self._rows, np.empty((more, len(HistoryPoint._fields)))])
        self._rows[self._count] = point
        self._count += 1
        self._last = point.step
        if self._count > self.capacity:
            self.stride *= 2
            # Of the points alone: behind them is room, in which anything may lie.
            kept = self.table[(self.table[:, 0] - 1) % self.stride == 0]
            self._count = len(kept)
            self._rows[: self._count] = kept

    def cut(self, step: int) -> None:
        """Forget the points after a step; what is left keeps its stride."""
        self._count = int(np.searchsorted(self._rows[: self._count, 0], step, side="right"))
        self._last = int(self._rows[self._count - 1, 0]) if self._count else 0

    def restore(self, table: Array, stride: int) -> None:
        """Become the history that had this table, of this version or an older one, and this stride."""
        self.stride = stride
        self._count = len(table)
        self._rows = joined(table, np.empty((FIRST_ROOM, len(HistoryPoint._fields))))
        self._last = int(table[-1, 0]) if len(table) else 0


def joined(*tables: Array) -> Array:
    """Parts of one curve below each other; a part that an older version wrote has NaN in the columns that it lacks.

    A new field of a point therefore comes last.
    """
    return np.concatenate([_widened(table) for table in tables])


def _widened(table: Array) -> Array:
    missing = len(HistoryPoint._fields) - table.shape[1]
    return np.column_stack([table, np.full((len(table), missing), np.nan)]) if missing else table


def thinned(points: Iterable[HistoryPoint], most: int) -> list[HistoryPoint]:
    """At most so many of the points, evenly spread, the first and the last among them."""
    points = list(points)
    if len(points) <= most:
        return points
    chosen = np.linspace(0, len(points) - 1, most).round().astype(int)
    return [points[index] for index in dict.fromkeys(chosen.tolist())]
