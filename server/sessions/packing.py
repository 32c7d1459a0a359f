"""Arrays and words as bytes and back: safetensors with JSON metadata, never code."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
from safetensors.numpy import load

from engine.primitives import Array

# What a session holds, as safetensors calls it. By dtype: asking NumPy for its name takes longer than all the rest.
WORDS = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64"}
DTYPES = {np.dtype(name): word for name, word in WORDS.items()}


def pack(arrays: Mapping[str, Array], words: Mapping[str, Any]) -> bytes:
    """Arrays by name, and JSON-able data, as a safetensors file.

    Written by hand since it is part of every step, where ``safetensors.numpy.save`` costs three times as much. The
    format: the length of a JSON header (uint64, little-endian), the header, padded with spaces to a multiple of 8, and
    the arrays' bytes one after the other.
    """
    header: dict[str, Any] = {"__metadata__": {"json": orjson.dumps(words).decode()}}
    bodies, end = [], 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        header[name] = {"dtype": DTYPES[array.dtype], "shape": array.shape, "data_offsets": (start, end)}
        bodies.append(array.tobytes())
    text = orjson.dumps(header)
    text += b" " * (-len(text) % 8)
    return b"".join((len(text).to_bytes(8, "little"), text, *bodies))


def unpack(data: bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays and the data that were packed."""
    length = int.from_bytes(data[:8], "little")
    words = orjson.loads(orjson.loads(data[8 : 8 + length])["__metadata__"]["json"])
    return load(data), words
