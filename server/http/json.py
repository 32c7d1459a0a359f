"""JSON of what the engine computes: arrays of any shape, and numbers that JSON itself does not know.

Numbers that JSON cannot hold are the strings "NaN", "Infinity" and "-Infinity". No answer has a -0.0: 0 * -1 is -0.0 to
a computer, but nothing negative to a reader.
"""

import math

import numpy as np
import orjson

from engine.primitives import Array

JSON, BINARY = "application/json", "application/octet-stream"


def to_json(document: object) -> bytes:
    """JSON of data that may hold arrays of any shape, and numbers that are not finite or longer than 64 bits."""
    return orjson.dumps(_spelled(document), str, orjson.OPT_SERIALIZE_NUMPY)


def number(value: object) -> float | str:
    """A number as JSON has it."""
    as_float = float(value) + 0.0  # type: ignore[arg-type]
    if math.isfinite(as_float):
        return as_float
    return "NaN" if math.isnan(as_float) else "Infinity" if as_float > 0 else "-Infinity"


def unsigned(array: Array) -> Array:
    """The same numbers without -0.0, whose sum with 0.0 is 0.0."""
    return array + 0.0


def _spelled(value: object) -> object:
    """The same data with what JSON or orjson cannot hold in a form that they can."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            value = unsigned(value)
            if not np.isfinite(value).all():
                return _spelled(value.tolist())
        return value if value.ndim and value.flags.c_contiguous else value.tolist()
    if isinstance(value, dict):
        return {key: _spelled(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(item) for item in value]
    if isinstance(value, int) and value.bit_length() > 63:
        return str(value)
    return number(value) if isinstance(value, float) else value
