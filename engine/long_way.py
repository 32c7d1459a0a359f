"""Where the long way back cannot show the number of the short one, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.primitives import Array
from engine.program import Node
from engine.trace import Trace

# How far two ways to the same number may round apart: some roundings, each of half an eps.
TOLERANCES = {"float64": 1e-12, "float32": 1e-5, "float16": 1e-2}
TEXTS = {
    "divided_by_zero": "A probability is so close to 0 or 1 that rounding makes it 0 or 1. The long way to {tensor} "
    "then divides by 0 and multiplies by a slope of 0, which has no value. The short way never divides: its number is "
    "right.",
    "ratio_too_large": "A probability is so small that 1 divided by it is larger than any number of this precision, so "
    "the long way to {tensor} is lost. The short way never divides: its number is right.",
    "rounding": "The long way to {tensor} rounds more often than the short one, and here so few digits are left that "
    "the two numbers differ.",
    "follows": "{tensor} is computed from a number that differs, so it differs too.",
}
Code = Literal["divided_by_zero", "ratio_too_large", "rounding", "follows"]


@dataclass(frozen=True, slots=True)
class Note:
    """Says that a tensor of the long way is not that of the short way, and why."""

    code: Code
    tensor: str

    @property
    def text(self) -> str:
        return TEXTS[self.code].format(tensor=self.tensor)


def notes_of(long: Trace, short: Trace, dtype: str) -> tuple[Note, ...]:
    """A note for every tensor of both ways that differs, in the order in which they are computed.

    A number differs where the two are apart by more than the tolerance of the dtype, relative to that very number.
    What follows is measured by its largest number instead, since sums cancel.
    """
    made = {node.output: node for node in short.program.nodes}
    notes: list[Note] = []
    differing: set[str] = set()
    for node in long.program.nodes:
        other, tolerance = made.get(node.output), TOLERANCES[dtype]
        if other is None:
            continue
        found, wanted = long[node.output], short[node.output]
        follows = not differing.isdisjoint(node.inputs)
        if not follows and (node.op, node.inputs) == (other.op, other.inputs):
            continue
        where = _apart(found, wanted, tolerance, _largest(wanted) if follows else None)
        if where.any():
            differing.add(node.output)
            notes.append(Note("follows" if follows else _reason(long, made, where), node.output))
    return tuple(notes)


def _apart(found: Array, wanted: Array, tolerance: float, size: float | None) -> Array:
    """Which cells differ, relative to size; None: to themselves."""
    with np.errstate(all="ignore"):
        scale = np.maximum(np.abs(found), np.abs(wanted)) if size is None else size
        is_near = np.isfinite(found) & np.isfinite(wanted) & (np.abs(found - wanted) <= tolerance * scale)
    apart: Array = ~(is_near | (found == wanted) | (np.isnan(found) & np.isnan(wanted)))
    return apart


def _largest(values: Array) -> float:
    return float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0))


def _reason(long: Trace, made: Iterable[str], where: Array) -> Code:
    """What went wrong in the samples where the first tensor differs."""
    rows = where.any(axis=tuple(range(1, where.ndim)))
    ratios = list(_ratios(long, made))
    if any((long[node.inputs[1]][rows] == 0)[long[node.inputs[0]][rows] != 0].any() for node in ratios):
        return "divided_by_zero"
    if any(not np.isfinite(long[node.output][rows]).all() for node in ratios):
        return "ratio_too_large"
    return "rounding"


def _ratios(long: Trace, made: Iterable[str]) -> Iterator[Node]:
    """The divisions by a probability, which only the long way has."""
    names = set(made)
    return (node for node in long.program.nodes if node.part == "ratio" and node.output not in names)
