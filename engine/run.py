"""A run: what the steps of a training are a function of."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import EngineError
from engine.model import Batch, ModelSpec, OptimizerSpec
from engine.primitives import Array


@dataclass(frozen=True, slots=True, eq=False)
class RunSpec:
    """What a run is a function of.

    Parameters
    ----------
    parameters : name -> initial value, in the model's dtype.
    train, held_out : rows to train on, and rows to judge by; held_out may be None.
    batch_size : rows of a step, or None for all of them in order.
    seed : of the order of the rows.
    is_shuffled : whether every epoch goes through its batches in an order of its own; False: as the rows stand.
    optimizer_since, order_since : how many steps were taken when this optimizer, and this order of rows, began.
    """

    model: ModelSpec
    optimizer: OptimizerSpec
    parameters: Mapping[str, Array]
    train: Batch
    held_out: Batch | None = None
    batch_size: int | None = None
    seed: int = 0
    is_shuffled: bool = True
    optimizer_since: int = 0
    order_since: int = 0

    def __post_init__(self) -> None:
        if self.batch_size is not None and self.batch_size < 1:
            raise EngineError(
                "range",
                f"batch_size is {self.batch_size}; give at least 1, or null for all rows at once.",
                field="batch_size",
                found=self.batch_size,
            )
