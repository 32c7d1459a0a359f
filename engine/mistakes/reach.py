"""In which models a mistake makes sense: tried, not listed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.mistakes.mistake import Mistake
from engine.model import program_of
from engine.optimizers import OPTIMIZERS
from engine.spec import REDUCTIONS, LayerSpec, ModelSpec, OptimizerSpec

# Sizes that differ; as many units in every layer; one output.
SIZES = {"any": (4, 5, 3), "square": (4, 4, 4), "one_output": (4, 5, 1)}


@dataclass(frozen=True, slots=True)
class Reach:
    """The models that can have a mistake, each part of them by itself, and the lines of the first one.

    Parameters
    ----------
    sizes : a name in `SIZES`.
    activations : of hidden layers.
    outputs : (output activation, loss).
    optimizers : with which a run can have it.
    needs : what the model must have: "hidden", "bias", "l2".
    """

    sizes: str
    activations: tuple[str, ...]
    outputs: tuple[tuple[str, str], ...]
    reductions: tuple[str, ...]
    optimizers: tuple[str, ...]
    needs: tuple[str, ...]
    wrong_line: str
    right_line: str


def makes_sense(mistake: Mistake, model: ModelSpec, optimizer: OptimizerSpec | None = None) -> bool:
    """Whether a model can have a mistake."""
    return mistake.applies(program_of(model, optimizer))


@lru_cache(maxsize=256)
def reach_of(mistake: Mistake) -> Reach:
    """The models that can have it, found from the first one that does by changing one thing at a time."""
    sizes, base, optimizer = next(found for found in _candidates() if makes_sense(mistake, *found[1:]))

    def fits(model: ModelSpec) -> bool:
        return makes_sense(mistake, model, optimizer)

    right = program_of(base, optimizer)
    wrong = mistake.rewrite(right)
    assert wrong is not None
    hidden = base.hidden[0]
    without = {"hidden": replace(base, hidden=()), "bias": replace(base, bias=False), "l2": replace(base, l2=0.0)}
    return Reach(
        sizes,
        tuple(name for name in ACTIVATIONS if fits(replace(base, hidden=(replace(hidden, activation=name),)))),
        tuple(pair for pair in OUTPUTS if any(fits(model) for model in _with_output(base, pair))),
        tuple(name for name in REDUCTIONS if fits(replace(base, reduction=name))),
        tuple(name for name in OPTIMIZERS if mistake.injectable and _can_run(mistake, base, name)),
        tuple(part for part, model in without.items() if not fits(model)),
        *mistake.lines_in(right, wrong),
    )


def _candidates() -> Iterator[tuple[str, ModelSpec, OptimizerSpec | None]]:
    """Models to begin with: the one that most people have, with every optimizer and with L2, before all others."""
    sizes, usual = next(_models())
    yield sizes, usual, None
    yield sizes, replace(usual, l2=0.1), None
    for name in OPTIMIZERS:
        yield sizes, usual, OptimizerSpec(name)
    for sizes, model in _models():
        yield sizes, model, None


def _models() -> Iterator[tuple[str, ModelSpec]]:
    for sizes, units in SIZES.items():
        for pair in OUTPUTS:
            for activation in ACTIVATIONS:
                yield from ((sizes, model) for model in _model(units, activation, pair))


def _model(units: tuple[int, ...], activation: str, pair: tuple[str, str], l2: float = 0.0) -> Iterator[ModelSpec]:
    if units[-1] >= _least_units(pair):
        yield ModelSpec(units[0], (LayerSpec(units[1], activation),), units[-1], *pair, l2=l2)


def _with_output(base: ModelSpec, pair: tuple[str, str]) -> Iterator[ModelSpec]:
    yield from _model(base.units, base.hidden[0].activation, pair, base.l2)


def _least_units(pair: tuple[str, str]) -> int:
    return 2 if pair[0] == "softmax" else 1


def _can_run(mistake: Mistake, model: ModelSpec, optimizer: str) -> bool:
    """Whether a run with this optimizer can have it, in a model of these sizes or in a square one."""
    square = replace(model, inputs=4, hidden=(replace(model.hidden[0], units=4),), outputs=4)
    return any(makes_sense(mistake, tried, OptimizerSpec(optimizer)) for tried in (model, square))
