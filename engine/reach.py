"""In which models a mistake makes sense: tried, not listed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.mistakes.mistake import Mistake
from engine.model import program_of
from engine.spec import REDUCTIONS, LayerSpec, ModelSpec, OptimizerSpec
from engine.vocabulary import STANDARD, Vocabulary

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
def reach_of(mistake: Mistake, vocabulary: Vocabulary = STANDARD) -> Reach:
    """The models that can have it, found from the first one that does by changing one thing at a time."""
    sizes, base, optimizer = next(found for found in _candidates(vocabulary) if makes_sense(mistake, *found[1:]))

    def fits(model: ModelSpec) -> bool:
        return makes_sense(mistake, model, optimizer)

    def fits_output(pair: tuple[str, str]) -> bool:
        has_enough = base.outputs >= vocabulary.outputs[pair].least_units
        return has_enough and fits(replace(base, output_activation=pair[0], loss=pair[1]))

    def runs_with(name: str) -> bool:
        """In a model of these sizes, or in a square one."""
        rule = OptimizerSpec(name, vocabulary=vocabulary)
        square = replace(base, inputs=4, hidden=(replace(hidden, units=4),), outputs=4)
        return any(makes_sense(mistake, model, rule) for model in (base, square))

    right = program_of(base, optimizer)
    wrong = mistake.rewrite(right)
    assert wrong is not None
    hidden = base.hidden[0]
    without = {"hidden": replace(base, hidden=()), "bias": replace(base, bias=False), "l2": replace(base, l2=0.0)}
    activations = {name: replace(base, hidden=(replace(hidden, activation=name),)) for name in vocabulary.activations}
    return Reach(
        sizes,
        tuple(name for name, model in activations.items() if fits(model)),
        tuple(pair for pair in vocabulary.outputs if fits_output(pair)),
        tuple(name for name in REDUCTIONS if fits(replace(base, reduction=name))),
        tuple(name for name in vocabulary.optimizers if mistake.injectable and runs_with(name)),
        tuple(part for part, model in without.items() if not fits(model)),
        *mistake.lines_in(right, wrong),
    )


def _candidates(vocabulary: Vocabulary) -> Iterator[tuple[str, ModelSpec, OptimizerSpec | None]]:
    """Models to begin with: the one that most people have, with every optimizer and with L2, before all others."""
    sizes, usual = next(_models(vocabulary))
    yield sizes, usual, None
    yield sizes, replace(usual, l2=0.1), None
    for name in vocabulary.optimizers:
        yield sizes, usual, OptimizerSpec(name, vocabulary=vocabulary)
    for sizes, model in _models(vocabulary):
        yield sizes, model, None


def _models(vocabulary: Vocabulary) -> Iterator[tuple[str, ModelSpec]]:
    for sizes, (inputs, units, outputs) in SIZES.items():
        for pair, output in vocabulary.outputs.items():
            for activation in vocabulary.activations:
                if outputs >= output.least_units:
                    hidden = (LayerSpec(units, activation),)
                    yield sizes, ModelSpec(inputs, hidden, outputs, *pair, vocabulary=vocabulary)
