"""Whether the answer for a sample is right: 1 or 0, for the share of right ones."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from engine.primitives.primitive import Array, Call, Primitive, at, kernel_of


def _bind_same_largest(p: Array, y: Array, out: Array) -> Call:
    cells = p.ravel("K")
    # Only NaN and infinity times 0 are NaN, which a product tells at a third of the cost of looking for it.
    probe = partial(cells.dot, np.zeros_like(cells)) if np.shares_memory(cells, p) else partial(np.add.reduce, p, None)
    ours, theirs = np.empty(p.shape[:-1], np.intp), np.empty(y.shape[:-1], np.intp)
    return _same_largest, (p, y, out, ours, theirs, probe)


def _same_largest(
    p: Array, y: Array, out: Array, ours: Array, theirs: Array, probe: Callable[[], np.floating[Any]]
) -> None:
    np.equal(p.argmax(-1, ours), y.argmax(-1, theirs), out, casting="unsafe")
    total = probe()
    if total != total:
        out[np.isnan(p).any(-1)] = 0


def _same_side_of_half(p: Array, y: Array, out: Array) -> None:
    np.logical_and.reduce(((p > 0.5) == (y > 0.5)) & (p == p), -1, out=out)


_ABOVE_HALF = [["if", [">", at(operand, "n", "k"), 0.5], 1, 0] for operand in (0, 1)]

MEASURES = (
    # Of equal ones the first counts. A row with NaN has no largest.
    Primitive(
        "same_largest",
        kernel_of(_bind_same_largest),
        "nk,nk->n",
        "{out} = ({0}.argmax(axis=1) == {1}.argmax(axis=1)) & ~np.isnan({0}).any(axis=1)",
        ["if", ["==", ["argmax", "k", at(0, "n", "k")], ["argmax", "k", at(1, "n", "k")]], 1, 0],
        selects=True,
        bind=_bind_same_largest,
    ),
    # 1/2 itself counts as no.
    Primitive(
        "same_side_of_half",
        _same_side_of_half,
        "nk,nk->n",
        "{out} = (({0} > 0.5) == ({1} > 0.5)).all(axis=1) & ~np.isnan({0}).any(axis=1)",
        ["if", ["==", ["sum", "k", ["if", ["==", *_ABOVE_HALF], 0, 1]], 0], 1, 0],
        selects=True,
    ),
)
