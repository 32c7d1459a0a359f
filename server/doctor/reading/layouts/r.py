"""Print-outs of R: rows that begin with [1,], columns called [,1], vectors that begin with [1]."""

import re

from server.doctor.reading.layouts.cells import is_even, is_number, matrix
from server.doctor.reading.text.words import Note

_HEADER = re.compile(r"\s*\[,(?P<first>[0-9]{1,6})\](?:\s+\[,[0-9]{1,6}\])*\s*")
_ROW = re.compile(r"\s*\[(?P<number>[0-9]{1,6}),\]\s+(?P<cells>\S.*)")
_VECTOR = re.compile(r"\s*\[(?P<number>[0-9]{1,6})\][ ]+(?P<cells>[^\s\[\](),;=:][^\[\](),;=:]*)")


def without_r(lines: list[str]) -> tuple[list[str], list[Note]]:
    """Matrices and vectors as R prints them, in brackets."""
    found = [line.replace("<- ", "= ") for line in lines]
    at = 0
    while at < len(found):
        end = _matrix(found, at) or _vector(found, at)
        at = end or at + 1
    return found, []


def _matrix(lines: list[str], begin: int) -> int | None:
    """Rewrite a matrix that begins in this line, in blocks of columns where it was too wide; where it ends."""
    header = _HEADER.fullmatch(lines[begin])
    if header is None or header["first"] != "1":
        return None
    rows: list[list[str]] = []
    at = begin
    while at < len(lines) and (header := _HEADER.fullmatch(lines[at])) is not None:
        if int(header["first"]) != 1 + (len(rows[0]) if rows else 0):
            break
        at += 1
        number = 0
        while at < len(lines) and (row := _ROW.fullmatch(lines[at])) is not None and int(row["number"]) == number + 1:
            if header["first"] == "1":
                rows.append([])
            if number >= len(rows):
                return None
            rows[number] += row["cells"].split()
            number += 1
            at += 1
        if number == 0:
            # Columns without rows: what follows is looked at when it is its turn, and not from each of such lines.
            break
    if not rows or not is_even(rows) or not all(is_number(cell) for row in rows for cell in row):
        return None
    lines[begin:at] = [matrix(rows), *[""] * (at - begin - 1)]
    return at


def _vector(lines: list[str], begin: int) -> int | None:
    cells: list[str] = []
    at = begin
    while at < len(lines) and (row := _VECTOR.fullmatch(lines[at])) is not None:
        if int(row["number"]) != len(cells) + 1:
            break
        cells += row["cells"].split()
        at += 1
    if not cells or not all(map(is_number, cells)):
        return None
    # A single number is a vector of length 1 in R.
    text = matrix([cells])[1:-1] if len(cells) > 1 else cells[0]
    lines[begin:at] = [text, *[""] * (at - begin - 1)]
    return at
