"""Which tensors keep float32 where a step is computed in float16."""

from engine.program import Program


def wide_tensors(program: Program) -> frozenset[str]:
    """The optimizer's state, its numbers, what it computes on the way to the next parameters, and what is measured.

    In float16 an eps of 1e-8 is 0, and a running average that moves by a thousandth stands still.
    """
    narrow: set[str] = set()
    for node in program.nodes:
        if node.phase not in ("update", "measure"):
            narrow.update(node.inputs, (node.output,))
    narrow.update(tensor.name for tensor in program.with_role("next") if tensor.of in narrow)
    joined = program.placement.parts
    wide = program.tensors.keys() - joined.keys() - narrow
    return frozenset(wide.union(name for name, parts in joined.items() if parts[0] in wide))
