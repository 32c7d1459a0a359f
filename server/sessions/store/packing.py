"""Arrays and words as bytes and back: safetensors with JSON metadata, never code."""

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
from safetensors.numpy import load

from engine.primitives import Array

# What a session holds, as safetensors calls it. By dtype: asking NumPy for its name takes longer than all the rest.
WORDS = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64"}
# Bytes stored before there were checksums begin with the length of their header, or as JSON does.
SEAL = b"BPS1"
DTYPES = {np.dtype(name): word for name, word in WORDS.items()}


class Damaged(Exception):
    """Bytes that are not those that were stored."""


def sealed(data: bytes) -> bytes:
    """Bytes whose checksum stands before them."""
    return b"".join((SEAL, zlib.crc32(data).to_bytes(4, "little"), data))


def unsealed(stored: bytes) -> bytes:
    """The bytes that were sealed, or stored before there were seals. Raises Damaged."""
    if not stored.startswith(SEAL):
        return stored
    data = stored[8:]
    if zlib.crc32(data) != int.from_bytes(stored[4:8], "little"):
        raise Damaged("a checksum is not that of what was stored")
    return data


def pack(arrays: Mapping[str, Array], words: Mapping[str, Any]) -> bytes:
    """Arrays by name, and JSON-able data, as a safetensors file that is sealed.

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
    return sealed(b"".join((len(text).to_bytes(8, "little"), text, *bodies)))


def unpack(stored: bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays and the data that were packed. Raises Damaged."""
    data = unsealed(stored)
    try:
        return _unpacked(data)
    except Exception as error:
        # Whatever the bytes are, they are none of ours.
        raise Damaged(f"it cannot be read: {type(error).__name__}") from error


def _unpacked(data: bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    length = int.from_bytes(data[:8], "little")
    words = orjson.loads(orjson.loads(data[8 : 8 + length])["__metadata__"]["json"])
    return load(data), words
