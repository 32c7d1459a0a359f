"""What the doctor answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.doctor.case import Answer, Case
from engine.doctor.compare import Judged

Verdict = Literal["correct", "mistake", "mistakes", "undecided", "unknown", "incomplete"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake that gives exactly these numbers.

    Parameters
    ----------
    where : the tensors that it makes wrong, those left out that only follow from them.
    numbers : what it leaves open, such as {"rate": 0.1}, found from the numbers sent.
    """

    id: str
    title: str
    where: tuple[str, ...]
    numbers: Mapping[str, float]
    explanation: str
    wrong_line: str
    right_line: str


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """Something that looks wrong and is right."""

    id: str
    explanation: str
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is wrong and where to look, where no name fits.

    Parameters
    ----------
    code : the kind of pattern, for translations.
    params : the names and numbers in the explanation.
    """

    code: str
    explanation: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """The tensors of a case, those missing last."""

    answer: Answer
    tensors: Mapping[str, Judged]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The verdict on all cases together.

    Parameters
    ----------
    candidates : of undecided, every mistake that gives exactly these numbers.
    alternatives : the ids of the candidates, of those together that only together give these numbers.
    ask_next : the case that would tell them apart; None: no case does.
    pattern : of unknown and incomplete, in words.
    """

    verdict: Verdict
    cases: tuple[JudgedCase, ...]
    mistakes: tuple[Finding, ...] = ()
    candidates: tuple[Finding, ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    ask_next: Case | None = None
    false_alarms: tuple[FalseAlarm, ...] = ()
    pattern: Pattern | None = None
