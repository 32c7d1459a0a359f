"""Gradient rules of a layer, an activation and L2 as a whole; those of a loss stand beside it."""

from collections.abc import Callable, Sequence

from engine.gradients.backward import Backward
from engine.program import Node, part_of

GroupRule = Callable[[Backward, Sequence[Node]], None]


def named_part(chunk: Sequence[Node], part: str) -> Node:
    """The node that is this part of a group which always has one."""
    node = part_of(chunk, part)
    assert node is not None, f"{chunk[0].group} has no {part}"
    return node


def _affine(walk: Backward, chunk: Sequence[Node]) -> None:
    a, w = named_part(chunk, "product").inputs
    dz = walk.upstream(chunk[-1].output)
    walk.emit(w, "matmul_transposed_left", a, dz, part="weights")
    bias = part_of(chunk, "bias")
    if bias is not None:
        walk.emit(bias.inputs[1], "sum_samples", dz, part="bias")
    walk.emit(a, "matmul_transposed_right", dz, w, part="inputs")


def _activation(walk: Backward, chunk: Sequence[Node]) -> None:
    activation, slope = named_part(chunk, "activation"), named_part(chunk, "slope")
    walk.emit(activation.inputs[0], "gate", walk.upstream(activation.output), slope.output, part="gate")


def _l2(walk: Backward, chunk: Sequence[Node]) -> None:
    factor = named_part(chunk, "penalty").inputs[0]
    for node in chunk:
        if node.part == "weights":
            walk.emit(node.inputs[0], "scale", factor, node.inputs[0], share="l2", part="weights")


LAYER_RULES: dict[str, GroupRule] = {"affine": _affine, "activation": _activation, "l2": _l2}
