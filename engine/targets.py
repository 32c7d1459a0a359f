"""What y means to a loss: the one place for each kind of target."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import array_of
from engine.errors import EngineError
from engine.primitives import Array

TargetKind = Literal["classes", "probabilities", "numbers"]


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of target.

    Parameters
    ----------
    read : (y as sent, (m,) or (m, outputs); outputs; dtype; name of the loss) -> (m, outputs), checked.
    of_classes : ((m,) class numbers of a data set, outputs, dtype) -> what `read` takes.
    shown : (m, outputs) -> y as it is answered.
    """

    kind: TargetKind
    read: Callable[[Array, int, str, str], Array]
    of_classes: Callable[[Array, int, str], Array]
    shown: Callable[[Array], Array]


def one_hot(labels: Array, classes: int, dtype: str) -> Array:
    """(m,) class numbers -> (m, classes) rows with a single 1.

    Raises
    ------
    EngineError : a label that is not an integer from 0 to classes - 1.
    """
    wrong = np.flatnonzero((labels != np.round(labels)) | (labels < 0) | (labels >= classes))
    if len(wrong):
        row = int(wrong[0])
        raise EngineError(
            "label",
            f"Label {labels[row]:g} in row {row} of batch.y is not a class; this model's classes are the integers "
            f"0 to {classes - 1}.",
            field="batch.y",
            row=row,
            found=float(labels[row]),
            classes=classes,
        )
    targets = np.zeros((len(labels), classes), dtype)
    targets[np.arange(len(labels)), labels.astype(np.int64)] = 1
    return targets


def _read_classes(y: Array, outputs: int, dtype: str, _loss: str) -> Array:
    # Classes are at least two, so one column can only be class numbers.
    if y.ndim == 1 or y.shape[1] == 1:
        return one_hot(y.ravel(), outputs, dtype)
    rows = array_of("batch.y", y, (len(y), outputs), dtype)
    # The sum of what was sent: rounded to float16, three thirds are not 1.
    with np.errstate(over="ignore"):
        sums = y.sum(axis=1)
    wrong = np.flatnonzero((np.abs(sums - 1) > 1e-6) | (y < 0).any(axis=1))
    if len(wrong):
        row = int(wrong[0])
        raise EngineError(
            "distribution",
            f"Row {row} of batch.y is not a probability distribution: its entries must be at least 0 and add up to 1, "
            f"and they sum to {sums[row]:g}.",
            field="batch.y",
            row=row,
        )
    return rows


def _read_numbers(y: Array, outputs: int, dtype: str, _loss: str) -> Array:
    if y.ndim == 1 and outputs == 1:
        y = y[:, None]
    return array_of("batch.y", y, (len(y), outputs), dtype)


def _read_probabilities(y: Array, outputs: int, dtype: str, loss: str) -> Array:
    rows = _read_numbers(y, outputs, dtype, loss)
    wrong = np.flatnonzero(((rows < 0) | (rows > 1)).any(axis=1))
    if len(wrong):
        row = int(wrong[0])
        raise EngineError(
            "target",
            f"Row {row} of batch.y is {rows[row].tolist()}; {loss} compares probabilities, so give numbers from "
            "0 to 1.",
            field="batch.y",
            row=row,
            found=rows[row].tolist(),
        )
    return rows


def _numbers_of_classes(labels: Array, outputs: int, dtype: str) -> Array:
    """One output gives the second class 1, several have one class each."""
    return labels if outputs == 1 else one_hot(labels, outputs, dtype)


def _class_numbers(y: Array) -> Array:
    """(m,) class numbers where every row is 1 at one of them; otherwise the rows themselves."""
    is_one_hot = bool(((y == 0) | (y == 1)).all()) and bool((y.sum(axis=1) == 1).all())
    return y.argmax(axis=1) if is_one_hot else y


def _rows(y: Array) -> Array:
    return y


CLASSES = Target("classes", _read_classes, lambda labels, outputs, dtype: labels, _class_numbers)
PROBABILITIES = Target("probabilities", _read_probabilities, _numbers_of_classes, _rows)
NUMBERS = Target("numbers", _read_numbers, _numbers_of_classes, _rows)
