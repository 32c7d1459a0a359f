"""Whether the answer for a sample is right: 1 or 0, for the share of right ones."""

import numpy as np

from engine.primitives.primitive import Array, Primitive, at


def _same_largest(p: Array, y: Array, out: Array) -> None:
    np.equal(p.argmax(-1), y.argmax(-1), out=out, casting="unsafe")
    # One sum says that no row has NaN, at a third of the cost of looking at every row.
    if np.isnan(np.add.reduce(p, None)):
        out[np.isnan(p).any(-1)] = 0


def _same_side_of_half(p: Array, y: Array, out: Array) -> None:
    np.logical_and.reduce(((p > 0.5) == (y > 0.5)) & (p == p), -1, out=out)


_ABOVE_HALF = [["if", [">", at(operand, "n", "k"), 0.5], 1, 0] for operand in (0, 1)]

MEASURES = (
    # Of equal ones the first counts. A row with NaN has no largest.
    Primitive(
        "same_largest",
        _same_largest,
        "nk,nk->n",
        "{out} = ({0}.argmax(axis=1) == {1}.argmax(axis=1)) & ~np.isnan({0}).any(axis=1)",
        ["if", ["==", ["argmax", "k", at(0, "n", "k")], ["argmax", "k", at(1, "n", "k")]], 1, 0],
        selects=True,
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
