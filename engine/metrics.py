"""Numbers that say how a network does: how often it is right, which units are off, how large the gradients are."""

from collections.abc import Callable, Iterable
from math import isfinite, isnan, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def accuracy(p: Floats, y: NDArray[np.integer] | Floats) -> float:
    """Share of rows whose largest probability stands at the true class.

    Parameters
    ----------
    p : (m, K) probabilities, m >= 1; of equal ones the first counts, and a row with NaN is wrong
    y : (m,) labels 0..K-1, or (m, K) rows whose largest entry marks the class

    Returns
    -------
    accuracy : 0 to 1
    """
    labels = y.argmax(axis=1) if y.ndim == 2 else y
    is_right = p.argmax(axis=1) == labels
    # One sum says that no row has NaN, at a third of the cost of looking at every row.
    if isnan(p.sum()):
        is_right &= ~np.isnan(p).any(axis=1)
    # count / m is what np.mean computes, at a tenth of its cost.
    return int(np.count_nonzero(is_right)) / len(p)


def accuracy_of_outputs(p: Floats, y: Floats) -> float:
    """Share of rows in which every output is on the right side of 1/2.

    Parameters
    ----------
    p : (m, K) probabilities, m >= 1; 1/2 itself counts as no, and a row with NaN is wrong
    y : (m, K) what they should be, 0 or 1; of numbers between them those above 1/2 count as yes

    Returns
    -------
    accuracy : 0 to 1
    """
    is_right = (((p > 0.5) == (y > 0.5)) & ~np.isnan(p)).all(axis=1)
    return int(np.count_nonzero(is_right)) / len(p)


# Output activation -> how often it is right; outputs that are no probabilities cannot be.
ACCURACIES: dict[str, Callable[[Floats, Floats], float]] = {"softmax": accuracy, "sigmoid": accuracy_of_outputs}


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
