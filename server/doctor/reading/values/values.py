"""The numbers of one value."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from server.doctor.reading.text.errors import Unreadable
from server.doctor.reading.text.spans import Span
from server.doctor.reading.text.tokens import (
    CLOSING,
    NUMBERS,
    OPENING,
    Token,
    behind_argument,
    behind_brackets,
    is_sign,
)
from server.doctor.reading.values.calls import MOST_METHODS, Room, after_method, filled
from server.doctor.reading.values.numbers import Nested, plain, word

# NumPy prints a longer line only where it was told to.
NUMPY_LINE = 75


@dataclass(slots=True)
class _Open:
    """A bracket that is being read: its rows, and where each began."""

    closes: str
    rows: list[list[Nested]] = field(default_factory=lambda: [[]])
    has_breaks: bool = False
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Built:
    """A value, and whether the lines of a bracket were taken for its rows."""

    value: Nested
    by_lines: bool = False


def build(tokens: Sequence[Token], span: Span, text: str, *, decimal: str, room: Room) -> Built:
    """The numbers of a span.

    Parameters
    ----------
    decimal : what the comma between two digits is: "," a decimal comma, "." a separator.
    room : for the numbers that np.zeros(...) stands for.

    Raises
    ------
    Unreadable : nothing in it is a value.
    """
    part = tokens[span.begin : span.stop]
    return Built(_bare_value(part, decimal)) if span.depth == 0 else _bracketed_value(part, span, text, decimal, room)


def _numbers(token: Token, decimal: str) -> list[Nested]:
    if token.kind == "word":
        return [word(token.text)]
    if token.kind == "pair" and decimal == ".":
        return [plain(number) for number in token.text.split(",")]
    return [plain(token.text)]


def _bare_value(tokens: Sequence[Token], decimal: str) -> Nested:
    rows: list[list[Nested]] = [[]]
    line, has_comma = tokens[0].line, False
    for token in tokens:
        if token.kind == "sign":
            has_comma = token.text == ","
            if token.text == ";":
                rows.append([])
        elif token.kind in NUMBERS:
            if token.line > line and not has_comma and rows[-1]:
                rows.append([])
            rows[-1] += _numbers(token, decimal)
            line, has_comma = token.line, False
    rows = [row for row in rows if row]
    if len(rows) > 1:
        return list(rows)
    return list(rows[0]) if len(rows[0]) > 1 else rows[0][0]


def _bracketed_value(tokens: Sequence[Token], span: Span, text: str, decimal: str, room: Room) -> Built:
    stack: list[_Open] = [_Open("")]
    by_lines = False
    at = 0
    while at < len(tokens):
        token = tokens[at]
        top = stack[-1]
        if token.kind == "wrap" and token.text.endswith(":"):
            at += 1
        elif token.kind == "wrap":
            stack.append(_Open("list" if token.text.lower() == "c(" else "wrap"))
            at += 1
        elif token.kind == "fill":
            end = behind_brackets(tokens, at + 1)
            value = filled(tokens[at:end], room)
            if value is None:
                raise Unreadable("value", at + 1, found=token.text)
            top.rows[-1].append(value)
            at = end
        elif token.kind == "sign" and token.text in OPENING:
            stack.append(_Open("list"))
            at += 1
        elif token.kind == "sign" and token.text in CLOSING:
            done = stack.pop()
            if done.closes == "wrap" and sum(map(len, done.rows)) > 1:
                raise Unreadable("value", span.stop, found=text[tokens[0].start : tokens[-1].end][:40])
            value, is_by_lines = _closed(done, len(stack) == 1, tokens, text)
            by_lines = by_lines or is_by_lines
            at = closed = at + 1
            while at < len(tokens) and tokens[at].kind == "method":
                if at - closed >= MOST_METHODS:
                    raise Unreadable("value", span.stop, found=tokens[at].text)
                value = after_method(value, tokens[at].text, span.stop)
                at += 1
            stack[-1].rows[-1].append(value)
        elif token.kind in NUMBERS:
            before = tokens[at - 1] if at else token
            if token.line > before.line and before.kind in NUMBERS and top.rows[-1]:
                top.has_breaks = True
                top.lines.append(len(top.rows[-1]))
            top.rows[-1] += _numbers(token, decimal)
            at += 1
        elif token.kind == "sign" and token.text == ";":
            if not is_sign(tokens, at + 1, CLOSING):
                top.rows.append([])
            at += 1
        elif token.kind == "name":
            at = behind_argument(tokens, at + 1)
        else:
            at += 1
    return Built(stack[0].rows[-1][0] if stack[0].rows[-1] else [], by_lines)


def _closed(done: _Open, is_outermost: bool, tokens: Sequence[Token], text: str) -> tuple[Nested, bool]:
    """What a closed bracket holds, and whether its lines became rows."""
    rows = done.rows
    if done.closes == "wrap":
        # The array stands first; shapes and types may follow.
        return (rows[0][0] if rows[0] else []), False
    if len(rows) > 1:
        # [[1 2]; [3 4]] is [1 2; 3 4].
        return [row[0] if len(row) == 1 and isinstance(row[0], list) else list(row) for row in rows if row], False
    if done.has_breaks and is_outermost and done.lines:
        starts = [0, *done.lines, len(rows[0])]
        by_line: list[Nested] = [rows[0][start:stop] for start, stop in pairwise(starts)]
        is_even = len({len(row) for row in by_line}) == 1
        if is_even and not _is_wrapped(tokens, text):
            return by_line, True
    return list(rows[0]), False


def _is_wrapped(tokens: Sequence[Token], text: str) -> bool:
    """Whether NumPy went to a new line only because the number had no place on the first any more."""
    first = tokens[0].line
    on_first = [token for token in tokens if token.line == first]
    following = next(token for token in tokens if token.line > first)
    begin = text.rfind("\n", 0, tokens[0].start) + 1
    return on_first[-1].end - begin + 1 + len(following.text) > NUMPY_LINE
