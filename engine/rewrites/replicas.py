"""The replica axis: one program that takes the steps of many networks at once."""

from collections.abc import Iterable
from dataclasses import replace

from engine.program import SAMPLE_AXIS, Program, Tensor

REPLICA_AXIS = "r"
# What every replica has its own of; all share the batch and the numbers.
OWN_ROLES = ("W", "b", "state")


def replicate(program: Program, replicas: int, own: Iterable[str] = ()) -> Program:
    """Let every tensor that belongs to a network have an axis of replicas in front.

    Within a replica the samples, and of weights the rows, lie last in memory: what all replicas share is then
    multiplied by the weights of all of them in one product.

    Parameters
    ----------
    own : inputs that every replica has its own of, besides parameters and optimizer states.
    """
    belongs = {*own, *(name for name in program.inputs if program.tensors[name].role in OWN_ROLES)}
    for node in program.nodes:
        parts = (part for name in node.inputs for part in (name, *program.tensors[name].parts))
        if belongs.intersection(parts):
            belongs.update((node.output, *program.tensors[node.output].parts))
    tensors = {name: _own(tensor) if name in belongs else tensor for name, tensor in program.tensors.items()}
    for name, tensor in tensors.items():
        if SAMPLE_AXIS in tensor.axes and len(tensor.axes) == 2 and name not in belongs:
            tensors[name] = replace(tensor, memory=tensor.axes[::-1])
    return Program(tensors, program.nodes, {**program.sizes, REPLICA_AXIS: replicas})


def _own(tensor: Tensor) -> Tensor:
    # A joined vector is as long as its parts together, whatever axes they have.
    if tensor.parts:
        return tensor
    axes = (REPLICA_AXIS, *tensor.axes)
    return replace(tensor, axes=axes, memory=(REPLICA_AXIS, *reversed(tensor.axes)) if len(axes) == 3 else ())
