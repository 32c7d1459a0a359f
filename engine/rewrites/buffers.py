"""Exact rewrites of where results lie: in the place of what nobody needs any more."""

from collections.abc import Iterable
from dataclasses import replace

from engine.program import Program, Tensor


def update_in_place(program: Program) -> Program:
    """Let every new value take the place of the old one at once, where nobody reads the old one afterwards.

    The step then has nothing to commit. What is read off its workspace is the state after the step.
    """
    tensors = dict(program.tensors)
    last_reader = _last_readers(program)
    made_by = {node.output: number for number, node in enumerate(program.nodes)}
    for old, new in program.exchanges:
        # What is made as a part of something joined has its place beside the other parts.
        if new in made_by and _last_reader(program, old, last_reader) <= made_by[new]:
            tensors.update(_sharing(tensors, new, old))
    return Program(tensors, program.nodes, program.sizes)


def share_buffers(program: Program, wanted: Iterable[str] = ()) -> Program:
    """Let results of the update take the place of inputs that nobody reads afterwards: less passes through the caches.

    The update's arrays are the longest. For the small ones of the other phases NumPy's look at what overlaps costs more
    than is won.

    Parameters
    ----------
    wanted : tensors that are looked at after the step, besides the new values.
    """
    tensors = dict(program.tensors)
    last_reader = _last_readers(program)
    kept = {*program.inputs, *wanted, *(new for _, new in program.exchanges)}
    kept = {cell for name in kept if name in tensors for cell in _cells(program, name)}
    joined = {part for tensor in tensors.values() for part in tensor.parts}
    for number, node in enumerate(program.nodes):
        out = tensors[node.output]
        if (
            node.phase != "update"
            or not node.primitive.is_cell_by_cell
            or out.shares is not None
            or node.output in joined
        ):
            continue
        for name in node.inputs:
            is_free = not kept.intersection(_cells(program, name)) and tensors[name].fill is None
            if is_free and _last_reader(program, name, last_reader) <= number and _fit(program, out, tensors[name]):
                tensors.update(_sharing(tensors, node.output, name))
                break
    return Program(tensors, program.nodes, program.sizes)


def _fit(program: Program, a: Tensor, b: Tensor) -> bool:
    """Whether both lie in memory alike."""
    if len(a.parts) != len(b.parts):
        return False
    if a.parts:
        return all(_fit(program, program.tensors[x], program.tensors[y]) for x, y in zip(a.parts, b.parts, strict=True))
    return (a.axes, a.memory) == (b.axes, b.memory)


def _sharing(tensors: dict[str, Tensor], new: str, old: str) -> dict[str, Tensor]:
    pairs = [(new, old), *zip(tensors[new].parts, tensors[old].parts, strict=True)]
    return {after: replace(tensors[after], shares=before) for after, before in pairs}


def _cells(program: Program, name: str) -> tuple[str, ...]:
    """The tensors that a tensor is joined from, or itself: two that have one in common lie over each other."""
    return program.tensors[name].parts or (name,)


def _last_readers(program: Program) -> dict[str, int]:
    """Tensor -> the number of the last node that reads it or something joined with it."""
    return {
        cell: number for number, node in enumerate(program.nodes) for x in node.inputs for cell in _cells(program, x)
    }


def _last_reader(program: Program, name: str, last_reader: dict[str, int]) -> int:
    return max(last_reader.get(cell, -1) for cell in _cells(program, name))
