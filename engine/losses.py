"""Losses append the nodes from the last pre-activation to the loss, and L2 its own."""

from collections.abc import Callable
from functools import partial

from engine.layers import ACTIVATIONS, append_activation
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


def append_sigmoid_binary_cross_entropy(builder: ProgramBuilder, z: str, layer: int, reduction: str, loss: str) -> None:
    """p = sigmoid(z) and loss = -(y log p + (1 - y) log(1 - p)), summed over the outputs, its mean or sum over the
    samples, (n, K) -> 0-d.

    It is taken from the logits as max(z, 0) - z y + log(1 + exp(-|z|)), where nothing overflows or rounds to log 0.
    """
    outer = "sigmoid_binary_cross_entropy"

    def node(op: str, inputs: tuple[str, ...], output: str) -> str:
        group = (outer, "binary_cross_entropy")
        return builder.node(op, inputs, output, output, phase="forward", layer=None, group=group)

    append_activation(builder, z, layer, ACTIVATIONS["sigmoid"], "p", (outer, "sigmoid"))
    y = builder.input("y", (SAMPLE_AXIS, str(layer)), "y")
    z_positive = node("relu", (z,), "z_positive")
    z_y = node("multiply", (z, y), "z_y")
    linear_part = node("subtract", (z_positive, z_y), "linear_part")
    log_part = node("log1p_exp_neg_abs", (z,), "log_part")
    output_losses = node("add", (linear_part, log_part), "output_loss")
    losses = node("sum_rows", (output_losses,), "sample_loss")
    _append_reduction(builder, losses, reduction, loss, (outer, "reduction"))


def append_half_squared_error(
    activation: str, builder: ProgramBuilder, z: str, layer: int, reduction: str, loss: str
) -> None:
    """a = f(z) and loss = sum_k (a - y)^2 / 2, its mean or sum over the samples, (n, K) -> 0-d."""
    outer = "half_squared_error"
    squares = _append_sum_of_squares(activation, builder, z, layer, outer)
    losses = builder.node("half", (squares,), "sample_loss", "sample_loss", phase="forward", layer=None, group=(outer,))
    _append_reduction(builder, losses, reduction, loss, (outer, "reduction"))


def append_squared_error(
    activation: str, builder: ProgramBuilder, z: str, layer: int, reduction: str, loss: str
) -> None:
    """a = f(z) and loss = mean_k (a - y)^2, its mean or sum over the samples, (n, K) -> 0-d."""
    outer = "squared_error"
    squares = _append_sum_of_squares(activation, builder, z, layer, outer)
    inputs = (squares, builder.scalar("outputs"))
    losses = builder.node(
        "divide_by", inputs, "sample_loss", "sample_loss", phase="forward", layer=None, group=(outer,)
    )
    _append_reduction(builder, losses, reduction, loss, (outer, "reduction"))


def _append_sum_of_squares(activation: str, builder: ProgramBuilder, z: str, layer: int, group: str) -> str:
    def node(op: str, inputs: tuple[str, ...], output: str) -> str:
        return builder.node(op, inputs, output, output, phase="forward", layer=None, group=(group,))

    # What a sigmoid gives is a probability, whatever the loss.
    output = "p" if activation == "sigmoid" else None
    a = append_activation(builder, z, layer, ACTIVATIONS[activation], output)
    y = builder.input("y", (SAMPLE_AXIS, str(layer)), "y")
    error = node("subtract", (a, y), "error")
    return node("sum_rows", (node("square", (error,), "error_squared"),), "error_square_sum")


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
OUTPUTS: dict[tuple[str, str], Loss] = {
    ("softmax", "cross_entropy"): append_softmax_cross_entropy,
    ("sigmoid", "binary_cross_entropy"): append_sigmoid_binary_cross_entropy,
    **{
        (activation, loss): partial(append, activation)
        for activation in ("sigmoid", "identity", "relu", "tanh")
        for loss, append in (
            ("half_squared_error", append_half_squared_error),
            ("squared_error", append_squared_error),
        )
    },
}
