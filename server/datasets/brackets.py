"""Tables written as JSON, or as lists of Python and NumPy."""

import json
import re
from dataclasses import dataclass
from typing import Any

from server.datasets.parting import check_width
from server.problems import Problem

# Blanks are counted: two runs of any length side by side would take the square of their length to be matched in vain.
_START = re.compile(
    r"(?:[A-Za-z_]\w{0,40} {0,9}= {0,9})?(?:(?:np|numpy|torch)\.)?(?:(?:array|asarray|tensor) {0,9}\()?\s{0,9}"
    r"(?P<open>[\[{]|\((?=\s{0,9}[\[(\d\"'.+-]))"
)
_END = re.compile(r"(?:,\s{0,9}(?:dtype|shape) {0,9}=[^)]{0,80})?\s{0,9}\)? {0,9};?")
_LONGEST_END = 120
_PIECE = re.compile(
    r"""(?P<word>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<bracket>[\[\]()])|(?P<mark>[\s,]+)|[^\s,\[\]()"']+|["']""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rows:
    """Cells that are parted already. `header` has the keys of objects, `lines` where each row stands."""

    header: list[str] | None
    cells: list[list[str]]
    lines: list[int]


def is_bracketed(text: str) -> bool:
    """Whether a text begins like JSON, a list of rows or a printed array."""
    return _START.match(text, _begin(text)) is not None


def _begin(text: str) -> int:
    """Where the first letter stands that is no blank."""
    return len(text) - len(text.lstrip())


def rows_of(text: str) -> Rows:
    """The rows of JSON (lists, objects, columns, or an object a line) or of lists.

    Raises
    ------
    Problem : 422 "csv_brackets".
    """
    try:
        return _of_json(json.loads(text, **_AS_WRITTEN))
    except (ValueError, RecursionError):
        pass
    if text.lstrip().startswith("{"):
        lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
        rows = _of_json([_object_of(line, number) for number, line in lines])
        return Rows(rows.header, rows.cells, [number for number, _ in lines])
    return _of_lists(text)


def _object_of(line: str, number: int) -> object:
    try:
        return json.loads(line, **_AS_WRITTEN)
    except (ValueError, RecursionError):
        raise _unreadable(number, "it is no JSON object") from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _unreadable(1, "an object has the same key twice")
    return found


# Numbers stay the digits that were written.
_AS_WRITTEN: dict[str, Any] = {
    "parse_float": str,
    "parse_int": str,
    "parse_constant": str,
    "object_pairs_hook": _pairs,
}


def _of_json(value: Any) -> Rows:
    header: list[str] | None = None
    if isinstance(value, dict) and isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        header, rows = [_cell(name) for name in value["columns"]], value["data"]
    elif isinstance(value, dict) and value and all(isinstance(cells, list) for cells in value.values()):
        if len({len(cells) for cells in value.values()}) > 1:
            raise _unreadable(1, "the lists of an object have different lengths")
        header, rows = list(value), [list(row) for row in zip(*value.values(), strict=True)]
    elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        header = list(dict.fromkeys(key for row in value for key in row))
        check_width(len(header), len(value))
        rows = [[row.get(key) for key in header] for row in value]
    else:
        rows = value
    if not (isinstance(rows, list) and rows and all(isinstance(row, list) for row in rows)):
        raise _unreadable(1, "rows are wanted, as a list of lists or a list of objects")
    cells = [[_cell(cell) for cell in row] for row in rows]
    return Rows(header, cells, list(range(1, len(cells) + 1)))


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str():
            return " ".join(value.split())
    raise _unreadable(1, "a cell is a list or an object")


def _of_lists(text: str) -> Rows:
    """Innermost brackets are rows; all stand equally deep, alone or in one pair of brackets."""
    text = text.rstrip()
    start = _START.match(text, _begin(text))
    assert start is not None
    position = start.start("open")
    line = 1 + text.count("\n", 0, position)
    stack: list[list[str]] = []
    cells: list[list[str]] = []
    lines: list[int] = []
    depths: set[int] = set()
    is_parted = True
    for piece in _PIECE.finditer(text, position):
        found = piece[0]
        if found in ("[", "("):
            if len(stack) == 2 or (stack and stack[-1]):
                raise _unreadable(line, "a row holds a list")
            stack.append([])
            is_parted = True
        elif piece["bracket"]:
            if not stack:
                break
            row = stack.pop()
            if row:
                cells.append(row)
                lines.append(line)
                depths.add(len(stack))
            if not stack and len(text) - piece.end() < _LONGEST_END and _END.fullmatch(text[piece.end() :].strip()):
                break
            is_parted = True
        elif piece["mark"]:
            is_parted = True
            line += found.count("\n")
        elif not stack or not is_parted or found in "\"'":
            raise _unreadable(line, f"{found[:40]!r} stands where a row or a comma should")
        else:
            stack[-1].append(" ".join(_ESCAPED.sub(r"\1", found[1:-1]).split()) if piece["word"] else found)
            line += found.count("\n")
            is_parted = False
    if stack:
        raise _unreadable(line, "a bracket is not closed")
    if len(depths) > 1:
        raise _unreadable(line, "rows stand beside single numbers")
    return Rows(None, cells, lines)


def _unreadable(line: int, reason: str) -> Problem:
    return Problem(
        422,
        "csv_brackets",
        f"The table begins like a list or JSON, but line {line} cannot be read: {reason}. "
        'Send rows such as [[1, 2, "A"], [2, 1, "B"]].',
        line=line,
        found=reason,
    )
