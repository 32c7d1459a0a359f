"""From a text to tensors: the only reader of notation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.doctor.reading.entries import by_layer, entries_of, from_one, of_modules
from server.doctor.reading.layouts import in_brackets
from server.doctor.reading.names.labels import without_prompts
from server.doctor.reading.numbered import together
from server.doctor.reading.placing import place, settle
from server.doctor.reading.reading import Reading
from server.doctor.reading.roles import with_layers, without_thetas
from server.doctor.reading.statements import statements_of
from server.doctor.reading.text.decimals import Decimal
from server.doctor.reading.text.spelling import spelled
from server.doctor.reading.text.tokens import NUMBERS, tokens_of
from server.doctor.reading.text.words import Note, note
from server.doctor.reading.values.conventions import Layout
from server.problems import Problem

MOST_NOTES = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest text that is read."""

    characters: int
    numbers: int
    names: int


def read(
    text: str,
    limits: Limits,
    answers: Mapping[str, str] | None = None,
    decimal: Decimal | None = None,
    layout: Layout | None = None,
) -> Reading:
    """Read tensors out of anything that people paste.

    Parameters
    ----------
    answers : to the questions of a reading before, by their ids.
    decimal : the mark before decimals, where it is known.

    Raises
    ------
    Problem : 422 "text_too_large", the text is larger than the limits. Everything else is a note.
    """
    _at_most("characters", len(text), limits.characters)
    answers = answers or {}
    # One letter may be spelled with eighteen.
    plain = spelled(text)
    _at_most("characters", len(plain), limits.characters)
    plain, rewritten = in_brackets(plain)
    plain = without_prompts(plain)
    tokens = tokens_of(plain)
    _at_most("numbers", sum(token.kind in NUMBERS for token in tokens), limits.numbers)
    statements, notes = statements_of(tokens, plain)
    _at_most("names", len(statements), limits.names)
    asked: Decimal | None = decimal
    if asked is None and answers.get("decimal") in (".", ","):
        asked = "," if answers["decimal"] == "," else "."
    entries, more, question = entries_of(statements, tokens, plain, asked, limits.numbers)
    reading = Reading(notes=_first(rewritten + notes + more))
    if question is not None:
        reading.questions.append(question)
    numbered = together(entries, answers)
    reading.notes += numbered.notes
    reading.questions += numbered.questions
    entries, shifted = from_one(by_layer(of_modules(numbered.entries)))
    reading.notes += shifted
    if numbered.is_built:
        layout = "rows"
    elif layout is None and answers.get("layout") in ("rows", "columns"):
        layout = "columns" if answers["layout"] == "columns" else "rows"
    entries = with_layers(entries, answers, reading.questions)
    entries = without_thetas(entries, answers, layout, reading.questions, reading.notes)
    place(entries, answers, reading)
    settle(answers, layout, reading)
    if not statements and not reading.notes:
        reading.notes.append(note("nothing"))
    return reading


def _at_most(what: str, found: int, wanted: int) -> None:
    """Refuse a text with more of something than anybody pastes."""
    if found > wanted:
        raise Problem(
            422,
            "text_too_large",
            f"The text has {found} {what}; at most {wanted} are read. Paste the numbers of one small case.",
            what=what,
            found=found,
            wanted=wanted,
        )


def _first(notes: Sequence[Note]) -> list[Note]:
    """The first few notes say what is wrong with a text of a hundred thousand lines."""
    if len(notes) <= MOST_NOTES:
        return list(notes)
    return [*notes[:MOST_NOTES], note("more", count=len(notes) - MOST_NOTES)]
