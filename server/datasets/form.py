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
    if wishes.separator is None and is_bracketed(text):
        return _of_brackets(text, wishes)
    lines = list(StringIO(text, newline=""))
    written = _take_separator_line(lines)
    comments = _take_comments(lines)
    parted, is_guess = part(lines, wishes.separator or written)
    guessed = ["separator"] if is_guess else []
    names = _header_of_comment(comments, parted) if wishes.header is None else None
    header, rows = (names, parted) if names else _with_header(parted, wishes.header, guessed)
    if names:
        guessed.append("header")
    decimal = _decimal(rows.cells, parted.separator, wishes.decimal, guessed)
    return Form(header, rows.cells, rows.lines, parted.separator, decimal, len(comments), tuple(guessed))


def _of_brackets(text: str, wishes: Wishes) -> Form:
    """JSON and lists: nothing is guessed but the header of lists, and numbers have a point unless words have none."""
    found = rows_of(text)
    guessed: list[str] = []
    if found.header is None:
        header, rows = _with_header(fitted(Parted(",", found.cells, found.lines)), wishes.header, guessed)
    else:
        header, rows = _with_header(fitted(Parted(",", [found.header, *found.cells], [1, *found.lines])), True, guessed)
    decimal = _decimal(rows.cells, None, wishes.decimal, guessed)
    return Form(header, rows.cells, rows.lines, None, decimal, 0, tuple(guessed))


def _with_header(parted: Parted, asked: bool | None, guessed: list[str]) -> tuple[list[str] | None, Parted]:
    """The first row as a header where it is one, and the other rows. Notes a guess."""
    first, rows = parted.cells[0], Parted(parted.separator, parted.cells[1:], parted.lines[1:])
    has_header, is_guess = is_header(first, rows.cells) if asked is None else (asked, False)
    guessed += ["header"] if is_guess else []
    if not has_header:
        return None, parted
    if not rows.cells:
        raise Problem(
            422,
            "csv_empty",
            f"Line {parted.lines[0]} looks like a header and no rows follow it. Add rows of numbers and a label.",
        )
    return first, rows


def _check_format(beginning: str) -> None:
    found = next((name for name, start in _FORMATS.items() if start.match(beginning)), None)
    if found is not None:
        raise Problem(
            422,
            "csv_format",
            f"This is {found}, which the playground cannot read. Save the table as CSV, with commas between the cells.",
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
    found = [number for number in found if not re.match(r"\s*#\s*[,;\t|]", lines[number])]
    comments = [lines[number] for number in found]
    for number in found:
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


def _decimal(
    cells: Sequence[Sequence[str]], separator: str | None, asked: Decimal | None, guessed: list[str]
) -> Decimal:
    """The mark before the decimals. Notes a guess."""
    if asked is not None:
        return asked
    mark = decimal_mark(chain.from_iterable(cells))
    # A semicolon parts the cells where the comma is taken by the decimals.
    is_usual = mark.decimal is None and separator == ";" and len(mark.cells) == 1
    if mark.decimal is not None or is_usual:
        # In JSON and in lists of Python a number has no other mark than the point.
        guessed += ["decimal"] if separator is not None and not mark.is_certain else []
        return mark.decimal or ","
    found = " and ".join(mark.cells)
    raise Problem(
        422,
        "csv_decimal",
        f"The table has {found}: a comma may stand before decimals or between thousands. Say which mark stands before "
        "the decimals, a point or a comma.",
        found=list(mark.cells),
    )
