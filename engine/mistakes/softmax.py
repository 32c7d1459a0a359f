"""Mistakes in the softmax itself: over which numbers it sums, and what it subtracts first."""

from collections.abc import Callable, Iterator

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.draft import Draft
from engine.mistakes.mistake import Mistake, Variant
from engine.mistakes.places import at_the_start
from engine.program import Program

# The steps of a softmax, by role and in order.
STEPS = ("z_max", "z_shifted", "e", "e_sum", "a")


def _softmax_edit(edit: Callable[[Draft, Anatomy], None]) -> Callable[[Program], Iterator[Variant]]:
    def variants(program: Program) -> Iterator[Variant]:
        if Anatomy(program).is_softmax:
            yield from at_the_start(program, edit)

    return variants


def _over_the_batch(draft: Draft, anatomy: Anatomy) -> None:
    z, (highest, shifted, e, e_sum, p) = _z(anatomy), _steps(anatomy)
    draft.make(highest, "max_all", z)
    draft.make(shifted, "subtract_number", z, highest)
    draft.make(e_sum, "sum_all", e)
    draft.make(p, "divide_by", e, e_sum)
    if anatomy.has("log_p"):
        log_sum = anatomy.named("log_e_sum")
        draft.make(log_sum, "log", e_sum)
        draft.make(anatomy.named("log_p"), "subtract_number", shifted, log_sum)


def _over_the_wrong_axis(draft: Draft, anatomy: Anatomy) -> None:
    z, (highest, shifted, e, e_sum, p) = _z(anatomy), _steps(anatomy)
    draft.make(highest, "max_columns", z)
    draft.make(shifted, "subtract_columns", z, highest)
    draft.make(e_sum, "sum_samples", e)
    draft.make(p, "divide_columns", e, e_sum)
    if anatomy.has("log_p"):
        log_sum = anatomy.named("log_e_sum")
        draft.make(log_sum, "log", e_sum)
        draft.make(anatomy.named("log_p"), "subtract_columns", shifted, log_sum)


def _without_maximum(draft: Draft, anatomy: Anatomy) -> None:
    z, (highest, shifted, *_) = _z(anatomy), _steps(anatomy)
    for reader in draft.readers(shifted):
        draft.read(reader.output, shifted, z)
    draft.drop(shifted, highest)


def _with_global_maximum(draft: Draft, anatomy: Anatomy) -> None:
    z, (highest, shifted, *_) = _z(anatomy), _steps(anatomy)
    draft.make(highest, "max_all", z)
    draft.make(shifted, "subtract_number", z, highest)


def _twice(draft: Draft, anatomy: Anatomy) -> None:
    z, steps = _z(anatomy), _steps(anatomy)
    renamed = {step: f"{step}_first" for step in steps}
    for step in steps:
        draft.copy(anatomy.makers[step], renamed, before=steps[0])
    first = renamed[steps[-1]]
    for step in steps[:2]:
        draft.read(step, z, first)


def _sigmoid_for_softmax(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        highest, shifted, e, e_sum, p = _steps(anatomy)
        draft.make(p, "sigmoid", _z(anatomy))
        draft.make(anatomy.named("log_p"), "log", p)
        draft.drop(anatomy.named("log_e_sum"), e_sum, e, shifted, highest)

    anatomy = Anatomy(program)
    if anatomy.is_softmax and anatomy.is_fused:
        yield from at_the_start(program, edit)


def _z(anatomy: Anatomy) -> str:
    return anatomy.named("z", anatomy.depth)


def _steps(anatomy: Anatomy) -> tuple[str, ...]:
    return tuple(anatomy.named(role, anatomy.depth) for role in STEPS)


ROWS = (
    Mistake(
        "softmax_over_the_batch",
        "softmax",
        "One softmax over the whole batch",
        "All samples share one sum, so the probabilities of a sample no longer add up to 1. Sum within each sample: "
        "axis=1 and keepdims=True where a sample is a row.",
        _softmax_edit(_over_the_batch),
        silent=False,
        shown="e_sum",
    ),
    Mistake(
        "softmax_over_the_wrong_axis",
        "softmax",
        "Softmax over the samples in place of the classes",
        "The probabilities of a class add up to 1 over the batch, when those of a sample should add up to 1 over the "
        "classes. Take the other axis.",
        _softmax_edit(_over_the_wrong_axis),
        silent=False,
        shown="e_sum",
    ),
    Mistake(
        "softmax_without_maximum",
        "softmax",
        "exp of the logits without subtracting their maximum",
        "All is well until a logit passes about 709: then exp overflows and the loss is NaN. Subtract the largest "
        "logit of each sample first, which changes no probability.",
        _softmax_edit(_without_maximum),
        caught_by_gradient_check=False,
    ),
    Mistake(
        "softmax_with_global_maximum",
        "softmax",
        "The maximum of the whole batch subtracted",
        "When one sample has much larger logits than another, exp of the others is 0, and 0 / 0 is NaN. Subtract the "
        "maximum of each sample from its own logits.",
        _softmax_edit(_with_global_maximum),
        caught_by_gradient_check=False,
    ),
    Mistake(
        "softmax_twice",
        "softmax",
        "Softmax applied twice",
        "Softmax of probabilities is nearly uniform, so the network can hardly become sure of anything. Apply it once: "
        "a loss that takes logits does it for you.",
        _softmax_edit(_twice),
        lines=("p = softmax(softmax(z))", "p = softmax(z)"),
    ),
    Mistake(
        "sigmoid_for_softmax",
        "softmax",
        "A sigmoid where softmax belongs",
        "With one sigmoid an output the numbers do not compete, and they do not add up to 1. Use softmax with "
        "cross-entropy, or keep the sigmoids and take binary cross-entropy.",
        _sigmoid_for_softmax,
    ),
)
