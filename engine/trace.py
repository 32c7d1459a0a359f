"""The values of one run of a program."""

from dataclasses import dataclass

from engine.layout import layout_of
from engine.primitives import Array
from engine.program import Program


@dataclass(frozen=True, eq=False)
class Trace:
    """A program plus the values of one run; each node with its value is a micro-step.

    Parameters
    ----------
    m : number of samples.
    vector : every value of the run, laid out as ``engine.layout.layout_of(program, m)`` says.
    """

    program: Program
    m: int
    vector: Array

    def __getitem__(self, name: str) -> Array:
        """The value of a tensor, a view into the vector."""
        return layout_of(self.program, self.m).slots[name].view(self.vector)

    def by_role(self, role: str, layer: int | None = None) -> Array | None:
        """The value of the first tensor with this role in this layer, or None where the program has none."""
        name = self.program.named(role, layer)
        return None if name is None else self[name]
