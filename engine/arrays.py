"""Numbers as sent by a caller, checked and made into arrays."""

from collections.abc import Sequence

import numpy as np

from engine.errors import EngineError
from engine.primitives import Array


def numbers(field: str, value: object) -> Array:
    """A regular float64 array of finite numbers with at least one axis.

    Raises
    ------
    EngineError : a single number, rows of different lengths, text, or a number that is not finite.
    """
    try:
        array = np.asarray(value, dtype=np.float64)
    except (ValueError, TypeError):
        raise EngineError(
            "ragged",
            f"{field} is not a regular array of numbers: every row must have the same length.",
            field=field,
        ) from None
    except OverflowError:
        array = np.array([np.inf])
    if array.ndim == 0:
        raise EngineError("shape", f"{field} is a single number; give a list.", field=field)
    _check_finite(field, array, "float64")
    return array


def array_of(field: str, value: object, shape: Sequence[int | None], dtype: str) -> Array:
    """An array of this shape and dtype; None in the shape stands for any number of rows.

    Raises
    ------
    EngineError : another shape, or a number that is not finite in this dtype.
    """
    array = numbers(field, value)
    if array.ndim == 1 and array.size == 0 and shape[0] is None:
        return np.zeros((0, *[size or 0 for size in shape[1:]]), dtype)
    fits = array.ndim == len(shape) and all(w in (None, s) for s, w in zip(array.shape, shape, strict=True))
    if not fits:
        raise EngineError(
            "shape",
            f"{field} has shape {shape_text(array.shape)}; this model needs {shape_text(shape)}.",
            field=field,
            found=list(array.shape),
            wanted=list(shape),
        )
    with np.errstate(over="ignore", under="ignore"):
        cast = array.astype(dtype)
    _check_finite(field, cast, dtype)
    return cast


def _check_finite(field: str, array: Array, dtype: str) -> None:
    if not np.isfinite(array).all():
        largest = float(np.finfo(dtype).max)
        raise EngineError(
            "not_finite",
            f"{field} holds NaN, infinity or a number too large for {dtype}; give numbers up to {largest:.3g}.",
            field=field,
            dtype=dtype,
            largest=largest,
        )


def shape_text(sizes: Sequence[int | None]) -> str:
    """A shape as NumPy writes it."""
    return (
        "("
        + ", ".join("rows" if size is None else str(size) for size in sizes)
        + ("," if len(sizes) == 1 else "")
        + ")"
    )
