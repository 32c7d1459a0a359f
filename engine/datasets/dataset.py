"""A data set: rows of numbers, each with a class or with a number to learn."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError

Task = Literal["classification", "regression"]


def task_of(target_name: str | None) -> Task:
    """Learn which class a row has, or which number, where the number has a name."""
    return "classification" if target_name is None else "regression"


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
    feature_names, class_names : one per column of x, one per label (none where there is a target)
    source, licence : where the numbers come from and what may be done with them
    image_shape : (height, width) when a row is an image, row by row from the top left
    fixed_scale : `split` divides by this and shifts nothing; None: it standardises
    held_out : False when every row is needed for training, as with the four points of xor
    target_name : of the number that is to be learned; None: labels are
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.int64] | NDArray[np.float64]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    source: str
    licence: str
    image_shape: tuple[int, int] | None = None
    fixed_scale: float | None = None
    held_out: bool = True
    target_name: str | None = None

    @property
    def task(self) -> Task:
        """What is to be learned: which class a row has, or which number."""
        return task_of(self.target_name)

    def __post_init__(self) -> None:
        assert self.x.shape == (len(self.y), len(self.feature_names))
        # Recorded sets are read once and shared by all who ask for them.
        self.x.setflags(write=False)
        self.y.setflags(write=False)
