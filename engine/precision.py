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
    single = {name for name, tensor in program.tensors.items() if not tensor.parts}
    wide = single - narrow
    joined = (tensor for tensor in program.tensors.values() if tensor.parts)
    return frozenset(wide.union(tensor.name for tensor in joined if tensor.parts[0] in wide))
