"""Everything that a model, a run or a data set can be made of, by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from engine.datasets import DATASETS, DatasetRow
from engine.gradients import LAYER_RULES, NODE_RULES, GroupRule, NodeRule
from engine.initializers import INITIALIZERS, Initializer
from engine.layers import ACTIVATIONS, Activation
from engine.losses import OUTPUTS, Output
from engine.mistakes import MISTAKES, Mistake
from engine.optimizers import OPTIMIZERS, Optimizer
from engine.primitives import PRIMITIVES, Primitive


@dataclass(frozen=True, eq=False, repr=False)
class Vocabulary:
    """The tables, each a mapping from names to rows; a row says all that anyone needs to know.

    Parameters
    ----------
    outputs : (output activation, loss) -> row.
    layer_rules : group -> the gradient rule of what is no part of an output.
    node_rules : operation -> the gradient rule of a node that no group answers for.
    """

    activations: Mapping[str, Activation] = field(default_factory=lambda: ACTIVATIONS)
    outputs: Mapping[tuple[str, str], Output] = field(default_factory=lambda: OUTPUTS)
    optimizers: Mapping[str, Optimizer] = field(default_factory=lambda: OPTIMIZERS)
    initializers: Mapping[str, Initializer] = field(default_factory=lambda: INITIALIZERS)
    datasets: Mapping[str, DatasetRow] = field(default_factory=lambda: DATASETS)
    mistakes: Mapping[str, Mistake] = field(default_factory=lambda: MISTAKES)
    primitives: Mapping[str, Primitive] = field(default_factory=lambda: PRIMITIVES)
    layer_rules: Mapping[str, GroupRule] = field(default_factory=lambda: LAYER_RULES)
    node_rules: Mapping[str, NodeRule] = field(default_factory=lambda: NODE_RULES)

    def with_rows(self, **tables: Mapping[Any, Any]) -> "Vocabulary":
        """The same with more rows (or other ones of the same name) in the tables of these names."""
        return replace(self, **{name: {**getattr(self, name), **rows} for name, rows in tables.items()})

    @cached_property
    def rules(self) -> Mapping[str, GroupRule]:
        """Group -> gradient rule, the shortest one that there is."""
        return {**self.layer_rules, **dict(self._of_outputs("rules"))}

    @cached_property
    def long_way(self) -> Mapping[str, GroupRule]:
        """The same for what a learner opens as the long way: the same numbers through dL/dp."""
        return {**self.rules, **dict(self._of_outputs("long_way"))}

    def _of_outputs(self, field: str) -> Iterator[tuple[str, GroupRule]]:
        for output in self.outputs.values():
            yield from getattr(output, field).items()


STANDARD = Vocabulary()
