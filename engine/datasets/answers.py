"""From the columns of a table to y: labels with their classes, or the numbers of a target."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.datasets.columns import LONGEST_NAME, Column
from engine.datasets.dataset import DatasetError
from engine.datasets.numerals import number
from engine.datasets.roles import Part
from engine.datasets.table import Choices

LARGEST_LABEL = 2**53  # from here on two whole numbers can be one float


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What is to be learned, for all rows of the table.

    Attributes
    ----------
    y : (rows,) labels 0..K-1 or numbers; anything where is_missing
    class_names : none where there is a target
    """

    y: NDArray[np.int64] | NDArray[np.float64]
    is_missing: NDArray[np.bool_]
    class_names: tuple[str, ...] = ()
    target_name: str | None = None


def answers_of(columns: Sequence[Column], parts: Sequence[Part], lines: Sequence[int]) -> Answers:
    """Read the label or the target.

    Raises
    ------
    DatasetError : "csv_labels", "csv_target", "csv_label".
    """
    chosen = [column for column, part in zip(columns, parts, strict=True) if part.role in ("label", "target")]
    is_target = any(part.role == "target" for part in parts)
    if len(chosen) > 1:
        return _of_block(chosen, is_target)
    column = chosen[0]
    if not is_target:
        return _labels(column, lines)
    if not column.is_number:
        raise DatasetError(
            "csv_target",
            f"Column {column.name!r} cannot be a target: a target is a number in every row. Make it the label.",
            column=column.name,
        )
    return Answers(np.nan_to_num(column.numbers), column.missing, target_name=column.name)


def _of_block(chosen: Sequence[Column], is_target: bool) -> Answers:
    """A class from each column, where one of them is 1."""
    numbers = np.column_stack([column.numbers for column in chosen])
    is_missing = np.zeros(len(numbers), dtype=np.bool_)
    for column in chosen:
        is_missing |= column.missing
    known = numbers[~is_missing]
    if is_target or not (np.isin(known, (0, 1)).all() and (known.sum(axis=1) == 1).all()):
        names = ", ".join(column.name for column in chosen)
        raise DatasetError(
            "csv_labels",
            f"Columns {names} cannot all be learned: choose one as the label or the target. Several are one label only "
            "if each row has a single 1 among zeros.",
            found=names,
        )
    # In the order in which a column of these words would have them, not in that of the columns.
    labels = [chosen[place].name for place in np.nan_to_num(numbers).argmax(axis=1)]
    class_names, y = _classes(labels, [number(label, ".") for label in labels])
    return Answers(y, is_missing, class_names)


def _labels(column: Column, lines: Sequence[int]) -> Answers:
    if not column.is_number:
        _check_lengths(column, lines)
    known = np.flatnonzero(~column.missing).tolist()
    values = [float(column.numbers[row]) if column.is_number else None for row in known]
    class_names, y = _classes([column.words[row] for row in known], values)
    labels = np.zeros(len(column.words), dtype=np.int64)
    labels[known] = y
    return Answers(labels, column.missing, class_names)


def _classes(words: Sequence[str], values: Sequence[float | None]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Numbers sorted as numbers ("1", "1.0" and "01" are one class), all else as words; and the place of each label."""
    numbers = [value for value in values if value is not None and abs(value) < LARGEST_LABEL]
    if len(numbers) == len(words):
        words = [_shortest(value) for value in numbers]
        class_names = tuple(_shortest(value) for value in sorted(set(numbers)))
    else:
        class_names = tuple(sorted(set(words)))
    place = {name: label for label, name in enumerate(class_names)}
    return class_names, np.array([place[word] for word in words], dtype=np.int64)


def _shortest(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _check_lengths(column: Column, lines: Sequence[int]) -> None:
    for word, line in zip(column.words, lines, strict=True):
        if len(word) > LONGEST_NAME:
            raise DatasetError(
                "csv_label",
                f"The label in line {line} has {len(word)} characters; at most {LONGEST_NAME} are possible. "
                "Shorten it, or choose another column as the label.",
                line=line,
                found=len(word),
                wanted=LONGEST_NAME,
            )


def chosen_rows(answers: Answers, rows: NDArray[np.intp], choices: Choices) -> NDArray[np.intp]:
    """The rows that can be used: not too many, and of not too many classes.

    Raises
    ------
    DatasetError : "csv_too_many_rows", "csv_too_many_classes", "csv_one_class", "csv_one_value".
    """
    counts = np.bincount(answers.y[rows], minlength=len(answers.class_names)) if answers.class_names else np.zeros(0)
    found = np.count_nonzero(counts)
    if found > choices.max_classes:
        if not choices.part:
            raise DatasetError(
                "csv_too_many_classes",
                f"The label column has {found} different values; at most {choices.max_classes} classes are possible. "
                "Is it the right column? Choose another one, or use the commonest classes (part).",
                found=int(found),
                wanted=choices.max_classes,
            )
        # Of equally common classes the first ones in order.
        commonest = np.argsort(-counts, kind="stable")[: choices.max_classes]
        rows = rows[np.isin(answers.y[rows], commonest)]
    if len(rows) > choices.max_rows:
        if not choices.part:
            raise DatasetError(
                "csv_too_many_rows",
                f"The table has {len(rows)} rows; at most {choices.max_rows} are possible. Leave some out, or use the "
                "first ones (part).",
                found=len(rows),
                wanted=choices.max_rows,
            )
        rows = rows[: choices.max_rows]
    used = np.unique(answers.y[rows])
    if len(used) == 1 and answers.class_names:
        only = answers.class_names[int(used[0])]
        raise DatasetError(
            "csv_one_class",
            f"Every row has the label {only!r}. A classifier needs rows of at least two classes. Choose another column "
            "as the label, or add rows.",
            found=only,
        )
    if len(used) == 1:
        raise DatasetError(
            "csv_one_value",
            f"Every row has the same number in {answers.target_name!r}, so there is nothing to learn. Choose another "
            "column as the target, or add rows.",
            column=answers.target_name,
        )
    return rows
