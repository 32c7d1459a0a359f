"""Mistakes that make every gradient too large or too small by one factor."""

from collections.abc import Callable, Iterator

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.draft import Draft
from engine.mistakes.mistake import Mistake, Variant
from engine.mistakes.places import at_the_start, in_layers
from engine.program import Program


def _mean_missing(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        division = anatomy.division
        assert division is not None
        source, output = division.inputs[0], division.output
        if draft.tensor(output).of is None:
            for reader in draft.readers(output):
                draft.read(reader.output, output, source)
            draft.drop(output)
            return
        maker = draft.node(source)
        draft.make(output, maker.op, *maker.inputs)
        if not draft.readers(source):
            draft.drop(source)

    if Anatomy(program).division is not None:
        yield from at_the_start(program, edit)


def _divided_again(role: str) -> Callable[[Draft, Anatomy], None]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        draft.then(anatomy.start, "before_division", "divide_by", draft.number(role))

    return edit


def _mean_twice(program: Program) -> Iterator[Variant]:
    if Anatomy(program).division is not None:
        yield from at_the_start(program, _divided_again("m"))


def _mean_over_outputs_too(program: Program) -> Iterator[Variant]:
    anatomy = Anatomy(program)
    # A squared error that is a mean over the outputs divides by their number rightly.
    if anatomy.division is not None and not _divides_by_outputs(program) and _n_outputs(anatomy) > 1:
        yield from at_the_start(program, _divided_again("outputs"))


def _divides_by_outputs(program: Program) -> bool:
    outputs = program.named("outputs")
    return any(node.phase == "backward" and outputs in node.inputs for node in program.nodes)


def _n_outputs(anatomy: Anatomy) -> int:
    return anatomy.program.sizes[str(anatomy.depth)]


def _divided_by(role: str) -> Callable[[Draft, Anatomy], None]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        division = anatomy.division
        assert division is not None
        draft.read(division.output, anatomy.named("m"), draft.number(role))

    return edit


def _mean_over_features(program: Program) -> Iterator[Variant]:
    if Anatomy(program).division is not None:
        yield from at_the_start(program, _divided_by("features"))


def _mean_over_classes(program: Program) -> Iterator[Variant]:
    anatomy = Anatomy(program)
    # Divided by one output nothing is divided, which is another mistake.
    if anatomy.division is not None and _n_outputs(anatomy) > 1:
        yield from at_the_start(program, _divided_by("outputs"))


def _factor_two(program: Program) -> Iterator[Variant]:
    # The mean squared error has this factor rightly.
    if program.named("error_twice") is None:
        yield from at_the_start(program, lambda draft, anatomy: draft.then(anatomy.start, "before_factor", "twice"))


def _hidden_mean_twice(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.then(anatomy.named("dz", layer), "before_division", "divide_by", draft.number("m"))

    anatomy = Anatomy(program)
    if anatomy.division is not None:
        yield from in_layers(program, anatomy.hidden, edit)


ROWS = (
    Mistake(
        "mean_missing",
        "scale",
        "The division by the number of samples is missing",
        "The loss is a mean over the samples, so its gradient is one too: divide by m, once, where the backward pass "
        "begins. Without it the steps are m times too long, and units die.",
        _mean_missing,
        silent=False,
        false_alarm="A sum in place of a mean is right where the loss is a sum over the samples.",
    ),
    Mistake(
        "mean_twice",
        "scale",
        "Divided by the number of samples twice",
        "The gradient is m times too small, and training crawls. Divide by m once: either where the backward pass "
        "begins or in every dW and db.",
        _mean_twice,
    ),
    Mistake(
        "mean_over_outputs_too",
        "scale",
        "The mean taken over the outputs too",
        "np.mean over everything divides by m and by the number of outputs. The loss sums over the outputs, so divide "
        "by m alone.",
        _mean_over_outputs_too,
    ),
    Mistake(
        "mean_over_features",
        "scale",
        "Divided by the number of features",
        "The mean is over the samples, and here it was divided by the number of features: x.shape[1] in place of "
        "x.shape[0], or the other way round where samples are columns.",
        _mean_over_features,
    ),
    Mistake(
        "mean_over_classes",
        "scale",
        "Divided by the number of outputs",
        "The mean is over the samples, and here it was divided by the number of outputs: y.shape[1] in place of "
        "y.shape[0], or the other way round where samples are columns.",
        _mean_over_classes,
    ),
    Mistake(
        "factor_two",
        "scale",
        "A factor of 2 too much",
        "The 2 comes from the derivative of a square, and this loss has none, or halves it. Leave the 2 out, or halve "
        "the learning rate and know why.",
        _factor_two,
    ),
    Mistake(
        "hidden_mean_twice",
        "scale",
        "Divided by the number of samples again in a hidden layer",
        "dz of the last layer holds 1/m already, and everything below inherits it. Leave the second division out.",
        _hidden_mean_twice,
    ),
)
