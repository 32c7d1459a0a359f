"""The free number of a mistake, found from submitted tensors by least squares."""

from collections.abc import Callable, Mapping

import numpy as np

from engine.mistakes.mistake import FreeNumber
from engine.primitives import Array

Results = Mapping[str, Array]
MOST_ROUNDS = 12


def fitted(number: FreeNumber, results_at: Callable[[float], Results], submitted: Results) -> float | None:
    """The number with which a mistake comes closest to submitted tensors; None: they do not depend on it.

    The first gradient that depends on it, seen from the loss, does so as a straight line, where one step of
    least squares is exact; those below are powers of it, and correct the last digits of rounded numbers.

    Parameters
    ----------
    results_at : number -> every submitted tensor as the mistake would have given it, nearest to the loss first.
    """
    value = number.default
    before = results_at(value)
    names = [name for name in before if name in submitted and np.shape(submitted[name]) == np.shape(before[name])]
    after = results_at(value + 1)
    # Less than this is rounding: two samples may cancel.
    dependent = [name for name in names if not np.allclose(after[name], before[name], rtol=1e-9, atol=1e-12)]
    if not dependent:
        return None
    value = _improved(value, 1.0, results_at, submitted, dependent[:1])
    for _ in range(MOST_ROUNDS):
        better = _improved(value, 1e-4 * max(1.0, abs(value)), results_at, submitted, dependent)
        if not np.isfinite(better):
            return None
        if abs(better - value) <= 1e-12 * max(1.0, abs(better)):
            return better
        value = better
    return value


def _improved(
    value: float, step: float, results_at: Callable[[float], Results], submitted: Results, names: list[str]
) -> float:
    """One step of least squares from a value, with the derivative from a difference."""
    here, there = results_at(value), results_at(value + step)
    slope = np.concatenate([np.ravel(there[name] - here[name]) for name in names]) / step
    missing = np.concatenate([np.ravel(submitted[name] - here[name]) for name in names])
    size = float((slope * slope).sum())
    return value + float((slope * missing).sum()) / size if size else value
