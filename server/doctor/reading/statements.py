"""Names and the values behind them, wherever they stand in a text."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.doctor.reading.names.labels import has_no_layer, label_of
from server.doctor.reading.names.names import LONGEST_NAME, parsed
from server.doctor.reading.text.errors import Unreadable
from server.doctor.reading.text.openings import (
    ends_line,
    is_dictionary,
    is_element,
    is_formula,
    is_group,
    is_layer_number,
)
from server.doctor.reading.text.shapes import is_only_shape, shape_at, text_of
from server.doctor.reading.text.spans import Span, is_value, span_at
from server.doctor.reading.text.tokens import NUMBERS, Token, is_sign
from server.doctor.reading.text.words import Note, note

_TENSORS = ("W", "b", "z", "a", "mask", "x", "p", "delta", "theta")


@dataclass(frozen=True, slots=True)
class Statement:
    """A name as it was written, with where its value stands.

    Attributes
    ----------
    said_shape : the shape that is written beside the name, as in "dW1 shape (4, 5)"
    """

    written: str
    line: int
    span: Span
    said_shape: tuple[int, ...] | None = None


def statements_of(tokens: Sequence[Token], text: str) -> tuple[list[Statement], list[Note]]:
    """All names with values, in the order of the text, and what could not be read."""
    found: list[Statement] = []
    notes: list[Note] = []
    label: list[int] = []
    said_shape: tuple[int, ...] | None = None
    # What stands in front of the braces around: grads = {"W1": ...}.
    outer: list[str] = []
    key: str | None = None
    # "Layer 2:" on a line of its own.
    section: str | None = None
    at = 0

    def is_promised() -> bool:
        """Whether a known name has "=" behind it."""
        return bool(label) and is_sign(tokens, label[-1] + 1, "=:") and parsed(label_of(tokens, label)) is not None

    def give_up() -> None:
        if is_promised():
            notes.append(note("no_value", line=tokens[label[-1]].line, name=label_of(tokens, label)))

    while at < len(tokens):
        token = tokens[at]
        if token.kind == "name" and token.text.lower() in ("shape", "size") and label:
            said_shape, at = shape_at(tokens, at + 1)
            continue
        if token.kind == "name" and is_dictionary(tokens, at):
            outer.append(_outer(tokens, label))
            label = []
            at += 2
            continue
        if token.kind == "name" and (is_formula(tokens, at) or is_element(tokens, at)):
            at = _skip_formula(tokens, at, notes, is_promised())
            label = []
            continue
        if token.kind == "name":
            if outer and is_sign(tokens, at + 1, "=") and not is_sign(tokens, at - 1, "(,{"):
                # The braces before were not closed.
                outer = []
            if label and (is_sign(tokens, at - 1, "=:") or token.line != tokens[label[-1]].line):
                give_up()
                label, said_shape = [], None
            if not label:
                said_shape = None
            label.append(at)
            if token.text.lower().endswith(".shape"):
                said_shape, at = shape_at(tokens, at + 1)
                continue
            at += 1
            # Square brackets hold numbers: "W2 = [[1 0] [-1 1]]" is no shape with a list behind it.
            shape, behind = shape_at(tokens, at) if is_sign(tokens, at, "(") else (None, at)
            if shape is not None and (is_value(tokens, behind) or is_sign(tokens, behind, "=:")):
                said_shape, at = shape, behind
        elif is_layer_number(tokens, at, label):
            if is_sign(tokens, at + 1, ":=") and ends_line(tokens, at + 1):
                section, label = token.text, []
                at += 2
            else:
                label.append(at)
                at += 1
        elif outer and token.kind == "number" and is_sign(tokens, at + 1, ":") and not label:
            key = token.text
            at += 2
        elif is_value(tokens, at):
            if is_group(tokens, at):
                outer.append(outer[-1] if outer else "")
                at += 1
                continue
            try:
                span = span_at(tokens, at, text)
            except Unreadable as problem:
                notes.append(note(problem.code, line=tokens[min(problem.at, len(tokens)) - 1].line, **problem.params))
                at = _next_line(tokens, problem.at)
            else:
                written = label_of(tokens, label) if label else None
                if written is not None and section is not None and has_no_layer(written):
                    written = f"layer {section} {written}"
                if outer and outer[-1]:
                    if written is not None:
                        written = f"{outer[-1]}['{written}']"
                    elif key is not None:
                        written = f"{outer[-1]}[{key}]"
                name = None if written is None else parsed(written)
                if name is not None and name.kind in _TENSORS and is_only_shape(tokens, span):
                    notes.append(note("shape_only", line=token.line, name=written, found=text_of(tokens, span)))
                elif written is not None:
                    found.append(Statement(written, tokens[label[0]].line if label else token.line, span, said_shape))
                else:
                    notes.append(note("unnamed", line=token.line))
                at = span.stop
            label, said_shape, key = [], None, None
        elif token.kind == "dots":
            notes.append(note("dots", line=token.line))
            at += 1
        elif token.kind == "none":
            label = []
            at += 1
        elif token.kind == "sign" and token.text == "{":
            outer.append(_outer(tokens, label))
            label = []
            at += 1
        elif token.kind == "sign" and token.text in "([":
            outer.append(outer[-1] if outer else "")
            at += 1
        elif token.kind == "sign" and token.text in "=:":
            at += 1
        elif token.kind == "sign" and token.text == "," and label and is_sign(tokens, label[-1] - 1, "("):
            # ('W1', array(...))
            at += 1
        elif token.kind == "sign" and token.text in ",;)}]>|.":
            give_up()
            label = []
            if token.text in ")]}" and outer:
                outer.pop()
            at += 1
        else:
            at = _skip_formula(tokens, at, notes, is_promised())
            label = []
    give_up()
    return found, notes


def _outer(tokens: Sequence[Token], label: Sequence[int]) -> str:
    """What stands in front of braces; it becomes a part of all names inside, which none does that is so long."""
    written = label_of(tokens, label) if label else ""
    return written if len(written) <= LONGEST_NAME else ""


def _next_line(tokens: Sequence[Token], at: int) -> int:
    """Go on at a name that stands first in its line; it was what could not be read, or comes after it."""
    if at >= len(tokens):
        return at
    if tokens[at].kind == "name" and (at == 0 or tokens[at].line > tokens[at - 1].line):
        return at
    line = tokens[at - 1].line if at else 1
    while at < len(tokens) and tokens[at].line == line:
        at += 1
    while at < len(tokens) and tokens[at].kind != "name":
        at += 1
    return at


def _skip_formula(tokens: Sequence[Token], at: int, notes: list[Note], is_promised: bool) -> int:
    """A line of code or prose goes on in a way that is no value."""
    line, begin = tokens[at].line, at
    while at < len(tokens) and tokens[at].line == line:
        at += 1
    if is_promised or any(token.kind in NUMBERS for token in tokens[begin:at]):
        notes.append(note("value", line=line, found=tokens[begin].text))
    return at
