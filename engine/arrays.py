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
    """An array of this shape and dtype; None in the shape stands for any number of rows. -0.0 becomes 0.0.

    Raises
    ------
    EngineError : another shape, named so where it fits transposed, or a number that is not finite in this dtype.
    """
    array = numbers(field, value)
    if array.ndim == 1 and array.size == 0 and shape[0] is None:
        return np.zeros((0, *[size or 0 for size in shape[1:]]), dtype)
    if not _fits(array.shape, shape):
        is_turned = array.ndim == 2 and _fits(array.shape[::-1], shape)
        raise shape_error(field, array.shape, shape, [field.rpartition(".")[2]] if is_turned else [])
    with np.errstate(over="ignore", under="ignore"):
        cast = array.astype(dtype) + 0.0
    _check_finite(field, cast, dtype)
    return cast


def shape_error(
    field: str, found: Sequence[int], wanted: Sequence[int | None], transposed: Sequence[str] = ()
) -> EngineError:
    """What to say of a shape that does not fit.

    Parameters
    ----------
    transposed : names of the arrays that fit if they are all transposed.
    """
    message = f"{field} has shape {shape_text(found)}; this model needs {shape_text(wanted)}."
    details = {"field": field, "found": list(found), "wanted": list(wanted)}
    if not transposed:
        return EngineError("shape", message, **details)
    turned = " and ".join(f"{name}.T" for name in transposed)
    message += (
        f" It fits transposed: send {turned}. Samples are rows here, and a W has a row for each input and a column for "
        "each unit."
    )
    return EngineError("transposed", message, names=list(transposed), **details)


def _fits(found: Sequence[int], wanted: Sequence[int | None]) -> bool:
    return len(found) == len(wanted) and all(w in (None, s) for s, w in zip(found, wanted, strict=True))


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
