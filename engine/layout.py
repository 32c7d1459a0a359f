"""Where the tensors of a program lie in one flat vector."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.derived import derived
from engine.primitives import Array
from engine.program import SAMPLE_AXIS, Program

# Numbers in a line of the caches, or in two.
LINE = 16


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


@derived
def layout_of(program: Program, m: int) -> Layout:
    """The layout of a program for m samples: joined tensors first, then the others in the program's order."""
    sizes = {**program.sizes, SAMPLE_AXIS: m}
    slots: dict[str, Slot] = {}
    end = 0
    placement = program.placement
    # The longest first: what is joined of some of its parts lies over it.
    for name, tensor in sorted(program.tensors.items(), key=lambda entry: -len(program.parts_of(entry[0]))):
        if name in placement.shares:
            continue
        parts = program.parts_of(name)
        new = [cell for cell in program.cells_of(name) if cell not in slots]
        if placement.is_spaced and sum(_slot(program, cell, 0, sizes).size for cell in new) >= LINE:
            end += -end % LINE
        for cell in new:
            slots[cell] = _slot(program, cell, end, sizes)
            end += slots[cell].size
        if parts:
            start, last = slots[parts[0]].offset, slots[parts[-1]]
            shape = (last.offset + last.size - start,)
            slots[name] = Slot(start, shape) if len(tensor.axes) == 1 else _slot(program, name, start, sizes)
            assert slots[name].size == sum(slots[part].size for part in parts), name
    for name in program.tensors:
        home = name
        while home in placement.shares:
            home = placement.shares[home]
        slots[name] = slots[home]
    return Layout(MappingProxyType(slots), end)


def _slot(program: Program, name: str, offset: int, sizes: Mapping[str, int]) -> Slot:
    axes = program.tensors[name].axes
    # A table of a layer with itself has one axis twice.
    places = {axis: iter([place for place, other in enumerate(axes) if other == axis]) for axis in axes}
    order = tuple(next(places[axis]) for axis in program.placement.memory.get(name, ()))
    return Slot(offset, tuple(sizes[axis] for axis in axes), order)
