"""From text to cells: what parts them, which row is the header, which mark stands before decimals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain

from engine.datasets import Decimal, decimal_mark
from server.datasets.brackets import is_bracketed, rows_of
from server.datasets.header import is_header
from server.datasets.parting import Parted, fitted, part
from server.problems import Problem

# How other formats begin that are text too. None of them may be taken for cells of words.
_FORMATS = {
    "ARFF": re.compile(r"(?:%[^\n]*\n|\s)*@relation\s", re.IGNORECASE),
    "HTML, XML": re.compile(r"\s*<[!?a-z]", re.IGNORECASE),
    "LIBSVM": re.compile(r"\s*[^\s:]+(?:[ \t]+[0-9]+:[^\s:]+)+[ \t]*(?:\n|$)"),
}
BEGINNING = 2_000  # letters of a text in which its format shows
_SEPARATOR_LINE = re.compile(r'\s*"?sep=(.|\\t)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person said about the form of a table; None: find out."""

    separator: str | None = None
    decimal: Decimal | None = None
    header: bool | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A table as cells.

    Attributes
    ----------
    header : the names of the columns as they were written; None: there is no header
    lines : where each row stands in the text, counted from 1
    separator : None where brackets part the rows
    guessed : which of separator, decimal and header could be otherwise
    """

    header: list[str] | None
    cells: list[list[str]]
    lines: list[int]
    separator: str | None
    decimal: Decimal
    comment_lines: int
    guessed: tuple[str, ...]


def form_of(text: str, wishes: Wishes) -> Form:
    """Part a text into cells.

    Raises
    ------
    Problem : 422 "csv_empty", "csv_one_column", "csv_ragged", "csv_quotes", "csv_brackets", "csv_decimal",
        "csv_format".
    """
    _check_format(text[:BEGINNING])
    guessed: list[str] = []
    comments: list[str] = []
    separator: str | None = None
    header: list[str] | None = None
    if wishes.separator is None and is_bracketed(text):
        rows = rows_of(text)
        header = rows.header
        parted = fitted(
            Parted(",", [header, *rows.cells], [1, *rows.lines]) if header else Parted(",", rows.cells, rows.lines)
        )
        is_first_header = header is not None
    else:
        lines = list(StringIO(text, newline=""))
        separator = wishes.separator or _take_separator_line(lines)
        comments = _take_comments(lines)
        parted, is_guess = part(lines, separator)
        separator = parted.separator
        guessed += ["separator"] if is_guess else []
        header = _header_of_comment(comments, parted)
        is_first_header = False
    cells, row_lines = parted.cells, parted.lines
    if header is not None and not is_first_header:
        guessed.append("header")
    elif wishes.header is None and not is_first_header:
        is_first_header, is_guess = is_header(cells[0], cells[1:])
        guessed += ["header"] if is_guess else []
    elif wishes.header is not None:
        is_first_header = wishes.header
    if is_first_header:
        header, cells, row_lines = cells[0], cells[1:], row_lines[1:]
    if not cells:
        raise Problem(
            422,
            "csv_empty",
            f"Line {parted.lines[0]} looks like a header and no rows follow it. Add rows of numbers and a label.",
        )
    decimal, is_guess = (wishes.decimal, False) if wishes.decimal else _decimal(cells, separator)
    guessed += ["decimal"] if is_guess else []
    return Form(header, cells, row_lines, separator, decimal, len(comments), tuple(guessed))


def _check_format(beginning: str) -> None:
    found = next((name for name, start in _FORMATS.items() if start.match(beginning)), None)
    if found is not None:
        raise Problem(
            422,
            "csv_format",
            f"This is {found}, which is not read here. Save the table as CSV, with commas between the cells.",
            found=found,
        )


def _take_separator_line(lines: list[str]) -> str | None:
    """Excel's first line sep=; is taken out."""
    found = _SEPARATOR_LINE.fullmatch(lines[0].lstrip("\ufeff")) if lines else None
    if found is None:
        return None
    lines[0] = "\n"
    return "\t" if found[1] in ("\\t", "\t") else found[1]


def _take_comments(lines: list[str]) -> list[str]:
    """Lines that begin with # are taken out, unless most lines or the header do."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    found = [number for number in filled if lines[number].lstrip().startswith("#")]
    if 2 * len(found) > len(filled):
        return []
    comments = [lines[number] for number in found if not re.match(r"\s*#\s*[,;\t|]", lines[number])]
    for number in found:
        if lines[number] in comments:
            lines[number] = "\n"
    return comments


def _header_of_comment(comments: Sequence[str], parted: Parted) -> list[str] | None:
    """The names that NumPy writes behind a #, where there are as many as columns."""
    if not comments:
        return None
    try:
        names = part([comments[-1].lstrip().lstrip("#")], parted.separator)[0].cells[0]
    except Problem:
        return None
    is_for_all = len(names) == len(parted.cells[0]) and not is_header(parted.cells[0], parted.cells[1:])[0]
    return names if is_for_all and is_header(names, parted.cells)[0] else None


def _decimal(cells: Sequence[Sequence[str]], separator: str | None) -> tuple[Decimal, bool]:
    mark = decimal_mark(chain.from_iterable(cells))
    if mark.decimal is not None:
        return mark.decimal, not mark.is_certain
    # A semicolon parts the cells where the comma is taken by the decimals.
    if separator == ";" and len(mark.cells) == 1:
        return ",", True
    found = " and ".join(mark.cells)
    raise Problem(
        422,
        "csv_decimal",
        f"The table has {found}: a comma may stand before decimals or between thousands. Say which mark stands before "
        "the decimals, a point or a comma.",
        found=list(mark.cells),
    )
