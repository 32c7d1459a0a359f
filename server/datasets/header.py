"""Whether the first row of a table has the names of its columns."""

from collections.abc import Sequence

from engine.datasets.numerals import is_missing, may_be_number
from engine.datasets.roles import LABEL_HEADERS


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[bool, bool]:
    """Whether a first row is a header, and whether that is a guess."""
    numbers = [may_be_number(cell) or (cell != "" and is_missing(cell)) for cell in first]
    columns = list(zip(*rows, strict=True)) or [()] * len(first)
    if not any(numbers):
        has_numbers = any(2 * sum(map(may_be_number, cells)) > len(cells) for cells in columns)
        # A row of names holds none that comes again below it.
        comes_again = any(name != "" and name in cells for name, cells in zip(first, columns, strict=True))
        is_clear = has_numbers and "" not in first[1:] and (first[0] != "" or _names_rows(columns[0]))
        return not comes_again, not is_clear and len(rows) > 0
    if any(cell.lower() in LABEL_HEADERS and cell.lower() != "y" for cell in first):
        return True, False
    is_count = _counts(first[1:] if first[0] == "" else first)
    if not is_count or not rows:
        return False, False
    has_words = any(
        is_number and not any(map(may_be_number, cells)) for is_number, cells in zip(numbers, columns, strict=True)
    )
    has_decimals = len(first) > 3 and any("." in cell for row in rows[:100] for cell in row)
    return first[0] == "" or has_words or has_decimals, True


def _names_rows(cells: Sequence[str]) -> bool:
    """Whether cells are all different, and either words or 0, 1, 2, ... or 1, 2, 3, ..."""
    return len(cells) > 1 and len(set(cells)) == len(cells) and (not any(map(may_be_number, cells)) or _counts(cells))


def _counts(cells: Sequence[str]) -> bool:
    """Whether cells are 0, 1, 2, ... or 1, 2, 3, ..., as libraries name columns without names."""
    return len(cells) > 1 and any(list(cells) == [str(at + start) for at in range(len(cells))] for start in (0, 1))
