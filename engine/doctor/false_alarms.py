"""What looks wrong in a right backward pass, and why it is right."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.doctor.diagnosis import FalseAlarm
from engine.program import Program
from engine.spec import ModelSpec


@dataclass(frozen=True, slots=True)
class _Row:
    """A false alarm and the models in which it may be raised."""

    id: str
    explanation: str
    is_possible: Callable[[ModelSpec, Program], bool]


def _is_fused(model: ModelSpec, program: Program) -> bool:
    return program.named("da", model.depth) is None


def _takes_slope_from_a(model: ModelSpec, program: Program) -> bool:
    return any(_slope_reads(program, layer, "a") for layer in range(1, model.depth))


def _has_step(model: ModelSpec, program: Program) -> bool:
    return any("derivative_at_zero" in model.layer_settings[layer - 1] for layer in range(1, model.depth))


def _slope_reads(program: Program, layer: int, role: str) -> bool:
    mask, wanted = program.named("mask", layer), program.named(role, layer)
    return any(node.output == mask and node.inputs[0] == wanted for node in program.nodes)


_ROWS = (
    _Row(
        "p_minus_y",
        "Your output layer starts from p - y with no derivative of the output in it. That is right: the slope of the "
        "output cancels against the derivative of this loss.",
        _is_fused,
    ),
    _Row(
        "slope_from_activation",
        "A slope such as a (1 - a) or 1 - a^2 is taken from the activation a, not from z. That is right: it is the "
        "derivative at z, written with what was computed already.",
        _takes_slope_from_a,
    ),
    _Row(
        "mask_from_activation",
        "If your mask asks a > 0 in place of z > 0, that is right: both are true for the same samples.",
        _has_step,
    ),
    _Row(
        "sum_of_the_batch",
        "Nothing is divided by the number of samples. That is right where the loss is a sum over the batch.",
        lambda model, _: model.reduction == "sum",
    ),
)


def false_alarms_of(model: ModelSpec, program: Program) -> list[FalseAlarm]:
    """What may be called wrong in right code for this model."""
    return [FalseAlarm(row.id, row.explanation) for row in _ROWS if row.is_possible(model, program)]


def mask_at_zero(t: float) -> FalseAlarm:
    return FalseAlarm(
        "mask_at_zero",
        f"Where a pre-activation is exactly at the corner, you go {t:g} of the way from its left slope to its right "
        "one. There is no derivative at the corner, and any number from one slope to the other is right.",
        {"t": t},
    )


def mean_taken_later() -> FalseAlarm:
    return FalseAlarm(
        "mean_taken_later",
        "Your dz and da are m times ours, since you divide by m only where dW and db are made. That is right: the "
        "gradients of the parameters are the same.",
    )


def log_of_zero() -> FalseAlarm:
    return FalseAlarm(
        "log_of_zero",
        "Your loss is not finite where a probability is 0 in floating point. The gradients do not use it, and they are "
        "right. Take the logarithm of the softmax as z - max - log(sum(exp(z - max))) and the loss stays finite too.",
    )
