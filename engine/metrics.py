"""Numbers that say how a network does: which gates are shut, how large the gradients are."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from engine.layout import layout_of
from engine.program import Program
from engine.trace import Trace

Floats = NDArray[np.floating]
# A sum of squares between this and its inverse has lost nothing that counts to squares that vanished or overflowed.
SAFE_SQUARES = 1e-200


def share_on(mask: Floats) -> NDArray[np.float64]:
    """Share of rows for which each unit lets a gradient through.

    Parameters
    ----------
    mask : (m, units) local derivative f'(z), m >= 1

    Returns
    -------
    share : (units,) 0 to 1
    """
    is_on: NDArray[np.bool_] = mask != 0
    # Bytes add up at half the cost of a mean.
    share: NDArray[np.float64] = np.add.reduce(is_on.view(np.uint8), 0, np.uint32) / len(mask)
    return share


def is_dead(mask: Floats) -> NDArray[np.bool_]:
    """Which units are shut on all given rows. Give all training rows: a batch only tells "shut for this batch".

    Parameters
    ----------
    mask : (m, units) local derivative f'(z), m >= 1

    Returns
    -------
    is_dead : (units,)
    """
    off: NDArray[np.bool_] = np.all(mask == 0, axis=0)
    return off


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


@dataclass(frozen=True, slots=True)
class LayerNorms:
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
    starts, layers = _places(trace.program, trace.m)
    with np.errstate(all="ignore"):
        squares = np.add.reduceat(np.square(trace.vector, dtype=np.float64), starts).tolist()

    def norm(place: int | None) -> float | None:
        if place is None:
            return None
        if SAFE_SQUARES < squares[place] < 1 / SAFE_SQUARES:
            return sqrt(squares[place])
        cells = trace[tuple(trace.program.tensors)[place]]
        return l2_norm(cells) if cells.any() else 0.0

    return [LayerNorms(*map(norm, places)) for places in layers]


@lru_cache(maxsize=256)
def _places(program: Program, m: int) -> tuple[NDArray[np.intp], list[list[int | None]]]:
    """Where each tensor begins, one behind the other; for each layer the places of W, a, dz and dW among them."""
    names = list(program.tensors)
    starts = np.array([layout_of(program, m).slots[name].offset for name in names])

    def place(role: str, layer: int | None) -> int | None:
        name = program.named(role, layer)
        return None if name is None else names.index(name)

    depth = max(tensor.layer or 0 for tensor in program.tensors.values())
    layers = [[place(role, layer) for role in ("W", "a", "dz", "dW")] for layer in range(1, depth + 1)]
    return starts, [[None, place("x", None), None, None], *layers]
