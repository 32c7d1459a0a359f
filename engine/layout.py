"""Where the tensors of a program lie in one flat vector."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from engine.primitives import Array
from engine.program import SAMPLE_AXIS, Program, Tensor


@dataclass(frozen=True, slots=True)
class Slot:
    """The first cell of a tensor and its shape.

    Parameters
    ----------
    order : the axes from the slowest in memory to the fastest; empty: as they are.
    """

    offset: int
    shape: tuple[int, ...]
    order: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def view(self, vector: Array) -> Array:
        cells = vector[self.offset : self.offset + self.size]
        if not self.order:
            return cells.reshape(self.shape)
        in_memory = cells.reshape([self.shape[axis] for axis in self.order])
        return in_memory.transpose([self.order.index(axis) for axis in range(len(self.order))])


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
    # The longest first: what is joined of some of its parts lies over it.
    for tensor in sorted(program.tensors.values(), key=lambda tensor: -len(tensor.parts)):
        if tensor.shares is not None:
            continue
        for name in tensor.parts or (tensor.name,):
            if name not in slots:
                slots[name] = _slot(program.tensors[name], end, sizes)
                end += slots[name].size
        if tensor.parts:
            start, last = slots[tensor.parts[0]].offset, slots[tensor.parts[-1]]
            shape = (last.offset + last.size - start,)
            slots[tensor.name] = Slot(start, shape) if len(tensor.axes) == 1 else _slot(tensor, start, sizes)
            assert slots[tensor.name].size == sum(slots[name].size for name in tensor.parts), tensor.name
    for tensor in program.tensors.values():
        home = tensor
        while home.shares is not None:
            home = program.tensors[home.shares]
        slots[tensor.name] = slots[home.name]
    return Layout(MappingProxyType(slots), end)


def _slot(tensor: Tensor, offset: int, sizes: Mapping[str, int]) -> Slot:
    order = tuple(tensor.axes.index(axis) for axis in tensor.memory)
    return Slot(offset, tuple(sizes[axis] for axis in tensor.axes), order)
