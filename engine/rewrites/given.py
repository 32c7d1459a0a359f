"""What a step would be if some of its values were others."""

from collections.abc import Collection

from engine.program import Program


def take_as_given(program: Program, names: Collection[str]) -> Program:
    """Drop the nodes that make these tensors, which become inputs; everything else is computed as before."""
    nodes = tuple(node for node in program.nodes if node.output not in names)
    made = {node.output for node in nodes}
    inputs_first = sorted(program.tensors.values(), key=lambda tensor: tensor.name in made)
    return Program({tensor.name: tensor for tensor in inputs_first}, nodes, program.sizes)
