"""A wrong number at one place of a program: what a rule, a loss or an optimizer appends there is bent by more nodes.

The program stays whole: its NumPy lines and formulas say what it computes, so only a test that knows what a gradient, a
loss or an update should be can tell. Every place can also be bent without changing a bit. Tests that fail then look at
how a program is made, not at its numbers, and do not count.
"""

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

from engine import model
from engine.gradients import EXPANSIONS, GROUP_RULES, NODE_RULES, Backward
from engine.losses import OUTPUTS
from engine.optimizers import OPTIMIZERS
from engine.primitives import PRIMITIVES
from engine.program import Node, Program, ProgramBuilder
from mutations.mutant import overwrite

Place = tuple[str, str, str]  # kind, name, where in it
NO_CHANGE = "not changed"
OMITTED = "omitted"
# How -> the primitives that bend a number, one after the other, each with that number in all its slots.
OPS = {NO_CHANGE: ("add", "half"), "negated": ("negative",), "doubled": ("add",), "zeroed": ("subtract",)}


class Bending:
    """Which place is bent, and how.

    Parameters
    ----------
    place : None for every place.

    Attributes
    ----------
    seen : the places that programs were built with, bent or not.
    """

    def __init__(self, place: Place | None, how: str) -> None:
        self.place = place
        self.how = how
        self.seen: set[Place] = set()

    def at(self, *place: str) -> str | None:
        """How this place is bent; None: it is not."""
        kind, name, where = place
        self.seen.add((kind, name, where))
        return self.how if self.place in (None, place) else None

    def apply(self) -> None:
        """Bend in this process, for good."""
        ProgramBuilder.build = _build_bent  # type: ignore[method-assign]
        for table in (GROUP_RULES, EXPANSIONS, NODE_RULES):
            self._bend_rules(table)
        for name, optimizer in OPTIMIZERS.items():
            overwrite(optimizer, append=self._bend_nodes("optimizer", name, optimizer.append, _place_and_op))
        for pair, append in OUTPUTS.items():
            OUTPUTS[pair] = self._bend_nodes("loss", " ".join(pair), append, _role)
        model.append_l2 = self._bend_nodes("loss", "l2", model.append_l2, _role)
        model.append_affine = self._bend_nodes("layer", "affine", model.append_affine, _role)

    def _bend_rules(self, table: MutableMapping[str, Callable[..., None]]) -> None:
        for name, rule in table.items():
            table[name] = self._bend_rule(rule)

    def _bend_rule(self, rule: Callable[..., None]) -> Callable[..., None]:
        def bent(walk: Backward, about: object) -> None:
            rule(_BentBackward(walk, rule.__name__.strip("_"), self), about)

        bent.__name__ = rule.__name__
        return bent

    def _bend_nodes(
        self, kind: str, name: str, append: Callable[..., Any], name_of: Callable[[int, Node], str]
    ) -> Callable[..., Any]:
        def bent(builder: ProgramBuilder, *rest: Any, **settings: Any) -> Any:
            first = len(builder.nodes)
            result = append(builder, *rest, **settings)
            for number, node in enumerate(builder.nodes[first:]):
                how = self.at(kind, name, name_of(number, node))
                if how is not None:
                    builder.__dict__.setdefault("bent", {})[node.output] = how
            return result

        return bent


def _place_and_op(number: int, node: Node) -> str:
    return f"node {number} ({node.op})"


def _role(_number: int, node: Node) -> str:
    """The name of what the node computes, the same in every layer."""
    return re.sub(r"\d+", "", node.output)


class _BentBackward(Backward):
    """The walk as one rule sees it."""

    def __init__(self, walk: Backward, rule: str, bending: Bending) -> None:
        super().__init__(walk.builder, walk.active, walk.expected, walk.gradients, walk.layer, walk.group)
        self._rule, self._bending, self._n_targets = rule, bending, 0

    def _how(self, target: str) -> str | None:
        self._n_targets += 1
        if target not in self.active:
            return None
        # No rule has more than three but that of L2, which takes one layer like the other.
        return self._bending.at("rule", self._rule, f"gradient {min(self._n_targets, 3)}")

    def emit(self, target: str, op: str, *inputs: str | None, part: str = "data") -> None:
        how = self._how(target)
        if how == OMITTED:
            return
        walk = Backward(self.builder, self.active, self.expected, self.gradients, self.layer, self.group)
        n_nodes = len(self.builder.nodes)
        walk.emit(target, op, *inputs, part=part)
        if how is not None:
            # What follows it is the sum of all parts, if this was the last one.
            self.builder.__dict__.setdefault("bent", {})[self.builder.nodes[n_nodes].output] = how

    def pass_through(self, target: str, gradient: str | None) -> None:
        how = self._how(target)
        if how == OMITTED:
            return
        if how is not None:
            for op in OPS[how]:
                slots = (gradient,) * len(PRIMITIVES[op].input_letters)
                gradient = self.compute(f"d{target}_bent{len(self.builder.nodes)}", op, *slots, of=target)
        super().pass_through(target, gradient)


_build = ProgramBuilder.build


def _build_bent(builder: ProgramBuilder) -> Program:
    """The program, in which what is to be bent has another name until it is."""
    bent: dict[str, str] = builder.__dict__.get("bent", {})
    builder.nodes = [node for one in builder.nodes for node in _bent(builder, one, bent.get(one.output))]
    return _build(builder)


def _bent(builder: ProgramBuilder, node: Node, how: str | None) -> Sequence[Node]:
    if how is None:
        return (node,)
    ops, tensor = OPS[how], builder.tensors[node.output]
    names = [f"{node.output}_unbent{number}" for number in range(len(ops))]
    for name in names:
        builder.tensors[name] = replace(tensor, name=name, role=f"{tensor.role}_unbent", of=None)
    outputs = [*names[1:], node.output]
    nodes = [replace(node, output=names[0])]
    for op, name, output in zip(ops, names, outputs, strict=True):
        inputs = (name,) * len(PRIMITIVES[op].input_letters)
        nodes.append(replace(node, op=op, inputs=inputs, output=output))
    return nodes
