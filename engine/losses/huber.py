"""Huber's loss: the square of a small error, and a straight line for a large one."""

from collections.abc import Sequence
from functools import partial

from engine.gradients import Backward, named_part
from engine.layers import Activation, append_activation
from engine.losses.differences import batch_size, emit_means
from engine.losses.output import Output, TorchLoss, targets
from engine.program import Node, ProgramBuilder
from engine.settings import Setting
from engine.targets import NUMBERS

GROUP = "huber"
DELTA = Setting("delta", 1.0, above=0)


def huber(activation: Activation) -> Output:
    """a = f(z) and loss = mean_k h(a - y); h(e) is e^2 / 2 up to |e| = delta, and delta (|e| - delta / 2) beyond."""
    return Output(
        partial(_append, activation),
        GROUP,
        NUMBERS,
        {GROUP: _rule},
        settings=(*activation.settings, DELTA),
        corner=activation.corner,
        bend=("error", DELTA.name),
        constants=lambda outputs: {"outputs": outputs},
        torch=TorchLoss('F.huber_loss(outputs, y, reduction="none", delta={delta}).mean(dim=1)'),
    )


def _append(activation: Activation, builder: ProgramBuilder, z: str, layer: int) -> str:
    def node(op: str, inputs: tuple[str, ...], name: str, part: str) -> str:
        return builder.node(op, inputs, name, name, phase="forward", layer=None, group=(GROUP,), part=part)

    a = append_activation(builder, z, layer, activation)
    error = node("subtract", (a, targets(builder, layer)), "error", "error")
    losses = node("huber", (error, builder.scalar(DELTA.name, layer)), "output_loss", "output_loss")
    total = node("sum_rows", (losses,), "output_loss_sum", "output_loss_sum")
    return node("divide_by", (total, builder.scalar("outputs")), "sample_loss", "sample_loss")


def _rule(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/da = the error, but at most delta to either side, / K / m for K outputs."""
    error, losses = named_part(chunk, "error"), named_part(chunk, "output_loss")
    clipped = walk.compute("error_clipped", "clip", *losses.inputs, part="clip")
    emit_means(walk, error.inputs[0], clipped, named_part(chunk, "sample_loss").inputs[1], batch_size(chunk))
