"""A batch: rows and targets, as sent by a caller and checked against the model."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import array_of, numbers, shape_text
from engine.errors import EngineError
from engine.primitives import Array
from engine.spec import ModelSpec


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that a model can take.

    Parameters
    ----------
    x : (m, inputs)
    y : (m, outputs): what each output should be, for cross_entropy each row a distribution.
    """

    x: Array
    y: Array

    @property
    def m(self) -> int:
        return len(self.x)

    def sample(self, index: int) -> "Batch":
        """The one row of that index, counted from 0.

        Raises
        ------
        EngineError : no such row.
        """
        if not 0 <= index < self.m:
            raise EngineError(
                "sample",
                f"There is no sample {index}; this batch has samples 0 to {self.m - 1}.",
                field="sample",
                found=index,
                m=self.m,
            )
        return Batch(self.x[index : index + 1], self.y[index : index + 1])


def batch_of(model: ModelSpec, x: object, y: object) -> Batch:
    """A batch as sent by a caller, checked against the model.

    Parameters
    ----------
    x : (m, inputs) numbers.
    y : for cross_entropy (m,) or (m, 1) class numbers from 0, or (m, outputs) rows that sum to 1. For other losses
        (m, outputs) numbers, or (m,) where there is one output; from 0 to 1 for binary_cross_entropy.

    Raises
    ------
    EngineError : no rows, a wrong shape, a number that is not finite, a label out of range, a row that is no
        distribution, a target out of range.
    """
    rows = array_of("batch.x", x, (None, model.inputs), model.dtype)
    if len(rows) == 0:
        raise EngineError("empty", "The batch has no rows; send at least one.", field="batch.x")
    targets = numbers("batch.y", y)
    if len(targets) != len(rows) or targets.ndim not in (1, 2):
        raise EngineError(
            "shape",
            f"batch.x has {len(rows)} rows, but batch.y has shape {shape_text(targets.shape)}; give one label a row.",
            field="batch.y",
            found=list(targets.shape),
            wanted=[len(rows)],
        )
    return Batch(rows, _TARGETS.get(model.loss, _numbers_of)(model, targets))


def _classes_of(model: ModelSpec, labels: Array) -> Array:
    # cross_entropy has at least two outputs, so one column can only be class numbers.
    if labels.ndim == 1 or labels.shape[1] == 1:
        return one_hot(labels.ravel(), model.outputs, model.dtype)
    targets = array_of("batch.y", labels, (len(labels), model.outputs), model.dtype)
    # The sum of what was sent: rounded to float16, three thirds are not 1.
    with np.errstate(over="ignore"):
        sums = labels.sum(axis=1)
    wrong = np.flatnonzero((np.abs(sums - 1) > 1e-6) | (labels < 0).any(axis=1))
    if len(wrong):
        row = int(wrong[0])
        raise EngineError(
            "distribution",
            f"Row {row} of batch.y is no probability distribution: its entries must be at least 0 and sum to 1, "
            f"and they sum to {sums[row]:g}.",
            field="batch.y",
            row=row,
        )
    return targets


def _numbers_of(model: ModelSpec, targets: Array) -> Array:
    if targets.ndim == 1 and model.outputs == 1:
        targets = targets[:, None]
    return array_of("batch.y", targets, (len(targets), model.outputs), model.dtype)


def _probabilities_of(model: ModelSpec, targets: Array) -> Array:
    rows = _numbers_of(model, targets)
    wrong = np.flatnonzero(((rows < 0) | (rows > 1)).any(axis=1))
    if len(wrong):
        row = int(wrong[0])
        raise EngineError(
            "target",
            f"Row {row} of batch.y is {rows[row].tolist()}; {model.loss} compares probabilities, so give numbers from "
            "0 to 1.",
            field="batch.y",
            row=row,
            found=rows[row].tolist(),
        )
    return rows


# What y means to a loss; any other loss takes any numbers.
_TARGETS = {"cross_entropy": _classes_of, "binary_cross_entropy": _probabilities_of}


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
