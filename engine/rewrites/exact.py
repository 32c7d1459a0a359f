"""Exact rewrites: what remains has the same bits."""

from collections.abc import Iterable
from dataclasses import replace

from engine.program import Node, Phase, Program
from engine.rewrites.buffers import share_buffers, space_out, update_in_place
from engine.tensor import Tensor


def prune(program: Program, wanted: Iterable[str]) -> Program:
    """Drop the nodes, and then the tensors, that nothing wanted depends on."""
    wanted = tuple(wanted)
    nodes = needed_nodes(program, wanted)
    needed = {*wanted, *(name for node in nodes for name in node.inputs)}
    tensors = {name: tensor for name, tensor in program.tensors.items() if name in needed}
    return replace(program, tensors=tensors, nodes=nodes, placement=program.placement.of(tensors))


def needed_nodes(program: Program, wanted: Iterable[str]) -> tuple[Node, ...]:
    """The nodes that these tensors depend on, in order."""
    needed = set(wanted)
    kept: list[Node] = []
    for node in reversed(program.nodes):
        if node.output in needed:
            kept.append(node)
            needed.update(node.inputs)
    return tuple(reversed(kept))


def only(program: Program, phase: Phase) -> Program:
    """The nodes of one phase alone; what they need of the others becomes an input."""
    nodes = tuple(node for node in program.nodes if node.phase == phase)
    used = {name for node in nodes for name in (*node.inputs, node.output)}
    tensors = {name: tensor for name, tensor in program.tensors.items() if name in used}
    return replace(program, tensors=tensors, nodes=nodes, placement=program.placement.of(tensors))


def join_update(program: Program) -> Program:
    """Run the update once over one flat vector of all parameters, where every parameter has the same update.

    Elementwise operations see each cell by itself, so joining changes no bit.
    """
    sequences: dict[str | None, list[Node]] = {}
    for node in program.nodes:
        if node.phase == "update":
            sequences.setdefault(_parameter_of(program, node), []).append(node)
    columns = list(zip(*sequences.values(), strict=False))
    same_length = len({len(nodes) for nodes in sequences.values()}) == 1
    if len(sequences) < 2 or not same_length or any(len({node.op for node in column}) > 1 for column in columns):
        return program

    tensors, parts = dict(program.tensors), dict(program.placement.parts)

    def join(names: tuple[str, ...]) -> str:
        if len(set(names)) == 1:
            return names[0]
        joined = "+".join(names)
        role = tensors[names[0]].role
        tensors.setdefault(joined, Tensor(joined, (joined,), role))
        parts.setdefault(joined, names)
        return joined

    nodes = [node for node in program.nodes if node.phase != "update"]
    for column in columns:
        inputs = tuple(join(names) for names in zip(*(node.inputs for node in column), strict=True))
        output = join(tuple(node.output for node in column))
        nodes.append(replace(column[0], inputs=inputs, output=output, layer=None))
    return replace(program, tensors=tensors, nodes=tuple(nodes), placement=replace(program.placement, parts=parts))


def _parameter_of(program: Program, node: Node) -> str | None:
    """The parameter that an update node works for, also where it makes the next value of an optimizer's state."""
    owner = program.tensors[node.output].of
    while owner is not None and program.tensors[owner].of is not None:
        owner = program.tensors[owner].of
    return owner


def for_training(program: Program, wanted: Iterable[str] = ()) -> Program:
    """What a step needs that only changes the parameters: the update, and the tensors wanted besides."""
    after = [tensor.name for tensor in program.replacements]
    return join_update(prune(program, [*after, *wanted]))


def for_long_training(program: Program, wanted: Iterable[str] = ()) -> Program:
    """The same with as little memory as it takes: nothing else can be looked at, and nothing has to be committed."""
    wanted = tuple(wanted)
    return space_out(share_buffers(update_in_place(for_training(program, wanted)), wanted))
