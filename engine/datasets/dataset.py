"""A data set: rows of numbers, each with a class or with a number to learn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.datasets.about import About
from engine.errors import EngineError


class DatasetError(EngineError):
    """A data set, an option of one, or a person's own CSV cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class TargetScale:
    """The number that a regression learns: in its own unit it is y * scale + mean, and so is the network's answer."""

    name: str
    mean: float
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Rows with a label or a number each, as they were measured or generated; nothing is standardised yet.

    Attributes
    ----------
    x : (rows, features) float64, read-only
    y : (rows,) int64 labels 0..K-1, or (rows,) float64 numbers where there is a target; read-only
    """

    about: About
    x: NDArray[np.float64]
    y: NDArray[np.int64] | NDArray[np.float64]

    def __post_init__(self) -> None:
        assert self.x.shape == (len(self.y), self.about.features)
        # Recorded sets are read once and shared by all who ask for them.
        self.x.setflags(write=False)
        self.y.setflags(write=False)
