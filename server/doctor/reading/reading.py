"""From a text to tensors: the only reader of notation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from server.doctor.reading.conventions import (
    Layout,
    is_one_hot,
    layout_of,
    layout_question,
    samples_of,
    y_question,
)
from server.doctor.reading.decimals import Decimal
from server.doctor.reading.entries import Entry, by_layer, entries_of, from_one, of_modules
from server.doctor.reading.layouts import in_brackets
from server.doctor.reading.names import depth_of
from server.doctor.reading.numbered import together
from server.doctor.reading.numbers import Array, array_of
from server.doctor.reading.roles import with_layers, without_thetas
from server.doctor.reading.spelling import spelled
from server.doctor.reading.statements import statements_of, without_prompts
from server.doctor.reading.tokens import tokens_of
from server.doctor.reading.values import MOST_NUMBERS
from server.doctor.reading.words import Choice, Note, Question, note
from server.problems import Problem

MOST_CHARACTERS = 200_000
MOST_NAMES = 2_000
MOST_NOTES = 20
# More than anybody's by hand; "99" in a name is no layer.
MOST_LAYERS = 8


@dataclass(frozen=True, slots=True)
class Tensor:
    """Numbers under the playground's name.

    Attributes
    ----------
    written : the name as it stands in the text
    """

    array: Array
    written: str
    line: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """Numbers under a name that nobody knows."""

    written: str
    line: int
    array: Array | None


@dataclass(slots=True)
class Reading:
    """What a text says.

    Attributes
    ----------
    tensors : by the names of the playground, as they were written: columns stay columns
    questions : where two readings fit; what hangs on an answer is not among the tensors before it is given
    """

    tensors: dict[str, Tensor] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    layout: Layout | None = None


def read(
    text: str,
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
    Problem : 422 "text_too_large", the text is larger than the documented limits. Everything else is a note.
    """
    at_most("characters", len(text), MOST_CHARACTERS)
    answers = answers or {}
    plain, rewritten = in_brackets(spelled(text))
    plain = without_prompts(plain)
    tokens = tokens_of(plain)
    at_most("numbers", sum(token.kind in ("number", "pair", "word") for token in tokens), MOST_NUMBERS)
    statements, notes = statements_of(tokens, plain)
    at_most("names", len(statements), MOST_NAMES)
    asked: Decimal | None = decimal
    if asked is None and answers.get("decimal") in (".", ","):
        asked = "," if answers["decimal"] == "," else "."
    entries, more, question = entries_of(statements, tokens, plain, asked)
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
    _place(entries, answers, reading)
    _settle(answers, layout, reading)
    if not statements and not reading.notes:
        reading.notes.append(note("nothing"))
    return reading


def at_most(what: str, found: int, wanted: int) -> None:
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


def _place(entries: Sequence[Entry], answers: Mapping[str, str], reading: Reading) -> None:
    """Give every entry the playground's name."""
    layers = _layers(entries, answers, reading)
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.name is None or (layers is None and entry.name.place == "output" and entry.name.kind != "p"):
            tensor = None
        else:
            tensor = entry.name.canonical(layers or MOST_LAYERS)
        if tensor is None:
            if entry.name is None or layers is not None:
                array = None if entry.value is None else array_of(entry.value)
                reading.unknown.append(Unknown(entry.written, entry.line, array))
        elif entry.value is not None:
            found.setdefault(tensor, []).append(entry)
    for tensor, same in found.items():
        chosen = _one_of(tensor, same, answers, reading)
        if chosen is not None:
            _take(tensor, chosen, reading)
            if tensor.startswith("da") and chosen.name is not None and chosen.name.place == "hidden":
                other = tensor.replace("a", "z")
                params = {"name": chosen.written, "tensor": tensor, "other": other}
                reading.notes.append(note("masked", line=chosen.line, **params))


def _layers(entries: Sequence[Entry], answers: Mapping[str, str], reading: Reading) -> int | None:
    """How many layers with weights there are; None: a question asks."""
    names = [entry.name for entry in entries if entry.name is not None]
    known = depth_of(iter(names))
    if known is not None:
        return known
    at_the_output = [e for e in entries if e.name and e.name.place == "output" and e.name.kind not in ("p", "x", "y")]
    if not at_the_output:
        return MOST_LAYERS
    if answers.get("layers") in ("1", "2", "3"):
        return int(answers["layers"])
    choices = tuple(Choice(str(count), "layers_are", {"count": count}) for count in (1, 2, 3))
    written = tuple(dict.fromkeys(entry.written for entry in at_the_output))
    reading.questions.append(Question("layers", "layers", {}, choices, at_the_output[0].line, written))
    return None


def _one_of(tensor: str, same: Sequence[Entry], answers: Mapping[str, str], reading: Reading) -> Entry | None:
    """The entry that is meant where a tensor stands in a text several times; None: a question asks."""
    first, last = same[0], same[-1]
    if all(entry.value == first.value for entry in same):
        return first
    answer = answers.get(f"twice:{tensor}")
    if answer in ("first", "last"):
        return first if answer == "first" else last
    choices = (
        Choice("first", "twice_first", {"line": first.line}),
        Choice("last", "twice_last", {"line": last.line}),
    )
    params: dict[str, object] = {"name": tensor, "first": first.line, "last": last.line}
    reading.questions.append(Question(f"twice:{tensor}", "twice", params, choices, first.line, (tensor,)))
    return None


def _take(tensor: str, entry: Entry, reading: Reading) -> None:
    assert entry.value is not None
    array = array_of(entry.value)
    if array is None:
        reading.notes.append(note("ragged", line=entry.line, name=entry.written))
    elif len(array.shape) > 2 or 0 in array.shape:
        reading.notes.append(note("axes", line=entry.line, name=entry.written))
    else:
        if entry.said_shape is not None and entry.said_shape != array.shape:
            reading.notes.append(
                note(
                    "shape_differs",
                    line=entry.line,
                    name=entry.written,
                    found=str(entry.said_shape),
                    wanted=str(array.shape),
                )
            )
        reading.tensors[tensor] = Tensor(array, entry.written, entry.line)


def _settle(answers: Mapping[str, str], layout: Layout | None, reading: Reading) -> None:
    """What samples are, and what y holds: as it was said, as the shapes say, or asked."""
    arrays = {name: tensor.array for name, tensor in reading.tensors.items()}
    fitting = (layout,) if layout is not None else layout_of(arrays)
    if len(fitting) == 1:
        reading.layout = fitting[0]
    elif len(fitting) == 2:
        reading.questions.append(layout_question(reading.tensors["W1"].line))
    y = reading.tensors.get("y")
    if y is None or not is_one_hot(y.array):
        return
    samples = samples_of(arrays, reading.layout)
    count = y.array.shape[0]
    has_x = "x" in arrays
    if samples == count or not has_x:
        return
    if samples == 1 or answers.get("y") == "one_hot":
        reading.tensors["y"] = replace(y, array=Array([y.array.value], (1, count), y.array.decimals))
    elif answers.get("y") != "labels":
        del reading.tensors["y"]
        reading.questions.append(y_question(count, y.line))
