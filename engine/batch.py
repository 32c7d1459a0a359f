"""A batch: rows and targets, as sent by a caller and checked against the model."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.arrays import array_of, numbers, shape_text
from engine.errors import EngineError
from engine.primitives import Array
from engine.spec import ModelSpec


@dataclass(frozen=True, slots=True, weakref_slot=True)
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

    @property
    def nbytes(self) -> int:
        return self.x.nbytes + self.y.nbytes

    def sample(self, index: int) -> "Batch":
        """The one row of that index, counted from 0.

        Raises
        ------
        EngineError : no such row.
        """
        self._check(index)
        return Batch(self.x[index : index + 1], self.y[index : index + 1])

    def samples(self, indices: Sequence[int]) -> "Batch":
        """The rows of these indices.

        Raises
        ------
        EngineError : no such row.
        """
        for index in indices:
            self._check(index)
        return Batch(self.x[indices], self.y[indices])

    def _check(self, index: int) -> None:
        if not 0 <= index < self.m:
            raise EngineError(
                "sample",
                f"There is no sample {index}; this batch has samples 0 to {self.m - 1}.",
                field="sample",
                found=index,
                m=self.m,
            )


def batch_of(model: ModelSpec, x: object, y: object) -> Batch:
    """A batch as sent by a caller, checked against the model.

    Parameters
    ----------
    x : (m, inputs) numbers.
    y : where the loss wants classes, (m,) or (m, 1) class numbers from 0, or (m, outputs) rows that sum to 1. Otherwise
        (m, outputs) numbers, or (m,) where there is one output; from 0 to 1 where it wants probabilities.

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
            f"batch.x has {len(rows)} rows, but batch.y has shape {shape_text(targets.shape)}; give one label per row.",
            field="batch.y",
            found=list(targets.shape),
            wanted=[len(rows)],
        )
    return Batch(rows, model.output.target.read(targets, model.outputs, model.dtype, model.loss))
