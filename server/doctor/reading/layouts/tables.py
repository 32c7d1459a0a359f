"""Tables of spreadsheets (tabs), Markdown (bars) and pandas (blanks), with or without names of rows and columns."""

import re
from collections.abc import Sequence

from server.doctor.reading.layouts.cells import is_even, is_number, matrix
from server.doctor.reading.names.names import parsed
from server.doctor.reading.text.words import Note, note

# The line between head and body of a Markdown table.
_RULE = frozenset("|-: ")
Rows = list[list[str]]


def without_tables(lines: list[str]) -> tuple[list[str], list[Note]]:
    """Tables as assignments."""
    found = list(lines)
    notes: list[Note] = []
    at = 0
    while at < len(found):
        if "\t" in found[at] or "|" in found[at]:
            at = _table(found, at, notes)
        elif found[at][:1].isspace() or found[at][:1].isdigit():
            at = _frame(found, at, notes)
        else:
            at += 1
    return found, notes


def _table(lines: list[str], begin: int, notes: list[Note]) -> int:
    """Rewrite a table that begins in this line; where it ends."""
    mark = "\t" if "\t" in lines[begin] else "|"
    at = begin
    rows: Rows = []
    while at < len(lines) and mark in lines[at]:
        line = lines[at].strip("\r")
        if mark == "|":
            line = line.strip().removeprefix("|").removesuffix("|")
        if not ("--" in line and _RULE.issuperset(line)):
            rows.append([cell.strip().strip("`*$").strip() for cell in line.split(mark)])
        at += 1
    width = max((column for row in rows for column, cell in enumerate(row, start=1) if cell), default=1)
    rows = [row[:width] for row in rows]
    text, has_headers = _assignments(rows, _is_label(lines, begin))
    if text is not None:
        lines[begin:at] = [text, *[""] * (at - begin - 1)]
        if has_headers:
            notes.append(note("headers", line=begin + 1))
    return at


def _is_label(lines: Sequence[str], begin: int) -> bool:
    """Whether the line before is a name alone."""
    before = next((line for line in reversed(lines[max(0, begin - 3) : begin]) if line.strip()), "")
    return parsed(before.strip().strip("#`*:= ")) is not None


def _assignments(rows: Rows, has_label: bool) -> tuple[str | None, bool]:
    """A table as names and matrices, and whether names of its rows or columns were left out; None: it is none."""
    if not rows or (len(rows[0]) < 2 and not has_label):
        return None, False
    head, body = rows[0], rows[1:]
    numbers = [[cell for cell in row if cell] for row in rows]
    if is_even(numbers) and all(is_number(cell) for row in numbers for cell in row):
        return matrix(numbers), False
    is_headed = bool(body) and not any(is_number(cell) for cell in head)
    if is_headed and is_even(rows):
        is_named = parsed(head[0]) is not None
        plain = _body(body)
        # W2 | o1 | o2 above rows called h1 and h2, or an empty corner below the name.
        if plain is not None and (is_named or (has_label and not head[0])):
            return (f"{head[0]} = " if is_named else "") + matrix(plain), True
        columns = _columns(head, body) if _all_known(head if is_named else head[1:]) else None
        if columns is not None:
            return columns, False
        if plain is not None and has_label:
            return matrix(plain), True
    named = body if is_headed and not _named(rows) else rows
    return _named(named), False


def _body(body: Rows) -> Rows | None:
    """The numbers of a table without the names of its rows; None: something else stands among them."""
    has_names = not any(is_number(row[0]) for row in body)
    rows = [row[1:] for row in body]
    return rows if has_names and all(is_number(cell) for row in rows for cell in row) else None


def _all_known(cells: Sequence[str]) -> bool:
    return bool(cells) and all(parsed(cell) is not None for cell in cells) and len(set(cells)) == len(cells)


def _columns(head: Sequence[str], body: Rows) -> str | None:
    """A tensor a column: a table with a row a sample."""
    columns = list(zip(*body, strict=True))
    names = [(name, column) for name, column in zip(head, columns, strict=True) if parsed(name) is not None]
    if not all(is_number(cell) for _, column in names for cell in column):
        return None
    return "; ".join(f"{name} = {matrix([[cell] for cell in column])}" for name, column in names)


def _named(rows: Rows) -> str | None:
    """A name in the first cell, its numbers beside it and below: rows without a name go on."""
    parts: list[tuple[str, Rows]] = []
    for row in rows:
        cells = [cell for cell in row[1:] if cell]
        if row[0] and not is_number(row[0]):
            parts.append((row[0], [cells] if cells else []))
        elif parts and not row[0] and cells:
            parts[-1][1].append(cells)
        elif any(row):
            return None
    texts = []
    for name, values in parts:
        if all(is_number(cell) for value in values for cell in value):
            # One row is a vector, one number is a number.
            text = matrix(values) if len(values) > 1 else matrix(values)[1:-1] if values else ""
            texts.append(f"{name} = {text[1:-1] if len(values) == 1 and len(values[0]) == 1 else text}")
        else:
            texts.append(f"{name} = {' '.join(cell for value in values for cell in value)}")
    known = any(parsed(name) is not None or re.fullmatch(r"d?w[0-9]+", name, re.IGNORECASE) for name, _ in parts)
    return "; ".join(texts) if known else None


def _frame(lines: list[str], begin: int, notes: list[Note]) -> int:
    """Rewrite a frame of pandas: columns 0, 1, ... above, rows 0, 1, ... before; or names above."""
    head = lines[begin].split()
    at = begin + 1
    body: Rows = []
    while at < len(lines) and (cells := lines[at].split()) and len(cells) == len(head) + 1:
        if cells[0] != str(len(body)) or not all(map(is_number, cells)):
            break
        body.append(cells[1:])
        at += 1
    is_counted = head == [str(column) for column in range(len(head))]
    if not body or not (is_counted or _all_known(head)):
        return begin + 1
    text = matrix(body) if is_counted else _columns(head, body)
    assert text is not None
    lines[begin:at] = [text, *[""] * (at - begin - 1)]
    if is_counted:
        notes.append(note("headers", line=begin + 1))
    return at
