"""Shapes that are written beside names: dW1 shape (4, 5)."""

import re
from collections.abc import Sequence

from server.doctor.reading.text.spans import Span
from server.doctor.reading.text.tokens import Token, is_sign


def text_of(tokens: Sequence[Token], span: Span) -> str:
    """The pieces of a value, without what stood between them."""
    return "".join(token.text for token in tokens[span.begin : span.stop])


def is_only_shape(tokens: Sequence[Token], span: Span) -> bool:
    """Whether "W1: (2, 3)" tells the shape of W1: behind a colon, in round brackets, two sizes."""
    if not is_sign(tokens, span.begin - 1, ":"):
        return False
    return re.fullmatch(r"\([1-9][0-9]{0,4},([1-9][0-9]{0,4})?\)", text_of(tokens, span)) is not None


def shape_at(tokens: Sequence[Token], at: int) -> tuple[tuple[int, ...] | None, int]:
    """A shape in round brackets, and what stands behind it; None: there is none here."""
    begin = at
    while is_sign(tokens, at, "=:"):
        at += 1
    if at < len(tokens) and tokens[at].text.lower() in ("torch.size(", "torch.size", "size"):
        at += 1
    if not is_sign(tokens, at, "(["):
        return None, begin
    at += 1
    sizes: list[int] = []
    while at < len(tokens) and (tokens[at].kind in ("number", "pair") or is_sign(tokens, at, ",([")):
        if tokens[at].kind != "sign":
            parts = tokens[at].text.split(",")
            if not all(part.isdigit() and len(part) < 7 for part in parts):
                return None, begin
            sizes += map(int, parts)
        at += 1
    if not is_sign(tokens, at, ")]"):
        return None, begin
    while is_sign(tokens, at, ")]"):
        at += 1
    return tuple(sizes), at
