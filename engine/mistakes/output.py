"""Mistakes where the backward pass begins: in the gradient of the last layer."""

from collections.abc import Iterator

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.draft import Draft
from engine.mistakes.mistake import Mistake, Variant
from engine.mistakes.places import at_the_start
from engine.program import SAMPLE_AXIS, Program


def _output_slope(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        dz = anatomy.start
        slope = draft.insert("p_slope", "sigmoid_slope", anatomy.a(anatomy.depth), before=dz)
        draft.then(dz, "before_slope", "gate", slope)

    if Anatomy(program).is_fused:
        yield from at_the_start(program, edit)


def _full_jacobian(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        dz, p = anatomy.start, anatomy.a(anatomy.depth)
        jacobian = draft.insert("jacobian", "softmax_jacobian", p, p, before=dz)
        draft.then(dz, "before_jacobian", "jacobian_product", jacobian)

    anatomy = Anatomy(program)
    if anatomy.is_fused and anatomy.is_softmax:
        yield from at_the_start(program, edit)


def _diagonal_jacobian(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        p = anatomy.a(anatomy.depth)
        first = _first(anatomy)
        wrong = draft.insert("one_minus_p", "one_minus", p, before=first)
        wrong = draft.insert("y_one_minus_p", "multiply", anatomy.y, wrong, before=first)
        draft.make(first, "negative", wrong)

    def without_the_rest(draft: Draft, anatomy: Anatomy) -> None:
        dz, dp = anatomy.named("dz", anatomy.depth), anatomy.da(anatomy.depth)
        assert dp is not None
        diagonal = draft.insert("p_slope", "sigmoid_slope", anatomy.a(anatomy.depth), before=dz)
        draft.make(dz, "gate", dp, diagonal)

    anatomy = Anatomy(program)
    if anatomy.is_softmax:
        yield from at_the_start(program, edit if anatomy.is_fused else without_the_rest)


def _sign_turned(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        difference = anatomy.difference
        assert difference is not None
        draft.make(difference.output, difference.op, *reversed(difference.inputs))

    if Anatomy(program).difference is not None:
        yield from at_the_start(program, edit)


def _relu_on_the_output(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        depth = anatomy.depth
        dz = anatomy.named("dz", depth)
        is_positive = draft.insert(f"z{depth}_is_positive", "is_positive", anatomy.named("z", depth), before=dz)
        draft.then(dz, "before_relu", "gate", is_positive)

    anatomy = Anatomy(program)
    if anatomy.has("dz", anatomy.depth) and not _is_step_itself(anatomy):
        yield from at_the_start(program, edit)


def _is_step_itself(anatomy: Anatomy) -> bool:
    """Whether the last layer itself has a slope of 0 or 1."""
    return anatomy.has("mask", anatomy.depth) and anatomy.is_step(anatomy.depth)


def _probability_gradient(program: Program) -> Iterator[Variant]:
    def through_the_ratio(draft: Draft, anatomy: Anatomy) -> None:
        draft.make(_first(anatomy), "negative_ratio", anatomy.y, anatomy.a(anatomy.depth))

    def through_the_slope(draft: Draft, anatomy: Anatomy) -> None:
        # (p - y) / (p (1 - p)) is the derivative of the loss with respect to p.
        first, p = _first(anatomy), anatomy.a(anatomy.depth)
        slope = draft.insert("p_slope", "sigmoid_slope", p, before=first)
        draft.then(first, "times_slope", "divide", slope)

    def without_the_jacobian(draft: Draft, anatomy: Anatomy) -> None:
        da = anatomy.da(anatomy.depth)
        assert da is not None
        draft.make(anatomy.named("dz", anatomy.depth), "same", da)

    anatomy = Anatomy(program)
    if anatomy.is_fused:
        yield from at_the_start(program, through_the_ratio if anatomy.is_softmax else through_the_slope)
    elif anatomy.is_softmax:
        yield from at_the_start(program, without_the_jacobian)


def _slope_of_the_error(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        depth = anatomy.depth
        dz, difference = anatomy.named("dz", depth), anatomy.difference
        assert difference is not None
        error = difference.output
        if error == dz:
            draft.then(dz, "is_error", "sigmoid_slope")
        elif anatomy.division is None:
            error = draft.insert("p_minus_y", "subtract", anatomy.a(depth), anatomy.y, before=dz)
            draft.make(dz, "sigmoid_slope", error)
        else:
            slope = draft.insert("error_slope", "sigmoid_slope", error, before=dz)
            draft.make(dz, "divide_by", slope, anatomy.named("m"))

    anatomy = Anatomy(program)
    if anatomy.is_probability and anatomy.difference is not None and (anatomy.is_fused or not anatomy.is_softmax):
        yield from at_the_start(program, edit)


def _softmax_missing(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        depth = anatomy.depth
        draft.read(_first(anatomy), anatomy.a(depth), anatomy.named("z", depth))

    if Anatomy(program).is_fused:
        yield from at_the_start(program, edit)


def _labels_broadcast(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy) -> None:
        depth, difference = anatomy.depth, anatomy.difference
        assert difference is not None
        # The loss stays as it is: only the backward pass takes the difference of everything with everything.
        if difference.phase == "backward":
            square = difference.output
        else:
            readers = [node.output for node in draft.readers(difference.output) if node.phase == "backward"]
            square = draft.insert("error_backward", "subtract", *difference.inputs, before=readers[0])
            for reader in readers:
                draft.read(reader, difference.output, square)
        y = draft.insert("y_flat", "sum_rows", anatomy.y, before=square)
        draft.make(square, "subtract_row", anatomy.a(depth), y)
        for name in draft.way(square, anatomy.named("dz", depth)):
            draft.reshape(name, SAMPLE_AXIS, SAMPLE_AXIS)
        for name in dict.fromkeys([anatomy.weights_product(depth).output, anatomy.named("dW", depth)]):
            draft.reshape(name, str(depth - 1), SAMPLE_AXIS)
        if anatomy.has("db", depth):
            draft.reshape(anatomy.named("db", depth), SAMPLE_AXIS)
        # (m, m) fits no weights, so nothing below the last layer can be computed.
        below = anatomy.da(depth - 1)
        if below is not None:
            draft.drop_from(below)

    anatomy = Anatomy(program)
    is_single = program.sizes[str(anatomy.depth)] == 1
    if is_single and anatomy.difference is not None and not anatomy.has_update:
        yield from at_the_start(program, edit)


def _first(anatomy: Anatomy) -> str:
    """The first result of the backward pass of a fused output: p - y."""
    difference = anatomy.difference
    assert difference is not None
    return difference.output


ROWS = (
    Mistake(
        "output_slope_on_p_minus_y",
        "output",
        "The slope of the output multiplied onto p - y",
        "The gradient p - y holds the slope of the output already: it cancels against the derivative of the loss. "
        "Leave out the factor p (1 - p).",
        _output_slope,
        false_alarm="p - y without a derivative is right: the slope of the output cancels against the loss.",
    ),
    Mistake(
        "softmax_jacobian_on_p_minus_y",
        "output",
        "The Jacobian of softmax multiplied onto p - y",
        "The gradient p - y holds the Jacobian of softmax already. Multiply the Jacobian onto dL/dp = -y / p, or take "
        "p - y and leave the Jacobian out.",
        _full_jacobian,
    ),
    Mistake(
        "diagonal_jacobian",
        "output",
        "Only the diagonal of the Jacobian of softmax",
        "Every logit moves every probability, so the Jacobian of softmax has entries beside its diagonal: -p_k p_j. "
        "With cross-entropy the gradient is right for the true class and 0 for all others without them. Add them, or "
        "take p - y at once.",
        _diagonal_jacobian,
    ),
    Mistake(
        "sign_turned",
        "output",
        "y - p in place of p - y",
        "This is minus the gradient, so subtracting it from the weights makes the loss grow. Take p - y, or add the "
        "step in place of subtracting it.",
        _sign_turned,
        silent=False,
    ),
    Mistake(
        "relu_on_the_output",
        "output",
        "A ReLU, or its slope, on the output",
        "The last layer has no ReLU here, so its gradient passes no gate. Outputs whose z is negative can learn again "
        "as soon as you leave the mask out.",
        _relu_on_the_output,
        silent=False,
    ),
    Mistake(
        "probability_gradient_as_logit_gradient",
        "output",
        "dL/dp used as dL/dz",
        "The derivative of the loss with respect to the probabilities still has to go through the activation of the "
        "output. Multiply it by the activation's derivative, or take p - y, where both are done.",
        _probability_gradient,
        silent=False,
    ),
    Mistake(
        "slope_of_the_error",
        "output",
        "The slope taken at the error: e (1 - e)",
        "The slope p (1 - p) belongs to a probability. Here it was taken at the error p - y, which is not one. Hand "
        "the probability to the slope function, and multiply the error by what it gives where it is needed at all.",
        _slope_of_the_error,
        silent=False,
        false_alarm="x (1 - x) is right where x is what the sigmoid gave, not what went into it.",
    ),
    Mistake(
        "softmax_missing",
        "output",
        "The labels subtracted from the logits",
        "The gradient needs the probabilities, and z was used where p belongs. Apply the activation of the output "
        "before you subtract the labels.",
        _softmax_missing,
        silent=False,
    ),
    Mistake(
        "labels_broadcast",
        "output",
        "Labels of shape (m,) against outputs of shape (m, 1)",
        "NumPy stretches (m, 1) minus (m,) to (m, m): every output is compared with every label. Give the labels a "
        "column of their own: y.reshape(-1, 1).",
        _labels_broadcast,
        silent=False,
        injectable=False,
        lines=("p - y", "p - y.reshape(-1, 1)"),
    ),
)
