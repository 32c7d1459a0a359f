"""Numbers beside others: whether they are these, as exactly as they were written, and how far they are off."""

from dataclasses import replace

import numpy as np

from engine.doctor.sent import Sent
from engine.primitives import Array


def is_close(sent: Sent, expected: Array, noise: float = 0.0) -> bool:
    """Whether the numbers are these, as exactly as they were written.

    Parameters
    ----------
    noise : what roundings on the way may have changed besides.
    """
    values = laid_over(sent, expected.shape)
    if values is None:
        return False
    size = np.abs(expected)
    largest = float(np.maximum.reduce(size, axis=None, initial=0.0))
    if np.isfinite(largest):
        allowed = sent.half_unit * 1.000001 + sent.atol * largest + sent.least + noise
        return bool(np.logical_and.reduce(np.abs(values - expected) <= allowed + sent.rtol * size, axis=None))
    finite = np.isfinite(expected)
    if not np.array_equal(np.isfinite(values), finite):
        return False
    return is_close(replace(sent, values=values[finite]), expected[finite], noise)


def laid_over(sent: Sent, shape: tuple[int, ...]) -> Array | None:
    """The values in the shape of what they are compared with, axes that are left out added. None: another shape."""
    values = sent.values
    if values is None or values.shape == shape:
        return values
    is_turned = values.ndim == len(shape) == 2
    return None if is_turned or _squeezed(values.shape) != _squeezed(shape) else values.reshape(shape)


def _squeezed(shape: tuple[int, ...]) -> list[int]:
    return [size for size in shape if size != 1]


def ratio_of(sent: Sent, right: Array) -> float | None:
    """The number c for which sent = c * right in every cell; None where there is none, or where c is 1."""
    values = laid_over(sent, right.shape)
    assert values is not None
    with np.errstate(all="ignore"):
        weight = float(np.sum(right * right))
        ratio = float(np.sum(values * right)) / weight if weight > 0 else np.nan
    if not np.isfinite(ratio) or is_close(sent, right) or not is_close(sent, ratio * right):
        return None
    return ratio


def relative_error(values: Array, right: Array) -> float | None:
    largest = float(np.max(np.abs(right), initial=0.0))
    with np.errstate(all="ignore"):
        error = distance(values, right) / largest if largest > 0 else np.inf
    return error if np.isfinite(error) else None


def distance(a: Array, b: Array) -> float:
    with np.errstate(all="ignore"):
        off = np.abs(np.asarray(a, np.float64) - b)
    finite = off[np.isfinite(off)]
    return float(np.max(finite, initial=0.0))
