"""Whether the first row of a table has the names of its columns."""

from collections import Counter
from collections.abc import Sequence

from engine.datasets import LABEL_HEADERS, is_missing, may_be_number

SAMPLE_ROWS = 100


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[bool, bool]:
    """Whether a first row is a header, and whether that is a guess."""
    numbers = [may_be_number(cell) or (cell != "" and is_missing(cell)) for cell in first]
    columns = list(zip(*rows, strict=True)) or [()] * len(first)
    if not any(numbers):
        has_numbers = any(2 * _numbers_in(cells) > len(cells) for cells in columns)
        # A row of names holds none that comes again below it.
        comes_again = any(name != "" and name in cells for name, cells in zip(first, columns, strict=True))
        is_clear = has_numbers and "" not in first[1:] and (first[0] != "" or _names_rows(columns[0]))
        return not comes_again, not is_clear and len(rows) > 0
    if any(cell.lower() in LABEL_HEADERS and cell.lower() != "y" for cell in first):
        return True, False
    below = [cells for is_number, cells in zip(numbers, columns, strict=True) if is_number]
    has_decimals = all(any("." in cell or "," in cell for cell in cells[:SAMPLE_ROWS]) for cells in below)
    if _counts(first[1:] if first[0] == "" else first) and rows:
        has_words = any(not any(map(may_be_number, set(cells))) for cells in below)
        return first[0] == "" or has_words or (has_decimals and len(first) > 3), True
    is_whole = all(cell.isdigit() for cell, is_number in zip(first, numbers, strict=True) if is_number)
    if not (is_whole and has_decimals) or all(numbers):
        return False, False
    # Whole numbers and words above decimals: years are names, others may be the first row.
    years = [cell for cell, is_number in zip(first, numbers, strict=True) if is_number]
    return len(years) > 1 and all(len(year) == 4 and 1900 <= int(year) <= 2100 for year in years), True


def _numbers_in(cells: Sequence[str]) -> int:
    """How many cells may be numbers; what comes again is looked at once."""
    return sum(count for cell, count in Counter(cells).items() if may_be_number(cell))


def _names_rows(cells: Sequence[str]) -> bool:
    """Whether cells are all different, and either words or 0, 1, 2, ... or 1, 2, 3, ..."""
    return len(cells) > 1 and len(set(cells)) == len(cells) and (not any(map(may_be_number, cells)) or _counts(cells))


def _counts(cells: Sequence[str]) -> bool:
    """Whether cells are 0, 1, 2, ... or 1, 2, 3, ..., as libraries name columns without names."""
    return len(cells) > 1 and any(list(cells) == [str(at + start) for at in range(len(cells))] for start in (0, 1))
