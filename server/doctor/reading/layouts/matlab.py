"""Print-outs of MATLAB and Octave: a factor above the numbers, columns in blocks."""

import re

from server.doctor.reading.layouts.cells import is_even, is_number, matrix
from server.doctor.reading.text.words import Note, note
from server.doctor.reading.values.numbers import scaled

# A larger exponent would become as many digits, in each of the numbers below it.
_FACTOR = re.compile(r"\s*(?P<factor>[0-9]{1,3}(?:\.[0-9]{1,9})?e[+-][0-9]{1,2})\s*\*\s*", re.IGNORECASE)
_PRINTED = re.compile(r"-?[0-9]+(?:\.[0-9]*)?")
_COLUMNS = re.compile(r"\s*Columns?\s+(?P<first>[0-9]{1,6})(?:\s+(?:through|and|to)\s+[0-9]+)?:?\s*", re.IGNORECASE)
# No text with more numbers is read (server/settings.py), and each may become a hundred digits.
MOST_SCALED = 20_000
# [0.5; 0.25]' is a transposed matrix, and no end of a string.
_TRANSPOSED = re.compile(r"\]\.?'")


def without_matlab(lines: list[str]) -> tuple[list[str], list[Note]]:
    """Numbers below a factor or in blocks of columns, in brackets."""
    found = [_TRANSPOSED.sub("].ctranspose", line) if line.count("'") % 2 else line for line in lines]
    notes: list[Note] = []
    at = 0
    while at < len(found):
        is_special = "*" in found[at] or "olumn" in found[at]
        end = _block(found, at, notes) if is_special else None
        at = end or at + 1
    return found, notes


def _block(lines: list[str], begin: int, notes: list[Note]) -> int | None:
    at, factor = begin, None
    rows: list[list[str]] = []
    while at < len(lines):
        above = _FACTOR.fullmatch(lines[at])
        columns = _COLUMNS.fullmatch(lines[at])
        if above is not None and factor is None and not rows:
            factor = above["factor"]
            at += 1
        elif columns is not None and int(columns["first"]) == 1 + (len(rows[0]) if rows else 0):
            at, part = _rows(lines, at + 1)
            if not part or (rows and len(part) != len(rows)):
                return None
            for row, more in zip(rows, part, strict=bool(rows)):
                row += more
            rows = rows or part
        elif not lines[at].strip():
            at += 1
        elif not rows and factor is not None:
            at, rows = _rows(lines, at)
            if not rows:
                return None
        else:
            break
    if not rows or not is_even(rows):
        return None
    if factor is not None:
        known = factor
        if len(rows) * len(rows[0]) > MOST_SCALED or not all(_PRINTED.fullmatch(cell) for row in rows for cell in row):
            return None
        rows = [[scaled(cell, known) for cell in row] for row in rows]
        notes.append(note("scaled", line=begin + 1, factor=factor))
    text = matrix(rows)
    lines[begin:at] = [text, *[""] * (at - begin - 1)]
    return at


def _rows(lines: list[str], at: int) -> tuple[int, list[list[str]]]:
    """The rows of numbers from here, behind blank lines."""
    rows: list[list[str]] = []
    while at < len(lines) and not lines[at].strip():
        at += 1
    while at < len(lines) and (cells := lines[at].split()) and all(map(is_number, cells)):
        rows.append(cells)
        at += 1
    return at, rows
