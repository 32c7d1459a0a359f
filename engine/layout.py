"""Where the tensors of a program lie in one flat vector."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from engine.primitives import Array
from engine.program import SAMPLE_AXIS, Program


@dataclass(frozen=True, slots=True)
class Slot:
    """The first cell of a tensor and its shape."""

    offset: int
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def view(self, vector: Array) -> Array:
        return vector[self.offset : self.offset + self.size].reshape(self.shape)


@dataclass(frozen=True, slots=True)
class Layout:
    """One flat vector for all tensors of a program at one batch size; joined tensors lie over their parts."""

    slots: Mapping[str, Slot]
    size: int


@lru_cache(maxsize=256)
def layout_of(program: Program, m: int) -> Layout:
    """The layout of a program for m samples: joined tensors first, then the others in the program's order."""
    sizes = {**program.sizes, SAMPLE_AXIS: m}
    slots: dict[str, Slot] = {}
    end = 0
    for tensor in sorted(program.tensors.values(), key=lambda tensor: not tensor.parts):
        start = end
        for name in tensor.parts or (tensor.name,):
            if name not in slots:
                slots[name] = Slot(end, tuple(sizes[axis] for axis in program.tensors[name].axes))
                end += slots[name].size
        if tensor.parts:
            slots[tensor.name] = Slot(start, (end - start,))
    return Layout(MappingProxyType(slots), end)
