"""One value: brackets, numbers without brackets, what programs print around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from server.doctor.reading.errors import Unreadable
from server.doctor.reading.numbers import Nested, cells_of, nested, plain, shape_of, turned, word
from server.doctor.reading.tokens import Token

MOST_NUMBERS = 20_000
# Two for a matrix, one around all layers, and what a careless program adds.
DEEPEST = 8
# NumPy prints a longer line only where it was told to.
NUMPY_LINE = 75
_NUMBERS = ("number", "pair", "word")
_OPENING, _CLOSING = "[(", "])"
_ARGUMENTS = frozenset(
    ("dtype", "shape", "requires_grad", "grad_fn", "device", "copy", "ndmin", "order", "size", "weak_type", "name")
)
_HARMLESS = frozenset(
    ("astype", "tolist", "numpy", "detach", "cpu", "copy", "float", "double", "item", "clone", "data")
)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*|[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")


@dataclass(frozen=True, slots=True)
class Span:
    """The tokens of one value.

    Attributes
    ----------
    stop : the token behind it
    depth : of its brackets; 0: it has none
    """

    begin: int
    stop: int
    depth: int


def is_value(tokens: Sequence[Token], at: int) -> bool:
    """Whether a value begins at this token."""
    if at >= len(tokens):
        return False
    token = tokens[at]
    return token.kind in (*_NUMBERS, "wrap", "fill") or (token.kind == "sign" and token.text in _OPENING)


def span_at(tokens: Sequence[Token], at: int, text: str) -> Span:
    """Where the value ends that begins here.

    Raises
    ------
    Unreadable : there is something else among the numbers.
    """
    if tokens[at].kind in _NUMBERS:
        span = _bare(tokens, at)
    elif tokens[at].kind == "wrap" and tokens[at].text.endswith(":"):
        if not is_value(tokens, at + 1):
            raise Unreadable("value", at + 1, found=tokens[at].text)
        inner = span_at(tokens, at + 1, text)
        span = Span(at, inner.stop, inner.depth)
    else:
        span = _bracketed(tokens, at)
    _check_end(tokens, span, text)
    return span


def _bare(tokens: Sequence[Token], at: int) -> Span:
    """Numbers without brackets, with blanks, commas or semicolons between them; a blank line ends them."""
    begin = at
    _check_glue(tokens, at)
    at += 1
    while at < len(tokens):
        line = tokens[at - 1].line
        next_at = at
        while next_at < len(tokens) and next_at < at + 2 and _is(tokens, next_at, ",;"):
            next_at += 1
        if next_at >= len(tokens) or tokens[next_at].kind not in _NUMBERS or tokens[next_at].line > line + 1:
            break
        if _begins_pair_of_names(tokens, next_at):
            break
        _check_glue(tokens, next_at)
        at = next_at + 1
    return Span(begin, at, 0)


def _begins_pair_of_names(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number is the name of what follows, as in "0: [[...]]"."""
    return _is(tokens, at + 1, ":=")


def _bracketed(tokens: Sequence[Token], at: int) -> Span:
    begin, depth, deepest = at, 0, 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "dots":
            raise Unreadable("dots", at + 1)
        if token.kind in ("wrap",) or (token.kind == "sign" and token.text in _OPENING):
            depth += 1
            deepest = max(deepest, depth)
            if depth > DEEPEST:
                raise Unreadable("deep", at + 1, wanted=DEEPEST)
            at += 1
        elif token.kind == "fill":
            at = _skip_brackets(tokens, at + 1)
        elif token.kind == "sign" and token.text in _CLOSING:
            depth -= 1
            at += 1
            while at < len(tokens) and tokens[at].kind == "method":
                at += 1
            if depth == 0:
                return Span(begin, at, deepest)
        elif token.kind in _NUMBERS:
            _check_glue(tokens, at)
            at += 1
        elif token.kind == "sign" and token.text in ",;":
            at += 1
        elif token.kind == "name" and _is(tokens, at + 1, "="):
            if token.text not in _ARGUMENTS:
                raise Unreadable("value", at, found=token.text)
            at = _skip_argument(tokens, at + 2)
        elif token.kind == "name" and re.fullmatch(r"(?:np|numpy|torch)\.\w+", token.text) and _is(tokens, at - 1, ","):
            # np.array([...], np.float32)
            at += 1
        else:
            raise Unreadable("value", at, found=token.text)
        if depth == 0:
            return Span(begin, at, max(1, deepest))
    raise Unreadable("end", at)


def _skip_argument(tokens: Sequence[Token], at: int) -> int:
    """To the comma or bracket that ends what is said of an array: dtype=float32, grad_fn=<AddBackward0>."""
    depth = 0
    while at < len(tokens):
        if _is(tokens, at, _OPENING):
            depth += 1
        elif tokens[at].kind == "wrap":
            depth += 1
        elif _is(tokens, at, _CLOSING):
            if depth == 0:
                return at
            depth -= 1
        elif _is(tokens, at, ",") and depth == 0:
            return at
        at += 1
    return at


def _skip_brackets(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    while at < len(tokens):
        if _is(tokens, at, _OPENING):
            depth += 1
        elif _is(tokens, at, _CLOSING):
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return at


def _check_glue(tokens: Sequence[Token], at: int) -> None:
    """Two numbers with nothing between them are none: 3-2, 1.5.2, 2x, 10^2."""
    token = tokens[at]
    if at and tokens[at - 1].end == token.start and tokens[at - 1].kind in (*_NUMBERS, "name"):
        raise Unreadable("value", at + 1, found=tokens[at - 1].text + token.text)
    if at + 1 < len(tokens) and tokens[at + 1].start == token.end:
        after = tokens[at + 1]
        if after.kind in (*_NUMBERS, "name", "wrap", "fill", "dots") or (
            after.kind == "sign" and after.text not in ",;])}|:>"
        ):
            raise Unreadable("value", at + 1, found=token.text + after.text)


def _check_end(tokens: Sequence[Token], span: Span, text: str) -> None:
    """What follows a value on its line may not change it: 0.5 * 2 is not 0.5."""
    at, last = span.stop, tokens[span.stop - 1]
    if span.depth == 0 and _THOUSANDS.fullmatch(text[tokens[span.begin].start : last.end]):
        raise Unreadable("value", at, found=text[tokens[span.begin].start : last.end])
    if at < len(tokens) and tokens[at].line == last.line:
        after = tokens[at]
        is_fine = after.kind in ("name", "none", "fill", "wrap", *_NUMBERS) or (
            after.kind == "sign" and after.text in ",;])}|>[("
        )
        if not is_fine:
            found = text[tokens[span.begin].start : after.end]
            raise Unreadable("value", at + 1, found=found[-40:])


def _is(tokens: Sequence[Token], at: int, signs: str) -> bool:
    return 0 <= at < len(tokens) and tokens[at].kind == "sign" and tokens[at].text in signs


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


def build(tokens: Sequence[Token], span: Span, text: str, *, decimal: str) -> Built:
    """The numbers of a span.

    Parameters
    ----------
    decimal : what the comma between two digits is: "," a decimal comma, "." a separator.

    Raises
    ------
    Unreadable : nothing in it is a value.
    """
    part = tokens[span.begin : span.stop]
    return Built(_bare_value(part, decimal)) if span.depth == 0 else _bracketed_value(part, span, text, decimal)


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
        elif token.kind in _NUMBERS:
            if token.line > line and not has_comma and rows[-1]:
                rows.append([])
            rows[-1] += _numbers(token, decimal)
            line, has_comma = token.line, False
    rows = [row for row in rows if row]
    if len(rows) > 1:
        return list(rows)
    return list(rows[0]) if len(rows[0]) > 1 else rows[0][0]


def _bracketed_value(tokens: Sequence[Token], span: Span, text: str, decimal: str) -> Built:
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
            at = _fill(tokens, at, top)
        elif token.kind == "sign" and token.text in _OPENING:
            stack.append(_Open("list"))
            at += 1
        elif token.kind == "sign" and token.text in _CLOSING:
            done = stack.pop()
            if done.closes == "wrap" and sum(map(len, done.rows)) > 1:
                raise Unreadable("value", span.stop, found=text[tokens[0].start : tokens[-1].end][:40])
            value, is_by_lines = _closed(done, len(stack) == 1, tokens, text)
            by_lines = by_lines or is_by_lines
            at += 1
            while at < len(tokens) and tokens[at].kind == "method":
                value = _after_method(value, tokens[at].text, span.stop)
                at += 1
            stack[-1].rows[-1].append(value)
        elif token.kind in _NUMBERS:
            before = tokens[at - 1] if at else token
            if token.line > before.line and before.kind in _NUMBERS and top.rows[-1]:
                top.has_breaks = True
                top.lines.append(len(top.rows[-1]))
            top.rows[-1] += _numbers(token, decimal)
            at += 1
        elif token.kind == "sign" and token.text == ";":
            if not _is(tokens, at + 1, _CLOSING):
                top.rows.append([])
            at += 1
        elif token.kind == "name":
            at = _skip_argument(tokens, at + 1)
        else:
            at += 1
    return Built(stack[0].rows[-1][0] if stack[0].rows[-1] else [], by_lines)


def _closed(done: _Open, is_outermost: bool, tokens: Sequence[Token], text: str) -> tuple[Nested, bool]:
    """What a closed bracket holds, and whether its lines became rows."""
    rows = done.rows
    if done.closes == "wrap":
        # What stands first is the array; shapes and types may follow.
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


def _fill(tokens: Sequence[Token], at: int, top: _Open) -> int:
    """np.zeros((1, 3)) and ones."""
    end = _skip_brackets(tokens, at + 1)
    sizes = [int(number) for token in tokens[at:end] if token.kind in ("number", "pair") for number in _whole(token)]
    count = 1
    for size in sizes:
        count *= size
    if not sizes or len(sizes) > 2 or not 0 < count <= MOST_NUMBERS:
        raise Unreadable("value", at + 1, found=tokens[at].text)
    top.rows[-1].append(nested(["0" if "zeros" in tokens[at].text.lower() else "1"] * count, tuple(sizes)))
    return end


def _whole(token: Token) -> list[str]:
    numbers = token.text.split(",")
    return numbers if all(number.isdigit() and len(number) < 7 for number in numbers) else ["0"]


def _after_method(value: Nested, method: str, end: int) -> Nested:
    """A printed array with .T or .reshape(1, 3) behind it; everything else would change it in a way nobody knows."""
    name, _, rest = method[1:].partition("(")
    if name == "T":
        return turned(value)
    if name == "ctranspose":
        return [[cell] for cell in value] if len(shape_of(value) or ()) == 1 else turned(value)
    if name == "reshape" and (sizes := re.findall(r"-?[0-9]+", rest)):
        cells = list(cells_of(value))
        known = 1
        for size in sizes:
            known *= abs(int(size)) if size != "-1" else 1
        shape = tuple(int(size) if size != "-1" else len(cells) // max(1, known) for size in sizes[:4])
        product = 1
        for axis in shape:
            product *= axis
        if product == len(cells) and shape_of(value) is not None and cells:
            return nested(cells, shape)
    elif name in ("flatten", "ravel") and shape_of(value) is not None:
        return list(cells_of(value))
    elif name in _HARMLESS:
        return value
    raise Unreadable("value", end, found=method)
