"""The columns of a person's table, and what their cells are."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.datasets.dataset import DatasetError
from engine.datasets.numerals import Decimal, is_missing, is_not_finite, number

ColumnKind = Literal["whole", "decimal", "words", "dates", "empty"]
LONGEST_NAME = 80
LARGEST_NUMBER = 1e100  # its square still has room, so that a standard deviation can be taken
MOST_WORDS = 8  # more different words become no columns of 0 and 1

_DATE = re.compile(
    r"([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})|"
    r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}[- ][A-Za-z]{3,9}[- ][0-9]{2,4})"
    r"([T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?( ?[AaPp][Mm]|Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?( ?[AaPp][Mm])?")


def is_date(text: str) -> bool:
    """Whether a cell is a date, a time or both."""
    return _DATE.fullmatch(text) is not None or _TIME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column, read.

    Attributes
    ----------
    words : the cells as they were written, without blanks around them
    numbers : (rows,) float64, NaN where a cell is missing or a word
    missing : (rows,) bool
    distinct : how many different values there are, missing ones apart
    """

    name: str
    header: str
    kind: ColumnKind
    words: tuple[str, ...]
    numbers: NDArray[np.float64]
    missing: NDArray[np.bool_]
    distinct: int

    @property
    def is_number(self) -> bool:
        """Whether every cell that is not missing is a number."""
        return self.kind in ("whole", "decimal")

    @property
    def repeats(self) -> bool:
        """Whether each value comes twice on average."""
        return 0 < 2 * self.distinct <= len(self.words) - int(self.missing.sum())


def column_of(name: str, header: str, words: Sequence[str], decimal: Decimal) -> Column:
    """Read the cells of a column, whatever they are."""
    # Each word once: of a hundred thousand cells most are alike, and finding one again costs less than reading it.
    gone = {word for word in set(words) if is_missing(word)}
    values_of = {word: number(word, decimal) for word in set(words) - gone}
    missing = np.array([word in gone for word in words], dtype=np.bool_)
    read = {word: np.nan if value is None else value for word, value in values_of.items()}
    numbers = np.array([read.get(word, np.nan) for word in words], dtype=np.float64)
    if values_of and None not in values_of.values():
        values = numbers[~missing]
        kind: ColumnKind = "whole" if (values == np.floor(values)).all() else "decimal"
        return Column(name, header, kind, tuple(words), numbers, missing, len(np.unique(values)))
    return Column(name, header, _kind_of_words(values_of), tuple(words), numbers, missing, len(values_of))


def _kind_of_words(texts: Collection[str]) -> ColumnKind:
    if not texts:
        return "empty"
    return "dates" if all(map(is_date, texts)) else "words"


def check_column(column: Column, lines: Sequence[int]) -> None:
    """Refuse cells that cannot be learned from. `lines` says where each row stands in the file.

    Raises
    ------
    DatasetError : "csv_not_finite", and "csv_number" where a few words stand among numbers.
    """
    if column.is_number:
        _check_range(column, lines)
    elif not np.isnan(column.numbers).all():
        _check_mixture(column, lines)


def _check_range(column: Column, lines: Sequence[int]) -> None:
    with np.errstate(invalid="ignore"):
        beyond = np.flatnonzero(np.abs(column.numbers) > LARGEST_NUMBER)
    if beyond.size:
        row = int(beyond[0])
        found = column.words[row][:LONGEST_NAME]
        raise DatasetError(
            "csv_not_finite",
            f"Line {lines[row]}, column {column.name!r}, is {found}, beyond {LARGEST_NUMBER:g}. Use a larger unit.",
            line=lines[row],
            column=column.name,
            found=found,
        )


def _check_mixture(column: Column, lines: Sequence[int]) -> None:
    """Refuse a word among numbers that looks like a slip; many words among numbers are a column of words."""
    strangers = np.flatnonzero(np.isnan(column.numbers) & ~column.missing).tolist()
    first = strangers[0]
    found = column.words[first][:LONGEST_NAME]
    place = f"Line {lines[first]}, column {column.name!r}, is {found!r}"
    if is_not_finite(column.words[first]):
        raise DatasetError(
            "csv_not_finite",
            f"{place}. Numbers have to be finite: fix the cell or leave out the row.",
            line=lines[first],
            column=column.name,
            found=found,
        )
    if column.repeats and column.distinct <= MOST_WORDS:
        return
    if len(strangers) == 1 or 10 * len(strangers) <= len(column.words):
        raise DatasetError(
            "csv_number",
            f"{place}, which is not a number, but the column has numbers. Fix that cell, or leave the column out.",
            line=lines[first],
            column=column.name,
            found=found,
        )
