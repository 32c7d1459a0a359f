"""From the columns of a table to the columns of x."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.datasets.columns import LONGEST_NAME, Column
from engine.datasets.dataset import DatasetError
from engine.datasets.roles import Part, no_features
from engine.datasets.table import Choices, Names


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One column of x: the numbers of a column, or 1 where a column has a certain word. NaN where it is missing."""

    name: str
    column: int
    values: NDArray[np.float64]


def features_of(columns: Sequence[Column], parts: Sequence[Part], choices: Choices) -> tuple[list[Feature], list[Part]]:
    """The features, and the parts once more: columns beyond the limit are left out where that was asked for.

    Raises
    ------
    DatasetError : "csv_too_many_columns", "csv_no_features".
    """
    features: list[Feature] = []
    kept = list(parts)
    taken = Names(column.name for column in columns)
    n_found = 0
    for position, (column, part) in enumerate(zip(columns, parts, strict=True)):
        if part.role != "feature":
            continue
        # Counted before they are made: a column of words may have a hundred thousand.
        n_found += 1 if column.is_number else column.distinct
        if n_found <= choices.max_features:
            features += _made_of(column, position, taken)
        else:
            kept[position] = replace(part, role="left_out", why="part")
    if n_found > choices.max_features and not (choices.part and features):
        raise DatasetError(
            "csv_too_many_columns",
            f"The table gives {n_found} features; at most {choices.max_features} are possible. Leave some columns "
            "out, or use the first ones (part).",
            found=n_found,
            wanted=choices.max_features,
        )
    if not features:
        raise no_features()
    return features, kept


def _made_of(column: Column, position: int, taken: Names) -> list[Feature]:
    if column.is_number:
        return [Feature(column.name, position, column.numbers)]
    words = np.array(column.words, dtype=np.object_)
    made = []
    for word in sorted(set(words[~column.missing])):
        name = f"{column.name}={word}"[:LONGEST_NAME]
        name = taken.unlike(name) if name in taken else name
        taken.add(name)
        values = np.where(column.missing, np.nan, (words == word).astype(np.float64))
        made.append(Feature(name, position, values))
    return made


def filled(feature: Feature, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """The values of some rows; missing ones take the mean of those that are known."""
    values = feature.values[rows]
    gone = np.isnan(values)
    if not gone.any():
        return values
    known = values[~gone] if not gone.all() else feature.values[~np.isnan(feature.values)]
    return np.where(gone, known.mean(), values)
