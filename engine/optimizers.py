"""Optimizers append the update: from a parameter and its gradient to the next parameter."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.program import ProgramBuilder


@dataclass(frozen=True, slots=True)
class Optimizer:
    """An update rule.

    Parameters
    ----------
    fields : the numbers that it takes, with their defaults.
    append : appends the nodes that turn (parameter, gradient) into {parameter}_next.
    """

    fields: tuple[tuple[str, float], ...]
    append: Callable[[ProgramBuilder, str, str], None]


def _append_sgd(builder: ProgramBuilder, parameter: str, gradient: str) -> None:
    """W_next = W - learning_rate * dW."""
    layer, group = builder.tensors[parameter].layer, ("sgd",)
    rate = builder.scalar("learning_rate")
    step, after = f"{parameter}_step", f"{parameter}_next"
    builder.node("scale", (rate, gradient), step, "step", phase="update", layer=layer, group=group, of=parameter)
    builder.node("subtract", (parameter, step), after, "next", phase="update", layer=layer, group=group, of=parameter)


OPTIMIZERS: dict[str, Optimizer] = {"sgd": Optimizer((("learning_rate", 0.1),), _append_sgd)}
