"""Reads a view back, byte by byte as server/steps/views.py documents it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.primitives import Array

VIEW = "application/vnd.backprop.view"


@dataclass(frozen=True)
class View:
    """A view that was answered."""

    header: dict[str, Any]
    values: bytes

    def vector(self, place: int) -> Array:
        """The values of a frame."""
        frame, dtype = self.header["frames"][place], np.dtype(self.header["dtype"]).newbyteorder("<")
        return np.frombuffer(self.values, dtype, frame["length"], frame["offset"] * dtype.itemsize)

    def frame_of(self, sample: int | None) -> int:
        """The place of the frame of a sample, or of the batch."""
        (place,) = (n for n, frame in enumerate(self.header["frames"]) if frame["scope"]["sample"] == sample)
        return place

    @property
    def samples(self) -> list[int]:
        return [frame["scope"]["sample"] for frame in self.header["frames"][1:]]

    def plane(self, name: str) -> Array:
        """The answers, or z at the corners, of the map."""
        part: Mapping[str, Any] = self.header["map"][name]
        count = math.prod(part["shape"])
        return np.frombuffer(self.values, "<f4", count, part["byte_offset"]).reshape(part["shape"])


def decoded(data: bytes) -> View:
    """The view of these bytes."""
    assert data[:4] == b"BPV1", data[:40]
    start = 8 + int.from_bytes(data[4:8], "little")
    assert start % 8 == 0
    return View(json.loads(data[8:start]), data[start:])
