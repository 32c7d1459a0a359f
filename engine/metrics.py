"""Numbers that say how a network does: which gates are shut, how large the gradients are."""

from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.derived import derived
from engine.layout import layout_of
from engine.program import Program
from engine.trace import Trace

Floats = NDArray[np.floating]
# A norm between this and its inverse has lost nothing that counts to squares that vanished or overflowed.
SAFE_NORM = 1e-100


def rows_open(mask: Floats) -> NDArray[np.float64]:
    """For how many rows each unit lets a gradient through: 0 of a batch means shut in this batch, 0 of all rows dead.

    Parameters
    ----------
    mask : (m, units) local derivative f'(z), m >= 1

    Returns
    -------
    rows : (1, units) whole numbers
    """
    # Bytes add up at half the cost of a mean.
    is_open: NDArray[np.bool_] = mask != 0
    return np.add.reduce(is_open.view(np.uint8), 0, np.uint32, keepdims=True).astype(np.float64)


def l2_norm(array: Floats) -> float:
    """Root of the sum of all squares; 0 without any number, inf and nan where one is in."""
    with np.errstate(all="ignore"):
        length = float(np.linalg.norm(array.ravel().astype(np.float64, copy=False)))
        if SAFE_NORM < length < 1 / SAFE_NORM:
            return length
        # Dividing by the largest number first keeps squares of tiny gradients from vanishing and of huge ones from
        # overflowing.
        magnitudes = np.abs(array, dtype=np.float64)
        largest = float(np.max(magnitudes, initial=0.0))
        if largest == 0 or not isfinite(largest):
            return largest
        return largest * float(np.sqrt(np.sum(np.square(magnitudes / largest))))


class LayerNorms(NamedTuple):
    """L2 norms of what flows through a layer; None where the program has no such tensor.

    Attributes
    ----------
    a : of the input x.
    """

    W: float | None
    a: float | None
    dz: float | None
    dW: float | None


def layer_norms(trace: Trace) -> list[LayerNorms]:
    """How large weights, activations and gradients of a step are: the input's first, then layer by layer."""
    vector = trace.vector.astype(np.float64, copy=False)

    def norm(place: slice | None) -> float | None:
        return None if place is None else l2_norm(vector[place])

    return [LayerNorms(*map(norm, places)) for places in _places(trace.program, trace.m)]


@derived
def _places(program: Program, m: int) -> list[list[slice | None]]:
    """Of the input and then of each layer: where W, a, dz and dW lie."""
    slots = layout_of(program, m).slots

    def place(role: str, layer: int | None) -> slice | None:
        name = program.named(role, layer)
        return None if name is None else slice(slots[name].offset, slots[name].offset + slots[name].size)

    depth = max(tensor.layer or 0 for tensor in program.tensors.values())
    layers = [[place(role, layer) for role in ("W", "a", "dz", "dW")] for layer in range(1, depth + 1)]
    return [[None, place("x", None), None, None], *layers]
