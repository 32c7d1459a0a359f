"""A learner's tensors beside those of a program: right, wrong, or right but for what stands before them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.doctor.bench import Bench
from engine.doctor.case import Answer
from engine.doctor.sent import Sent
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import beside_given, computed

Status = Literal["right", "wrong", "follows", "shape", "not_finite", "missing"]
# So often are the last digits of what a tensor is computed from moved, to see how far that moves the tensor.
NUDGES = 6


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


def is_close(sent: Sent, expected: Array, noise: float = 0.0) -> bool:
    """Whether the numbers are these, as exactly as they were written.

    Parameters
    ----------
    noise : what roundings on the way may have changed besides.
    """
    values = _laid_over(sent, expected)
    if values is None:
        return False
    finite = np.isfinite(expected)
    if not np.array_equal(np.isfinite(values), finite):
        return False
    with np.errstate(all="ignore"):
        wanted = np.abs(expected[finite])
        off = np.abs(values[finite] - expected[finite])
        allowed = sent.half_unit * 1.000001 + sent.rtol * wanted + sent.atol * np.max(wanted, initial=0.0) + noise
        return bool(np.all(off <= allowed))


def _laid_over(sent: Sent, expected: Array) -> Array | None:
    """The values in the shape of what they are compared with, axes that are left out added. None: another shape."""
    values = sent.values
    if values is None or values.shape == expected.shape:
        return values
    is_turned = values.ndim == expected.ndim == 2
    if is_turned or np.squeeze(values).shape != np.squeeze(expected).shape:
        return None
    return values.reshape(expected.shape)


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
        chain: tuple[dict[str, Array], dict[str, float]] | None = None
        for name, sent in self._sent.items():
            right = self.expected[name]
            status = self._plain_status(name, sent, right)
            if status == "wrong":
                chain = chain or self._from_their_own()
                own, noise = chain
                if is_close(sent, own[name], noise[name]):
                    before = [statuses[parent] for parent in self._parents(name) if parent in statuses]
                    has_wrong = any(parent in ("wrong", "follows") for parent in before)
                    status = "follows" if has_wrong else "right" if before else "wrong"
            statuses[name] = status
        return {name: self._judged(name, status) for name, status in statuses.items()}

    def is_right(self) -> bool:
        """Whether the program explains everything that was sent."""
        return all(judged.status == "right" for judged in self.judged().values())

    def is_exact(self) -> bool:
        """Whether everything that was sent is what the program computes from the case alone."""
        return all(is_close(sent, self.expected[name], self.noise[name]) for name, sent in self._sent.items())

    def _plain_status(self, name: str, sent: Sent, right: Array) -> Status:
        values = _laid_over(sent, right)
        if values is None:
            return "shape"
        if is_close(sent, right, self.noise[name]):
            return "right"
        return "not_finite" if np.any(np.isfinite(right) & ~np.isfinite(values)) else "wrong"

    def _judged(self, name: str, status: Status) -> Judged:
        sent, right = self._sent[name], self.expected[name]
        values = _laid_over(sent, right)
        if values is None or not np.all(np.isfinite(values) & np.isfinite(right)):
            return Judged(status, None, None, right)
        return Judged(status, _relative_error(values, right), ratio_of(sent, right), right)

    def _noise_of_float32(self) -> dict[str, float]:
        """How far float32 is from float64 in this very program, where the numbers may come from it."""
        if not any(sent.rtol > 5e-5 for sent in self._sent.values()):
            return dict.fromkeys(self._sent, 0.0)
        single = self._bench.run(self._program, self._answer.case, self._sent, self._given, "float32")
        return {name: 4 * _distance(single[name], self.expected[name]) for name in self._sent}

    def _usable(self) -> dict[str, Array]:
        found = ((name, _laid_over(sent, self.expected[name])) for name, sent in self._sent.items())
        return {name: values for name, values in found if values is not None and np.all(np.isfinite(values))}

    def _from_their_own(self) -> tuple[dict[str, Array], dict[str, float]]:
        """Every tensor as it comes out of the learner's own before it, and how far their last digits move it."""
        given = self._usable()
        if not given:
            return dict(self.expected), dict.fromkeys(self._sent, 0.0)
        program = beside_given(self._program, given)
        names = [computed(name) for name in given]

        def run(values: Mapping[str, Array]) -> dict[str, Array]:
            found = self._bench.run_once(program, self._answer.case, names, {**self._given, **values})
            return {name: found[computed(name)] for name in given}

        own = run(given)
        noise = dict.fromkeys(given, 0.0)
        rng = np.random.default_rng(0)
        for _ in range(NUDGES if any(self._sent[name].half_unit for name in given) else 0):
            moved = run(
                {name: v + self._sent[name].half_unit * rng.uniform(-1, 1, v.shape) for name, v in given.items()}
            )
            noise = {name: max(noise[name], 1.5 * _distance(moved[name], own[name])) for name in given}
        return {**self.expected, **own}, {**dict.fromkeys(self._sent, 0.0), **noise}

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


def ratio_of(sent: Sent, right: Array) -> float | None:
    """The number c for which sent = c * right in every cell; None where there is none, or where c is 1."""
    values = _laid_over(sent, right)
    assert values is not None
    with np.errstate(all="ignore"):
        weight = float(np.sum(right * right))
        ratio = float(np.sum(values * right)) / weight if weight > 0 else np.nan
    if not np.isfinite(ratio) or is_close(sent, right) or not is_close(sent, ratio * right):
        return None
    return ratio


def _relative_error(values: Array, right: Array) -> float | None:
    largest = float(np.max(np.abs(right), initial=0.0))
    with np.errstate(all="ignore"):
        error = _distance(values, right) / largest if largest > 0 else np.inf
    return error if np.isfinite(error) else None


def _distance(a: Array, b: Array) -> float:
    with np.errstate(all="ignore"):
        off = np.abs(np.asarray(a, np.float64) - b)
    finite = off[np.isfinite(off)]
    return float(np.max(finite, initial=0.0))
