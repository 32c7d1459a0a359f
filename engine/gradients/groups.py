"""Gradient rules of groups of nodes: what a layer, an activation and a loss do as a whole."""

from collections.abc import Callable, Sequence

from engine.gradients.backward import Backward
from engine.program import Node

GroupRule = Callable[[Backward, Sequence[Node]], None]


def _affine(walk: Backward, chunk: Sequence[Node]) -> None:
    a, w = chunk[0].inputs
    dz = walk.upstream(chunk[-1].output)
    walk.emit(w, "matmul_transposed_left", a, dz)
    if len(chunk) == 2:
        walk.emit(chunk[1].inputs[1], "sum_samples", dz)
    walk.emit(a, "matmul_transposed_right", dz, w)


def _activation(walk: Backward, chunk: Sequence[Node]) -> None:
    activation, slope = chunk
    walk.emit(activation.inputs[0], "gate", walk.upstream(activation.output), slope.output)


def _l2(walk: Backward, chunk: Sequence[Node]) -> None:
    (factor,) = (node.inputs[0] for node in chunk if node.op == "half_scale")
    for node in chunk:
        if node.op == "square":
            walk.emit(node.inputs[0], "scale", factor, node.inputs[0], part="l2")


def _logits_of(chunk: Sequence[Node]) -> tuple[str, str, str, str | None]:
    """The logits, the labels, the probabilities, and the batch size where the loss is a mean."""
    logits = chunk[0].inputs[0]
    p = next(node.output for node in chunk if node.op == "divide_rows")
    y = next(node.inputs[0] for node in chunk if node.op == "dot_rows")
    return logits, y, p, _batch_size(chunk)


def _batch_size(chunk: Sequence[Node]) -> str | None:
    """The batch size where the loss is a mean over it."""
    return next((node.inputs[1] for node in chunk if node.op == "divide_by" and node.group[-1] == "reduction"), None)


def _emit_difference(walk: Backward, target: str, a: str, y: str, m: str | None) -> None:
    """d target = (a - y) / m."""
    if m is None:
        walk.emit(target, "subtract", a, y)
    else:
        walk.emit(target, "divide_by", walk.compute(f"{a}_minus_y", "subtract", a, y), m)


def _softmax_cross_entropy(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dz = (p - y) / m: the Jacobian of softmax and -1/p cancel."""
    logits, y, p, m = _logits_of(chunk)
    _emit_difference(walk, logits, p, y, m)


def _softmax_cross_entropy_the_long_way(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dp = -y / p, then the Jacobian dp_k/dz_j = p_k (delta_kj - p_j)."""
    logits, y, p, m = _logits_of(chunk)
    dp = walk.compute("dp" if m is None else "dp_sample", "negative_ratio", y, p)
    if m is not None:
        dp = walk.compute("dp", "divide_by", dp, m)
    walk.emit(logits, "jacobian_product", dp, walk.compute("jacobian", "softmax_jacobian", p, p))


def _sigmoid_parts(chunk: Sequence[Node]) -> tuple[str, str, str, str, str | None]:
    """The logits, the labels, the probabilities, their slope, and the batch size where the loss is a mean."""
    p, mask = (node.output for node in chunk[:2])
    y = next(node.inputs[1] for node in chunk if node.op == "multiply")
    return chunk[0].inputs[0], y, p, mask, _batch_size(chunk)


def _sigmoid_binary_cross_entropy(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dz = (p - y) / m: the slope p (1 - p) and the denominator of dL/dp cancel."""
    logits, y, p, _, m = _sigmoid_parts(chunk)
    _emit_difference(walk, logits, p, y, m)


def _sigmoid_binary_cross_entropy_the_long_way(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dp = (1 - y) / (1 - p) - y / p, then times the slope."""
    logits, y, p, mask, m = _sigmoid_parts(chunk)
    if_one = walk.compute("dp_if_one", "negative_ratio", y, p)
    if_zero = walk.compute(
        "dp_if_zero", "divide", walk.compute("one_minus_y", "one_minus", y), walk.compute("one_minus_p", "one_minus", p)
    )
    dp = walk.compute("dp" if m is None else "dp_sample", "add", if_one, if_zero)
    if m is not None:
        dp = walk.compute("dp", "divide_by", dp, m)
    walk.emit(logits, "gate", dp, mask)


def _half_squared_error(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/da = (a - y) / m."""
    (a, y), error, m = chunk[0].inputs, chunk[0].output, _batch_size(chunk)
    if m is None:
        walk.emit(a, "subtract", a, y)
    else:
        walk.emit(a, "divide_by", error, m)


def _squared_error(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/da = 2 (a - y) / K / m for K outputs."""
    (a, _), error, m = chunk[0].inputs, chunk[0].output, _batch_size(chunk)
    outputs = next(node.inputs[1] for node in chunk if node.op == "divide_by")
    twice = walk.compute("error_twice", "add", error, error)
    if m is None:
        walk.emit(a, "divide_by", twice, outputs)
    else:
        walk.emit(a, "divide_by", walk.compute("error_twice_mean", "divide_by", twice, outputs), m)


GROUP_RULES: dict[str, GroupRule] = {
    "affine": _affine,
    "activation": _activation,
    "softmax_cross_entropy": _softmax_cross_entropy,
    "sigmoid_binary_cross_entropy": _sigmoid_binary_cross_entropy,
    "half_squared_error": _half_squared_error,
    "squared_error": _squared_error,
    "l2": _l2,
}

# What the learner opens as "the long way": the same numbers through dL/dp.
EXPANSIONS: dict[str, GroupRule] = {
    **GROUP_RULES,
    "softmax_cross_entropy": _softmax_cross_entropy_the_long_way,
    "sigmoid_binary_cross_entropy": _sigmoid_binary_cross_entropy_the_long_way,
}
