"""From what was sent to a verdict: right, a mistake by its name, or what is wrong in words; never a false name."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from engine.doctor.bench import Bench
from engine.doctor.case import Answer
from engine.doctor.compare import Comparison, Judged, missing_gradients
from engine.doctor.corners import Corners
from engine.doctor.diagnosis import Diagnosis, FalseAlarm, JudgedCase, Pattern
from engine.doctor.false_alarms import false_alarms_of, log_of_zero, mask_at_zero, mean_taken_later
from engine.doctor.patterns import pattern_of
from engine.program import SAMPLE_AXIS, Program

Course = Generator[None, None, Diagnosis]
Divisor = Callable[[Answer, str], float]


def diagnose(answers: Sequence[Answer], bench: Bench | None = None) -> Diagnosis:
    """The verdict on these answers, at once."""
    course = examine(answers, bench)
    while True:
        try:
            next(course)
        except StopIteration as end:
            diagnosis: Diagnosis = end.value
            return diagnosis


def examine(answers: Sequence[Answer], bench: Bench | None = None) -> Course:
    """The verdict on these answers, with a pause after every part of a few milliseconds.

    Parameters
    ----------
    answers : at least one, in the order in which they were given.
    """
    bench = bench or Bench()
    first = as_it_is = _Reading(bench, answers)
    yield
    if not as_it_is.is_right:
        later = _divided_later(answers)
        if later is not None:
            other = _Reading(bench, later, _divisor)
            yield
            first = other if other.is_right else first
    if first.is_right:
        return first.diagnosis()
    return Diagnosis("unknown", first.cases, pattern=pattern_of(answers[0].case.program, first.cases))


class _Reading:
    """The answers beside the right program."""

    def __init__(self, bench: Bench, answers: Sequence[Answer], divisor: Divisor | None = None) -> None:
        self._divisor = divisor
        self._alarms = [] if divisor is None else [mean_taken_later()]
        self.answers = answers
        self.cases = tuple(JudgedCase(answer, self._judged(bench, answer)) for answer in answers)

    def _judged(self, bench: Bench, answer: Answer) -> dict[str, Judged]:
        judged = Comparison(bench, answer.case.program, answer).judged()
        if any(each.status != "right" for each in judged.values()):
            corners = Corners(bench, answer.case)
            t = corners.slope_of(answer)
            if t is not None:
                self._alarms.append(mask_at_zero(t))
                judged = corners.compared(answer, t).judged()
        if self._divisor is not None:
            judged = {name: _multiplied(each, self._divisor(answer, name)) for name, each in judged.items()}
        return judged | {name: Judged("missing") for name in missing_gradients(answer.case.program, judged)}

    @property
    def is_right(self) -> bool:
        """Whether something was sent and all of it is right."""
        sent = [(case, name) for case in self.cases for name in case.tensors if _status(case, name) != "missing"]
        wrong = [(case, name) for case, name in sent if _status(case, name) != "right"]
        has_gone_on = all(case.answer.raised is None for case in self.cases)
        return bool(sent) and has_gone_on and all(_is_log_of_zero(case, name) for case, name in wrong)

    def diagnosis(self) -> Diagnosis:
        """Correct or incomplete."""
        program = self.answers[0].case.program
        alarms = [*self._alarms]
        if any(_is_log_of_zero(case, name) for case in self.cases for name in case.tensors):
            alarms.append(log_of_zero())
        seen = {name for case in self.cases for name in case.tensors if _status(case, name) == "right"}
        missing = missing_gradients(program, seen)
        if missing:
            return Diagnosis("incomplete", self.cases, false_alarms=_once(alarms), pattern=_incomplete(missing))
        alarms += false_alarms_of(self.answers[0].case.model, program)
        return Diagnosis("correct", self.cases, false_alarms=_once(alarms))


def _status(case: JudgedCase, name: str) -> str:
    return case.tensors[name].status


def _is_log_of_zero(case: JudgedCase, name: str) -> bool:
    """Whether this is a loss that is not finite: the gradients are not made from its number."""
    return _status(case, name) == "not_finite" and not _is_used(case.answer.case.program, name)


def _is_used(program: Program, name: str) -> bool:
    """Whether a gradient is made from this tensor."""
    used = {name}
    for node in program.nodes:
        if used.intersection(node.inputs):
            used.add(node.output)
            if node.phase == "backward":
                return True
    return program.tensors[name].role.startswith("d") and name != "data_loss"


def _divided_later(answers: Sequence[Answer]) -> list[Answer] | None:
    """The answers with every gradient of a single sample divided by m; None where there is none."""
    if all(_divisor(answer, name) == 1 for answer in answers for name in answer.results):
        return None
    return [
        replace(
            answer,
            results={name: sent.divided_by(_divisor(answer, name)) for name, sent in answer.results.items()},
        )
        for answer in answers
    ]


def _divisor(answer: Answer, name: str) -> float:
    """m for a gradient of single samples, where the loss is a mean."""
    tensor = answer.case.program.tensors[name]
    is_of_samples = SAMPLE_AXIS in tensor.axes and tensor.of is not None
    return float(answer.case.batch.m) if is_of_samples and answer.case.model.reduction == "mean" else 1.0


def _multiplied(judged: Judged, by: float) -> Judged:
    return judged if judged.right is None else replace(judged, right=by * judged.right)


def _incomplete(missing: Sequence[str]) -> Pattern:
    return Pattern(
        "incomplete",
        f"Everything that you sent is right. {', '.join(missing)} is missing: send it too.",
        {"tensors": list(missing)},
    )


def _once(alarms: Sequence[FalseAlarm]) -> tuple[FalseAlarm, ...]:
    return tuple({alarm.id: alarm for alarm in alarms}.values())
