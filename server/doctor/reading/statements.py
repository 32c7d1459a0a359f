"""Names and the values behind them, wherever they stand in a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.doctor.reading.errors import Unreadable
from server.doctor.reading.names import parsed
from server.doctor.reading.tokens import Token
from server.doctor.reading.values import Span, is_value, span_at
from server.doctor.reading.words import Note, note

# A heading or a comment that is nothing but a name belongs to the value below it.
_NAME_IN_COMMENT = re.compile(r"(?m)^[ \t]*(?:#+|%+|//+|\*+|-(?=[ ][^\W\d])|>+|In \[[0-9]+\]:|Out\[[0-9]+\]:)[ \t]*")
_LONGEST_LABEL = 60
_DEEPEST = 4
_MOST_WORDS = 12
_UPDATE = re.compile(r"\b(before|after)(?: the)? update\b")
_MEASURES = frozenset(
    "difference diff error errors norm mean average max maximum min minimum std sum abs absolute relative ratio "
    "numerical numeric expected correct argmax size".split()
)
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


def without_prompts(text: str) -> str:
    """A text whose headings, prompts and comments of a single name are names like all others."""

    def bare(found: re.Match[str]) -> str:
        end = found.string.find("\n", found.end())
        rest = found.string[found.end() : end if end >= 0 else None]
        is_prompt = found[0].lstrip().startswith((">", "In", "Out", "*", "-"))
        if is_prompt or (len(rest) <= _LONGEST_LABEL and parsed(rest.strip().rstrip(":= ")) is not None):
            return ""
        return found[0] if found[0].lstrip().startswith(("#", "/")) else f"#{found[0]}"

    return _NAME_IN_COMMENT.sub(bare, text)


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
        return bool(label) and _is(tokens, label[-1] + 1, "=:") and parsed(_label(tokens, label)) is not None

    def give_up() -> None:
        if is_promised():
            notes.append(note("no_value", line=tokens[label[-1]].line, name=_label(tokens, label)))

    while at < len(tokens):
        token = tokens[at]
        if token.kind == "name" and token.text.lower() in ("shape", "size") and label:
            said_shape, at = _shape_at(tokens, at + 1)
            continue
        if token.kind == "name" and _is_dictionary(tokens, at):
            outer.append(_label(tokens, label) if label else "")
            label = []
            at += 2
            continue
        if token.kind == "name" and (_is_formula(tokens, at) or _is_element(tokens, at)):
            at = _skip_formula(tokens, at, notes, is_promised())
            label = []
            continue
        if token.kind == "name":
            if outer and _is(tokens, at + 1, "=") and not _is(tokens, at - 1, "(,{"):
                # The braces before were not closed.
                outer = []
            if label and (_is(tokens, at - 1, "=:") or token.line != tokens[label[-1]].line):
                give_up()
                label, said_shape = [], None
            if not label:
                said_shape = None
            label.append(at)
            if token.text.lower().endswith(".shape"):
                said_shape, at = _shape_at(tokens, at + 1)
                continue
            at += 1
            # Square brackets hold numbers: "W2 = [[1 0] [-1 1]]" is no shape with a list behind it.
            shape, behind = _shape_at(tokens, at) if _is(tokens, at, "(") else (None, at)
            if shape is not None and (is_value(tokens, behind) or _is(tokens, behind, "=:")):
                said_shape, at = shape, behind
        elif _is_layer_number(tokens, at, label):
            if _is(tokens, at + 1, ":=") and _ends_line(tokens, at + 1):
                section, label = token.text, []
                at += 2
            else:
                label.append(at)
                at += 1
        elif outer and token.kind == "number" and _is(tokens, at + 1, ":") and not label:
            key = token.text
            at += 2
        elif is_value(tokens, at):
            if _is_group(tokens, at):
                outer.append(outer[-1] if outer else "")
                at += 1
                continue
            try:
                span = span_at(tokens, at, text)
            except Unreadable as problem:
                notes.append(note(problem.code, line=tokens[min(problem.at, len(tokens)) - 1].line, **problem.params))
                at = _next_line(tokens, problem.at)
            else:
                written = _label(tokens, label) if label else None
                if written is not None and section is not None and _has_no_layer(written):
                    written = f"layer {section} {written}"
                if outer and outer[-1]:
                    if written is not None:
                        written = f"{outer[-1]}['{written}']"
                    elif key is not None:
                        written = f"{outer[-1]}[{key}]"
                name = None if written is None else parsed(written)
                if name is not None and name.kind in _TENSORS and _is_only_shape(tokens, span):
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
            outer.append(_label(tokens, label) if label else "")
            label = []
            at += 1
        elif token.kind == "sign" and token.text in "([":
            outer.append(outer[-1] if outer else "")
            at += 1
        elif token.kind == "sign" and token.text in "=:":
            at += 1
        elif token.kind == "sign" and token.text == "," and label and _is(tokens, label[-1] - 1, "("):
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


def _is(tokens: Sequence[Token], at: int, signs: str) -> bool:
    return 0 <= at < len(tokens) and tokens[at].kind == "sign" and tokens[at].text in signs


def _is_dictionary(tokens: Sequence[Token], at: int) -> bool:
    """dict( and OrderedDict( are braces."""
    return tokens[at].text.rpartition(".")[2].lower() in ("dict", "ordereddict", "defaultdict") and _is(
        tokens, at + 1, "("
    )


def _is_formula(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name behind "=" goes on as code: dW1 = X.T @ dz1."""
    has_next = at + 1 < len(tokens) and tokens[at + 1].line == tokens[at].line
    return has_next and _is(tokens, at - 1, "=") and tokens[at + 1].text[0] in "@*/+-(.%<>&^|"


def _is_element(tokens: Sequence[Token], at: int) -> bool:
    """W1[0, 1] and W1(1, 2) are one number of W1; print(W1) is code."""
    return _is(tokens, at + 1, "[(") and tokens[at + 1].start == tokens[at].end


def _is_layer_number(tokens: Sequence[Token], at: int, label: Sequence[int]) -> bool:
    """The number of "Layer 2 weights" and of "Layer 2:"."""
    if tokens[at].kind != "number" or not label or label[-1] != at - 1 or tokens[at - 1].text.lower() != "layer":
        return False
    has_name = at + 1 < len(tokens) and tokens[at + 1].kind == "name" and tokens[at + 1].line == tokens[at].line
    return tokens[at].text.isdigit() and (has_name or _is(tokens, at + 1, ":="))


def _ends_line(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 >= len(tokens) or tokens[at + 1].line > tokens[at].line


def _has_no_layer(written: str) -> bool:
    name = parsed(written)
    return name is not None and name.layer is None and name.kind in ("W", "b", "z", "a", "mask", "delta")


def _is_group(tokens: Sequence[Token], at: int) -> bool:
    """A bracket around names, not around numbers: [('W1', array(...))], (dW1: ...)."""
    if not _is(tokens, at, "[("):
        return False
    begin = at
    while _is(tokens, at, "[(") and at < begin + _DEEPEST:
        at += 1
    return at < len(tokens) and (tokens[at].kind == "name" or _is(tokens, at, "{"))


def _label(tokens: Sequence[Token], label: Sequence[int]) -> str:
    """The words in front of a value: all of them if they mean something together, else the last."""
    words = [tokens[at].text for at in label]
    together = _UPDATE.sub(lambda found: "" if found[1] == "before" else "next", " ".join(words[-_MOST_WORDS:])).strip()
    last = words[-1].removesuffix(".shape")
    if len(words) == 1:
        return last
    if parsed(together) is not None:
        return together
    lower = {word.lower() for word in words}
    name = parsed(last)
    if name is None or lower & _MEASURES:
        # The norm of dW1 is not dW1.
        return together
    has_gradient = lower & {"gradient", "gradients", "grad", "grads", "derivative"}
    return f"gradient {last}" if has_gradient and not name.is_gradient else last


def text_of(tokens: Sequence[Token], span: Span) -> str:
    """The pieces of a value, without what stood between them."""
    return "".join(token.text for token in tokens[span.begin : span.stop])


def _is_only_shape(tokens: Sequence[Token], span: Span) -> bool:
    """Whether "W1: (2, 3)" tells the shape of W1: behind a colon, in round brackets, two sizes."""
    if not _is(tokens, span.begin - 1, ":"):
        return False
    return re.fullmatch(r"\([1-9][0-9]{0,4},([1-9][0-9]{0,4})?\)", text_of(tokens, span)) is not None


def _shape_at(tokens: Sequence[Token], at: int) -> tuple[tuple[int, ...] | None, int]:
    """A shape in round brackets, and what stands behind it; None: there is none here."""
    begin = at
    while _is(tokens, at, "=:"):
        at += 1
    if at < len(tokens) and tokens[at].text.lower() in ("torch.size(", "torch.size", "size"):
        at += 1
    if not _is(tokens, at, "(["):
        return None, begin
    at += 1
    sizes: list[int] = []
    while at < len(tokens) and (tokens[at].kind in ("number", "pair") or _is(tokens, at, ",([")):
        if tokens[at].kind != "sign":
            parts = tokens[at].text.split(",")
            if not all(part.isdigit() and len(part) < 7 for part in parts):
                return None, begin
            sizes += map(int, parts)
        at += 1
    if not _is(tokens, at, ")]"):
        return None, begin
    while _is(tokens, at, ")]"):
        at += 1
    return tuple(sizes), at


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
    if is_promised or any(token.kind in ("number", "pair", "word") for token in tokens[begin:at]):
        notes.append(note("value", line=line, found=tokens[begin].text))
    return at
