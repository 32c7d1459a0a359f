"""How a learner's arrays lie: samples in rows or in columns, weights from inputs to units or the other way round."""

from dataclasses import dataclass

from engine.primitives import Array
from engine.program import SAMPLE_AXIS
from engine.settings import check_name
from engine.spec import REDUCTIONS
from engine.tensor import Tensor

LAYOUTS = ("rows", "columns")


@dataclass(frozen=True, slots=True)
class Conventions:
    """What is right under one is a mistake under another, so they are asked for first.

    Parameters
    ----------
    layout : "rows": x (m, d), W (fan_in, fan_out), b (h,). "columns": x (d, m), W (fan_out, fan_in), b (h, 1).
    reduction : of the loss over the batch, "mean" or "sum".

    Raises
    ------
    EngineError : an unknown name.
    """

    layout: str = "rows"
    reduction: str = "mean"

    def __post_init__(self) -> None:
        check_name("conventions.layout", self.layout, LAYOUTS)
        check_name("conventions.reduction", self.reduction, REDUCTIONS)


@dataclass(frozen=True, slots=True)
class Orientation:
    """Which of a learner's tensors are transposed against ours; some have one kind so and the other not.

    Parameters
    ----------
    samples : tensors with a row a sample.
    weights : weights and their gradients.
    """

    samples: bool = False
    weights: bool = False

    def is_turned(self, tensor: Tensor) -> bool:
        return self.samples if SAMPLE_AXIS in tensor.axes or tensor.role.endswith("b") else self.weights

    def to_ours(self, tensor: Tensor, values: Array) -> Array:
        """The learner's values as we would write them; a bias (h,), (h, 1) or (1, h) becomes (h,)."""
        if values.ndim != 2:
            return values
        if len(tensor.axes) == 1 and 1 in values.shape:
            return values.ravel()
        return values.T if self.is_turned(tensor) else values

    def to_theirs(self, tensor: Tensor, values: Array) -> Array:
        """Our values as the learner would write them."""
        if values.ndim == 1 and self.samples and tensor.role.endswith("b"):
            return values[:, None]
        return values.T if values.ndim == 2 and self.is_turned(tensor) else values


def orientation_of(conventions: Conventions) -> Orientation:
    """As the layout says."""
    is_columns = conventions.layout == "columns"
    return Orientation(is_columns, is_columns)
