"""Numeric rewrites: the same numbers but for rounding, with fewer and cheaper calls."""

from collections.abc import Iterable
from dataclasses import replace

from engine.primitives import SUMS_AS_PRODUCTS
from engine.program import SAMPLE_AXIS, Node, Phase, Program
from engine.rewrites.buffers import share_buffers, space_out, update_in_place
from engine.rewrites.exact import for_training
from engine.tensor import Tensor


def samples_last(program: Program) -> Program:
    """Let the samples of a unit lie beside each other in memory; names, axes and nodes stay.

    A reduction over the units of a row then runs along all rows at once.
    """
    memory = {
        name: (*(axis for axis in tensor.axes if axis != SAMPLE_AXIS), SAMPLE_AXIS)
        for name, tensor in program.tensors.items()
        if SAMPLE_AXIS in tensor.axes and len(tensor.axes) > 1
    }
    placement = replace(program.placement, memory={**program.placement.memory, **memory})
    return replace(program, placement=placement)


def sums_as_products(program: Program) -> Program:
    """Take sums over an axis as products with ones, at half the cost."""
    return replace(program, placement=replace(program.placement, kernels=SUMS_AS_PRODUCTS))


def fold_bias(program: Program) -> Program:
    """Take the bias as one more row of the weights, and 1 as one more input of every sample, where samples lie last.

    a @ W + b becomes one product and the gradients of W and b another one. Nothing is copied for it: the row of ones
    stands below a, and b below W, in memory.
    """
    return _Fold(program).folded()


def _is(node: Node, phase: Phase, part: str) -> bool:
    """Whether the node is this part of an affine map."""
    return (node.phase, node.group[:1], node.part) == (phase, ("affine",), part)


class _Fold:
    """Collects the nodes and tensors of a program whose biases are folded."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._tensors = dict(program.tensors)
        placement = program.placement
        self._parts, self._memory, self._fill = dict(placement.parts), dict(placement.memory), dict(placement.fill)
        self._sizes = dict(program.sizes)
        self._made_by = {node.output: node for node in program.nodes}
        self._readers: dict[str, list[Node]] = {}
        for node in program.nodes:
            for name in node.inputs:
                self._readers.setdefault(name, []).append(node)

    def folded(self) -> Program:
        nodes: list[Node] = []
        for node in self._program.nodes:
            bias = self._bias_of(node)
            if bias is not None:
                a, w = node.inputs
                self._tensors.pop(node.output)
                inputs = (self._with_ones(a), self._below(w, bias.inputs[1]))
                nodes.append(replace(node, inputs=inputs, output=bias.output))
            elif _is(node, "forward", "bias") and self._bias_of(self._made_by[node.inputs[0]]) is node:
                continue
            elif (gradient := self._bias_gradient_of(node)) is not None:
                output = self._below(node.output, gradient.output)
                nodes.append(replace(node, inputs=(self._with_ones(node.inputs[0]), node.inputs[1]), output=output))
            elif _is(node, "backward", "bias") and self._is_folded(node):
                continue
            else:
                nodes.append(node)
        placement = replace(self._program.placement, parts=self._parts, memory=self._memory, fill=self._fill)
        return Program(self._tensors, tuple(nodes), self._sizes, placement.of(self._tensors))

    def _bias_of(self, node: Node | None) -> Node | None:
        """The node that adds a bias to this product and is its only reader."""
        is_product = node is not None and _is(node, "forward", "product")
        readers = self._readers.get(node.output, []) if node is not None and is_product else []
        return readers[0] if len(readers) == 1 and _is(readers[0], "forward", "bias") else None

    def _bias_gradient_of(self, node: Node) -> Node | None:
        """The node that sums the gradient of the same layer's bias, where both gradients are whole."""
        if not _is(node, "backward", "weights"):
            return None
        layer = self._program.tensors[node.output].layer
        w, b = self._program.named("W", layer), self._program.named("b", layer)
        bias = self._made_by.get(f"d{b}")
        is_whole = node.output == f"d{w}" and bias is not None and _is(bias, "backward", "bias")
        return bias if is_whole and bias is not None and bias.inputs == node.inputs[1:] else None

    def _is_folded(self, node: Node) -> bool:
        weights = self._made_by.get(f"d{self._program.named('W', self._program.tensors[node.output].layer)}")
        return weights is not None and self._bias_gradient_of(weights) is node

    def _with_ones(self, a: str) -> str:
        name = f"{a}_and_one"
        if name not in self._tensors:
            tensor = self._tensors[a]
            axis = self._one_more(tensor.axes[1])
            ones = Tensor(f"one_for_{a}", (SAMPLE_AXIS,), "ones")
            self._tensors[ones.name], self._fill[ones.name] = ones, 1.0
            self._tensors[name] = Tensor(name, (SAMPLE_AXIS, axis), tensor.role, tensor.layer)
            self._parts[name], self._memory[name] = (a, ones.name), (axis, SAMPLE_AXIS)
        return name

    def _below(self, w: str, b: str) -> str:
        name = f"{w}_and_{b}"
        axes = self._tensors[w].axes
        self._tensors.setdefault(name, Tensor(name, (self._one_more(axes[0]), axes[1]), self._tensors[w].role))
        self._parts[name] = (w, b)
        return name

    def _one_more(self, axis: str) -> str:
        self._sizes[f"{axis}+1"] = self._sizes[axis] + 1
        return f"{axis}+1"


def for_experiments(program: Program, wanted: Iterable[str] = ()) -> Program:
    """The cheapest program of a step that changes the parameters and makes what is wanted besides.

    The parameters are updated in place.
    """
    wanted = tuple(wanted)
    in_place = update_in_place(for_training(program, wanted))
    return space_out(share_buffers(fold_bias(samples_last(sums_as_products(in_place))), wanted))
