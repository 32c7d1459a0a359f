"""Cut a data set into a part to train on and a part held out, and put both on one scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.datasets.dataset import Dataset, DatasetError, TargetScale

# A column that spreads less is constant for every practical purpose; dividing by its spread could overflow.
SMALLEST_SPREAD = 1e-100


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Scaled rows for training and for judging. raw = x * scale + mean.

    Attributes
    ----------
    x_train, x_held_out : (rows, features) float64; held out may have no rows
    y_train, y_held_out : (rows,) int64 labels, or float64 numbers
    mean, scale : (features,) float64
    target : None where there are labels
    train_rows, held_out_rows : (rows,) int64, where each row stood in the data set, ascending
    """

    x_train: NDArray[np.float64]
    y_train: NDArray[np.int64] | NDArray[np.float64]
    x_held_out: NDArray[np.float64]
    y_held_out: NDArray[np.int64] | NDArray[np.float64]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    target: TargetScale | None
    train_rows: NDArray[np.int64]
    held_out_rows: NDArray[np.int64]


# The share of the rows that is held out where nobody asked for another.
USUAL_FRACTION = 0.2


def split(dataset: Dataset, rng: np.random.Generator, held_out_fraction: float = USUAL_FRACTION) -> Split:
    """Hold out that fraction of every class, at random, and scale by what the training part alone shows.

    Both parts keep the order of the data set. Each class keeps at least one row to train on; where there is a target,
    all rows are one class. A target is scaled like a column of x. A column that is constant in the training part is
    centred only. A set with a `fixed_scale` is divided by it and not shifted, and its target stays as it is; one whose
    `held_out` is False goes into training whole.

    Raises
    ------
    DatasetError : "bad_fraction" outside [0, 1).
    """
    sizes = held_out_sizes(dataset, held_out_fraction)
    is_held_out = np.zeros(len(dataset.y), dtype=np.bool_)
    if dataset.about.held_out:
        for rows, size in zip(_groups(dataset), sizes, strict=True):
            is_held_out[rng.permutation(rows)[:size]] = True
    train_rows, held_out_rows = np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)

    x_train = dataset.x[train_rows]
    target = _target_scale(dataset, dataset.y[train_rows])
    y = dataset.y
    if target is not None:
        y = np.asarray((y - target.mean) / target.scale, dtype=np.float64)
    if dataset.about.fixed_scale is None:
        mean, scale = _mean_and_spread(x_train)
    else:
        n_features = x_train.shape[1]
        mean, scale = np.zeros(n_features), np.full(n_features, dataset.about.fixed_scale)
    return Split(
        x_train=(x_train - mean) / scale,
        y_train=y[train_rows],
        x_held_out=(dataset.x[held_out_rows] - mean) / scale,
        y_held_out=y[held_out_rows],
        mean=mean,
        scale=scale,
        target=target,
        train_rows=train_rows,
        held_out_rows=held_out_rows,
    )


def held_out_sizes(dataset: Dataset, held_out_fraction: float) -> list[int]:
    """How many rows of each class are held out, or of all rows together where there is a target.

    Raises
    ------
    DatasetError : "bad_fraction" outside [0, 1).
    """
    if not 0.0 <= held_out_fraction < 1.0:
        raise DatasetError(
            "bad_fraction",
            f"The held-out fraction is {held_out_fraction}; it must be at least 0 and below 1, for example 0.2.",
            found=held_out_fraction,
        )
    if not dataset.about.held_out:
        return [0 for _ in _groups(dataset)]
    return [max(0, min(int(held_out_fraction * len(rows) + 0.5), len(rows) - 1)) for rows in _groups(dataset)]


def _groups(dataset: Dataset) -> list[NDArray[np.int64]]:
    """The rows of each class, or all of them where there is a target."""
    if dataset.about.task == "regression":
        return [np.arange(len(dataset.y))]
    return [np.flatnonzero(dataset.y == label) for label in range(dataset.about.classes)]


def _target_scale(dataset: Dataset, y_train: NDArray[np.int64] | NDArray[np.float64]) -> TargetScale | None:
    if dataset.about.target_name is None:
        return None
    if dataset.about.fixed_scale is not None:
        return TargetScale(dataset.about.target_name, 0.0, 1.0)
    mean, scale = _mean_and_spread(y_train[:, None].astype(np.float64))
    return TargetScale(dataset.about.target_name, float(mean[0]), float(scale[0]))


def _mean_and_spread(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation (over n, not n - 1) of every column; the deviation of a constant one is 1."""
    varies = np.ptp(x, axis=0) > SMALLEST_SPREAD
    # The mean of equal numbers can miss them by one rounding; the first of them does not.
    mean = np.where(varies, x.mean(axis=0), x[0])
    return mean, np.where(varies, x.std(axis=0), 1.0)
