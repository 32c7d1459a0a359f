"""From what was sent to a verdict: right, a mistake by its name, or what is wrong in words; never a false name."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import numpy as np

from engine.doctor.bench import Bench
from engine.doctor.case import Answer, Case
from engine.doctor.compare import Comparison, Judged, missing_gradients
from engine.doctor.corners import Corners
from engine.doctor.diagnosis import Diagnosis, FalseAlarm, Finding, JudgedCase, Pattern
from engine.doctor.evidence import Evidence, Match
from engine.doctor.false_alarms import false_alarms_of, log_of_zero, mask_at_zero, mean_taken_later
from engine.doctor.findings import findings_of
from engine.doctor.naming import Matches, pair_matches, single_matches
from engine.doctor.next_case import next_case
from engine.doctor.patterns import FAULTS, pattern_of
from engine.doctor.sent import rounded_alike
from engine.doctor.suspects import Suspects, ids_of
from engine.doctor.witness import StepwiseWitness, Witness
from engine.program import SAMPLE_AXIS, Program

Examination = Generator[None, None, Diagnosis]
Cases = tuple[JudgedCase, ...]
Divisor = Callable[[Answer, str], float]


def diagnose(
    answers: Sequence[Answer], cases: Sequence[Case] = (), bench: Bench | None = None, suspects: Suspects | None = None
) -> Diagnosis:
    """The verdict on these answers, at once."""
    examination = examine(answers, cases, bench or Bench(), suspects or Suspects())
    while True:
        try:
            next(examination)
        except StopIteration as end:
            diagnosis: Diagnosis = end.value
            return diagnosis


def examine(answers: Sequence[Answer], cases: Sequence[Case], bench: Bench, suspects: Suspects) -> Examination:
    """The verdict on these answers, with a pause after every part of a few milliseconds.

    Parameters
    ----------
    answers : at least one, in the order in which they were given.
    cases : what may be asked next where several mistakes fit.
    """
    results = rounded_alike([answer.results for answer in answers])
    answers = [replace(answer, results=read) for answer, read in zip(answers, results, strict=True)]
    readings = [(yield from _read(_Reading(answers), bench))]
    later = None if readings[0].is_right else _divided_later(answers)
    if later is not None:
        readings.append((yield from _read(_Reading(later, _divisor), bench)))
    for reading in readings:
        if reading.is_right:
            return _with_changed_inputs(reading.diagnosis(), suspects)
    # The sort is stable: as it is, unless less is wrong where the mean is taken later.
    readings.sort(key=lambda reading: reading.n_wrong)
    hearings: list[Evidence] = []
    for reading in readings:
        hearings += yield from _hearings(bench, suspects, reading)
    # An array that was never filled gives the same zeros as some mistakes.
    for matches_of in () if _is_all_zero(answers) else (_alone_or_alike, pair_matches):
        for evidence in hearings:
            matches = yield from matches_of(evidence, suspects)
            if matches:
                found = _named(evidence, bench, suspects, matches, cases)
                return _with_changed_inputs(found, suspects)
    pattern = pattern_of(answers[0].case.program, readings[0].cases)
    return _with_changed_inputs(Diagnosis("unknown", readings[0].cases, pattern=pattern), suspects)


def _alone_or_alike(evidence: Evidence, suspects: Suspects) -> Matches:
    """Every mistake that alone gives these numbers, and if there is one, every two others that do so together."""
    alone = yield from single_matches(evidence, suspects)
    alike = (yield from pair_matches(evidence, suspects, alone)) if alone else []
    return [*alone, *alike]


def _read(reading: "_Reading", bench: Bench) -> Generator[None, None, "_Reading"]:
    """A reading of all of its answers."""
    for answer in reading.answers:
        reading.judge(bench, answer)
        yield
    return reading


def _hearings(bench: Bench, suspects: Suspects, reading: "_Reading") -> Generator[None, None, list[Evidence]]:
    """The answers as numbers of the case alone; and where they are rounded, each step as one of those before it."""
    exact: list[Witness] = []
    stepwise: list[StepwiseWitness] = []
    for case in (case for case in reading.cases if case.answer.results):
        exact.append(Witness(bench, suspects, case))
        yield
        stepwise.append(StepwiseWitness(bench, suspects, case))
        yield
    has_rounded_steps = any(witness.has_rounded_steps for witness in stepwise)
    kinds: list[Sequence[Witness]] = [exact, stepwise] if has_rounded_steps else [exact] if exact else []
    return [Evidence(bench, suspects, reading.cases, witnesses) for witnesses in kinds]


def _is_all_zero(answers: Sequence[Answer]) -> bool:
    """Whether everything that was sent is 0."""
    sent = [tensor.values for answer in answers for tensor in answer.results.values()]
    return all(values is not None and not np.any(values) for values in sent)


def _named(
    evidence: Evidence,
    bench: Bench,
    suspects: Suspects,
    matches: Sequence[Match],
    cases: Sequence[Case],
) -> Diagnosis:
    """The one mistake, or the two, that fit; all of them where several do."""
    by_ids: dict[tuple[str, ...], Match] = {}
    for match in matches:
        by_ids.setdefault(ids_of(match.suspect), match)
    findings: dict[str, Finding] = {}
    for match in by_ids.values():
        for finding in findings_of(evidence, suspects, evidence.cases, match):
            findings.setdefault(finding.id, finding)
    found = tuple(findings.values())
    if len(by_ids) > 1:
        ask = next_case(bench, suspects, list(by_ids.values()), cases)
        return Diagnosis("undecided", evidence.cases, candidates=found, alternatives=tuple(by_ids), ask_next=ask)
    return Diagnosis("mistake" if len(found) == 1 else "mistakes", evidence.cases, mistakes=found)


def _with_changed_inputs(diagnosis: Diagnosis, suspects: Suspects) -> Diagnosis:
    """A call that has changed its inputs has made a mistake, whatever else it did."""
    changed = tuple(dict.fromkeys(name for case in diagnosis.cases for name in case.answer.changed))
    if not changed or not suspects.of_inputs():
        return diagnosis
    found = tuple(
        Finding(row.id, row.title, changed, {}, row.explanation, *(row.lines or ("", "")))
        for row in suspects.of_inputs()
    )
    if diagnosis.verdict in ("correct", "incomplete"):
        return replace(diagnosis, verdict="mistake", mistakes=found, false_alarms=())
    if diagnosis.verdict in ("mistake", "mistakes"):
        return replace(diagnosis, verdict="mistakes", mistakes=(*diagnosis.mistakes, *found))
    return replace(diagnosis, mistakes=found)


class _Reading:
    """The answers beside the right program, judged one by one."""

    def __init__(self, answers: Sequence[Answer], divisor: Divisor | None = None) -> None:
        self._divisor = divisor
        self._alarms = [] if divisor is None else [mean_taken_later()]
        self.answers = answers
        self.cases: Cases = ()

    def judge(self, bench: Bench, answer: Answer) -> None:
        """Put the answer beside the right program."""
        self.cases = (*self.cases, JudgedCase(answer, self._judged(bench, answer)))

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

    @property
    def n_wrong(self) -> int:
        return sum(each.status in FAULTS for case in self.cases for each in case.tensors.values())

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
