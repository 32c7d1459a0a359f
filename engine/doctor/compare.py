"""A learner's tensors beside those of a program: right, wrong, or right but for what stands before them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.doctor.bench import Bench
from engine.doctor.case import Answer
from engine.doctor.chain import Chain
from engine.doctor.closeness import distance, is_close, laid_over, ratio_of, relative_error
from engine.doctor.sent import Sent
from engine.primitives import Array
from engine.program import Program

Status = Literal["right", "wrong", "follows", "shape", "not_finite", "missing"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A tensor of a case.

    Parameters
    ----------
    status : follows: as it comes out of a wrong tensor before it.
    relative_error : the largest difference over the largest right number; None where it cannot be said.
    ratio : the one number by which all of it is off, or None.
    right : in our layout; None where nothing was sent.
    """

    status: Status
    relative_error: float | None = None
    ratio: float | None = None
    right: Array | None = None


class Comparison:
    """An answer beside a program.

    Parameters
    ----------
    program : the right one, or one with mistakes.
    """

    def __init__(
        self, bench: Bench, program: Program, answer: Answer, given: Mapping[str, object] | None = None
    ) -> None:
        self._bench = bench
        self._program = program
        self._answer = answer
        self._given = dict(given or {})
        self._sent = {name: tensor for name, tensor in answer.results.items() if name in program.tensors}
        self.expected = bench.run(program, answer.case, self._sent, given)
        self.noise = self._noise_of_float32()

    def judged(self) -> dict[str, Judged]:
        """Every tensor that was sent, in the order of the program."""
        statuses: dict[str, Status] = {}
        chain = Chain(self._bench, self._program, self._answer, self._given)
        for name, sent in self._sent.items():
            right = self.expected[name]
            status = self._plain_status(name, sent, right)
            if status == "wrong":
                if is_close(sent, chain.own[name], chain.noise[name]):
                    before = [statuses[parent] for parent in self._parents(name) if parent in statuses]
                    has_wrong = any(parent in ("wrong", "follows") for parent in before)
                    status = "follows" if has_wrong else "right" if before else "wrong"
            statuses[name] = status
        return {name: self._judged(name, status) for name, status in statuses.items()}

    def is_right(self) -> bool:
        """Whether the program explains everything that was sent."""
        return all(judged.status == "right" for judged in self.judged().values())

    def _plain_status(self, name: str, sent: Sent, right: Array) -> Status:
        values = laid_over(sent, right.shape)
        if values is None:
            return "shape"
        if is_close(sent, right, self.noise[name]):
            return "right"
        return "not_finite" if np.any(np.isfinite(right) & ~np.isfinite(values)) else "wrong"

    def _judged(self, name: str, status: Status) -> Judged:
        sent, right = self._sent[name], self.expected[name]
        values = laid_over(sent, right.shape)
        if values is None or not np.all(np.isfinite(values) & np.isfinite(right)):
            return Judged(status, None, None, right)
        return Judged(status, relative_error(values, right), ratio_of(sent, right), right)

    def _noise_of_float32(self) -> dict[str, float]:
        """How far float32 is from float64 in this very program, where the numbers may come from it."""
        if not any(sent.rtol > 5e-5 for sent in self._sent.values()):
            return dict.fromkeys(self._sent, 0.0)
        single = self._bench.run(self._program, self._answer.case, self._sent, self._given, "float32")
        return {name: 4 * distance(single[name], self.expected[name]) for name in self._sent}

    def _parents(self, name: str) -> Iterator[str]:
        """The tensors sent that this one is computed from, through tensors that were not sent."""
        made_by = {node.output: node for node in self._program.nodes}
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            node = made_by.get(waiting.pop())
            for parent in () if node is None else node.inputs:
                if parent in self._sent:
                    yield parent
                elif parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)


def missing_gradients(program: Program, sent: Iterable[str]) -> list[str]:
    """The gradients of parameters that are not among these."""
    sent = set(sent)
    wanted = [f"d{tensor.name}" for tensor in program.tensors.values() if tensor.role in ("W", "b")]
    return [name for name in wanted if name not in sent]
