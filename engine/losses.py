"""Losses append the nodes from the last pre-activation to the loss, and L2 its own."""

from collections.abc import Callable

from engine.program import SAMPLE_AXIS, ProgramBuilder

Loss = Callable[[ProgramBuilder, str, int, str, str], None]


def append_softmax_cross_entropy(builder: ProgramBuilder, z: str, layer: int, reduction: str, loss: str) -> None:
    """p = softmax(z) and loss = -sum y log p in nats, its mean or sum over the samples, (n, K) -> 0-d.

    The logarithm of p is taken as z - max - log(sum exp), which stays exact where p itself is 0.
    """
    outer = "softmax_cross_entropy"

    def node(op: str, inputs: tuple[str, ...], output: str, role: str, group: str, place: int | None = None) -> str:
        return builder.node(op, inputs, output, role, phase="forward", layer=place, group=(outer, group))

    # Subtracting the row maximum changes no probability (it cancels in the ratio),
    # but it keeps exp() from overflowing for logits above about 709.
    highest = node("max_rows", (z,), "z_max", "z_max", "softmax", layer)
    shifted = node("subtract_rows", (z, highest), "z_shifted", "z_shifted", "softmax", layer)
    exp = node("exp", (shifted,), "e", "e", "softmax", layer)
    exp_sum = node("sum_rows", (exp,), "e_sum", "e_sum", "softmax", layer)
    node("divide_rows", (exp, exp_sum), "p", "a", "softmax", layer)

    y = builder.input("y", (SAMPLE_AXIS, str(layer)), "y")
    log_sum = node("log", (exp_sum,), "log_e_sum", "log_e_sum", "cross_entropy")
    log_p = node("subtract_rows", (shifted, log_sum), "log_p", "log_p", "cross_entropy")
    log_p_true = node("dot_rows", (y, log_p), "log_p_true", "log_p_true", "cross_entropy")
    losses = node("negative", (log_p_true,), "sample_loss", "sample_loss", "cross_entropy")
    _append_reduction(builder, losses, reduction, loss, (outer, "reduction"))


def _append_reduction(builder: ProgramBuilder, losses: str, reduction: str, loss: str, group: tuple[str, ...]) -> None:
    if reduction == "sum":
        builder.node("sum_all", (losses,), loss, loss, phase="forward", layer=None, group=group)
        return
    total = builder.node("sum_all", (losses,), "loss_sum", "loss_sum", phase="forward", layer=None, group=group)
    builder.node("divide_by", (total, builder.scalar("m")), loss, loss, phase="forward", layer=None, group=group)


def append_l2(builder: ProgramBuilder, data_loss: str, weights: tuple[str, ...], loss: str) -> None:
    """loss = data_loss + lambda / 2 * sum of the squared weights (biases free)."""

    def node(op: str, inputs: tuple[str, ...], output: str, role: str, group: str) -> str:
        return builder.node(op, inputs, output, role, phase="forward", layer=None, group=(group,))

    sums = []
    for w in weights:
        squared = node("square", (w,), f"{w}_squared", "W_squared", "l2")
        sums.append(node("sum_all", (squared,), f"{w}_square_sum", "W_square_sum", "l2"))
    total = sums[0]
    for number, square_sum in enumerate(sums[1:], start=2):
        total = node("add", (total, square_sum), f"square_sum_to_W{number}", "square_sum", "l2")
    factor = builder.scalar("l2")
    regularization = node("half_scale", (factor, total), "regularization", "regularization", "l2")
    node("add", (data_loss, regularization), loss, loss, "total")


# (output activation, loss) -> what appends it. Every other pair is refused in words.
OUTPUTS: dict[tuple[str, str], Loss] = {("softmax", "cross_entropy"): append_softmax_cross_entropy}
