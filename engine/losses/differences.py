"""Gradients that are a difference of answer and target."""

from collections.abc import Sequence

from engine.gradients import Backward
from engine.program import Node, part_of


def batch_size(chunk: Sequence[Node]) -> str | None:
    """The batch size where the loss is a mean over it."""
    mean = part_of(chunk, "mean")
    return None if mean is None else mean.inputs[1]


def emit_difference(walk: Backward, target: str, a: str, y: str, m: str | None) -> None:
    """d target = (a - y) / m."""
    if m is None:
        walk.emit(target, "subtract", a, y, part="difference")
    else:
        difference = walk.compute(f"{a}_minus_y", "subtract", a, y, part="difference")
        walk.emit(target, "divide_by", difference, m, part="mean")


def emit_means(walk: Backward, target: str, gradient: str, outputs: str, m: str | None) -> None:
    """d target = gradient / outputs / m, for a loss that is a mean over the outputs too."""
    if m is None:
        walk.emit(target, "divide_by", gradient, outputs)
    else:
        mean = walk.compute(f"{gradient}_mean", "divide_by", gradient, outputs)
        walk.emit(target, "divide_by", mean, m, part="mean")
