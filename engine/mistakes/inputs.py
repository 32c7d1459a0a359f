"""What a program with a mistake needs besides what the right one does."""

from collections.abc import Callable

import numpy as np

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.products import EARLY_RATE
from engine.mistakes.slopes import LEAKY_SLOPE, SLOPE_AT_ZERO
from engine.primitives import Array
from engine.program import Program

_NUMBERS = {number.name: number.default for number in (LEAKY_SLOPE, SLOPE_AT_ZERO, EARLY_RATE)}
_COMPUTED: dict[str, Callable[[Program, int], Array | float]] = {
    "features": lambda program, m: float(program.sizes["0"]),
    "outputs": lambda program, m: float(program.sizes[str(Anatomy(program).depth)]),
    "is_last": lambda program, m: (np.arange(m) == m - 1).astype(float),
}

# The same as a line of a script, for those that are no number.
CODE_OF_INPUTS = {"is_last": "np.arange(len(x)) == len(x) - 1"}


def values_of(program: Program, m: int) -> dict[str, Array | float]:
    """Name -> value of the inputs that only mistakes read, for a batch of m samples; free numbers at their defaults.

    A rate that an optimizer has is to be loaded over the default of an early update.
    """
    return {
        **{name: number for name, number in _NUMBERS.items() if name in program.tensors},
        **{name: value(program, m) for name, value in _COMPUTED.items() if name in program.tensors},
    }
