"""The two squared errors, which go with every output that is a number of its own."""

from collections.abc import Callable, Sequence
from functools import partial

from engine.gradients import Backward, named_part
from engine.layers import Activation, append_activation
from engine.losses.differences import batch_size, emit_means
from engine.losses.output import Output, TorchLoss, targets
from engine.program import Node, ProgramBuilder
from engine.targets import NUMBERS

HALF, MEAN = "half_squared_error", "squared_error"


def half_squared_error(activation: Activation, output: str | None = None, is_right: str | None = None) -> Output:
    """a = f(z) and loss = sum_k (a - y)^2 / 2.

    Parameters
    ----------
    output : what a is called where it is a probability; None: a{layer}.
    is_right : as in `Output`.
    """
    append = partial(_append, HALF, activation, output, lambda builder: ("half", ()))
    torch = TorchLoss("((outputs - y) ** 2).sum(dim=1) / 2")
    return Output(
        append,
        HALF,
        NUMBERS,
        {HALF: _half_rule},
        settings=activation.settings,
        corner=activation.corner,
        is_right=is_right,
        torch=torch,
    )


def squared_error(activation: Activation, output: str | None = None, is_right: str | None = None) -> Output:
    """a = f(z) and loss = mean_k (a - y)^2; output and is_right as above."""
    append = partial(_append, MEAN, activation, output, lambda builder: ("divide_by", (builder.scalar("outputs"),)))
    return Output(
        append,
        MEAN,
        NUMBERS,
        {MEAN: _mean_rule},
        settings=activation.settings,
        corner=activation.corner,
        constants=lambda outputs: {"outputs": outputs},
        is_right=is_right,
        torch=TorchLoss("((outputs - y) ** 2).mean(dim=1)"),
    )


def _append(
    group: str,
    activation: Activation,
    output: str | None,
    last: Callable[[ProgramBuilder], tuple[str, tuple[str, ...]]],
    builder: ProgramBuilder,
    z: str,
    layer: int,
) -> str:
    """The loss of each sample; last gives the operation, and its numbers, that follow the sum of the squares."""

    def node(op: str, inputs: tuple[str, ...], name: str, part: str | None = None) -> str:
        return builder.node(op, inputs, name, name, phase="forward", layer=None, group=(group,), part=part)

    a = append_activation(builder, z, layer, activation, output)
    error = node("subtract", (a, targets(builder, layer)), "error", "error")
    squares = node("sum_rows", (node("square", (error,), "error_squared"),), "error_square_sum")
    op, numbers = last(builder)
    return node(op, (squares, *numbers), "sample_loss", "sample_loss")


def _half_rule(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/da = (a - y) / m."""
    error, m = named_part(chunk, "error"), batch_size(chunk)
    a, y = error.inputs
    if m is None:
        walk.emit(a, "subtract", a, y, part="difference")
    else:
        walk.emit(a, "divide_by", error.output, m, part="mean")


def _mean_rule(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/da = 2 (a - y) / K / m for K outputs."""
    error, m = named_part(chunk, "error"), batch_size(chunk)
    a, outputs = error.inputs[0], named_part(chunk, "sample_loss").inputs[1]
    emit_means(walk, a, walk.compute("error_twice", "add", error.output, error.output), outputs, m)
