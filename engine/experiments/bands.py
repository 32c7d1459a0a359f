"""What many replicas have in common: means with confidence bands, and shares."""

import math
from dataclasses import dataclass

import numpy as np

from engine.primitives import Array

# Of a normal distribution, 95 % lie within so many standard deviations of the mean.
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Band:
    """A curve of many replicas, one number a point in every list.

    Parameters
    ----------
    mean : over the replicas.
    low, high : the 95 % confidence band of that mean.
    tenth, ninetieth : a tenth of the replicas lies below, a tenth above.
    """

    mean: list[float]
    low: list[float]
    high: list[float]
    tenth: list[float]
    ninetieth: list[float]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of so many, with the 95 % confidence interval of the share behind them."""

    count: int
    of: int
    share: float
    low: float
    high: float


def band_of(curves: Array) -> Band:
    """The band of (points, replicas) numbers; a point where a replica is not finite has a mean that is not either."""
    values = np.asarray(curves, np.float64)
    with np.errstate(all="ignore"):
        mean = values.mean(axis=1)
        error = values.std(axis=1, ddof=1) / math.sqrt(values.shape[1]) if values.shape[1] > 1 else np.zeros(len(mean))
        # By rank and not between two ranks, which would make NaN of an infinity.
        ordered = np.sort(values, axis=1)
    rank = (values.shape[1] - 1) // 10
    return Band(
        mean.tolist(),
        (mean - Z * error).tolist(),
        (mean + Z * error).tolist(),
        ordered[:, rank].tolist(),
        ordered[:, -1 - rank].tolist(),
    )


def share_of(count: int, of: int) -> Share:
    """Wilson's interval: it stays within 0 and 1, and is not empty where all or none are counted."""
    share = count / of
    centre = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z / (1 + Z * Z / of) * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return Share(count, of, share, max(0.0, centre - half), min(1.0, centre + half))
