"""Cells of tables and print-outs."""

import re
from collections.abc import Sequence

NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?(?:/[0-9]+)?|nan|inf(?:inity)?|true|false)",
    re.IGNORECASE,
)


def is_number(cell: str) -> bool:
    return NUMBER.fullmatch(cell) is not None


def matrix(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells in brackets. Between two cells stands a blank, so a comma in a cell is a decimal one."""
    return "[" + " ".join(f"[{' '.join(cell.replace(',', '.') for cell in row)}]" for row in rows) + "]"


def is_even(rows: Sequence[Sequence[str]]) -> bool:
    """Whether all rows have the same length, at least 1."""
    return len({len(row) for row in rows}) == 1 and bool(rows[0])
