"""Mistakes where a gradient passes an activation: in the slope, and in what it is multiplied onto."""

from collections.abc import Iterator

import numpy as np

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.draft import Draft
from engine.mistakes.mistake import FreeNumber, Mistake, Variant
from engine.mistakes.places import Edit, in_gates, in_layers
from engine.program import Program

LEAKY_SLOPE = FreeNumber("leaky_backward_slope", 0.01)
SLOPE_AT_ZERO = FreeNumber("mask_at_zero", 1.0)


def _wrong_value(program: Program) -> Iterator[Variant]:
    def at_a(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        slope, a = anatomy.slope(layer), anatomy.a(layer)
        if anatomy.reads_a(layer):
            _, *numbers = anatomy.activation(layer).inputs
            a = draft.insert(f"f_of_a{layer}", anatomy.activation(layer).op, a, *numbers, before=slope.output)
        draft.read(slope.output, slope.inputs[0], a)

    def at_z(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.read(anatomy.slope(layer).output, anatomy.a(layer), anatomy.named("z", layer))

    anatomy = Anatomy(program)
    bent = [k for k in anatomy.gated if not np.array_equal(anatomy.slopes(k), anatomy.slopes_at_a(k))]
    yield from in_gates(program, bent, at_a, "a for z")
    yield from in_gates(program, [layer for layer in bent if anatomy.reads_a(layer)], at_z, "z for a")


def _mask_missing(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        da = anatomy.da(layer)
        assert da is not None
        draft.make(anatomy.named("dz", layer), "same", da)

    yield from in_gates(program, Anatomy(program).gated, edit)


def _upstream_overwritten(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.make(anatomy.named("dz", layer), "same", anatomy.named("mask", layer))

    yield from in_gates(program, Anatomy(program).gated, edit)


def _mask_from_upstream(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        slope, dz, da = anatomy.slope(layer), anatomy.named("dz", layer), anatomy.da(layer)
        assert da is not None
        mask = draft.insert(f"mask{layer}_of_da", slope.op, da, *slope.inputs[1:], before=dz)
        draft.read(dz, slope.output, mask)

    anatomy = Anatomy(program)
    yield from in_gates(program, [layer for layer in anatomy.gated if not anatomy.reads_a(layer)], edit)


def _slope_of(op: str) -> Edit:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        draft.make(anatomy.slope(layer).output, op, anatomy.a(layer))

    return edit


def _slope_of_another(program: Program, op: str) -> Iterator[Variant]:
    """Every layer whose slope is not this one already."""
    anatomy = Anatomy(program)
    yield from in_gates(program, [layer for layer in anatomy.gated if anatomy.slope(layer).op != op], _slope_of(op))


def _slope_of_sigmoid(program: Program) -> Iterator[Variant]:
    yield from _slope_of_another(program, "sigmoid_slope")


def _slope_of_tanh(program: Program) -> Iterator[Variant]:
    yield from _slope_of_another(program, "tanh_slope")


def _slope_returns_activation(program: Program) -> Iterator[Variant]:
    yield from in_gates(program, Anatomy(program).gated, _slope_of("same"))


def _mask_inverted(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        dz, mask = anatomy.named("dz", layer), anatomy.named("mask", layer)
        draft.read(dz, mask, draft.insert(f"{mask}_inverted", "one_minus", mask, before=dz))

    anatomy = Anatomy(program)
    yield from in_gates(program, [layer for layer in anatomy.gated if anatomy.is_step(layer)], edit)


def _leaky_backward_only(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        dz, mask = anatomy.named("dz", layer), anatomy.named("mask", layer)
        slope = draft.number(LEAKY_SLOPE.name)
        # The larger one of 0 and the slope, of 1 and the slope.
        draft.read(dz, mask, draft.insert(f"{mask}_leaky", "max_eps", mask, slope, before=dz))

    anatomy = Anatomy(program)
    yield from in_gates(program, [layer for layer in anatomy.gated if anatomy.is_step(layer)], edit)


def _mask_at_zero(program: Program) -> Iterator[Variant]:
    def edit(draft: Draft, anatomy: Anatomy, layer: int) -> None:
        derivative = anatomy.named("derivative_at_zero", layer)
        draft.read(anatomy.slope(layer).output, derivative, draft.number(SLOPE_AT_ZERO.name))

    anatomy = Anatomy(program)
    yield from in_layers(program, [layer for layer in anatomy.gated if anatomy.has("derivative_at_zero", layer)], edit)


ROWS = (
    Mistake(
        "slope_taken_at_the_wrong_value",
        "slopes",
        "The slope taken at a in place of z, or at z in place of a",
        "A slope function takes either z or a. The one written as s (1 - s), or as 1 - t^2, wants a; one that computes "
        "the activation itself wants z. Hand it the one that it was written for.",
        _wrong_value,
        false_alarm="Taking the mask of a ReLU from a > 0 in place of z > 0 is right: both are positive together.",
    ),
    Mistake(
        "mask_missing",
        "slopes",
        "The slope of the activation is missing",
        "On the way back the gradient passes the activation, so it is multiplied by the slope there: dz = da * f'(z). "
        "For a ReLU, a >= 0 is always true and gives no mask at all; ask for z > 0.",
        _mask_missing,
        silent=False,
        false_alarm="A mask from a > 0 is right: a ReLU gives more than 0 exactly where z is more than 0.",
    ),
    Mistake(
        "upstream_overwritten",
        "slopes",
        "The gradient from above overwritten by the mask",
        "Setting da to 0 and 1 keeps the mask and throws the gradient away. Multiply: dz = da * mask, or set to 0 "
        "only the cells where the gate is shut.",
        _upstream_overwritten,
        silent=False,
        overwrites=("da",),
    ),
    Mistake(
        "mask_from_upstream",
        "slopes",
        "The mask taken from the gradient from above",
        "A gate opens by the sign of z in the forward pass, not by the sign of the gradient. Compute the mask from z "
        "(or a) and multiply da by it.",
        _mask_from_upstream,
        silent=False,
    ),
    Mistake(
        "slope_of_sigmoid",
        "slopes",
        "The slope of a sigmoid on another activation",
        "The forward pass has another activation, and the backward pass still multiplies by a (1 - a). Change the "
        "slope whenever you change the activation.",
        _slope_of_sigmoid,
        silent=False,
    ),
    Mistake(
        "slope_of_tanh",
        "slopes",
        "The slope of tanh on another activation",
        "The forward pass has another activation, and the backward pass still multiplies by 1 - a^2. Change the slope "
        "whenever you change the activation.",
        _slope_of_tanh,
        silent=False,
    ),
    Mistake(
        "leaky_backward_only",
        "slopes",
        "A leaky slope in the backward pass alone",
        "The forward pass has a plain ReLU, and the backward pass lets some gradient through its shut gates. Use the "
        "same activation in both directions.",
        _leaky_backward_only,
        number=LEAKY_SLOPE,
    ),
    Mistake(
        "slope_returns_activation",
        "slopes",
        "The slope function gives back the activation",
        "The gradient was multiplied by a in place of f'(z). For a ReLU return 1 where z is positive, not z itself.",
        _slope_returns_activation,
    ),
    Mistake(
        "mask_inverted",
        "slopes",
        "The mask is the wrong way round",
        "The gradient passes exactly where the gate is shut. Turn the comparison round: 1 where z > 0, else 0.",
        _mask_inverted,
        silent=False,
    ),
    Mistake(
        "mask_at_zero",
        "slopes",
        "Another slope at exactly 0",
        "At z = 0 a ReLU has a corner, and every slope from 0 to 1 is allowed there, so this is not a mistake. Most "
        "libraries take 0, the answer of z > 0.",
        _mask_at_zero,
        caught_by_gradient_check=False,
        seen_in="corners",
        number=SLOPE_AT_ZERO,
        false_alarm="At z = 0 any slope from 0 to 1 is right; yours differs from ours only there.",
    ),
)
