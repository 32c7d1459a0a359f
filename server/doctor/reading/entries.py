"""What stands in a text under one name, before the network is known that it belongs to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.doctor.reading.names.name import Name
from server.doctor.reading.names.names import parsed
from server.doctor.reading.statements import Statement
from server.doctor.reading.text.decimals import Decimal, decimal_of
from server.doctor.reading.text.errors import Unreadable
from server.doctor.reading.text.tokens import Token
from server.doctor.reading.text.words import Choice, Note, Question, note
from server.doctor.reading.values.calls import Room
from server.doctor.reading.values.numbers import Nested, array_of
from server.doctor.reading.values.values import build

_MODULE = re.compile(r"([0-9]{1,2})\.((?:weight|bias)(?:\.grad)?)")
_LAYERED = ("W", "b", "z", "mask", "delta", "theta")


@dataclass(frozen=True, slots=True)
class Entry:
    """One name with its numbers.

    Attributes
    ----------
    name : what the name says; None: nobody knows it
    value : None where a question has to be answered first
    """

    written: str
    name: Name | None
    line: int
    value: Nested | None
    said_shape: tuple[int, ...] | None = None


def entries_of(
    statements: Sequence[Statement], tokens: Sequence[Token], text: str, asked: Decimal | None, most: int
) -> tuple[list[Entry], list[Note], Question | None]:
    """The numbers of every statement, and the question of the decimal comma where both readings fit.

    Parameters
    ----------
    most : how many numbers np.zeros(...) may stand for.
    """
    room = Room(most)
    marks = [decimal_of(tokens, statement.span) for statement in statements]
    others = {
        mark
        for statement, mark in zip(statements, marks, strict=True)
        if mark is not None and _tells(tokens, statement, mark)
    }
    default = asked or (others.pop() if len(others) == 1 else None)
    entries: list[Entry] = []
    notes: list[Note] = [] if asked else _read_as_decimals(statements, marks, tokens)
    undecided: list[Statement] = []
    for statement, mark in zip(statements, marks, strict=True):
        decimal = mark or default
        value: Nested | None = None
        if decimal is None:
            undecided.append(statement)
        else:
            try:
                built = build(tokens, statement.span, text, decimal=decimal, room=room)
            except Unreadable as problem:
                notes.append(note(problem.code, line=statement.line, **problem.params))
                continue
            value = built.value
            if built.by_lines:
                notes.append(note("by_lines", line=statement.line, name=statement.written))
        name = parsed(statement.written)
        entries.append(Entry(statement.written, name, statement.line, value, statement.said_shape))
    return entries, notes, _decimal_question(undecided, tokens) if undecided else None


def _tells(tokens: Sequence[Token], statement: Statement, mark: Decimal) -> bool:
    """Whether a value says what the comma is in the whole text: by a number with a point, or a decimal comma."""
    part = tokens[statement.span.begin : statement.span.stop]
    return mark == "," or any(token.kind == "number" and "." in token.text for token in part)


def _read_as_decimals(
    statements: Sequence[Statement], marks: Sequence[Decimal | None], tokens: Sequence[Token]
) -> list[Note]:
    """That commas stand before decimals, told once where nobody was asked."""
    spans = [statement.span for statement, mark in zip(statements, marks, strict=True) if mark == ","]
    found = next((token for span in spans for token in tokens[span.begin : span.stop] if token.kind == "pair"), None)
    if found is None:
        return []
    return [note("commas", line=found.line, found=found.text, read=found.text.replace(",", "."))]


def _decimal_question(statements: Sequence[Statement], tokens: Sequence[Token]) -> Question:
    first = statements[0].span
    pair = next(token for token in tokens[first.begin : first.stop] if token.kind == "pair")
    return Question(
        "decimal",
        "decimal",
        {"line": pair.line, "found": pair.text},
        (
            Choice(",", "decimal_comma", {"read": pair.text.replace(",", ".")}),
            Choice(".", "decimal_point", {"read": ", ".join(pair.text.split(","))}),
        ),
        pair.line,
        tuple(dict.fromkeys(statement.written for statement in statements)),
    )


def by_layer(entries: Sequence[Entry]) -> list[Entry]:
    """Lists that hold a matrix for each layer, one entry a layer: nabla_w = [array(...), array(...)]."""
    found: list[Entry] = []
    for entry in entries:
        name, value = entry.name, entry.value
        is_list = isinstance(value, list) and len(value) > 1 and all(isinstance(part, list) for part in value)
        array = None if value is None else array_of(value)
        if (
            not is_list
            or name is None
            or name.layer is not None
            or name.kind not in _LAYERED
            or (array is not None and len(array.shape) != 3)
            or any(array_of(part) is None for part in value or ())
        ):
            found.append(entry)
            continue
        assert isinstance(value, list)
        if array is None and not all(isinstance(part[0], list) or name.kind == "b" for part in value if part):
            # Rows of different lengths are a slip, not layers.
            found.append(entry)
            continue
        for layer, part in enumerate(value, start=1):
            found.append(
                replace(entry, written=f"{entry.written}[{layer - 1}]", name=replace(name, layer=layer), value=part)
            )
    return found


def of_modules(entries: Sequence[Entry]) -> list[Entry]:
    """0.weight and 2.weight of a Sequential of PyTorch: its modules with weights, counted."""
    parts = [_MODULE.fullmatch(entry.written) for entry in entries]
    numbers = sorted({int(part[1]) for part in parts if part is not None})
    return [
        replace(entry, name=replace(known, layer=numbers.index(int(part[1])) + 1))
        if part is not None and (known := parsed(part[2])) is not None
        else entry
        for entry, part in zip(entries, parts, strict=True)
    ]


def from_one(entries: Sequence[Entry]) -> tuple[list[Entry], list[Note]]:
    """Indexes that count from 0, as weights[0] shows, counted from 1."""
    shifted = {"W", "b", "z", "mask", "delta", "theta"}
    first = next(
        (e for e in entries if e.name and e.name.is_indexed and e.name.layer == 0 and e.name.kind in shifted), None
    )
    if first is None:
        return list(entries), []
    moved = [
        replace(entry, name=replace(entry.name, layer=(entry.name.layer or 0) + 1))
        if entry.name and entry.name.is_indexed and entry.name.kind in shifted
        else entry
        for entry in entries
    ]
    assert first.name is not None
    tensor = replace(first.name, layer=1).canonical(99)
    return moved, [note("from_zero", name=first.written, tensor=tensor)]
