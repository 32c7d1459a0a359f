"""A data set: rows of numbers, each with a class."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError


class DatasetError(EngineError):
    """A data set, an option of one, or a person's own CSV cannot be used as it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Labelled rows as they were measured or generated; nothing is standardised yet.

    Attributes
    ----------
    x : (rows, features) float64, read-only
    y : (rows,) int64 labels 0..K-1, read-only
    feature_names, class_names : one per column of x, one per label
    source, licence : where the numbers come from and what may be done with them
    image_shape : (height, width) when a row is an image, row by row from the top left
    fixed_scale : `split` divides by this and shifts nothing; None: it standardises
    held_out : False when every row is needed for training, as with the four points of xor
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.int64]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    source: str
    licence: str
    image_shape: tuple[int, int] | None = None
    fixed_scale: float | None = None
    held_out: bool = True

    def __post_init__(self) -> None:
        assert self.x.shape == (len(self.y), len(self.feature_names))
        # Recorded sets are read once and shared by all who ask for them.
        self.x.setflags(write=False)
        self.y.setflags(write=False)
