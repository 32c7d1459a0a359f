"""Many samples, each of them alone, in one run."""

from collections.abc import Mapping

import numpy as np

from engine.layout import layout_of
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import REPLICA_AXIS, per_sample
from engine.workspace import Workspace


class Samples:
    """Runs a program for several samples at once, as if for each alone (m = 1).

    The bits are those of such runs, since every sample has the calls and the memory that it would have alone.
    """

    def __init__(self, program: Program, samples: int, dtype: str) -> None:
        together = per_sample(program, samples)
        self._workspace = Workspace(together, 1, dtype)
        self._places = _places(program, together, samples)

    @property
    def nbytes(self) -> int:
        return self._workspace.nbytes + self._places.nbytes

    def load(self, values: Mapping[str, object]) -> None:
        """Copy values into the tensors of those names, of x and y (samples, 1, units)."""
        self._workspace.load(values)

    def vectors(self) -> Array:
        """Run, and answer (samples, values): for each sample the vector of a trace of the program."""
        self._workspace.run()
        return np.take(self._workspace.everything, self._places)


def _places(program: Program, together: Program, samples: int) -> Array:
    """(samples, values): where the values of the plain program's vector lie, for each sample."""
    layout, plain = layout_of(together, 1), layout_of(program, 1)
    places = np.empty((samples, plain.size), np.intp)
    for name, slot in plain.slots.items():
        there = layout.slots[name]
        is_own = REPLICA_AXIS in together.tensors[name].axes
        cells = there.offset + np.arange(there.size)
        places[:, slot.offset : slot.offset + slot.size] = cells.reshape(samples if is_own else 1, slot.size)
    return places
