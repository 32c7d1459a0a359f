"""Numbers that say how a network does: which gates are shut, how large the gradients are."""

from collections.abc import Iterable
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def share_on(mask: Floats) -> NDArray[np.float64]:
    """Share of rows for which each unit lets a gradient through.

    Parameters
    ----------
    mask : (m, units) local derivative f'(z), m >= 1

    Returns
    -------
    share : (units,) 0 to 1
    """
    share: NDArray[np.float64] = np.mean(mask != 0, axis=0, dtype=np.float64)
    return share


def is_dead(mask: Floats) -> NDArray[np.bool_]:
    """Which units are off on all given rows. Give all training rows: a batch only tells "off in this batch".

    Parameters
    ----------
    mask : (m, units) local derivative f'(z), m >= 1

    Returns
    -------
    is_dead : (units,)
    """
    off: NDArray[np.bool_] = np.all(mask == 0, axis=0)
    return off


def l2_norm(*arrays: Floats) -> float:
    """Root of the sum of all squares, of any shapes together; 0 without any number, "inf" and "nan" when one is in.

    Dividing by the largest number first keeps squares of tiny gradients from vanishing and of huge ones from
    overflowing.
    """
    magnitudes = [np.abs(array, dtype=np.float64) for array in arrays if array.size]
    largest = float(np.max([np.max(magnitude) for magnitude in magnitudes], initial=0.0))
    if largest == 0 or not isfinite(largest):
        return largest
    with np.errstate(under="ignore"):
        squares = sum(float(np.sum(np.square(magnitude / largest))) for magnitude in magnitudes)
    return largest * sqrt(squares)


def gradient_norms(layers: Iterable[tuple[Floats, Floats | None]]) -> list[float]:
    """L2 norm of each layer's gradient, weights and biases as one vector.

    Parameters
    ----------
    layers : per layer dW (fan_in, fan_out) and db (fan_out,), or None where there is no bias
    """
    return [l2_norm(dW) if db is None else l2_norm(dW, db) for dW, db in layers]
