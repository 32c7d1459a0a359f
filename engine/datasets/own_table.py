"""A person's own table as a data set, with all that was understood of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.datasets.about import About
from engine.datasets.answers import Answers, answers_of, chosen_rows
from engine.datasets.columns import Column, ColumnKind, check_column
from engine.datasets.dataset import Dataset, DatasetError
from engine.datasets.features import Feature, features_of, filled
from engine.datasets.roles import Part, Role, Why, roles_of
from engine.datasets.table import Choices, Table


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What was understood of one column. `features` are the columns of x made of it, `missing` counts empty cells."""

    name: str
    role: Role
    kind: ColumnKind
    why: Why
    guessed: bool
    features: tuple[str, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A data set, and how the table was understood. `rows` are the places of its samples in the table."""

    dataset: Dataset
    columns: tuple[ColumnReading, ...]
    rows: NDArray[np.intp]


def read_table(table: Table, title: str, choices: Choices) -> Reading:
    """Make a data set of a table.

    Raises
    ------
    DatasetError : with `details["line"]` where one line is to blame. Codes: those of `check_column`, `roles_of`,
        `features_of`, `answers_of` and `chosen_rows`, and csv_all_missing.
    """
    columns = table.columns
    for column in columns:
        if choices.roles.get(column.name) != "left_out":
            check_column(column, table.lines)
    features, parts = features_of(columns, roles_of(columns, choices.roles), choices)
    answers = answers_of(columns, parts, table.lines)
    complete = _complete(columns, parts, answers, choices)
    rows = chosen_rows(answers, complete, choices)
    y, class_names = _used(answers, rows)
    names = tuple(feature.name for feature in features)
    about = About(title, names, class_names, "own data", "not stated", target_name=answers.target_name)
    x = np.column_stack([filled(feature, rows) for feature in features])
    return Reading(Dataset(about, x, y), _described(columns, parts, features), rows)


def _complete(columns: Sequence[Column], parts: Sequence[Part], answers: Answers, choices: Choices) -> NDArray[np.intp]:
    """The rows that have all that is needed."""
    used = [column for column, part in zip(columns, parts, strict=True) if part.role == "feature"]
    is_gone = answers.is_missing.copy()
    if choices.missing == "leave_out":
        for column in used:
            is_gone |= column.missing
    if is_gone.all():
        most = max([*used], key=lambda column: int(column.missing.sum()))
        raise DatasetError(
            "csv_all_missing",
            f"Every row has a missing cell; column {most.name!r} has the most. Leave that column out, or fill missing "
            "cells with the mean.",
            column=most.name,
        )
    return np.flatnonzero(~is_gone)


def _used(answers: Answers, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64] | NDArray[np.float64], tuple[str, ...]]:
    """The answers of some rows, with the classes that are among them."""
    if answers.target_name is not None:
        return answers.y[rows], ()
    labels, y = np.unique(answers.y[rows], return_inverse=True)
    return y.astype(np.int64), tuple(answers.class_names[int(label)] for label in labels)


def _described(
    columns: Sequence[Column], parts: Sequence[Part], features: Sequence[Feature]
) -> tuple[ColumnReading, ...]:
    made: list[list[str]] = [[] for _ in columns]
    for feature in features:
        made[feature.column].append(feature.name)
    return tuple(
        ColumnReading(
            column.name,
            part.role,
            column.kind,
            part.why,
            part.guessed,
            tuple(names),
            int(column.missing.sum()),
        )
        for column, part, names in zip(columns, parts, made, strict=True)
    )
