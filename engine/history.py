"""The learning curve: what the steps saw, thinned evenly when it grows long."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from engine.primitives import Array


class Point(NamedTuple):
    """What one step saw before its update.

    Parameters
    ----------
    step : from 1.
    loss : of the step's batch, L2 included.
    accuracy : of the step's batch, NaN where the model gives no classes.
    held_out_loss : the same loss on the rows that are held out, NaN where there are none.
    """

    step: int
    loss: float
    accuracy: float
    held_out_loss: float


class History:
    """At most ``capacity`` points, one every ``stride`` steps from step 1; when full, every second one goes.

    Which steps are in it depends on the number of steps alone, so a replay records the same ones.
    """

    def __init__(self, capacity: int = 512) -> None:
        assert capacity >= 2
        self.capacity = capacity
        self.stride = 1
        self._rows: Array = np.empty((capacity + 1, len(Point._fields)))
        self._count = 0
        self._last = 0

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(Point(int(step), *rest) for step, *rest in self.table.tolist())

    @property
    def table(self) -> Array:
        """(points, 4) float64, the fields of a point in their order; a view until the next append."""
        return self._rows[: self._count]

    def wants(self, step: int) -> bool:
        """Whether this step's point has a place and is not there yet."""
        return (step - 1) % self.stride == 0 and step > self._last

    def next_wanted(self, step: int) -> int:
        """The first step from this one on whose point is wanted."""
        first = max(step, self._last + 1)
        return first + (1 - first) % self.stride

    def append(self, point: Point) -> None:
        """Add a wanted point."""
        self._rows[self._count] = point
        self._count += 1
        self._last = point.step
        if self._count > self.capacity:
            self.stride *= 2
            kept = self._rows[(self._rows[:, 0] - 1) % self.stride == 0]
            self._count = len(kept)
            self._rows[: self._count] = kept

    @classmethod
    def of(cls, table: Array, stride: int) -> "History":
        """The history that has this table."""
        history = cls()
        history.stride = stride
        history._count = len(table)
        history._rows[: len(table)] = table
        history._last = int(table[-1, 0]) if len(table) else 0
        return history


def thinned(points: Iterable[Point], most: int) -> list[Point]:
    """At most so many of the points, evenly spread, the first and the last among them."""
    points = list(points)
    if len(points) <= most:
        return points
    chosen = np.linspace(0, len(points) - 1, most).round().astype(int)
    return [points[index] for index in dict.fromkeys(chosen.tolist())]
