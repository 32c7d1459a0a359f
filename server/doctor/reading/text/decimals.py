"""The comma between two digits: does it part numbers, or stand before decimals?"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from server.doctor.reading.text.spans import Span
from server.doctor.reading.text.tokens import Token

Decimal = Literal[".", ","]
# 0,75 and 1,234 are hardly two whole numbers.
_LOOKS_DECIMAL = re.compile(r"[+-]?(?:0,[0-9]{2,}|[0-9]+,[0-9]{3,}|0,0[0-9]*)(?:e[+-]?[0-9]+)?", re.IGNORECASE)
_NUMBERS = ("number", "pair")


def decimal_of(tokens: Sequence[Token], span: Span) -> Decimal | None:
    """What the comma is in one value; None: both readings fit.

    Only commas with a digit on both sides can be decimal ones. Blanks between such numbers say that they are; a point,
    three numbers in a row, brackets with nothing but commas say that they are not.
    """
    part = tokens[span.begin : span.stop]
    pairs = [token for token in part if token.kind == "pair"]
    if not pairs:
        return "."
    if any(token.kind == "number" and "." in token.text for token in part) or _has_chain(part):
        return "."
    followed = pairwise(part)
    if any(a.kind in _NUMBERS and b.kind in _NUMBERS and a.line == b.line for a, b in followed):
        return ","
    has_rows = any(token.kind == "sign" and token.text == ";" for token in part)
    has_spaced = any(
        a.kind in _NUMBERS and b.text == "," and c.kind in _NUMBERS
        for a, b, c in zip(part, part[1:], part[2:], strict=False)
    )
    if (
        span.depth
        and not has_rows
        and not has_spaced
        and not all(_LOOKS_DECIMAL.fullmatch(pair.text) for pair in pairs)
    ):
        return "."
    return None


def _has_chain(part: Sequence[Token]) -> bool:
    """0,1,1: commas without blanks around a number cannot all be decimal ones."""
    return any(
        a.kind in _NUMBERS and b.text == "," and c.kind in _NUMBERS and a.end == b.start and b.end == c.start
        for a, b, c in zip(part, part[1:], part[2:], strict=False)
    )
