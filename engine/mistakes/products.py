"""Mistakes in the matrix products: what is multiplied with what, and how it is turned."""

from collections.abc import Iterator

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.draft import Draft
from engine.mistakes.mistake import FreeNumber, Mistake, Variant
from engine.mistakes.places import in_layers
from engine.program import SAMPLE_AXIS, Node, Program

EARLY_RATE = FreeNumber("learning_rate", 0.1)


def _above_another(anatomy: Anatomy) -> list[int]:
    """The layers whose weights a gradient passes on its way to another layer."""
    return [layer for layer in anatomy.layers[1:] if anatomy.da(layer - 1) is not None]


def _weights_updated_too_early(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        w, below = anatomy.named("W", layer), anatomy.da(layer - 1)
        assert below is not None
        update = [node for node in program.nodes if node.phase == "update" and _works_for(program, node, w)]
        renamed = {node.output: f"{node.output}_early" for node in update}
        for node in update:
            draft.copy(node, renamed, before=below)
        early = next((renamed[node.output] for node in update if program.tensors[node.output].role == "next"), None)
        if early is None:
            rate = draft.number(EARLY_RATE.name)
            step = draft.insert(f"{w}_step_early", "scale", rate, anatomy.named("dW", layer), before=below)
            early = draft.insert(f"{w}_early", "subtract", w, step, before=below)
        draft.read(below, w, early)

    yield from in_layers(program, _above_another(Anatomy(program)), edit)


def _works_for(program: Program, node: Node, parameter: str) -> bool:
    owner = program.tensors[node.output].of
    while owner is not None and owner != parameter:
        owner = program.tensors[owner].of
    return owner == parameter


def _weights_from_z(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.read(anatomy.weights_product(layer).output, anatomy.a(layer - 1), anatomy.named("z", layer - 1))

    anatomy = Anatomy(program)
    yield from in_layers(program, [layer for layer in anatomy.layers[1:] if anatomy.bends(layer - 1)], edit)


def _activation_overwritten(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.read(anatomy.weights_product(layer).output, anatomy.a(layer - 1), anatomy.named("mask", layer - 1))

    anatomy = Anatomy(program)
    yield from in_layers(program, [layer for layer in anatomy.layers[1:] if anatomy.bends(layer - 1)], edit)


def _last_sample_only(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        dz = anatomy.named("dz", layer)
        is_last = draft.input("is_last", (SAMPLE_AXIS,), "is_last")
        sums = [anatomy.weights_product(layer).output]
        sums += [anatomy.bias_sum(layer).output] if anatomy.has("db", layer) else []
        last = draft.insert(f"{dz}_last", "multiply_rows", dz, is_last, before=sums[0])
        for output in sums:
            draft.read(output, dz, last)

    yield from in_layers(program, Anatomy(program).layers, edit)


def _weights_transposed(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        whole, product = anatomy.named("dW", layer), anatomy.weights_product(layer)
        axes = (str(layer - 1), str(layer)) if anatomy.has_update else (str(layer), str(layer - 1))
        if product.output == whole:
            draft.make(whole, product.op, *reversed(product.inputs), axes=axes)
        else:
            draft.then(whole, "straight", "transpose")
            draft.reshape(whole, *axes)

    anatomy = Anatomy(program)
    # A step can go on only where turning the gradient leaves its shape as it is.
    layers = [layer for layer in anatomy.layers if not anatomy.has_update or anatomy.is_square(layer)]
    yield from in_layers(program, [layer for layer in layers if not _is_one_number(anatomy, layer)], edit)


def _is_one_number(anatomy: Anatomy, layer: int) -> bool:
    return anatomy.is_square(layer) and anatomy.program.sizes[str(layer)] == 1


def _reshape_for_transpose(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        w, below = anatomy.named("W", layer), anatomy.da(layer - 1)
        assert below is not None
        reshaped = draft.insert(f"{w}_reshaped", "reshape_turned", w, w, before=below)
        draft.make(below, "matmul", anatomy.named("dz", layer), reshaped)

    def edit_of_columns(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        """Where samples are columns, it is our transpose that is reshaped."""
        w, below = anatomy.named("W", layer), anatomy.da(layer - 1)
        assert below is not None
        theirs = draft.insert(f"{w}_theirs", "transpose", w, before=below)
        reshaped = draft.insert(f"{w}_reshaped", "reshape_like", w, theirs, before=below)
        ours = draft.insert(f"{w}_ours", "transpose", reshaped, before=below)
        draft.make(below, "matmul", anatomy.named("dz", layer), ours)

    anatomy = Anatomy(program)
    sizes = program.sizes
    # A single row or column is the same either way.
    layers = [k for k in _above_another(anatomy) if min(sizes[str(k)], sizes[str(k - 1)]) > 1]
    yield from in_layers(program, layers, edit)
    yield from in_layers(program, layers, edit_of_columns, "columns")


def _weights_not_transposed(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        w, below = anatomy.named("W", layer), anatomy.da(layer - 1)
        assert below is not None
        draft.make(below, "matmul", anatomy.named("dz", layer), w, axes=draft.tensor(below).axes)

    anatomy = Anatomy(program)
    layers = [k for k in _above_another(anatomy) if anatomy.is_square(k) and not _is_one_number(anatomy, k)]
    yield from in_layers(program, layers, edit)


def _elementwise_for_matmul(program: Program) -> Iterator[Variant]:
    def weights(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        product = anatomy.weights_product(layer)
        axes = draft.tensor(product.output).axes
        draft.make(product.output, "multiply_turned_left", *product.inputs, axes=axes)

    def upstream(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        below = anatomy.da(layer - 1)
        assert below is not None
        axes = draft.tensor(below).axes
        draft.make(below, "multiply_turned_right", *anatomy.makers[below].inputs, axes=axes)

    def forward(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        a, w = anatomy.a(layer - 1), anatomy.named("W", layer)
        product = next(node for node in program.nodes if node.phase == "forward" and {a, w} <= {*node.inputs})
        draft.make(product.output, "multiply", a, w, axes=draft.tensor(product.output).axes)

    anatomy = Anatomy(program)
    square = [k for k in anatomy.layers if anatomy.is_square(k) and not _is_one_number(anatomy, k)]
    if not anatomy.has_update:
        yield from in_layers(program, square, weights, "dW")
        yield from in_layers(program, [k for k in _above_another(anatomy) if k in square], upstream, "da")
        yield from in_layers(program, square, forward, "z")


def _integer_gradients(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        for role in ("dW", "db"):
            if anatomy.has(role, layer):
                draft.then(anatomy.named(role, layer), "exact", "truncate")

    yield from in_layers(program, Anatomy(program).layers, edit)


ROWS = (
    Mistake(
        "weights_updated_too_early",
        "products",
        "The weights updated before the gradient has passed them",
        "da needs the weights of the forward pass, but here they had already been updated. Compute all "
        "gradients first, then update all weights.",
        _weights_updated_too_early,
        number=EARLY_RATE,
    ),
    Mistake(
        "elementwise_for_matmul",
        "products",
        "* in place of @",
        "* multiplies cell by cell and fits only shapes that can be stretched onto each other. A matrix product is @ "
        "(or np.dot), in the forward pass as in the backward one.",
        _elementwise_for_matmul,
        silent=False,
        injectable=False,
        needs_square=True,
    ),
    Mistake(
        "activation_overwritten",
        "products",
        "The activation overwritten by its own slope",
        "The slope function wrote its result into the array that it was given, so dW is computed from 0 and 1 where it "
        "needs a. Let the function make a new array.",
        _activation_overwritten,
        overwrites=("a",),
    ),
    Mistake(
        "weights_from_z",
        "products",
        "dW computed from z in place of a",
        "The weights multiplied the activation a of the layer below, so their gradient is a.T @ dz. Take a, not z.",
        _weights_from_z,
    ),
    Mistake(
        "last_sample_only",
        "products",
        "Only the last sample counts",
        "In a loop over the samples the gradient was set with = each time, so only the last one is left. Add them up "
        "with +=, starting from zero.",
        _last_sample_only,
        silent=False,
    ),
    Mistake(
        "reshape_for_transpose",
        "products",
        "reshape in place of transpose",
        "reshape keeps the order of the numbers and breaks them into other rows; it does not turn a matrix. Write W.T.",
        _reshape_for_transpose,
    ),
    Mistake(
        "weights_transposed",
        "products",
        "dW is transposed",
        "The numbers are right and stand in the wrong places: dz.T @ a is the transpose of a.T @ dz. Swap the factors, "
        "so that dW has the shape of W.",
        _weights_transposed,
    ),
    Mistake(
        "integer_gradients",
        "products",
        "Gradients kept in an array of integers",
        "An array of integers throws away everything behind the decimal point. Make it with dtype=float, or write 0.0.",
        _integer_gradients,
        silent=False,
    ),
    Mistake(
        "weights_not_transposed",
        "products",
        "W in place of W.T",
        "Going back through a layer takes the transpose of its weights: dz @ W.T. With as many units above as below "
        "NumPy cannot notice the difference.",
        _weights_not_transposed,
        needs_square=True,
    ),
)
