"""Every tensor as a program makes it of the learner's own before it, to judge a calculation that rounds each step."""

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from engine.derived import derived
from engine.doctor.bench import Bench, shape_of
from engine.doctor.case import Answer
from engine.doctor.closeness import distance, laid_over
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import beside_given, computed

# So often are the last digits of what a tensor is computed from moved, to see how far that moves the tensor.
NUDGES = 6


class Chain:
    """What was sent, taken as given, and beside it what a program makes of that.

    Parameters
    ----------
    program : the right one, or one with mistakes, with every tensor that was sent.
    given : values in the place of the case's.
    names : of the tensors to be had, sent or not; None: those that were sent.
    """

    def __init__(
        self,
        bench: Bench,
        program: Program,
        answer: Answer,
        given: Mapping[str, object] | None = None,
        names: Iterable[str] | None = None,
    ) -> None:
        self._bench = bench
        self._answer = answer
        self._given = given or {}
        self._usable = _usable(program, answer)
        self._program = _beside(program, tuple(self._usable))
        self._names = {name: computed(name) if name in self._usable else name for name in names or answer.results}

    @cached_property
    def own(self) -> dict[str, Array]:
        """Every tensor as it comes out of those that were sent before it."""
        return self._run(self._usable)

    @cached_property
    def noise(self) -> dict[str, float]:
        """How far the last digits of those before it move each tensor."""
        sent = self._answer.results
        noise = dict.fromkeys(self._names, 0.0)
        rng = np.random.default_rng(0)
        for _ in range(NUDGES if any(sent[name].half_unit for name in self._usable) else 0):
            moved = self._run(
                {
                    name: value + sent[name].half_unit * rng.uniform(-1, 1, value.shape)
                    for name, value in self._usable.items()
                }
            )
            noise = {name: max(noise[name], 1.5 * distance(moved[name], self.own[name])) for name in noise}
        return noise

    def _run(self, values: Mapping[str, Array]) -> dict[str, Array]:
        found = self._bench.run(self._program, self._answer.case, self._names.values(), {**self._given, **values})
        return {name: found[read] for name, read in self._names.items()}


def _usable(program: Program, answer: Answer) -> dict[str, Array]:
    """What was sent in the shape in which the program has it, where every number is finite."""
    made = {node.output for node in program.nodes}
    shapes = {name: shape_of(program, answer.case, name) for name in answer.results if name in made}
    found = ((name, laid_over(answer.results[name], shape)) for name, shape in shapes.items())
    return {name: values for name, values in found if values is not None and np.all(np.isfinite(values))}


@derived
def _beside(program: Program, names: tuple[str, ...]) -> Program:
    return beside_given(program, names)
