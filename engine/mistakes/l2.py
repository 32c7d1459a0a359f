"""Mistakes in L2: a penalty on the weights, whose gradient is lambda W."""

from collections.abc import Iterator

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.draft import Draft
from engine.mistakes.mistake import Mistake, Variant
from engine.mistakes.places import Edit, in_layers
from engine.program import Program


def _regularized(program: Program, edit: Edit) -> Iterator[Variant]:
    anatomy = Anatomy(program)
    yield from in_layers(program, [layer for layer in anatomy.layers if anatomy.has("dW_l2", layer)], edit)


def _forgotten(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        product, dw = anatomy.weights_product(layer), anatomy.named("dW", layer)
        draft.make(dw, "same", product.output)

    yield from _regularized(program, edit)


def _twice(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.then(anatomy.named("dW_l2", layer), "once", "twice")

    yield from _regularized(program, edit)


def _sign(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        product, dw = anatomy.weights_product(layer), anatomy.named("dW", layer)
        draft.make(dw, "subtract", product.output, anatomy.named("dW_l2", layer))

    yield from _regularized(program, edit)


def _on_biases(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        db, b = anatomy.named("db", layer), anatomy.named("b", layer)
        decay = draft.insert(f"{db}_l2", "scale", anatomy.named("l2"), b, before=db)
        draft.then(db, "data", "add", decay)

    if any(tensor.role == "db" for tensor in program.tensors.values()):
        yield from _regularized(program, edit)


def _of_squares(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        w, decay = anatomy.named("W", layer), anatomy.named("dW_l2", layer)
        squares = draft.insert(f"{decay}_squares", "square", w, before=decay)
        draft.read(decay, w, squares)

    yield from _regularized(program, edit)


def _over_m(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.then(anatomy.named("dW_l2", layer), "whole", "divide_by", draft.number("m"))

    yield from _regularized(program, edit)


ROWS = (
    Mistake(
        "l2_forgotten",
        "l2",
        "The gradient of L2 is missing",
        "The loss includes the penalty, but the gradient does not. Add lambda W to dW of every layer.",
        _forgotten,
    ),
    Mistake(
        "l2_twice",
        "l2",
        "The gradient of L2 is twice as large",
        "The penalty here is lambda / 2 times the squared weights, and the 2 of the square cancels the half: its "
        "gradient is lambda W, not 2 lambda W.",
        _twice,
        false_alarm="2 lambda W is right where the penalty is lambda times the squared weights, without the half.",
    ),
    Mistake(
        "l2_sign",
        "l2",
        "The gradient of L2 has the wrong sign",
        "L2 pulls the weights towards 0, so lambda W is added to the gradient. Subtracted, it lets them grow.",
        _sign,
    ),
    Mistake(
        "l2_on_biases",
        "l2",
        "L2 on the biases too",
        "The penalty counts the weights alone. Leave the biases free: no lambda b in db.",
        _on_biases,
    ),
    Mistake(
        "l2_of_squares",
        "l2",
        "The squared weights in the gradient of L2",
        "The penalty has the squares, its gradient has the weights themselves: lambda W, not lambda W^2.",
        _of_squares,
    ),
    Mistake(
        "l2_over_m",
        "l2",
        "L2 divided by the number of samples",
        "Here the penalty stands beside the mean loss and is not divided by m. Add lambda W as it is, or say that your "
        "penalty is lambda / (2 m) times the squared weights.",
        _over_m,
        false_alarm="lambda W / m is right where the penalty is divided by the number of samples too.",
    ),
)
