"""A match in words: where the mistake is, the line that is wrong and the line that is right."""

from collections.abc import Iterator, Sequence

from engine.doctor.case import Case
from engine.doctor.diagnosis import Finding, JudgedCase
from engine.doctor.evidence import Evidence, Match
from engine.doctor.patterns import wrong_names
from engine.doctor.suspects import Made, Suspects


def findings_of(evidence: Evidence, suspects: Suspects, cases: Sequence[JudgedCase], match: Match) -> Iterator[Finding]:
    """One finding a mistake, the first made first."""
    wrong = wrong_names(cases)
    for made in match.suspect:
        affected = _affected(evidence, made, match)
        where = [name for name in wrong if name in affected] or wrong
        number = made.mistake.number
        numbers = {} if number is None else {number.name: float(match.numbers.get(number.name, number.default))}
        wrong_line, right_line = _lines(suspects, [case.answer.case for case in cases], made)
        words = " ".join(filter(None, [made.mistake.explanation, made.mistake.false_alarm]))
        yield Finding(made.id, made.mistake.title, tuple(where), numbers, words, wrong_line, right_line)


def _affected(evidence: Evidence, made: Made, match: Match) -> set[str]:
    """The tensors sent that this mistake alone makes others than they should be."""
    found: set[str] = set()
    for witness in evidence.witnesses:
        expected = witness.predicted((made,), match.numbers)
        found |= {name for name in witness.names if expected is None or not witness.is_unchanged(name, expected)}
    return found


def _lines(suspects: Suspects, cases: Sequence[Case], made: Made) -> tuple[str, str]:
    """The lines of the first case whose program the mistake changes."""
    lines = made.mistake.lines or ("", "")
    for case in cases:
        wrong = suspects.program(case.program, (made,))
        if wrong is not None and wrong is not case.program:
            return made.mistake.lines_in(case.program, wrong)
    return lines
