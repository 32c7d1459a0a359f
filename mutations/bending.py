"""A wrong number at one place of a program: what a rule, a loss or an optimizer appends there is bent by more nodes.

The program stays whole: its NumPy lines and formulas say what it computes, so only a test that knows what a gradient, a
loss or an update should be can tell. Every place can also be bent without changing a bit. Tests that fail then look at
how a program is made, not at its numbers, and do not count.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partialmethod

from engine.gradients import Backward
from engine.losses import Output
from engine.primitives import PRIMITIVES
from engine.program import Node, Program, ProgramBuilder
from engine.vocabulary import STANDARD
from mutations.mutant import install

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
        ProgramBuilder.build = partialmethod(_build_bent, self)  # type: ignore[assignment]
        outputs = {pair: self._bent_output(row) for pair, row in STANDARD.outputs.items()}
        install(
            replace(
                STANDARD,
                outputs=outputs,
                layer_rules=self._bent_rules(STANDARD.layer_rules, ""),
                node_rules=self._bent_rules(STANDARD.node_rules, ""),
            )
        )

    def _bent_output(self, row: Output) -> Output:
        long_way = self._bent_rules(row.long_way, " the long way")
        return replace(row, rules=self._bent_rules(row.rules, ""), long_way=long_way)

    def _bent_rules(self, rules: Mapping[str, Callable[..., None]], way: str) -> dict[str, Callable[..., None]]:
        return {name: self._bent_rule(name + way, rule) for name, rule in rules.items()}

    def _bent_rule(self, name: str, rule: Callable[..., None]) -> Callable[..., None]:
        def bent(walk: Backward, about: object) -> None:
            rule(_BentBackward(walk, name, self), about)

        return bent

    def of_node(self, node: Node) -> str | None:
        """How a node is bent that a layer, a loss or an optimizer appended; those of rules are bent one by one."""
        kind = {"forward": "layer" if node.layer is not None else "loss", "measure": "measure", "update": "optimizer"}
        # Nodes of no group are a test's own.
        if node.phase not in kind or not node.group:
            return None
        # The name of what the node computes, the same in every layer.
        role = re.sub(r"\d+", "", node.output) if node.phase != "update" else re.sub(r"^[Wb]\d+", "", node.output)
        return self.at(kind[node.phase], node.group[0], role)


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

    def emit(self, target: str, op: str, *inputs: str | None, share: str = "data", part: str | None = None) -> None:
        how = self._how(target)
        if how == OMITTED:
            return
        walk = Backward(self.builder, self.active, self.expected, self.gradients, self.layer, self.group)
        n_nodes = len(self.builder.nodes)
        walk.emit(target, op, *inputs, share=share, part=part)
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


def _build_bent(builder: ProgramBuilder, bending: Bending) -> Program:
    """The program, in which what is to be bent has another name until it is."""
    bent: dict[str, str] = builder.__dict__.get("bent", {})
    ways = [bent.get(node.output) or bending.of_node(node) for node in builder.nodes]
    builder.nodes = [
        other for node, how in zip(builder.nodes, ways, strict=True) for other in _bent(builder, node, how)
    ]
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
