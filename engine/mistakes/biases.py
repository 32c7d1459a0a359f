"""Mistakes in the gradients of the biases."""

from collections.abc import Iterator

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.draft import Draft
from engine.mistakes.mistake import Mistake, Variant
from engine.mistakes.places import in_layers
from engine.program import Program


def _biased(program: Program) -> list[int]:
    anatomy = Anatomy(program)
    return [layer for layer in anatomy.layers if anatomy.has("db", layer)]


def _summed_over_units(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.make(anatomy.named("db", layer), "sum_rows", anatomy.named("dz", layer))

    if not Anatomy(program).has_update:
        yield from in_layers(program, _biased(program), edit)


def _summed_over_everything(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        db, dz = anatomy.named("db", layer), anatomy.named("dz", layer)
        if anatomy.has_update:
            # NumPy stretches the one number over the biases, and so do we, where anybody can see it.
            total = draft.insert(f"{db}_total", "sum_all", dz, before=db)
            draft.make(db, "spread", total, anatomy.named("b", layer))
        else:
            draft.make(db, "sum_all", dz)

    anatomy = Anatomy(program)
    # The sum over a single unit is the right one.
    layers = [layer for layer in _biased(program) if not (anatomy.has_update and program.sizes[str(layer)] == 1)]
    yield from in_layers(program, layers, edit)


def _not_summed(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.make(anatomy.named("db", layer), "same", anatomy.named("dz", layer))

    if not Anatomy(program).has_update:
        yield from in_layers(program, _biased(program), edit)


def _averaged_again(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.then(anatomy.named("db", layer), "sum", "divide_by", draft.number("m"))

    yield from in_layers(program, _biased(program), edit)


def _not_averaged(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        db = anatomy.named("db", layer)
        averaged = draft.set_aside(db, "averaged")
        draft.follow(averaged, db, "scale", draft.number("m"), averaged)

    if Anatomy(program).division is not None:
        yield from in_layers(program, _biased(program), edit)


def _zero(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.make(anatomy.named("db", layer), "zeros", anatomy.named("b", layer))

    yield from in_layers(program, _biased(program), edit)


ROWS = (
    Mistake(
        "bias_summed_over_units",
        "biases",
        "The bias gradient summed over the units",
        "Every unit has a bias of its own, so sum over the samples and keep the units: axis=0 where a sample is a row.",
        _summed_over_units,
        silent=False,
        injectable=False,
    ),
    Mistake(
        "bias_summed_over_everything",
        "biases",
        "The bias gradient summed over everything",
        "np.sum without an axis gives one number, and all biases of the layer move together. Sum over the samples "
        "alone: axis=0 where a sample is a row.",
        _summed_over_everything,
    ),
    Mistake(
        "bias_not_summed",
        "biases",
        "The bias gradient is not summed",
        "dz has a row for every sample, and the bias is shared by all of them. Sum over the samples, or the bias grows "
        "to the shape of the batch.",
        _not_summed,
        injectable=False,
    ),
    Mistake(
        "bias_averaged_again",
        "biases",
        "The bias gradient averaged where a sum belongs",
        "dz already holds the 1/m of a mean loss, and a loss that is a sum has none. Either way the bias gradient is "
        "the sum of dz over the samples, not its mean.",
        _averaged_again,
    ),
    Mistake(
        "bias_not_averaged",
        "biases",
        "The bias gradient is not averaged",
        "The weights' gradient was divided by the number of samples and the bias gradient was not. Divide both, or "
        "divide dz once.",
        _not_averaged,
        silent=False,
    ),
    Mistake(
        "bias_gradient_zero",
        "biases",
        "The bias gradient is always zero",
        "The biases never move. Their gradient is the sum of dz over the samples; check that it is computed and kept.",
        _zero,
        silent=False,
    ),
)
