"""What a step would be if some of its values were others."""

from collections.abc import Collection
from dataclasses import replace

from engine.program import Program
from engine.tensor import Tensor


def take_as_given(program: Program, names: Collection[str]) -> Program:
    """Drop the nodes that make these tensors, which become inputs; everything else is computed as before."""
    nodes = tuple(node for node in program.nodes if node.output not in names)
    return replace(program, tensors=_inputs_first(program, {node.output for node in nodes}), nodes=nodes)


def beside_given(program: Program, names: Collection[str]) -> Program:
    """Take these tensors as given, and compute beside them (as `computed(name)`) what the others before would make."""
    nodes = tuple(
        replace(node, output=computed(node.output)) if node.output in names else node for node in program.nodes
    )
    tensors = dict(_inputs_first(program, {node.output for node in nodes}))
    tensors |= {computed(name): replace(program.tensors[name], name=computed(name)) for name in names}
    return replace(program, tensors=tensors, nodes=nodes)


def computed(name: str) -> str:
    """The name of what a given tensor would have been."""
    return f"{name}_computed"


def _inputs_first(program: Program, made: Collection[str]) -> dict[str, Tensor]:
    return {tensor.name: tensor for tensor in sorted(program.tensors.values(), key=lambda tensor: tensor.name in made)}
