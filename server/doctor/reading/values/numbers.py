"""Numbers as they were written, and the arrays they stand in."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Nested: TypeAlias = str | list["Nested"]
# A quotient has all the digits that there are.
MANY = 15
_WORDS = {"nan": "NaN", "inf": "Infinity", "infinity": "Infinity", "true": "1", "false": "0"}


@dataclass(frozen=True, slots=True)
class Array:
    """Numbers of a shape: strings that `float` reads, in nested lists."""

    value: Nested
    shape: tuple[int, ...]
    decimals: int


def plain(text: str) -> str:
    """A number as `float` reads it, with all the digits that were written; quotients are worked out."""
    if "/" in text:
        top, _, bottom = text.partition("/")
        value = float(top) / float(bottom) if float(bottom) else math.nan
        return repr(value) if math.isfinite(value) else "NaN"
    number = text.removeprefix("+").replace(",", ".")
    # A zero has no sign here, and neither has what is rounded to it.
    return number.removeprefix("-") if number[0] == "-" and float(number) == 0 else number


def word(text: str) -> str:
    """NaN, infinities and truths in the spelling of the API."""
    sign = "-" if text.startswith("-") else ""
    name = _WORDS[text.lower().lstrip("+-").rpartition(".")[2]]
    return name if name == "NaN" else sign + name


def decimals_of(text: str) -> int:
    """Digits behind the point that a number was written with: 0.50 has 2, 1e-3 has 3."""
    digits, _, exponent = text.lower().partition("e")
    return max(0, len(digits.partition(".")[2]) - int(exponent or 0)) if digits[-1:].isdigit() or "." in digits else 0


def scaled(text: str, factor: str) -> str:
    """A printed number times the factor that is printed above its table, digit by digit."""
    return format(Decimal(text) * Decimal(factor), "f") if decimals_of(text) < 400 else text


def shape_of(value: Nested) -> tuple[int, ...] | None:
    """Sizes of the axes; None: rows of different lengths."""
    if isinstance(value, str):
        return ()
    shapes = {shape_of(part) for part in value}
    if len(shapes) > 1 or None in shapes:
        return None
    return (len(value), *(shapes.pop() or ())) if shapes else (0,)


def cells_of(value: Nested) -> Iterator[str]:
    """All numbers, row by row."""
    if isinstance(value, str):
        yield value
    else:
        for part in value:
            yield from cells_of(part)


def nested(cells: list[str], shape: tuple[int, ...]) -> Nested:
    """Numbers of a shape as nested lists."""
    if not shape:
        return cells[0]
    size = len(cells) // shape[0] if shape[0] else 0
    return [nested(cells[row * size : (row + 1) * size], shape[1:]) for row in range(shape[0])]


def turned(value: Nested) -> Nested:
    """A matrix with rows and columns exchanged; anything else as it is."""
    shape = shape_of(value)
    if isinstance(value, str) or shape is None or len(shape) != 2:
        return value
    return [list(column) for column in zip(*value, strict=True)]


def array_of(value: Nested) -> Array | None:
    """Numbers with their shape and digits; None: rows of different lengths."""
    shape = shape_of(value)
    if shape is None:
        return None
    # Quotients and floats printed whole have more digits than anyone wrote down.
    written = [decimals_of(cell) for cell in cells_of(value) if cell[-1].isdigit() or cell[-1] == "."]
    return Array(value, shape, min(MANY, max(written, default=0)))
