"""Cases and diagnoses as JSON-able data, in the learner's layout."""

from dataclasses import asdict
from typing import Any

from engine.doctor.case import Case
from engine.doctor.compare import Judged
from engine.doctor.conventions import Conventions
from engine.doctor.diagnosis import Diagnosis, Finding, JudgedCase
from engine.model import ModelSpec
from server.http.json import number
from server.models.schemas import model_document


def cases_document(model: ModelSpec, conventions: Conventions, cases: list[Case]) -> dict[str, Any]:
    return {
        "model": model_document(model),
        "conventions": asdict(conventions),
        "cases": [case_document(case) for case in cases],
    }


def case_document(case: Case) -> dict[str, Any]:
    tensors, turn = case.program.tensors, case.orientation.to_theirs
    return {
        "name": case.name,
        "l2": case.model.l2,
        "parameters": {name: turn(tensors[name], value) for name, value in case.parameters.items()},
        "batch": {"x": turn(tensors["x"], case.batch.x), "y": case.model.output.target.shown(case.batch.y)},
    }


def diagnosis_document(diagnosis: Diagnosis, conventions: Conventions, guessed: list[str]) -> dict[str, Any]:
    return {
        "verdict": diagnosis.verdict,
        "mistakes": [_finding(finding) for finding in diagnosis.mistakes],
        "candidates": [_finding(finding) for finding in diagnosis.candidates],
        "alternatives": [list(ids) for ids in diagnosis.alternatives],
        "ask_next": None if diagnosis.ask_next is None else case_document(diagnosis.ask_next),
        "false_alarms": [
            {"id": alarm.id, "numbers": dict(alarm.numbers), "explanation": alarm.explanation}
            for alarm in diagnosis.false_alarms
        ],
        "pattern": None if diagnosis.pattern is None else asdict(diagnosis.pattern),
        "cases": [_judged_case(case) for case in diagnosis.cases],
        "model": model_document(diagnosis.cases[0].answer.case.model),
        "conventions": asdict(conventions),
        "guessed": guessed,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {**asdict(finding), "where": list(finding.where)}


def _judged_case(judged: JudgedCase) -> dict[str, Any]:
    return {
        "name": judged.answer.case.name,
        "tensors": {name: _judged(judged.answer.case, name, tensor) for name, tensor in judged.tensors.items()},
        "unread": list(judged.answer.unread),
    }


def _judged(case: Case, name: str, judged: Judged) -> dict[str, Any]:
    right = judged.right
    return {
        "status": judged.status,
        "relative_error": judged.relative_error,
        "ratio": None if judged.ratio is None else number(judged.ratio),
        "right": None if right is None else case.orientation.to_theirs(case.program.tensors[name], right),
    }
