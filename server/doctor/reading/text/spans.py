"""Where a value stands: in brackets, or as numbers without brackets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.doctor.reading.text.errors import Unreadable
from server.doctor.reading.text.neighbours import check_end, check_glue
from server.doctor.reading.text.tokens import (
    CLOSING,
    NUMBERS,
    OPENING,
    Token,
    behind_argument,
    behind_brackets,
    is_sign,
)

# Two for a matrix, one around all layers, and what a careless program adds.
DEEPEST = 8
_ARGUMENTS = frozenset(
    ("dtype", "shape", "requires_grad", "grad_fn", "device", "copy", "ndmin", "order", "size", "weak_type", "name")
)


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
    return token.kind in (*NUMBERS, "wrap", "fill") or (token.kind == "sign" and token.text in OPENING)


def span_at(tokens: Sequence[Token], at: int, text: str) -> Span:
    """Where the value ends that begins here.

    Raises
    ------
    Unreadable : there is something else among the numbers.
    """
    if tokens[at].kind in NUMBERS:
        span = _bare(tokens, at)
    elif _is_heading(tokens, at):
        if not is_value(tokens, at + 1) or _is_heading(tokens, at + 1):
            raise Unreadable("value", at + 1, found=tokens[at].text)
        inner = span_at(tokens, at + 1, text)
        span = Span(at, inner.stop, inner.depth)
    else:
        span = _bracketed(tokens, at)
    check_end(tokens, span.begin, span.stop, text, is_bare=span.depth == 0)
    return span


def _is_heading(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is the line above a tensor that PyTorch prints."""
    return tokens[at].kind == "wrap" and tokens[at].text.endswith(":")


def _bare(tokens: Sequence[Token], at: int) -> Span:
    """Numbers without brackets, with blanks, commas or semicolons between them; a blank line ends them."""
    begin = at
    check_glue(tokens, at)
    at += 1
    while at < len(tokens):
        line = tokens[at - 1].line
        next_at = at
        while next_at < len(tokens) and next_at < at + 2 and is_sign(tokens, next_at, ",;"):
            next_at += 1
        if next_at >= len(tokens) or tokens[next_at].kind not in NUMBERS or tokens[next_at].line > line + 1:
            break
        if _begins_pair_of_names(tokens, next_at):
            break
        check_glue(tokens, next_at)
        at = next_at + 1
    return Span(begin, at, 0)


def _begins_pair_of_names(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number is the name of what follows, as in "0: [[...]]"."""
    return is_sign(tokens, at + 1, ":=")


def _bracketed(tokens: Sequence[Token], at: int) -> Span:
    begin, depth, deepest = at, 0, 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "dots":
            raise Unreadable("dots", at + 1)
        if token.kind in ("wrap",) or (token.kind == "sign" and token.text in OPENING):
            depth += 1
            deepest = max(deepest, depth)
            if depth > DEEPEST:
                raise Unreadable("deep", at + 1, wanted=DEEPEST)
            at += 1
        elif token.kind == "fill":
            at = behind_brackets(tokens, at + 1)
        elif token.kind == "sign" and token.text in CLOSING:
            depth -= 1
            at += 1
            while at < len(tokens) and tokens[at].kind == "method":
                at += 1
            if depth == 0:
                return Span(begin, at, deepest)
        elif token.kind in NUMBERS:
            check_glue(tokens, at)
            at += 1
        elif token.kind == "sign" and token.text in ",;":
            at += 1
        elif token.kind == "name" and is_sign(tokens, at + 1, "="):
            if token.text not in _ARGUMENTS:
                raise Unreadable("value", at, found=token.text)
            at = behind_argument(tokens, at + 2)
        elif (
            token.kind == "name"
            and re.fullmatch(r"(?:np|numpy|torch)\.\w+", token.text)
            and is_sign(tokens, at - 1, ",")
        ):
            # np.array([...], np.float32)
            at += 1
        else:
            raise Unreadable("value", at, found=token.text)
        if depth == 0:
            return Span(begin, at, max(1, deepest))
    raise Unreadable("end", at)
