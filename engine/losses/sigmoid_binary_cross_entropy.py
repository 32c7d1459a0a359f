"""Sigmoid with binary_cross_entropy."""

from collections.abc import Sequence

from engine.gradients import Backward, named_part
from engine.layers import ACTIVATIONS, append_activation
from engine.losses.differences import batch_size, emit_difference
from engine.losses.output import Output, TorchLoss, targets
from engine.program import Node, ProgramBuilder
from engine.targets import PROBABILITIES

GROUP = "sigmoid_binary_cross_entropy"


def _append(builder: ProgramBuilder, z: str, layer: int) -> str:
    """p = sigmoid(z) and loss = -(y log p + (1 - y) log(1 - p)), summed over the outputs.

    It is taken from the logits as max(z, 0) - z y + log(1 + exp(-|z|)), where nothing overflows or rounds to log 0.
    """

    def node(op: str, inputs: tuple[str, ...], output: str, part: str | None = None) -> str:
        group = (GROUP, "binary_cross_entropy")
        return builder.node(op, inputs, output, output, phase="forward", layer=None, group=group, part=part)

    append_activation(builder, z, layer, ACTIVATIONS["sigmoid"], "p", (GROUP, "sigmoid"))
    y = targets(builder, layer)
    z_positive = node("relu", (z,), "z_positive")
    linear_part = node("subtract", (z_positive, node("multiply", (z, y), "z_y", "targets")), "linear_part")
    output_losses = node("add", (linear_part, node("log1p_exp_neg_abs", (z,), "log_part")), "output_loss")
    return node("sum_rows", (output_losses,), "sample_loss", "sample_loss")


def _parts(chunk: Sequence[Node]) -> tuple[str, str, str, str | None]:
    """The logits, the targets, the probabilities, and the batch size where the loss is a mean."""
    z, y = named_part(chunk, "targets").inputs
    return z, y, named_part(chunk, "activation").output, batch_size(chunk)


def _rule(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dz = (p - y) / m: the slope p (1 - p) and the denominator of dL/dp cancel."""
    z, y, p, m = _parts(chunk)
    emit_difference(walk, z, p, y, m)


def _the_long_way(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dp = (1 - y) / (1 - p) - y / p, then times the slope."""
    z, y, p, m = _parts(chunk)
    if_one = walk.compute("dp_if_one", "negative_ratio_or_zero", y, p, part="ratio")
    one_minus_y, one_minus_p = (walk.compute(f"one_minus_{name}", "one_minus", name) for name in (y, p))
    if_zero = walk.compute("dp_if_zero", "ratio_or_zero", one_minus_y, one_minus_p, part="ratio")
    dp = walk.compute("dp" if m is None else "dp_sample", "add", if_one, if_zero)
    if m is not None:
        dp = walk.compute("dp", "divide_by", dp, m, part="mean")
    walk.emit(z, "gate", dp, named_part(chunk, "slope").output, part="gate")


SIGMOID_BINARY_CROSS_ENTROPY = Output(
    _append,
    GROUP,
    PROBABILITIES,
    {GROUP: _rule},
    {GROUP: _the_long_way},
    is_right="same_side_of_half",
    torch=TorchLoss('F.binary_cross_entropy_with_logits(outputs, y, reduction="none").sum(dim=1)', takes_logits=True),
)
