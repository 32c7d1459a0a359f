"""The learning curve: what the steps saw, thinned evenly when it grows long."""

from collections.abc import Iterable, Mapping
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
        self._points: list[Point] = []

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(self._points)

    def wants(self, step: int) -> bool:
        """Whether this step's point has a place and is not there yet."""
        return (step - 1) % self.stride == 0 and (not self._points or step > self._points[-1].step)

    def next_wanted(self, step: int) -> int:
        """The first step from this one on whose point is wanted."""
        first = max(step, self._points[-1].step + 1) if self._points else step
        return first + (1 - first) % self.stride

    def append(self, point: Point) -> None:
        """Add a wanted point."""
        self._points.append(point)
        if len(self._points) > self.capacity:
            self.stride *= 2
            self._points = [kept for kept in self._points if (kept.step - 1) % self.stride == 0]

    @property
    def arrays(self) -> dict[str, Array]:
        """Field -> (points,) array."""
        columns = zip(*self._points, strict=True) if self._points else ((),) * len(Point._fields)
        kinds = (np.int64, np.float64, np.float64, np.float64)
        return {
            field: np.array(column, kind) for field, column, kind in zip(Point._fields, columns, kinds, strict=True)
        }

    @classmethod
    def of(cls, arrays: Mapping[str, Array], stride: int) -> "History":
        """The history that has these arrays."""
        history = cls()
        history.stride = stride
        columns = [arrays[field].tolist() for field in Point._fields]
        history._points = [Point(*values) for values in zip(*columns, strict=True)]
        return history


def thinned(points: Iterable[Point], most: int) -> list[Point]:
    """At most so many of the points, evenly spread, the first and the last among them."""
    points = list(points)
    if len(points) <= most:
        return points
    chosen = np.linspace(0, len(points) - 1, most).round().astype(int)
    return [points[index] for index in dict.fromkeys(chosen.tolist())]
