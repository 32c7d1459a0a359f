"""One answer, ready to be held against what a suspect would have given."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.batch import Batch
from engine.doctor.bench import Bench
from engine.doctor.case import Answer, Case
from engine.doctor.chain import Chain
from engine.doctor.closeness import is_close, laid_over
from engine.doctor.compare import Comparison
from engine.doctor.corners import Corners
from engine.doctor.diagnosis import JudgedCase
from engine.doctor.patterns import FAULTS
from engine.doctor.prediction import predicted, predicted_stepwise
from engine.doctor.suspects import Suspect, Suspects
from engine.primitives import Array
from engine.program import SAMPLE_AXIS

MOST_BITS_OF_A_CELL = 16
# Few mistakes give a tensor another shape.
BITS_OF_A_SHAPE = 4
# A step further from a suspect's than so many times the largest noise of any step is another one.
FAR = 20.0
# The best number may leave cells so many times further off than their digits: it is the best for all of them together.
NEAR = 8.0
# At a corner a learner's slope may be any of these.
SLOPES_AT_A_CORNER = (None, 1.0, 0.0, 0.5)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Tensors as a suspect would have given them.

    Parameters
    ----------
    noise : name -> how far roundings on the way may have moved that tensor.
    """

    values: Mapping[str, Array]
    noise: Callable[[str], float]


class Witness:
    """An answer beside what a suspect computes from the case alone.

    Attributes
    ----------
    wrong : the tensors that a suspect has to explain.
    right : as the right program has them.
    slopes : those to try at the corners of this case.
    """

    def __init__(self, bench: Bench, suspects: Suspects, judged: JudgedCase) -> None:
        self._bench = bench
        self._suspects = suspects
        self.answer = judged.answer
        self.case = judged.answer.case
        self.sent = judged.answer.results
        self.names = tuple(self.sent)
        self.off = tuple(name for name, each in judged.tensors.items() if each.status in (*FAULTS, "follows"))
        self.wrong = self._wrong(judged)
        self._noise = Comparison(bench, self.case.program, self.answer).noise
        self.right = self._right()
        self._usual = {name: _largest(value) for name, value in self.right.items()}
        self.slopes = SLOPES_AT_A_CORNER if Corners(bench, self.case).are_hit else (None,)

    def _wrong(self, judged: JudgedCase) -> tuple[str, ...]:
        return self.off

    def _right(self) -> Mapping[str, Array]:
        return self._bench.run(self.case.program, self.case, self.names)

    def predicted(
        self,
        suspect: Suspect,
        numbers: Mapping[str, object] | None = None,
        names: Iterable[str] = (),
        slope: float | None = None,
    ) -> Prediction | None:
        """What a suspect would have given for everything that was sent, and for these names; None: nothing.

        Parameters
        ----------
        numbers : in the place of what the suspect leaves open, or has carried over.
        slope : at the corners.
        """
        return self._predicted(suspect, (*self.names, *names), numbers, slope)

    def _predicted(
        self, suspect: Suspect, names: tuple[str, ...], numbers: Mapping[str, object] | None, slope: float | None
    ) -> Prediction | None:
        values = predicted(self._bench, self._suspects, self.case, suspect, names, numbers, slope)
        return None if values is None else self.prediction(values)

    def prediction(self, values: Mapping[str, Array]) -> Prediction:
        """Values as if a suspect had given them."""

        def noise(name: str) -> float:
            noise, usual = self._noise[name], self._usual[name]
            return noise * max(1.0, _largest(values[name]) / usual) if noise and usual else noise

        return Prediction(values, noise)

    def with_labels(self, y: Array) -> Prediction:
        """What the right program gives with other labels."""
        return self.prediction(self._bench.run(self.case.program, self.case, self.names, {"y": y}))

    def added(self, name: str, row: int, y: Array) -> Array:
        """What one sample with this label adds to a tensor; where the tensor has a row a sample, that row of it."""
        rows = slice(row, row + 1)
        case = replace(self.case, batch=Batch(self.case.batch.x[rows], y[None]))
        part = self._part(name, case, rows)
        if SAMPLE_AXIS not in case.program.tensors[name].axes:
            return part
        whole = np.zeros_like(self.right[name])
        whole[rows] = part
        return whole

    def _part(self, name: str, case: Case, rows: slice) -> Array:
        """A tensor of one sample in a batch of as many as there are."""
        return self._bench.run(case.program, case, (name,), self._whole)[name]

    @property
    def _whole(self) -> dict[str, object]:
        return {"m": float(self.case.batch.m)}

    def explains(self, suspect: Suspect, numbers: Mapping[str, object], slope: float | None) -> bool:
        """Whether a suspect gives the numbers sent; most fail at the wrong tensor nearest to the loss."""
        for names in (self.wrong[:1], self.names):
            expected = self._predicted(suspect, names, numbers, slope)
            if expected is None or not self.fits(expected, names):
                return False
        return True

    def is_near(self, suspect: Suspect, numbers: Mapping[str, object]) -> bool:
        """Whether a suspect gives the numbers sent, or others that are hardly further off than their digits."""
        expected = self.predicted(suspect, numbers)
        return expected is not None and all(
            is_close(sent.with_tolerance(NEAR), expected.values[name], NEAR * expected.noise(name))
            for name, sent in self.sent.items()
        )

    def fits(self, prediction: Prediction, names: Iterable[str] | None = None) -> bool:
        """Whether these are the numbers sent."""
        return all(self.is_close(name, prediction) for name in (self.names if names is None else names))

    def is_close(self, name: str, prediction: Prediction) -> bool:
        return is_close(self.sent[name], prediction.values[name], prediction.noise(name))

    def is_unchanged(self, name: str, prediction: Prediction) -> bool:
        """Whether this is the right tensor, as far as the digits sent can show."""
        return not self.is_clearly_other(name, prediction.values[name], self.right[name], 1.0)

    def is_clearly_other(self, name: str, a: Array, b: Array, times: float = 8.0) -> bool:
        """Whether two tensors are further apart than so many times what the digits sent can show."""
        if a.shape != b.shape:
            return True
        sent = self.sent[name]
        with np.errstate(all="ignore"):
            allowed = times * (sent.half_unit + sent.least + sent.atol * _largest(b) + sent.rtol * np.abs(b))
            return not np.all((np.abs(a - b) <= allowed) | (a == b) | (np.isnan(a) & np.isnan(b)))

    @property
    def bits(self) -> float:
        """How much the wrong tensors say: the more cells and digits, the less is chance."""
        return sum(self._bits_of(name) for name in self.off)

    def _bits_of(self, name: str) -> float:
        sent = self.sent[name]
        if sent.values is None:
            return 0.0
        values = sent.values[np.isfinite(sent.values)]
        if len(values) < sent.values.size:
            return MOST_BITS_OF_A_CELL
        spread = 2 * max(_largest(values), _largest(self.right[name]))
        finest = sent.half_unit + sent.atol * spread + self._noise[name] + 1e-300
        shape = 0 if laid_over(sent, self.right[name].shape) is not None else BITS_OF_A_SHAPE
        return shape + float(values.size * np.clip(np.log2(max(spread, 1e-300) / finest), 0, MOST_BITS_OF_A_CELL))


class StepwiseWitness(Witness):
    """An answer of which each step is held against what a suspect computes from the learner's own steps before it."""

    def _wrong(self, judged: JudgedCase) -> tuple[str, ...]:
        return tuple(name for name in self.off if judged.tensors[name].status in FAULTS)

    def _right(self) -> Mapping[str, Array]:
        self._steps = Chain(self._bench, self.case.program, self.answer)
        return self._steps.own

    def _predicted(
        self, suspect: Suspect, names: tuple[str, ...], numbers: Mapping[str, object] | None, slope: float | None
    ) -> Prediction | None:
        chain = predicted_stepwise(self._bench, self._suspects, self.answer, suspect, names, numbers, slope)
        return None if chain is None else Prediction(chain.own, lambda name: chain.noise[name])

    def is_close(self, name: str, prediction: Prediction) -> bool:
        expected = prediction.values[name]
        # The noise of a suspect costs several runs: it is asked for only where it could matter.
        scale = max(1.0, _largest(expected) / max(_largest(self.right[name]), 1e-300))
        if not is_close(self.sent[name], expected, FAR * scale * max(self._steps.noise.values())):
            return False
        return is_close(self.sent[name], expected) or super().is_close(name, prediction)

    def prediction(self, values: Mapping[str, Array]) -> Prediction:
        return Prediction(values, lambda name: self._steps.noise[name])

    def with_labels(self, y: Array) -> Prediction:
        chain = Chain(self._bench, self.case.program, self.answer, {"y": y})
        return Prediction(chain.own, lambda name: chain.noise[name])

    def _part(self, name: str, case: Case, rows: slice) -> Array:
        tensors = case.program.tensors
        sent = {
            other: replace(tensor, values=tensor.values[rows])
            for other, tensor in self.sent.items()
            if tensor.values is not None and SAMPLE_AXIS in tensors[other].axes
        }
        return Chain(self._bench, case.program, Answer(case, sent), self._whole, (name,)).own[name]

    @property
    def has_rounded_steps(self) -> bool:
        """Whether digits of one tensor that was sent move another one."""
        return any(self._steps.noise.values())


def _largest(values: Array) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(np.max(finite, initial=0.0))
