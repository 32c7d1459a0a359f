"""A person's own table: numbers and a label in every row, as spreadsheets write them."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice

import numpy as np

from engine.datasets.dataset import Dataset, DatasetError

LABEL_HEADERS = ("label", "class", "target", "y")
# A tab or a semicolon is a choice; a comma may also stand inside a number ("3,5") or a word.
DELIMITERS = ("\t", ";", ",")
LARGEST_NUMBER = 1e100  # its square still has room, so that a standard deviation can be taken
LONGEST_NAME = 80

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int  # counted from 1, as an editor does
    cells: list[str]


def parse_csv(
    text: str, name: str = "own data", max_rows: int = 10_000, max_columns: int = 128, max_classes: int = 10
) -> Dataset:
    """Read a table whose columns are numbers, except for one that is the label.

    Commas, semicolons or tabs stand between the cells; with the last two a number may have a decimal comma. A header
    is a first line without any number above the numbers, or one that names the label. The label is the column headed
    "label", "class", "target" or "y" in any case, otherwise the last one; "y" beside "x" and a third column is taken
    for a coordinate. Labels may be words; whole numbers are sorted as numbers, all else as words. Empty lines and a
    leading byte order mark are skipped. `max_columns` counts the label.

    Raises
    ------
    DatasetError : with `details["line"]` where one line is to blame. Codes: csv_empty, csv_one_column, csv_ragged,
        csv_number, csv_not_finite, csv_label, csv_one_class, csv_too_many_classes, csv_too_many_rows,
        csv_too_many_columns, csv_quotes.
    """
    text = text.removeprefix("\ufeff")
    delimiter = _delimiter(text)
    lines = _lines(text, delimiter)
    first = next(lines, None)
    if first is None:
        raise DatasetError("csv_empty", "The table is empty. Give one row of numbers and a label per line.")
    n_columns = len(first.cells)
    if n_columns < 2:
        raise DatasetError(
            "csv_one_column",
            f"Line {first.number} has one column only. Give at least one number and a label, with a comma, "
            "a semicolon or a tab between them.",
            line=first.number,
        )
    if n_columns > max_columns:
        raise DatasetError(
            "csv_too_many_columns",
            f"Line {first.number} has {n_columns} columns; at most {max_columns} are possible. Leave some out.",
            line=first.number,
            found=n_columns,
            wanted=max_columns,
        )

    label_column = _label_column(first.cells)
    header = first.cells if label_column is not None or _is_header(first.cells, delimiter) else None
    if label_column is None:
        label_column = n_columns - 1
    feature_names = _feature_names(header, n_columns, label_column)

    numbers: list[list[float]] = []
    labels: list[str] = []
    for line in lines if header else chain([first], lines):
        if len(labels) == max_rows:
            raise DatasetError(
                "csv_too_many_rows",
                f"There are more than {max_rows} rows (line {line.number}). Leave some out.",
                line=line.number,
                wanted=max_rows,
            )
        if len(line.cells) != n_columns:
            raise DatasetError(
                "csv_ragged",
                f"Line {line.number} has {len(line.cells)} cells, but line {first.number} has {n_columns}. "
                "Every line needs the same number.",
                line=line.number,
                found=len(line.cells),
                wanted=n_columns,
            )
        numbers.append(_numbers(line, label_column, feature_names, delimiter))
        labels.append(_label(line, label_column))
    if not labels:
        raise DatasetError(
            "csv_empty",
            f"Line {first.number} looks like a header and no rows follow it. Add rows of numbers and a label.",
        )
    class_names, y = _classes(labels, max_classes)
    return Dataset(
        name,
        np.array(numbers, dtype=np.float64),
        np.array(y, dtype=np.int64),
        feature_names,
        class_names,
        source="own data",
        licence="not stated",
    )


def _delimiter(text: str) -> str:
    """The first candidate that stands outside quotes in each of the first lines."""
    filled = (line for line in StringIO(text) if line.strip())
    start = [re.sub(r'"[^"]*"', "", line) for line in islice(filled, 5)]
    return next((mark for mark in DELIMITERS if start and all(mark in line for line in start)), ",")


def _lines(text: str, delimiter: str) -> Iterator[_Line]:
    """Lines with trimmed cells; empty ones (as spreadsheets leave below a table) are skipped."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield _Line(reader.line_num, cells)
    except csv.Error as error:
        raise DatasetError(
            "csv_quotes",
            f"Line {reader.line_num} cannot be read: {error}. Check that every quotation mark is closed.",
            line=reader.line_num,
        ) from error


def _label_column(cells: Sequence[str]) -> int | None:
    names = [cell.lower() for cell in cells]
    for wanted in LABEL_HEADERS:
        if wanted not in names:
            continue
        if wanted == "y" and "x" in names and len(names) > 2:
            continue
        return names.index(wanted)
    return None


def _is_header(cells: Sequence[str], delimiter: str) -> bool:
    """Whether no cell but the last, which may be a label, is a number."""
    numbers = (_with_point(cell, delimiter) for cell in cells[:-1])
    return not any(_NUMBER.fullmatch(cell) or _NOT_FINITE.fullmatch(cell) for cell in numbers)


def _with_point(cell: str, delimiter: str) -> str:
    """A decimal comma becomes a point where the comma does not part the cells."""
    return cell.replace(",", ".") if delimiter != "," and cell.count(",") == 1 and "." not in cell else cell


def _feature_names(header: Sequence[str] | None, n_columns: int, label_column: int) -> tuple[str, ...]:
    columns = [column for column in range(n_columns) if column != label_column]
    given = [header[column][:LONGEST_NAME] if header else "" for column in columns]
    return tuple(name or f"x{position}" for position, name in enumerate(given, start=1))


def _numbers(line: _Line, label_column: int, feature_names: Sequence[str], delimiter: str) -> list[float]:
    cells = [cell for column, cell in enumerate(line.cells) if column != label_column]
    return [_number(cell, line.number, name, delimiter) for cell, name in zip(cells, feature_names, strict=True)]


def _number(cell: str, line_number: int, column: str, delimiter: str) -> float:
    cell = _with_point(cell, delimiter)
    if _NUMBER.fullmatch(cell) and abs(number := float(cell)) <= LARGEST_NUMBER:
        return number
    found = cell[:LONGEST_NAME]
    code = "csv_number"
    if not cell:
        problem = "is empty. Fill it in or leave out that row."
    elif _NOT_FINITE.fullmatch(cell):
        code, problem = "csv_not_finite", f"is {found}. Numbers have to be finite: mend or leave out that row."
    elif _NUMBER.fullmatch(cell):
        code, problem = "csv_not_finite", f"is {found}, beyond {LARGEST_NUMBER:g}. Use a larger unit."
    else:
        problem = f"is {found!r}, which is not a number. Only the label may be a word."
    message = f"Line {line_number}, column {column!r}, {problem}"
    raise DatasetError(code, message, line=line_number, column=column, found=found)


def _label(line: _Line, label_column: int) -> str:
    label = line.cells[label_column]
    if not label or _NOT_FINITE.fullmatch(label):
        found = label or "empty"
        message = f"The label in line {line.number} is {found}. Give it a class or leave out that row."
    elif len(label) > LONGEST_NAME:
        message = f"The label in line {line.number} has {len(label)} characters; at most {LONGEST_NAME} are possible."
    else:
        return label
    raise DatasetError("csv_label", message, line=line.number, found=label[:LONGEST_NAME])


def _classes(labels: list[str], max_classes: int) -> tuple[tuple[str, ...], list[int]]:
    """Sorted class names and the position of each label among them. "1", "1.0" and "01" are one class."""
    if all(_NUMBER.fullmatch(label) and len(label) < 16 and float(label).is_integer() for label in labels):
        whole = [int(float(label)) for label in labels]
        class_names = tuple(str(number) for number in sorted(set(whole)))
        labels = [str(number) for number in whole]
    else:
        class_names = tuple(sorted(set(labels)))
    if len(class_names) == 1:
        raise DatasetError(
            "csv_one_class",
            f"Every row has the label {class_names[0]!r}. A classifier needs rows of at least two classes.",
            found=list(class_names),
        )
    if len(class_names) > max_classes:
        raise DatasetError(
            "csv_too_many_classes",
            f"The label column has {len(class_names)} different values; at most {max_classes} classes are possible. "
            'Is it the right column? Head the column of the classes "label".',
            found=len(class_names),
            wanted=max_classes,
        )
    position = {class_name: label for label, class_name in enumerate(class_names)}
    return class_names, [position[label] for label in labels]
