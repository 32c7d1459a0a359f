"""What a primitive is: one NumPy operation with four faces."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Expr = list[Any] | float
Kernel = Callable[..., object]
Call = tuple[Callable[..., object], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Primitive:
    """One NumPy operation.

    Parameters
    ----------
    kernel : ``kernel(*inputs, out)`` writes the result into out.
    indices : einsum letters, inputs -> output.
    code : the NumPy line, a template over the input names {0}, {1}, ... and {out}.
    cell : the formula of one output cell.
    selects : whether *which* cells feed the output depends on their values (a maximum, a comparison).
    exact : the NumPy line with the bits of the kernel in every case, where code leaves out what a reader can spare.
    bind : a cheaper call of the same arithmetic on fixed arrays: ``bind(*inputs, out) -> (callable, arguments)``.
    in_place : the operands over which out may lie: each of their cells is read before the one at its place is written,
        and not again.
    """

    name: str
    kernel: Kernel
    indices: str
    code: str
    cell: Expr
    selects: bool = False
    exact: str | None = None
    bind: Callable[..., Call] | None = None
    in_place: tuple[int, ...] = ()

    @property
    def input_letters(self) -> list[str]:
        return self.indices.split("->")[0].split(",")

    @property
    def output_letters(self) -> str:
        return self.indices.split("->")[1]

    def call(self, *inputs: Array, out: Array) -> Call:
        """The callable and its arguments that compute out from these very arrays."""
        return self.bind(*inputs, out) if self.bind else (self.kernel, (*inputs, out))


def at(operand: int, *letters: str) -> Expr:
    """A cell of an operand."""
    return ["at", operand, *letters]


def kernel_of(bind: Callable[..., Call]) -> Kernel:
    """The kernel that binds and calls at once."""

    def kernel(*arrays: Array) -> None:
        call, arguments = bind(*arrays)
        call(*arguments)

    return kernel


# The cell at the same place of the first and of the second operand.
A, B = at(0, "..."), at(1, "...")
ZERO = np.zeros(())
