"""The replica axis: one program that takes the steps of many networks, or of many samples, at once."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from engine.program import SAMPLE_AXIS, Program
from engine.tensor import Tensor

REPLICA_AXIS = "r"
# What every replica has its own of; all share the batch and the numbers.
OWN_ROLES = ("W", "b", "state")
# What belongs to a sample.
SAMPLE_ROLES = ("x", "y")


def replicate(program: Program, replicas: int, own: Iterable[str] = ()) -> Program:
    """Let every tensor that belongs to a network have an axis of replicas in front.

    Within a replica the samples, and of weights the rows, lie last in memory: what all replicas share is then
    multiplied by the weights of all of them in one product.

    Parameters
    ----------
    own : inputs that every replica has its own of, besides parameters and optimizer states.
    """
    belongs = _belonging(program, {*own, *_with_roles(program, OWN_ROLES)})
    tensors = {name: _own(tensor) if name in belongs else tensor for name, tensor in program.tensors.items()}
    memory = {
        name: (REPLICA_AXIS, *tensor.axes[:0:-1]) if name in belongs else tensor.axes[::-1]
        for name, tensor in tensors.items()
        if len(tensor.axes) == 3 or (SAMPLE_AXIS in tensor.axes and len(tensor.axes) == 2 and name not in belongs)
    }
    placement = program.placement
    # One value for all replicas has no room for one value each, nor the other way round.
    shares = {new: old for new, old in placement.shares.items() if (new in belongs) == (old in belongs)}
    return Program(
        tensors,
        program.nodes,
        {**program.sizes, REPLICA_AXIS: replicas},
        replace(placement, memory={**placement.memory, **memory}, shares=shares),
    )


def per_sample(program: Program, samples: int) -> Program:
    """Let every sample have a step of its own, with m = 1, by the same parameters.

    The axis of replicas counts the samples. Within a sample memory and calls are those of the plain program, and so are
    the bits.
    """
    belongs = _belonging(program, set(_with_roles(program, SAMPLE_ROLES)))
    tensors = {name: _own(tensor) if name in belongs else tensor for name, tensor in program.tensors.items()}
    return replace(program, tensors=tensors, sizes={**program.sizes, REPLICA_AXIS: samples})


def _with_roles(program: Program, roles: Collection[str]) -> Iterator[str]:
    return (name for name in program.inputs if program.tensors[name].role in roles)


def _belonging(program: Program, own: set[str]) -> set[str]:
    """What a replica has its own of, and all that is computed from it."""
    belongs = set(own)
    for node in program.nodes:
        parts = (part for name in node.inputs for part in (name, *program.parts_of(name)))
        if belongs.intersection(parts):
            belongs.update((node.output, *program.parts_of(node.output)))
    # A joined vector is as long as its parts together, whatever axes they have.
    return belongs - program.placement.parts.keys()


def _own(tensor: Tensor) -> Tensor:
    return replace(tensor, axes=(REPLICA_AXIS, *tensor.axes))
