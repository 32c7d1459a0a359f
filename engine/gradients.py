"""The backward pass: walks the forward nodes in reverse and appends the nodes of the gradients.

A rule belongs to a primitive or to a group of nodes, and the group's rule wins.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.primitives import PRIMITIVES
from engine.program import Node, ProgramBuilder


@dataclass
class Backward:
    """The gradients collected so far, while the walk goes from the loss towards the inputs.

    A gradient is the name of a tensor, or None for the seed dL/dL = 1, which needs no array.
    """

    builder: ProgramBuilder
    active: frozenset[str]
    expected: Mapping[str, int]
    gradients: dict[str, list[str | None]] = field(default_factory=dict)
    layer: int | None = None
    group: tuple[str, ...] = ()

    def upstream(self, tensor: str) -> str | None:
        """The gradient of the loss with respect to a tensor that has received all its parts."""
        (gradient,) = self.gradients[tensor]
        return gradient

    def emit(self, target: str, op: str, *inputs: str | None, part: str = "data") -> None:
        """Append the node that computes the gradient of target, or a part of it where target is used twice."""
        if target not in self.active:
            return
        name = "d" + target
        if self.expected[target] > 1:
            name = f"{name}_{part}" if f"{name}_{part}" not in self.builder.tensors else f"{name}_{self._count(target)}"
        self.pass_through(target, self.compute(name, op, *inputs, of=target))

    def pass_through(self, target: str, gradient: str | None) -> None:
        """Give target a gradient that exists already; a tensor used twice gets a visible add."""
        if target not in self.active:
            return
        parts = self.gradients.setdefault(target, [])
        parts.append(gradient)
        if len(parts) > 1 and len(parts) == self.expected[target]:
            total = parts[0]
            for number, part in enumerate(parts[1:], start=2):
                is_last = number == len(parts)
                total = self.compute(
                    f"d{target}" if is_last else f"d{target}_sum{number}", "add", total, part, of=target
                )
            self.gradients[target] = [total]

    def compute(self, output: str, op: str, *inputs: str | None, of: str | None = None) -> str:
        """Append a backward node; of names the tensor whose gradient (or part of it) the output is."""
        names = tuple(self.seed if name is None else name for name in inputs)
        role = output if of is None else "d" + self.builder.tensors[of].role + output.removeprefix("d" + of)
        return self.builder.node(op, names, output, role, phase="backward", layer=self.layer, group=self.group, of=of)

    @property
    def seed(self) -> str:
        """dL/dL = 1 as a tensor, for walks that need it as a number."""
        return self.builder.scalar("seed")

    def _count(self, target: str) -> int:
        return len(self.gradients.get(target, [])) + 1


GroupRule = Callable[[Backward, Sequence[Node]], None]
NodeRule = Callable[[Backward, Node], None]


def append_backward(
    builder: ProgramBuilder, loss: str, inputs: Iterable[str], rules: Mapping[str, GroupRule] | None = None
) -> None:
    """Append the nodes that compute d{name} for every tensor between the inputs and the loss.

    Parameters
    ----------
    rules : group name -> rule; an empty mapping walks every primitive by itself.
    """
    rules = GROUP_RULES if rules is None else rules
    forward = tuple(builder.nodes)
    active = set(inputs)
    for node in forward:
        if active.intersection(node.inputs):
            active.add(node.output)
    on_the_way = {loss}
    for node in reversed(forward):
        if node.output in on_the_way:
            on_the_way.update(node.inputs)
    chunks = [
        chunk
        for chunk in _chunks([node for node in forward if node.output in active], rules)
        if any(node.output in on_the_way for node in chunk)
    ]
    walk = Backward(builder, frozenset(active), _contributions(chunks, rules))
    walk.gradients[loss] = [None]
    for chunk in reversed(chunks):
        walk.layer, walk.group = chunk[0].layer, chunk[0].group
        group = _group_with_a_rule(chunk[0], rules)
        if group is not None:
            walk.group = walk.group[: walk.group.index(group) + 1]
            rules[group](walk, chunk)
        else:
            NODE_RULES[chunk[0].op](walk, chunk[0])


def _group_with_a_rule(node: Node, rules: Mapping[str, GroupRule]) -> str | None:
    return next((name for name in node.group if name in rules), None)


def _chunks(nodes: Sequence[Node], rules: Mapping[str, GroupRule]) -> Iterable[list[Node]]:
    """Consecutive nodes that one rule answers for."""
    chunk: list[Node] = []
    for node in nodes:
        group = _group_with_a_rule(node, rules)
        if chunk and (group is None or group != _group_with_a_rule(chunk[0], rules)):
            yield chunk
            chunk = []
        chunk.append(node)
    if chunk:
        yield chunk


def _contributions(chunks: Sequence[Sequence[Node]], rules: Mapping[str, GroupRule]) -> dict[str, int]:
    """How many gradients each tensor will receive: one for each group that reads it, one for each slot of a node."""
    counts: dict[str, int] = {}
    for chunk in chunks:
        made = {node.output for node in chunk}
        slots = [name for node in chunk for name in node.inputs if name not in made]
        if _group_with_a_rule(chunk[0], rules) is not None:
            slots = list(dict.fromkeys(slots))
        for name in slots:
            counts[name] = counts.get(name, 0) + 1
    return counts


# --- Rules of groups -------------------------------------------------------------------------------------------------


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
    m = next((node.inputs[1] for node in chunk if node.op == "divide_by"), None)
    return logits, y, p, m


def _softmax_cross_entropy(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dz = (p - y) / m: the Jacobian of softmax and -1/p cancel."""
    logits, y, p, m = _logits_of(chunk)
    if m is None:
        walk.emit(logits, "subtract", p, y)
    else:
        walk.emit(logits, "divide_by", walk.compute("p_minus_y", "subtract", p, y), m)


def _softmax_cross_entropy_the_long_way(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dp = -y / p, then the Jacobian dp_k/dz_j = p_k (delta_kj - p_j)."""
    logits, y, p, m = _logits_of(chunk)
    dp = walk.compute("dp" if m is None else "dp_sample", "negative_ratio", y, p)
    if m is not None:
        dp = walk.compute("dp", "divide_by", dp, m)
    walk.emit(logits, "jacobian_product", dp, walk.compute("jacobian", "softmax_jacobian", p, p))


GROUP_RULES: dict[str, GroupRule] = {
    "affine": _affine,
    "activation": _activation,
    "softmax_cross_entropy": _softmax_cross_entropy,
    "l2": _l2,
}

# What the learner opens as "the long way": the same numbers through dL/dp and the Jacobian.
EXPANSIONS: dict[str, GroupRule] = {**GROUP_RULES, "softmax_cross_entropy": _softmax_cross_entropy_the_long_way}


# --- Rules of primitives ---------------------------------------------------------------------------------------------


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
}

# Activations and their slopes are differentiated by their group alone; the others appear in no forward pass.
WITHOUT_A_RULE_OF_THEIR_OWN = frozenset(PRIMITIVES) - frozenset(NODE_RULES)
