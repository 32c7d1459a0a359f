"""Pre-activations exactly at a corner, where any slope between those of the two sides is right."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.doctor.bench import Bench
from engine.doctor.case import Answer, Case
from engine.doctor.compare import Comparison
from engine.gradient_check import corners_of
from engine.model import scalars_of
from engine.primitives import PRIMITIVES, Array
from engine.program import Program
from engine.rewrites import take_as_given


@dataclass(frozen=True, slots=True)
class _Corner:
    """The slopes of a layer, the cells at its corner, and the slopes at the two sides."""

    mask: Array
    cells: Array
    left: float
    right: float


class Corners:
    """The corners that a case hits.

    Parameters
    ----------
    program : the right one of the case.
    """

    def __init__(self, bench: Bench, case: Case) -> None:
        self._bench = bench
        self._found = dict(_corners_in(bench, case))
        self._program = take_as_given(case.program, self._found)

    @property
    def are_hit(self) -> bool:
        """Whether any pre-activation is at a corner."""
        return bool(self._found)

    def slope_of(self, answer: Answer) -> float | None:
        """The t in [0, 1] with which the answer is right, 0 for the left slope and 1 for the right one; or None."""
        if not self._found:
            return None
        for t in (0.0, 1.0, 0.5, self._fitted(answer)):
            if t is not None and self.compared(answer, t).is_right():
                return t
        return None

    def compared(self, answer: Answer, t: float) -> Comparison:
        """The answer beside the right program with this slope at the corners."""
        return Comparison(self._bench, self._program, answer, self._masks(t))

    def _masks(self, t: float) -> dict[str, Array]:
        return {
            name: np.where(corner.cells, (1 - t) * corner.left + t * corner.right, corner.mask)
            for name, corner in self._found.items()
        }

    def _fitted(self, answer: Answer) -> float | None:
        """The t nearest to the numbers; exact where one layer is at its corner, a step of Newton's method otherwise."""
        t = 0.5
        for _ in range(3):
            here, beyond = (self.compared(answer, at).expected for at in (t, t + 0.25))
            top = bottom = 0.0
            for name, sent in answer.results.items():
                if sent.values is None or sent.values.shape != here[name].shape:
                    continue
                way, wanted = beyond[name] - here[name], sent.values - here[name]
                usable = np.isfinite(way) & np.isfinite(wanted)
                top += float(np.sum(way[usable] * wanted[usable]))
                bottom += float(np.sum(way[usable] ** 2))
            if bottom == 0:
                return None
            t += 0.25 * top / bottom
        return t if -1e-3 <= t <= 1.001 else None


def _corners_in(bench: Bench, case: Case) -> Iterator[tuple[str, _Corner]]:
    program = case.program
    for z, (layer, corner) in corners_of(case.model).items():
        mask = program.named("mask", layer)
        node = next((node for node in program.nodes if node.output == mask), None)
        if mask is None or node is None or node.inputs[0] != z:
            continue
        values = bench.run(program, case, [z, mask])
        cells = values[z] == corner
        left, right = _sides(program, node.op, node.inputs[1:], case, corner)
        if cells.any() and left != right:
            yield mask, _Corner(values[mask], cells, left, right)


def _sides(program: Program, op: str, numbers: tuple[str, ...], case: Case, corner: float) -> tuple[float, float]:
    """The slopes a hair's breadth to the left and to the right of a corner."""
    known = scalars_of(case.model, None, case.batch.m)
    out = np.empty(2)
    PRIMITIVES[op].kernel(corner + np.array([-1e-9, 1e-9]), *(np.array(float(known[name])) for name in numbers), out)
    return float(np.round(out[0], 6)), float(np.round(out[1], 6))
