"""Which column is what: guessed by one function, and said why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.datasets.columns import MOST_WORDS, Column
from engine.datasets.dataset import DatasetError

Role = Literal["feature", "label", "target", "left_out"]
Why = Literal[
    "asked",
    "header",
    "one_hot",
    "last_words",
    "first_repeats",
    "last",
    "numbers",
    "words",
    "last_feature",
    "row_names",
    "id_header",
    "dates",
    "counting",
    "constant",
    "many_words",
    "empty",
    "part",
]

MOST_CLASSES = 10
ENOUGH_ROWS = 10  # from here on a column 1 to n and a constant one are no coincidence
# In the order of preference, in the four languages of the page.
LABEL_HEADERS = (
    *("label", "labels", "метка", "метки", "标签"),
    *("class", "classes", "kelas", "класс", "классы", "类别", "类", "分类"),
    *("target", "цель", "目标", "целевая", "целевая переменная", "目标值"),
    "y",
)
ID_HEADERS = frozenset(
    (
        *("id", "index", "no", "no.", "nr", "nr.", "#", "unnamed: 0", "row", "rownames", "row names"),
        *("indeks", "nomor", "ид", "индекс", "номер", "№", "n°", "п/п", "№ п/п", "序号", "编号", "索引"),
    )
)
_ENDS_IN_ID = re.compile(r".*([_ -](id|ID|Id)|[a-z]I[dD])")
# Roles that were not guessed: asked for, named by the header, or all that is left.
_CERTAIN = frozenset(("asked", "header", "numbers", "words", "empty", "part"))


@dataclass(frozen=True, slots=True)
class Part:
    """What a column is for, and the reason as a code."""

    role: Role
    why: Why

    @property
    def guessed(self) -> bool:
        """Whether the reader chose it without being told, by a person or by a header."""
        return self.why not in _CERTAIN


def roles_of(columns: Sequence[Column], asked: Mapping[str, Role]) -> list[Part]:
    """Say what each column is for.

    The label or target: what was asked for; a header that names it; a last block of 0/1 columns whose rows sum to 1; a
    last column of words; the first column where it has words that repeat or few whole numbers, each twice on average,
    and the last one has decimals or more values; the last column. Numbers with decimals or more than MOST_CLASSES
    values are a target, all else are labels. Then row names, ids, dates, counts, constants and columns of many
    different words are left out, but never the last feature.

    Raises
    ------
    DatasetError : "unknown_column", "csv_no_label", "csv_no_features".
    """
    _check_names(columns, asked)
    parts: list[Part | None] = [
        Part(asked[column.name], "asked") if column.name in asked else None for column in columns
    ]
    useless = [_reason_to_leave_out(column, position) for position, column in enumerate(columns)]
    if not any(part is not None and part.role in ("label", "target") for part in parts):
        chosen, why = _label(columns, [part is not None for part in parts], useless)
        for position in chosen:
            is_target = len(chosen) == 1 and _is_target(columns[position])
            parts[position] = Part("target" if is_target else "label", why)
    for position, column in enumerate(columns):
        if parts[position] is None:
            reason = useless[position]
            use = Part("feature", "numbers" if column.is_number else "words")
            parts[position] = Part("left_out", reason) if reason else use
    return _with_a_feature(columns, [part for part in parts if part is not None])


def _check_names(columns: Sequence[Column], asked: Mapping[str, Role]) -> None:
    names = dict.fromkeys(column.name for column in columns)
    unknown = next((name for name in asked if name not in names), None)
    if unknown is not None:
        first = list(names)[:20]
        raise DatasetError(
            "unknown_column",
            f"There is no column {unknown!r}. The table has: {', '.join(first)}.",
            found=unknown,
            wanted=first,
        )


def _label(columns: Sequence[Column], is_asked: Sequence[bool], useless: Sequence[Why | None]) -> tuple[list[int], Why]:
    """Positions of the label, more than one where each class has a column, and why."""
    free = [position for position in range(len(columns)) if not is_asked[position]]
    named = _named(columns, free)
    if named is not None:
        return [named], "header"
    # A column of different words is a label in a small table; nobody could learn it in a large one.
    able = [p for p in free if useless[p] in (None, "counting") or (useless[p] == "many_words" and columns[p].repeats)]
    if not able:
        raise DatasetError("csv_no_label", "No column can be the label or the target. Say which one is.")
    last = columns[able[-1]]
    block = _one_hot_block(columns, able)
    if block:
        return block, "one_hot"
    if last.kind == "words":
        return [able[-1]], "last_words"
    if last.kind == "decimal" or last.distinct > MOST_CLASSES:
        first = next((p for p in able[:-1] if columns[p].is_number or columns[p].repeats), None)
        if first is not None and columns[first].repeats:
            if columns[first].kind == "words" or not _is_target(columns[first]):
                return [first], "first_repeats"
    return [able[-1]], "last"


def _named(columns: Sequence[Column], free: Sequence[int]) -> int | None:
    headers = [column.header.strip().lower() for column in columns]
    for wanted in LABEL_HEADERS:
        # y beside x and a third column is a coordinate.
        if wanted == "y" and "x" in headers and len(headers) > 2:
            continue
        found = next((position for position in free if headers[position] == wanted), None)
        if found is not None:
            return found
    return None


def _one_hot_block(columns: Sequence[Column], able: Sequence[int]) -> list[int]:
    """The last columns, two or more but not all, that have one 1 and else 0 in every row; none if there are no such."""
    total = np.zeros(len(columns[0].words))
    for place in range(len(able) - 1, 0, -1):
        column = columns[able[place]]
        if column.missing.any() or not np.isin(column.numbers, (0, 1)).all():
            break
        total += column.numbers
        if place < len(able) - 1 and (total == 1).all():
            return list(able[place:])
    return []


def _is_target(column: Column) -> bool:
    return column.kind == "decimal" or (column.kind == "whole" and column.distinct > MOST_CLASSES)


def _reason_to_leave_out(column: Column, position: int) -> Why | None:
    """Why a column is no use as a feature, if it is not."""
    n_rows = len(column.words)
    header = column.header.strip()
    if column.kind == "empty":
        return "empty"
    if position == 0 and header == "" and column.distinct == n_rows:
        return "row_names"
    if header.lower() in ID_HEADERS or _ENDS_IN_ID.fullmatch(header):
        return "id_header"
    if column.kind == "dates":
        return "dates"
    if n_rows >= ENOUGH_ROWS and _counts(column):
        return "counting"
    if n_rows >= ENOUGH_ROWS and column.distinct == 1:
        return "constant"
    return "many_words" if column.kind == "words" and column.distinct > MOST_WORDS else None


def _counts(column: Column) -> bool:
    """Whether a column is 1, 2, 3, ... or 0, 1, 2, ..."""
    return column.numbers[0] in (0, 1) and bool((np.diff(column.numbers) == 1).all())


def _with_a_feature(columns: Sequence[Column], parts: list[Part]) -> list[Part]:
    """The same, with the least useless column taken back where no feature was left."""
    if any(part.role == "feature" for part in parts):
        return parts
    for why in ("counting", "id_header", "row_names", "constant"):
        for position, part in enumerate(parts):
            is_usable = columns[position].is_number or 0 < columns[position].distinct <= MOST_WORDS
            if part.role == "left_out" and part.why == why and is_usable:
                return [*parts[:position], Part("feature", "last_feature"), *parts[position + 1 :]]
    raise no_features()


def no_features() -> DatasetError:
    """Nothing is there to learn from."""
    return DatasetError(
        "csv_no_features",
        "Besides the label, no column of numbers is left. Add one, or take back one that was left out.",
    )
