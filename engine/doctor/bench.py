"""Runs programs on cases; what several of them have in common is computed once."""

from collections.abc import Iterable, Mapping

import numpy as np

from engine.doctor.case import Case
from engine.primitives import Array, Kernel
from engine.program import SAMPLE_AXIS, Program
from engine.rewrites import needed_nodes

# Keeping a value costs as much as so many numbers more.
KEEPING = 60
BYTES_PER_NUMBER = 8


class Bench:
    """Runs programs on cases.

    Values are numbered by how they are made: the same operation on the same values has the same number, in whichever
    program it stands. A mistake changes a few nodes, so only those and what follows from them are computed for it.

    Parameters
    ----------
    most_values : how many numbers are kept.
    """

    def __init__(self, most_values: int = 1_000_000) -> None:
        self._most_values = most_values
        self._forget()

    def _forget(self) -> None:
        self._kept = 0
        self._values: list[Array] = []
        self._numbers: dict[object, int] = {}
        self._kernels: dict[Kernel, int] = {}
        self._inputs: dict[tuple[Case, str], dict[str, int]] = {}

    @property
    def nbytes(self) -> int:
        """About what it takes in memory."""
        return BYTES_PER_NUMBER * self._kept

    def run(
        self,
        program: Program,
        case: Case,
        names: Iterable[str],
        given: Mapping[str, object] | None = None,
        dtype: str = "float64",
    ) -> dict[str, Array]:
        """These tensors of a case, which others read too: nobody may write into them.

        Parameters
        ----------
        given : values in the place of the case's.

        Raises
        ------
        ValueError : NumPy refuses the shapes.
        """
        if self._kept > self._most_values:
            self._forget()
        names = tuple(names)
        numbers = dict(self._inputs_of(case, dtype))
        for name, value in (given or {}).items():
            if name in program.tensors:
                shape = shape_of(program, case, name)
                numbers[name] = self._input(np.broadcast_to(np.asarray(value, dtype), shape))
        with np.errstate(all="ignore"):
            for node in needed_nodes(program, names):
                kernel = node.primitive.kernel
                read = [numbers[name] for name in node.inputs]
                key = (self._kernels.setdefault(kernel, len(self._kernels)), *read)
                number = self._numbers.get(key)
                if number is None:
                    out = np.empty(shape_of(program, case, node.output), dtype)
                    kernel(*[self._values[number] for number in read], out)
                    number = self._keep(key, out)
                numbers[node.output] = number
        return {name: self._values[numbers[name]] for name in names}

    def _inputs_of(self, case: Case, dtype: str) -> dict[str, int]:
        known = self._inputs.get((case, dtype))
        if known is None:
            # What a small precision does not hold is infinite in it.
            with np.errstate(over="ignore"):
                known = {name: self._input(np.asarray(value, dtype)) for name, value in case.inputs.items()}
            self._inputs[case, dtype] = known
            # The case is kept too, even where all its values were known before.
            self._kept += sum(self._values[number].size + KEEPING for number in known.values())
        return known

    def _input(self, value: Array) -> int:
        key = (value.dtype.char, value.shape, value.tobytes())
        number = self._numbers.get(key)
        return self._keep(key, np.array(value)) if number is None else number

    def _keep(self, key: object, value: Array) -> int:
        value.setflags(write=False)
        number = self._numbers[key] = len(self._values)
        self._values.append(value)
        self._kept += value.size + KEEPING
        return number


def shape_of(program: Program, case: Case, name: str) -> tuple[int, ...]:
    """The shape of a tensor in a case."""
    m, sizes = case.batch.m, program.sizes
    return tuple(m if axis == SAMPLE_AXIS else sizes[axis] for axis in program.tensors[name].axes)
