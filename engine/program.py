"""A training step as an ordered list of named array operations: the only description of the computation."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from engine.primitives import PRIMITIVES, Primitive
from engine.symbols import Writer
from engine.tensor import NEXT_ROLES, Tensor

Phase = Literal["forward", "backward", "update", "measure"]
SAMPLE_AXIS = "n"
BATCH_SIZE = "m"
Spot = Literal["unit", "sum", "edge", "bias", "output", "loss"]
# Where the drawing shows a tensor, by its role. unit: a or x. sum: z. edge: a weight.
SPOTS: Mapping[str, Spot] = {
    "x": "unit", "a": "unit", "mask": "unit", "z": "sum", "aW": "sum", "W": "edge", "b": "bias",
}  # fmt: skip
LOSSES = ("loss", "data_loss", "sample_loss")
# Measured: a node with its tensor, in the program and in those that are made of it, with their layouts.
BYTES_OF_A_NODE = 1_500


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the tensors of a program lie in memory; a program as it is built says nothing of it.

    Parameters
    ----------
    parts : joined tensor -> the consecutive ones that it lies over.
    memory : tensor -> its axes as they lie in memory, slowest first; without an entry: as they are.
    shares : tensor -> the one whose place in memory it takes.
    fill : constant -> the number that all its cells hold.
    kernels : operation -> the primitive that computes it in another way.
    is_spaced : whether longer tensors begin where a line of the caches does, with gaps between them.
    """

    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    memory: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shares: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, float] = field(default_factory=dict)
    kernels: Mapping[str, Primitive] = field(default_factory=dict)
    is_spaced: bool = False

    def of(self, names: Iterable[str]) -> "Placement":
        """What it says of these tensors."""
        wanted = set(names)
        return Placement(
            {name: parts for name, parts in self.parts.items() if name in wanted},
            {name: axes for name, axes in self.memory.items() if name in wanted},
            {name: home for name, home in self.shares.items() if name in wanted},
            {name: number for name, number in self.fill.items() if name in wanted},
            self.kernels,
            self.is_spaced,
        )


@dataclass(frozen=True, slots=True)
class Node:
    """One use of a primitive.

    Parameters
    ----------
    group : the path of operations that it is a part of, outermost first, such as ("softmax_cross_entropy", "softmax").
    part : what it is in its group, such as "bias" or "mean": by this rules and rewrites find it.
    primitives : the table in which `op` is a name.
    """

    op: str
    inputs: tuple[str, ...]
    output: str
    phase: Phase
    layer: int | None
    group: tuple[str, ...]
    part: str | None = None
    primitives: Mapping[str, Primitive] = field(default_factory=lambda: PRIMITIVES, repr=False, compare=False)

    @property
    def primitive(self) -> Primitive:
        return self.primitives[self.op]

    @property
    def code(self) -> str:
        return self.primitive.code.format(*self.inputs, out=self.output)

    @property
    def exact_code(self) -> str:
        """The line that has the bits of the kernel in every case."""
        return (self.primitive.exact or self.primitive.code).format(*self.inputs, out=self.output)


def part_of(nodes: Iterable[Node], part: str) -> Node | None:
    """The first of the nodes that is this part of its group."""
    return next((node for node in nodes if node.part == part), None)


@dataclass(frozen=True, eq=False)
class Program:
    """The nodes of one step with their tensors; no values, no batch size.

    Parameters
    ----------
    tensors : name -> Tensor, inputs first, then outputs in the order of the nodes.
    sizes : axis -> number of units, for every axis but the samples'.
    placement : what rewrites have decided beside it.
    """

    tensors: Mapping[str, Tensor]
    nodes: tuple[Node, ...]
    sizes: Mapping[str, int]
    placement: Placement = Placement()

    @cached_property
    def derived(self) -> dict[object, Any]:
        """What was made of it, see `engine.derived`."""
        return {}

    @cached_property
    def nbytes(self) -> int:
        """About what it takes in memory, with all that is made of it."""
        return BYTES_OF_A_NODE * len(self.nodes)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        outputs = {node.output for node in self.nodes}
        made = outputs.union(*(self.parts_of(name) for name in outputs))
        return tuple(name for name in self.tensors if name not in made and not self.parts_of(name))

    def parts_of(self, name: str) -> tuple[str, ...]:
        """The tensors that a joined one lies over; empty for a single one."""
        return self.placement.parts.get(name, ())

    def cells_of(self, name: str) -> tuple[str, ...]:
        """The same, or the tensor itself: two that have one in common lie over each other."""
        return self.parts_of(name) or (name,)

    @cached_property
    def _first_names(self) -> Mapping[tuple[str, int | None], str]:
        names: dict[tuple[str, int | None], str] = {}
        for tensor in self.tensors.values():
            names.setdefault((tensor.role, tensor.layer), tensor.name)
        return names

    def named(self, role: str, layer: int | None = None) -> str | None:
        """The name of the first tensor with this role in this layer, or None."""
        return self._first_names.get((role, layer))

    @property
    def replacements(self) -> tuple[Tensor, ...]:
        """The tensors that take the place of what they are `of` after the step: parameters and optimizer states."""
        return tuple(t for t in self.tensors.values() if t.role in NEXT_ROLES)

    @cached_property
    def exchanges(self) -> tuple[tuple[str, str], ...]:
        """(tensor, what takes its place after the step), joined where the program has joined them."""
        joined = {self.parts_of(name): name for name, tensor in self.tensors.items() if len(tensor.axes) == 1}
        pending = {tensor.name: str(tensor.of) for tensor in self.replacements if not self.parts_of(tensor.name)}
        pairs: list[tuple[str, str]] = []
        for new in self.replacements:
            parts = self.parts_of(new.name)
            old = joined.get(tuple(pending.get(part, "") for part in parts)) if parts else None
            if old is not None:
                pairs.append((old, new.name))
                for part in parts:
                    del pending[part]
        return (*pairs, *((old, new) for new, old in pending.items()))

    def with_role(self, role: str) -> tuple[Tensor, ...]:
        return tuple(t for t in self.tensors.values() if t.role == role)

    def spot_of(self, name: str) -> Spot | None:
        """Where the drawing shows a tensor; a gradient, a step or a next value is where its own tensor is."""
        tensor = self.tensors[name]
        if tensor.of is not None:
            return self.spot_of(tensor.of)
        last, depth = tensor.axes[-1:], max(t.layer or 0 for t in self.tensors.values())
        if tensor.role in SPOTS:
            is_output = SPOTS[tensor.role] == "unit" and (tensor.layer or 0) == depth
            return "output" if is_output else SPOTS[tensor.role]
        if last == (str(depth),):
            return "output"
        return "loss" if tensor.role in LOSSES else None

    def _offsets(self) -> Iterator[tuple[int, int]]:
        """(a, b) for every tensor: its first cell is a + b m in a vector that holds them all in order for m samples."""
        a = b = 0
        for tensor in self.tensors.values():
            yield a, b
            size = math.prod(self.sizes[axis] for axis in tensor.axes if axis != SAMPLE_AXIS)
            if SAMPLE_AXIS in tensor.axes:
                b += size
            else:
                a += size

    @property
    def document(self) -> Mapping[str, Any]:
        """The program as JSON-able data, with the faces of the primitives that it uses."""
        used = {node.op: node.primitive for node in self.nodes}
        writer = Writer(self.tensors, {node.output: node.inputs[0] for node in self.nodes})
        return MappingProxyType(
            {
                "tensors": [
                    {
                        "name": t.name,
                        "axes": list(t.axes),
                        "role": t.role,
                        "layer": t.layer,
                        "of": t.of,
                        "symbol": writer.symbol_of(t),
                        "spot": self.spot_of(t.name),
                        "divisor": t.role == BATCH_SIZE,
                        "offset": list(offset),
                    }
                    for t, offset in zip(self.tensors.values(), self._offsets(), strict=True)
                ],
                "nodes": [
                    {
                        "op": node.op,
                        "inputs": list(node.inputs),
                        "output": node.output,
                        "phase": node.phase,
                        "layer": node.layer,
                        "group": list(node.group),
                        "part": node.part,
                        "code": node.code,
                    }
                    for node in self.nodes
                ],
                "sizes": dict(self.sizes),
                "primitives": {name: _face(primitive) for name, primitive in used.items()},
            }
        )

    @cached_property
    def fingerprint(self) -> str:
        """ "sha256:" and the digest of the document: equal programs have equal fingerprints on every machine."""
        assert self.placement == Placement(), "a program that lies in memory in a way of its own is never shown"
        text = json.dumps(dict(self.document), sort_keys=True, separators=(",", ":"))
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _face(primitive: Primitive) -> dict[str, Any]:
    return {"indices": primitive.indices, "cell": primitive.cell, "selects": primitive.selects}


def axes_of_output(primitive: Primitive, inputs: Iterable[Tensor]) -> tuple[str, ...]:
    """The axes that follow from the letters of the primitive and the axes of its inputs."""
    inputs = tuple(inputs)
    assert len(inputs) == len(primitive.input_letters), f"{primitive.name} takes {len(primitive.input_letters)} inputs"
    bound: dict[str, tuple[str, ...]] = {}
    for letters, tensor in zip(primitive.input_letters, inputs, strict=True):
        keys = ("...",) if letters == "..." else tuple(letters)
        values = (tensor.axes,) if letters == "..." else tuple((axis,) for axis in tensor.axes)
        assert len(keys) == len(values), f"{primitive.name} wants {letters!r}, {tensor.name} has {tensor.axes}"
        for key, value in zip(keys, values, strict=True):
            assert bound.setdefault(key, value) == value, f"{primitive.name}: {key} is {bound[key]} and {value}"
    output = primitive.output_letters
    return bound["..."] if output == "..." else tuple(axis for letter in output for axis in bound[letter])


@dataclass
class ProgramBuilder:
    """Collects nodes in order. Layers, losses, gradient rules and optimizers only append.

    Parameters
    ----------
    primitives : the table in which the names of operations have a meaning.
    """

    sizes: dict[str, int]
    primitives: Mapping[str, Primitive] = field(default_factory=lambda: PRIMITIVES)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)

    def input(
        self, name: str, axes: tuple[str, ...], role: str, layer: int | None = None, of: str | None = None
    ) -> str:
        """Declare an input tensor (once) and return its name."""
        if name not in self.tensors:
            self.tensors[name] = Tensor(name, axes, role, layer, of)
        return name

    def scalar(self, role: str, layer: int | None = None) -> str:
        """Declare a number that may change without changing the computation."""
        return self.input(role if layer is None else f"{role}{layer}", (), role, layer)

    def node(
        self,
        op: str,
        inputs: tuple[str, ...],
        output: str,
        role: str,
        *,
        phase: Phase,
        layer: int | None,
        group: tuple[str, ...],
        of: str | None = None,
        part: str | None = None,
    ) -> str:
        """Append one use of a primitive and return the name of its output, whose role may be to another layer.

        Parameters
        ----------
        of : the tensor that the output is the gradient or the next value of; the output then belongs to its layer.
        part : what the node is in its group.
        """
        assert output not in self.tensors, f"{output} is assigned twice"
        axes = axes_of_output(self.primitives[op], (self.tensors[name] for name in inputs))
        home = layer if of is None else self.tensors[of].layer
        self.tensors[output] = Tensor(output, axes, role, home, of)
        self.nodes.append(Node(op, inputs, output, phase, layer, group, part, self.primitives))
        return output

    def build(self) -> Program:
        made = {node.output for node in self.nodes}
        inputs_first = sorted(self.tensors.values(), key=lambda tensor: tensor.name in made)
        return Program({t.name: t for t in inputs_first}, tuple(self.nodes), dict(self.sizes))
