"""Gradient rules of single primitives, for nodes that no rule of a group answers for."""

from collections.abc import Callable

from engine.gradients.backward import Backward
from engine.primitives import PRIMITIVES
from engine.program import Node

NodeRule = Callable[[Backward, Node], None]


def _matmul(walk: Backward, node: Node) -> None:
    (a, w), d = node.inputs, walk.upstream(node.output)
    walk.emit(w, "matmul_transposed_left", a, d)
    walk.emit(a, "matmul_transposed_right", d, w)


def _add_bias(walk: Backward, node: Node) -> None:
    d = walk.upstream(node.output)
    walk.emit(node.inputs[1], "sum_samples", d)
    walk.pass_through(node.inputs[0], d)


def _add(walk: Backward, node: Node) -> None:
    for name in node.inputs:
        walk.pass_through(name, walk.upstream(node.output))


def _subtract(walk: Backward, node: Node) -> None:
    d = walk.upstream(node.output)
    walk.pass_through(node.inputs[0], d)
    walk.emit(node.inputs[1], "negative", d)


def _negative(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[0], "negative", walk.upstream(node.output))


def _multiply(walk: Backward, node: Node) -> None:
    (a, b), d = node.inputs, walk.upstream(node.output)
    walk.emit(a, "multiply", d, b)
    walk.emit(b, "multiply", d, a)


def _square(walk: Backward, node: Node) -> None:
    (a,), d = node.inputs, walk.upstream(node.output)
    once = walk.compute(f"d{node.output}_times_{a}", "multiply", d, a)
    walk.emit(a, "add", once, once)


def _exp(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[0], "multiply", walk.upstream(node.output), node.output)


def _log(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[0], "divide", walk.upstream(node.output), node.inputs[0])


def _scale(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[1], "scale", node.inputs[0], walk.upstream(node.output))


def _half_scale(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[1], "half_scale", node.inputs[0], walk.upstream(node.output))


def _divide_by(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[0], "divide_by", walk.upstream(node.output), node.inputs[1])


def _sum_all(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[0], "spread", walk.upstream(node.output), node.inputs[0])


def _sum_rows(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[0], "spread_rows", walk.upstream(node.output), node.inputs[0])


def _max_rows(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[0], "select_rows", node.inputs[0], node.output, walk.upstream(node.output))


def _subtract_rows(walk: Backward, node: Node) -> None:
    d = walk.upstream(node.output)
    if node.inputs[1] in walk.active:
        row_sum = walk.compute(f"d{node.output}_row_sum", "sum_rows", d)
        walk.emit(node.inputs[1], "negative", row_sum)
    walk.pass_through(node.inputs[0], d)


def _divide_rows(walk: Backward, node: Node) -> None:
    (a, v), d = node.inputs, walk.upstream(node.output)
    walk.emit(a, "divide_rows", d, v)
    if v in walk.active:
        # d(a / v)/dv = -(a / v) / v, summed over the row
        total = walk.compute(f"d{node.output}_row_dot", "dot_rows", d, node.output)
        walk.emit(v, "negative", walk.compute(f"d{node.output}_row_dot_over_v", "divide", total, v))


def _dot_rows(walk: Backward, node: Node) -> None:
    (a, b), d = node.inputs, walk.upstream(node.output)
    walk.emit(a, "multiply_rows", b, d)
    walk.emit(b, "multiply_rows", a, d)


def _relu(walk: Backward, node: Node) -> None:
    # Where a loss takes max(z, 0), the corner is one of two that cancel when each counts with the mean of its sides.
    one_half = walk.builder.scalar("one_half")
    slope = walk.compute(f"{node.output}_slope", "relu_slope", node.inputs[0], one_half)
    walk.emit(node.inputs[0], "multiply", walk.upstream(node.output), slope)


def _log1p_exp_neg_abs(walk: Backward, node: Node) -> None:
    slope = walk.compute(f"{node.output}_slope", "log1p_exp_neg_abs_slope", node.inputs[0])
    walk.emit(node.inputs[0], "multiply", walk.upstream(node.output), slope)


def _huber(walk: Backward, node: Node) -> None:
    slope = walk.compute(f"{node.output}_slope", "clip", *node.inputs)
    walk.emit(node.inputs[0], "multiply", walk.upstream(node.output), slope)


def _half(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[0], "half", walk.upstream(node.output))


def _one_minus(walk: Backward, node: Node) -> None:
    walk.emit(node.inputs[0], "negative", walk.upstream(node.output))


def _square_root(walk: Backward, node: Node) -> None:
    half = walk.compute(f"d{node.output}_half", "half", walk.upstream(node.output))
    walk.emit(node.inputs[0], "divide", half, node.output)


def _add_number(walk: Backward, node: Node) -> None:
    walk.pass_through(node.inputs[0], walk.upstream(node.output))


NODE_RULES: dict[str, NodeRule] = {
    "matmul": _matmul,
    "add_bias": _add_bias,
    "add": _add,
    "subtract": _subtract,
    "negative": _negative,
    "multiply": _multiply,
    "square": _square,
    "exp": _exp,
    "log": _log,
    "scale": _scale,
    "half_scale": _half_scale,
    "divide_by": _divide_by,
    "sum_all": _sum_all,
    "sum_rows": _sum_rows,
    "max_rows": _max_rows,
    "subtract_rows": _subtract_rows,
    "divide_rows": _divide_rows,
    "dot_rows": _dot_rows,
    "relu": _relu,
    "log1p_exp_neg_abs": _log1p_exp_neg_abs,
    "huber": _huber,
    "half": _half,
    "one_minus": _one_minus,
    "square_root": _square_root,
    "add_number": _add_number,
}

# Activations and their slopes are differentiated by their group alone; the others appear in no forward pass.
WITHOUT_A_RULE_OF_THEIR_OWN = frozenset(PRIMITIVES) - frozenset(NODE_RULES)
