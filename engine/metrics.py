"""Numbers that say how a network does: which gates are shut, how large the gradients are."""

from collections.abc import Iterable
from math import isfinite, sqrt
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


def rows_on(mask: Floats) -> NDArray[np.float64]:
    """For how many rows each unit lets a gradient through: of a batch none is "shut in this batch", of all rows "dead".

    Parameters
    ----------
    mask : (m, units) local derivative f'(z), m >= 1

    Returns
    -------
    rows : (1, units) whole numbers
    """
    # Bytes add up at half the cost of a mean.
    is_on: NDArray[np.bool_] = mask != 0
    return np.add.reduce(is_on.view(np.uint8), 0, np.uint32, keepdims=True).astype(np.float64)


def l2_norm(*arrays: Floats) -> float:
    """Root of the sum of all squares, of any shapes together; 0 without any number, "inf" and "nan" when one is in.

    Dividing by the largest number first keeps squares of tiny gradients from vanishing and of huge ones from
    overflowing.
    """
    magnitudes = [np.abs(array, dtype=np.float64) for array in arrays if array.size]
    largest = float(np.max([np.max(magnitude) for magnitude in magnitudes], initial=0.0))
    if largest == 0 or not isfinite(largest):
        return largest
    with np.errstate(under="ignore"):
        squares = sum(float(np.sum(np.square(magnitude / largest))) for magnitude in magnitudes)
    return largest * sqrt(squares)


def gradient_norms(layers: Iterable[tuple[Floats, Floats | None]]) -> list[float]:
    """L2 norm of each layer's gradient, weights and biases as one vector.

    Parameters
    ----------
    layers : per layer dW (fan_in, fan_out) and db (fan_out,), or None where there is no bias
    """
    return [l2_norm(dW) if db is None else l2_norm(dW, db) for dW, db in layers]


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
        if place is None:
            return None
        cells = vector[place]
        length = float(np.linalg.norm(cells))
        if SAFE_NORM < length < 1 / SAFE_NORM:
            return length
        return l2_norm(cells) if cells.any() else 0.0

    with np.errstate(all="ignore"):
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
