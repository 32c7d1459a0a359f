"""Arrays as Python text, to the last bit."""

import base64
import textwrap
import zlib

import numpy as np

from engine.primitives import Array

# More numbers than a reader wants to see are compressed.
MOST_SHOWN = 200


def literal(array: Array) -> str:
    """An expression whose value is this array: its numbers, or a compressed text for `unpacked`."""
    if array.size > MOST_SHOWN:
        return _packed(array)
    kind = "" if array.dtype == np.float64 else f", dtype=np.{array.dtype}"
    if array.ndim < 2 or len(array) < 2:
        return f"np.array({array.tolist()!r}{kind})" if array.size else f"np.zeros({array.shape}{kind})"
    rows = "".join(f"    {row!r},\n" for row in array.tolist())
    return f"np.array([\n{rows}]{kind})"


def number(value: float, dtype: str) -> str:
    """An expression for a number in that precision; Python's own numbers are float64."""
    return repr(float(value)) if dtype == "float64" else f"np.{dtype}({float(value)!r})"


def _packed(array: Array) -> str:
    kind = f"{array.dtype.kind}{array.dtype.itemsize}"
    data = zlib.compress(np.ascontiguousarray(array, dtype="<" + kind).tobytes(), 9)
    text = "\n".join(textwrap.wrap(base64.b85encode(data).decode(), 110))
    return f'unpacked("""\n{text}\n""", "{kind}", {array.shape})'
