"""Softmax with cross_entropy, and softmax alone."""

from collections.abc import Sequence

from engine.gradients import Backward, named_part
from engine.losses.differences import batch_size, emit_difference
from engine.losses.output import Output, TorchLoss, targets
from engine.program import Node, ProgramBuilder
from engine.targets import CLASSES

GROUP = "softmax_cross_entropy"


def append_softmax(builder: ProgramBuilder, z: str, layer: int, outer: tuple[str, ...] = ()) -> tuple[str, str, str]:
    """p = softmax(z), (n, K) -> (n, K); returns the names of p, of z less its row maximum, and of the sum below p."""

    def node(op: str, inputs: tuple[str, ...], output: str, role: str, part: str) -> str:
        group = (*outer, "softmax")
        return builder.node(op, inputs, output, role, phase="forward", layer=layer, group=group, part=part)

    # Subtracting the row maximum changes no probability (it cancels in the ratio),
    # but it keeps exp() from overflowing for logits above about 709.
    highest = node("max_rows", (z,), "z_max", "z_max", "logits")
    shifted = node("subtract_rows", (z, highest), "z_shifted", "z_shifted", "shifted")
    exp = node("exp", (shifted,), "e", "e", "exp")
    exp_sum = node("sum_rows", (exp,), "e_sum", "e_sum", "exp_sum")
    return node("divide_rows", (exp, exp_sum), "p", "a", "probabilities"), shifted, exp_sum


def softmax_rule(walk: Backward, chunk: Sequence[Node]) -> None:
    """dz_j = sum_k dp_k dp_k/dz_j with the Jacobian dp_k/dz_j = p_k (delta_kj - p_j)."""
    p = named_part(chunk, "probabilities").output
    emit_through_jacobian(walk, named_part(chunk, "logits").inputs[0], p, walk.upstream(p))


def emit_through_jacobian(walk: Backward, logits: str, p: str, dp: str | None) -> None:
    """Append the Jacobian of softmax and the product of dL/dp with it."""
    jacobian = walk.compute("jacobian", "softmax_jacobian", p, p, part="jacobian")
    walk.emit(logits, "jacobian_product", dp, jacobian)


def _append(builder: ProgramBuilder, z: str, layer: int) -> str:
    """loss = -sum y log p in nats.

    The logarithm of p is taken as z - max - log(sum exp), which stays exact where p itself is 0.
    """

    def node(op: str, inputs: tuple[str, ...], output: str, part: str | None = None) -> str:
        group = (GROUP, "cross_entropy")
        return builder.node(op, inputs, output, output, phase="forward", layer=None, group=group, part=part)

    _, shifted, exp_sum = append_softmax(builder, z, layer, (GROUP,))
    y = targets(builder, layer)
    log_p = node("subtract_rows", (shifted, node("log", (exp_sum,), "log_e_sum")), "log_p")
    return node("negative", (node("dot_rows", (y, log_p), "log_p_true", "targets"),), "sample_loss", "sample_loss")


def _parts(chunk: Sequence[Node]) -> tuple[str, str, str, str | None]:
    """The logits, the targets, the probabilities, and the batch size where the loss is a mean."""
    logits, y = (named_part(chunk, part).inputs[0] for part in ("logits", "targets"))
    return logits, y, named_part(chunk, "probabilities").output, batch_size(chunk)


def _rule(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dz = (p - y) / m: the Jacobian of softmax and -1/p cancel."""
    logits, y, p, m = _parts(chunk)
    emit_difference(walk, logits, p, y, m)


def _the_long_way(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dp = -y / p, then the Jacobian dp_k/dz_j = p_k (delta_kj - p_j)."""
    logits, y, p, m = _parts(chunk)
    dp = walk.compute("dp" if m is None else "dp_sample", "negative_ratio_or_zero", y, p, part="ratio")
    if m is not None:
        dp = walk.compute("dp", "divide_by", dp, m, part="mean")
    emit_through_jacobian(walk, logits, p, dp)


SOFTMAX_CROSS_ENTROPY = Output(
    _append,
    GROUP,
    CLASSES,
    {GROUP: _rule},
    {GROUP: _the_long_way},
    least_units=2,
    is_right="same_largest",
    torch=TorchLoss('F.cross_entropy(outputs, y, reduction="none")', takes_logits=True),
)
