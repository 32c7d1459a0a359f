"""Exact rewrites of where results lie: in the place of what nobody needs any more."""

from collections.abc import Iterable
from dataclasses import replace

from engine.program import Program


def update_in_place(program: Program) -> Program:
    """Let every new value take the place of the old one at once, where nobody reads the old one afterwards.

    The step then has nothing to commit. What is read off its workspace is the state after the step.
    """
    shares = dict(program.placement.shares)
    last_reader = _last_readers(program)
    made_by = {node.output: number for number, node in enumerate(program.nodes)}
    for old, new in program.exchanges:
        # A tensor that is made as a part of a joined one has its place beside the other parts.
        if new in made_by and _last_reader(program, old, last_reader) <= made_by[new]:
            shares.update(_sharing(program, new, old))
    return replace(program, placement=replace(program.placement, shares=shares))


def share_buffers(program: Program, wanted: Iterable[str] = ()) -> Program:
    """Let results take the place of inputs that nobody reads afterwards: less memory that passes through the caches.

    Parameters
    ----------
    wanted : tensors that are looked at after the step, besides the new values.
    """
    shares = dict(program.placement.shares)
    last_reader = _last_readers(program)
    kept = {*program.inputs, *wanted, *(new for _, new in program.exchanges)}
    kept = {cell for name in kept if name in program.tensors for cell in program.cells_of(name)}
    joined = {part for parts in program.placement.parts.values() for part in parts}
    for number, node in enumerate(program.nodes):
        if node.output in shares or node.output in joined:
            continue
        for name in (node.inputs[operand] for operand in node.primitive.in_place):
            is_free = not kept.intersection(program.cells_of(name)) and name not in program.placement.fill
            if is_free and _last_reader(program, name, last_reader) <= number and _fit(program, node.output, name):
                shares.update(_sharing(program, node.output, name))
                break
    return replace(program, placement=replace(program.placement, shares=shares))


def space_out(program: Program) -> Program:
    """Let longer tensors begin where a line of the caches does: a vector operation then touches no line twice."""
    return replace(program, placement=replace(program.placement, is_spaced=True))


def _fit(program: Program, a: str, b: str) -> bool:
    """Whether both lie in memory alike."""
    of_a, of_b = program.parts_of(a), program.parts_of(b)
    if of_a or of_b:
        return len(of_a) == len(of_b) and all(_fit(program, *pair) for pair in zip(of_a, of_b, strict=True))
    memory = program.placement.memory
    return (program.tensors[a].axes, memory.get(a)) == (program.tensors[b].axes, memory.get(b))


def _sharing(program: Program, new: str, old: str) -> dict[str, str]:
    return {new: old, **dict(zip(program.parts_of(new), program.parts_of(old), strict=True))}


def _last_readers(program: Program) -> dict[str, int]:
    """Tensor -> the number of the last node that reads it or something joined with it."""
    return {
        cell: number for number, node in enumerate(program.nodes) for x in node.inputs for cell in program.cells_of(x)
    }


def _last_reader(program: Program, name: str, last_reader: dict[str, int]) -> int:
    return max(last_reader.get(cell, -1) for cell in program.cells_of(name))
