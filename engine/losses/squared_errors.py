"""The two squared errors, which go with softmax and with every output that is a number of its own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from engine.gradients import Backward, named_part
from engine.layers import Activation, append_activation
from engine.losses.differences import batch_size, emit_means
from engine.losses.output import Output, TorchLoss, targets
from engine.losses.softmax_cross_entropy import append_softmax, softmax_rule
from engine.program import Node, ProgramBuilder
from engine.targets import CLASSES, NUMBERS

HALF, MEAN = "half_squared_error", "squared_error"
# (builder, z, layer) -> the name of a
Answer = Callable[[ProgramBuilder, str, int], str]


def half_squared_error(answer: Answer) -> Output:
    """loss = sum_k (a - y)^2 / 2."""
    append = partial(_append, HALF, answer, lambda builder: ("half", ()))
    return Output(append, HALF, NUMBERS, {HALF: _half_rule}, torch=TorchLoss("((outputs - y) ** 2).sum(dim=1) / 2"))


def squared_error(answer: Answer) -> Output:
    """loss = mean_k (a - y)^2."""
    return Output(
        partial(_append, MEAN, answer, lambda builder: ("divide_by", (builder.scalar("outputs"),))),
        MEAN,
        NUMBERS,
        {MEAN: _mean_rule},
        constants=lambda outputs: {"outputs": outputs},
        torch=TorchLoss("((outputs - y) ** 2).mean(dim=1)"),
    )


def of_activation(
    error: Callable[[Answer], Output], activation: Activation, output: str | None = None, is_right: str | None = None
) -> Output:
    """The error of a = f(z).

    Parameters
    ----------
    output : what a is called where it is a probability; None: a{layer}.
    is_right : as in `Output`.
    """
    row = error(lambda builder, z, layer: append_activation(builder, z, layer, activation, output))
    return replace(row, settings=activation.settings, corner=activation.corner, is_right=is_right)


def of_softmax(error: Callable[[Answer], Output]) -> Output:
    """The error of p = softmax(z), whose gradient goes through the whole Jacobian."""
    row = error(lambda builder, z, layer: append_softmax(builder, z, layer)[0])
    assert row.torch is not None
    return replace(
        row,
        target=CLASSES,
        rules={**row.rules, "softmax": softmax_rule},
        least_units=2,
        is_right="same_largest",
        torch=TorchLoss(row.torch.losses.replace("outputs", "torch.softmax(outputs, dim=1)"), takes_logits=True),
    )


def _append(
    group: str,
    answer: Answer,
    last: Callable[[ProgramBuilder], tuple[str, tuple[str, ...]]],
    builder: ProgramBuilder,
    z: str,
    layer: int,
) -> str:
    """The loss of each sample; last gives the operation, and its numbers, that follow the sum of the squares."""

    def node(op: str, inputs: tuple[str, ...], name: str, part: str | None = None) -> str:
        return builder.node(op, inputs, name, name, phase="forward", layer=None, group=(group,), part=part)

    a = answer(builder, z, layer)
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
