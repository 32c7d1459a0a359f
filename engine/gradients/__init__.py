"""The backward pass: walks the forward nodes in reverse and appends the nodes of the gradients.

A rule belongs to a primitive or to a group of nodes, and the group's rule wins.
"""

from collections.abc import Iterable, Mapping, Sequence

from engine.gradients.backward import Backward
from engine.gradients.groups import LAYER_RULES, GroupRule, named_part
from engine.gradients.nodes import NODE_RULES, WITHOUT_A_RULE_OF_THEIR_OWN, NodeRule
from engine.program import Node, ProgramBuilder

__all__ = [
    "LAYER_RULES",
    "NODE_RULES",
    "WITHOUT_A_RULE_OF_THEIR_OWN",
    "Backward",
    "GroupRule",
    "NodeRule",
    "append_backward",
    "named_part",
]


def append_backward(
    builder: ProgramBuilder,
    loss: str,
    inputs: Iterable[str],
    rules: Mapping[str, GroupRule] = LAYER_RULES,
    upstream: str | None = None,
    node_rules: Mapping[str, NodeRule] = NODE_RULES,
) -> None:
    """Append the nodes that compute d{name} for every tensor between the inputs and the loss.

    Parameters
    ----------
    rules : group name -> rule; an empty mapping walks every primitive by itself.
    upstream : the tensor that holds the gradient of loss, where that is no loss but a tensor on the way; None: 1.
    node_rules : operation -> the rule of a node that no group answers for.
    """
    forward = tuple(builder.nodes)
    active = set(inputs)
    for node in forward:
        if active.intersection(node.inputs):
            active.add(node.output)
    on_the_way = {loss}
    for node in reversed(forward):
        if node.output in on_the_way:
            on_the_way.update(node.inputs)
    chunks = [
        chunk
        for chunk in _chunks([node for node in forward if node.output in active], rules)
        if any(node.output in on_the_way for node in chunk)
    ]
    walk = Backward(builder, frozenset(active), _contributions(chunks, rules))
    walk.gradients[loss] = [upstream]
    for chunk in reversed(chunks):
        walk.layer, walk.group = chunk[0].layer, chunk[0].group
        group = _group_with_a_rule(chunk[0], rules)
        if group is not None:
            walk.group = walk.group[: walk.group.index(group) + 1]
            rules[group](walk, chunk)
        else:
            node_rules[chunk[0].op](walk, chunk[0])


def _group_with_a_rule(node: Node, rules: Mapping[str, GroupRule]) -> str | None:
    return next((name for name in node.group if name in rules), None)


def _chunks(nodes: Sequence[Node], rules: Mapping[str, GroupRule]) -> Iterable[list[Node]]:
    """Consecutive nodes that one rule answers for."""
    chunk: list[Node] = []
    for node in nodes:
        group = _group_with_a_rule(node, rules)
        if chunk and (group is None or group != _group_with_a_rule(chunk[0], rules)):
            yield chunk
            chunk = []
        chunk.append(node)
    if chunk:
        yield chunk


def _contributions(chunks: Sequence[Sequence[Node]], rules: Mapping[str, GroupRule]) -> dict[str, int]:
    """How many gradients each tensor will receive: one for each group that reads it, one for each slot of a node."""
    counts: dict[str, int] = {}
    for chunk in chunks:
        made = {node.output for node in chunk}
        slots = [name for node in chunk for name in node.inputs if name not in made]
        if _group_with_a_rule(chunk[0], rules) is not None:
            slots = list(dict.fromkeys(slots))
        for name in slots:
            counts[name] = counts.get(name, 0) + 1
    return counts
