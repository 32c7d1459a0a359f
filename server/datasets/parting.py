"""Which mark parts the cells of a table, and the cells that it parts."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from clevercsv.detect import Detector

from engine.datasets import is_date, is_missing, may_be_number
from server.problems import Problem

# A tab, a semicolon or a bar is a choice; a comma may also stand inside a number ("3,5"), a blank inside a word.
SEPARATORS = ("\t", ";", "|", ",", "，", " ")
MOST_COLUMNS, MOST_CELLS = 10_000, 2_000_000
# So much is shown to the detector, whose time grows faster than the text.
SAMPLE_LINES, SAMPLE_LETTERS, SAMPLE_ROWS = 30, 4_000, 200

_BLANKS = re.compile(r"[ \t]+")
_RULE = frozenset("-+=|: \t")
_SINGLE_QUOTED = re.compile(r"(?:^|[\t;|,] ?| )'[^'\n]*'(?=[\t;|, \r\n]|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parted:
    """Rows of cells, none of them empty. `lines` says where each row ends in the text."""

    separator: str
    cells: list[list[str]]
    lines: list[int]


def part(lines: Sequence[str], separator: str | None) -> tuple[Parted, bool]:
    """The cells of a text by the separator that lets all rows fit, and whether another one would do as well.

    Raises
    ------
    Problem : 422 "csv_empty", "csv_one_column", "csv_ragged", "csv_quotes".
    """
    lines = [_without_rule(line) for line in lines]
    filled = [line for line in lines if line.strip()][:SAMPLE_LINES]
    if not filled:
        raise Problem(422, "csv_empty", "The table is empty. Write one sample per line: its numbers and a label.")
    able = (
        [separator]
        if separator
        else [mark for mark in SEPARATORS if all(mark in line.strip(" \r\n") for line in filled[:2])]
    )
    fitting: list[Parted] = []
    failed: list[tuple[str, Problem]] = []
    for mark in able:
        # Blanks are tabs too: where tabs part the cells, a blank stands inside words, but not between two numbers.
        if mark == " " and fitting and fitting[0].separator == "\t" and not _has_number_pairs(fitting[0]):
            continue
        try:
            fitting.append(fitted(_cells(lines, mark, _quote(filled))))
        except Problem as problem:
            failed.append((mark, problem))
    if not fitting:
        raise _blamed(failed, filled) or _one_column(lines, filled[0])
    likeness = [_likeness(parted) for parted in fitting]
    best = [parted for parted, like in zip(fitting, likeness, strict=True) if like == max(likeness)]
    if len(best) == 1:
        return best[0], False
    likely = _detected(filled, [parted.separator for parted in best])
    return next((parted for parted in best if parted.separator == likely), best[0]), True


def _able(lines: Sequence[str]) -> list[str]:
    return [mark for mark in SEPARATORS if all(mark in line.strip(" \r\n") for line in lines)]


def _without_rule(line: str) -> str:
    """Lines of dashes, as Markdown and databases draw them, say nothing."""
    return "\n" if ("--" in line or "==" in line) and _RULE.issuperset(line.strip()) else line


def _quote(filled: Sequence[str]) -> str:
    sample = "".join(filled)
    return "'" if '"' not in sample and _SINGLE_QUOTED.search(sample) else '"'


def _cells(lines: Sequence[str], separator: str, quote: str) -> Parted:
    if separator == " ":
        lines = [_BLANKS.sub(" ", line.strip(" \t")) for line in lines]
    reader = csv.reader(lines, delimiter=separator, quotechar=quote, skipinitialspace=True, strict=True)
    cells: list[list[str]] = []
    ends: list[int] = []
    end = 0
    try:
        for row in reader:
            start, end = end + 1, reader.line_num
            if end > start and any(separator in cell and "\n" in cell.replace("\r", "\n") for cell in row):
                raise _quotes(start, "a quoted cell holds whole rows")
            row = [cell.strip() for cell in row] if end == start else [" ".join(cell.split()) for cell in row]
            if any(row):
                cells.append(row)
                ends.append(end)
    except csv.Error as error:
        raise _quotes(end + 1, str(error)) from error
    if separator == "|" and all(len(row) > 2 and not row[0] and not row[-1] for row in cells):
        cells = [row[1:-1] for row in cells]
    return Parted(separator, cells, ends)


def check_width(found: int, rows: int = 1) -> None:
    """Each column costs some time even if it is left out, and objects need not write cells that they do not have."""
    most = min(MOST_COLUMNS, MOST_CELLS // rows)
    if found > most:
        raise Problem(
            422,
            "csv_too_many_columns",
            f"The table has {found} columns; at most {most} can be read. Leave some out.",
            found=found,
            wanted=most,
        )


def fitted(parted: Parted) -> Parted:
    """The same with equally long rows: without empty ends, with R's nameless first column, with repeats taken as one.

    Raises
    ------
    Problem : 422 "csv_empty", "csv_one_column", "csv_ragged".
    """
    cells = parted.cells
    if not cells:
        raise Problem(422, "csv_empty", "The table is empty. Write one sample per line: its numbers and a label.")
    check_width(max(map(len, cells)))
    width = max(_filled(row) for row in cells)
    if all(len(row) >= width for row in cells):
        fit = [row[:width] for row in cells]
    elif _has_row_names(cells, width):
        fit = [["", *cells[0]], *(row[:width] for row in cells[1:])]
    else:
        fit = [[cell for cell in row if cell] for row in cells]
        if len({len(row) for row in fit}) > 1:
            raise _ragged(parted)
    if len(fit[0]) < 2:
        raise _one_column([""] * (parted.lines[0] - 1), "")
    return Parted(parted.separator, fit, parted.lines)


def _filled(row: Sequence[str]) -> int:
    """How many cells a row has up to its last filled one."""
    return next((end for end in range(len(row), 0, -1) if row[end - 1]), 0)


def _has_row_names(cells: Sequence[Sequence[str]], width: int) -> bool:
    """Whether every row begins with a name of its own, which the header has no name for."""
    names = [row[0] for row in cells[1:]]
    return (
        len(cells[0]) == width - 1
        and not any(may_be_number(cell) for cell in cells[0])
        and all(len(row) >= width for row in cells[1:])
        and len(set(names)) == len(names)
        and all(name.isdigit() or not may_be_number(name) for name in names)
    )


def _has_number_pairs(parted: Parted) -> bool:
    """Whether a cell holds two numbers with a blank between them."""
    cells = (cell.split() for row in parted.cells[:SAMPLE_ROWS] for cell in row if " " in cell)
    return any(sum(map(may_be_number, words)) > 1 for words in cells)


def _likeness(parted: Parted) -> float:
    """How much the cells are like numbers, dates and single words, which no other separator would part."""
    others = [mark for mark in SEPARATORS if mark != parted.separator]
    cells = Counter(cell for row in parted.cells[:SAMPLE_ROWS] for cell in row)
    clean = sum(
        count
        for cell, count in cells.items()
        if is_missing(cell) or may_be_number(cell) or is_date(cell) or not any(mark in cell for mark in others)
    )
    return clean / cells.total()


def _detected(filled: Sequence[str], among: list[str]) -> str | None:
    """What clevercsv takes for the separator."""
    sample = "".join(filled)[:SAMPLE_LETTERS]
    found = Detector().detect(sample, delimiters=among)
    return None if found is None else found.delimiter


def _blamed(failed: list[tuple[str, Problem]], filled: Sequence[str]) -> Problem | None:
    """Of several refusals the one of the separator that was most probably meant."""
    if len(failed) > 1:
        mark = _detected(filled, [mark for mark, _ in failed])
        failed = [pair for pair in failed if pair[0] == mark] or failed
    return failed[0][1] if failed else None


def _ragged(parted: Parted) -> Problem:
    wanted = len(parted.cells[0])
    row = next(row for row, cells in enumerate(parted.cells) if len(cells) != wanted)
    line, first, found = parted.lines[row], parted.lines[0], len(parted.cells[row])
    return Problem(
        422,
        "csv_ragged",
        f"Line {line} has {found} cells, but line {first} has {wanted}. Every line needs the same number.",
        line=line,
        found=found,
        wanted=wanted,
    )


def _one_column(lines: Sequence[str], filled: str) -> Problem:
    line = next((number for number, text in enumerate(lines, start=1) if text is filled), len(lines) + 1)
    return Problem(
        422,
        "csv_one_column",
        f"Line {line} has only one column. Give at least one number and a label, with a comma, a semicolon, a tab, "
        "a bar or spaces between them.",
        line=line,
    )


def _quotes(line: int, reason: str) -> Problem:
    return Problem(
        422,
        "csv_quotes",
        f"Line {line} cannot be read: {reason}. Check that every quotation mark is closed.",
        line=line,
    )
