"""Binds a program to arrays of one batch size, and runs it."""

from collections.abc import Mapping
from contextlib import nullcontext

import numpy as np

from engine.layout import LINE, Slot, layout_of
from engine.precision import wide_tensors
from engine.primitives import Array, Call
from engine.program import Program
from engine.trace import Trace

# Measured: views, bound arguments and tuples of a node take about this much, whatever its arrays hold.
BYTES_OF_A_CALL = 650


class Workspace:
    """The arrays of a program for m samples, and the calls that fill them.

    Every tensor is a view into one flat vector, so that tracing costs one copy. In float16 there are two, the other one
    for the tensors that keep float32, and a trace holds both in float32, which changes no number.
    Overflow and invalid operations give inf and NaN: they are results to be shown, not warnings.
    """

    def __init__(self, program: Program, m: int, dtype: str = "float64") -> None:
        self.program = program
        self.m = m
        layout = layout_of(program, m)
        self.vector: Array = _zeros(layout.size, dtype)
        self._is_half = dtype == "float16"
        wide = wide_tensors(program) if self._is_half else frozenset[str]()
        self._wide_vector: Array = _zeros(layout.size if wide else 0, "float32")
        self._wide_slots: tuple[Slot, ...] = tuple(layout.slots[name] for name in sorted(wide))
        # One array for all that share a place: NumPy sees at once that a result over its own operand is no trouble.
        views: dict[tuple[Slot, bool], Array] = {}
        self._arrays: dict[str, Array] = {}
        for name, slot in layout.slots.items():
            place = slot, name in wide
            if place not in views:
                views[place] = slot.view(self._wide_vector if name in wide else self.vector)
            self._arrays[name] = views[place]
        for name, value in program.placement.fill.items():
            self._arrays[name].fill(value)
        self._calls: tuple[Call, ...] = tuple(
            program.placement.kernels.get(node.op, node.primitive).call(
                *(self._arrays[name] for name in node.inputs), out=self._arrays[node.output]
            )
            for node in program.nodes
        )
        self._commits = tuple(
            (self._arrays[old], self._arrays[new])
            for old, new in program.exchanges
            if program.placement.shares.get(new) != old
        )

    @property
    def nbytes(self) -> int:
        """What its arrays and calls take in memory."""
        return self.vector.nbytes + self._wide_vector.nbytes + BYTES_OF_A_CALL * len(self._calls)

    def __getitem__(self, name: str) -> Array:
        """The array of a tensor: a view that the next run overwrites."""
        return self._arrays[name]

    def load(self, values: Mapping[str, object]) -> None:
        """Copy values into the tensors of those names; names that the program does not have are left out."""
        # Entering errstate costs as much as some arrays; what is float64 already overflows nowhere.
        with nullcontext() if self.vector.dtype == np.float64 else np.errstate(all="ignore"):
            for name, value in values.items():
                if name in self._arrays:
                    self._arrays[name][...] = value

    def run(self) -> None:
        """Execute every node once, in order."""
        with np.errstate(all="ignore"):
            self.execute()

    def execute(self) -> None:
        """What `run` does, for a caller that has entered `np.errstate` once for many steps."""
        for call, arguments in self._calls:
            call(*arguments)

    def trace(self) -> Trace:
        """Run, and keep every value."""
        self.run()
        return self.kept()

    def kept(self) -> Trace:
        """Every value of the last run, copied."""
        everything = self.everything
        return Trace(self.program, self.m, everything.copy() if everything is self.vector else everything)

    @property
    def everything(self) -> Array:
        """The vector of a trace of the last run, which the next run may overwrite."""
        if not self._is_half:
            return self.vector
        vector = self.vector.astype("float32")
        for slot in self._wide_slots:
            slot.view(vector)[...] = slot.view(self._wide_vector)
        return vector

    def commit(self) -> None:
        """Put what the update made in the place of what it was made from."""
        for old, new in self._commits:
            np.copyto(old, new)


def _zeros(size: int, dtype: str) -> Array:
    """A vector that begins where a line of the caches does."""
    vector: Array = np.zeros(size + LINE, dtype)
    start = -(vector.ctypes.data // vector.itemsize) % LINE
    return vector[start : start + size]
