"""How people write numbers: decimal comma or point, thousands in groups of three, minus signs of all kinds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Decimal = Literal[".", ","]

# Minus signs, hyphens and dashes that stand in front of numbers; full-width digits and marks; marks between thousands.
_SPELLINGS = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d", "-"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "\uff0b": "+",
        "\uff0e": ".",
        "\uff0c": ",",
        **dict.fromkeys("\u00a0\u202f\u2009\u2019", "'"),
    }
)
# Every digit has one place only: where two could take it, a long number would be tried in all of its places in vain.
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
# Groups of three with one mark throughout, then the decimals.
_GROUPS = {
    ".": re.compile(r"[+-]?[1-9][0-9]{0,2}([,'])[0-9]{3}(\1[0-9]{3})*(\.[0-9]*)?"),
    ",": re.compile(r"[+-]?[1-9][0-9]{0,2}([.'])[0-9]{3}(\1[0-9]{3})*(,[0-9]*)?"),
}
_ONE_GROUP = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_NOT_FINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
MISSING = frozenset(("", "na", "n/a", "#n/a", "<na>", "nan", "+nan", "-nan", "null", "?", "-", "--", "."))


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value: empty, NA, NaN, ?, null, None and their kin."""
    return cell == "None" or cell.translate(_SPELLINGS).lower() in MISSING


def is_not_finite(cell: str) -> bool:
    """Whether a cell is an infinity in words."""
    return _NOT_FINITE.fullmatch(cell.translate(_SPELLINGS)) is not None


def number(cell: str, decimal: Decimal) -> float | None:
    """The number that a cell is, or None. May be infinite where more digits are written than float64 holds."""
    text = cell if cell.isascii() else cell.translate(_SPELLINGS)
    plain = text if decimal == "." else _with_point(text)
    if _PLAIN.fullmatch(plain):
        return float(plain)
    if not _GROUPS[decimal].fullmatch(text):
        return None
    thousands = ",'" if decimal == "." else ".'"
    return float(text.translate(str.maketrans("", "", thousands)).replace(",", "."))


def _with_point(text: str) -> str:
    """A number with a decimal comma, written with a point; a point in it is none that a number may have."""
    return text.replace(",", ".") if "." not in text else "no number"


def may_be_number(cell: str) -> bool:
    """Whether a cell is a number in one of the two notations."""
    return number(cell, ".") is not None or number(cell, ",") is not None


@dataclass(frozen=True, slots=True)
class DecimalMark:
    """What the cells of a table say about the mark before the decimals.

    Attributes
    ----------
    decimal : the only mark with which every number can be read; None where two cells contradict each other or where
        a comma in front of three digits may be either
    is_certain : False where the cells fit both marks and the point is only the more usual one
    cells : the cells that contradict each other, or that may be read in two ways
    """

    decimal: Decimal | None
    is_certain: bool
    cells: tuple[str, ...] = ()


def decimal_mark(cells: Iterable[str]) -> DecimalMark:
    """Find out which mark stands before the decimals.

    "1,5" has a decimal comma, "1.5" and "1,234,567" have a decimal point. "1,234" and "1.234" alone may be either:
    a number between 1 and 2, or more than a thousand.
    """
    certain: dict[Decimal, str] = {}
    either: dict[str, str] = {}
    for cell in dict.fromkeys(cells):
        if cell.isascii() and "," not in cell and "." not in cell:
            continue
        text = cell.translate(_SPELLINGS)
        if _ONE_GROUP.fullmatch(text):
            either.setdefault("," if "," in text else ".", cell)
            continue
        with_point, with_comma = number(text, ".") is not None, number(text, ",") is not None
        if with_point != with_comma:
            certain.setdefault("." if with_point else ",", cell)
    if len(certain) == 2:
        return DecimalMark(None, False, tuple(certain.values()))
    if certain:
        return DecimalMark(next(iter(certain)), True)
    if "," in either:
        return DecimalMark(None, False, tuple(either.values()))
    # Where every number with a point may be a number of thousands, the point is the more usual mark only.
    return DecimalMark(".", "." not in either, tuple(either.values()))
