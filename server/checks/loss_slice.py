"""The loss along one number of a session's next step: the use case behind POST /sessions/{id}/slice."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from engine.gradient_check import Cell, CellIndex, GradientCheck, Kink, Moved
from server.checks.gradient_check import bytes_of_check, kink_document, place_of
from server.checks.loss_slice_schemas import SliceRequest
from server.limits import at_most
from server.scheduling import Slices
from server.sessions.codec.record import Session
from server.sessions.service import Sessions
from server.settings import Settings
from server.waiting.shares import Shares

# So many units that cross their corner are named; how many there are is said.
MOST_KINKS = 20
# The two sides, twice: for the losses, and for the kinks.
PASSES_OF_A_NUDGE = 4


async def loss_slice(
    session_id: str, request: SliceRequest, sessions: Sessions, settings: Settings, slices: Slices, room: Shares
) -> dict[str, Any]:
    """One number moved to both sides and along a list of values; computed slice by slice, with nothing changed.

    Raises
    ------
    EngineError, Problem : no such number or sample, or more than the settings allow.
    """
    at_most("values of a slice", len(request.values), settings.max_slice_values, "max_slice_values")
    size = await sessions.look(session_id, partial(_bytes, request))
    async with room.place(size):
        check, step = await sessions.look(session_id, partial(_begin, request))
        return await _sliced(check, step, request, settings, slices)


async def _sliced(
    check: GradientCheck, step: int, request: SliceRequest, settings: Settings, slices: Slices
) -> dict[str, Any]:
    name, place = place_of(check, request.tensor, request.index, "index")
    passes = len(request.values) + PASSES_OF_A_NUDGE
    most = settings.max_gradient_check_values
    at_most("numbers of a slice", passes * check.values_per_pass, most, "max_gradient_check_values")
    cell, kinks, default = await slices.run_slice(check.values_per_pass, partial(_nudge, check, name, place, request.h))
    moved = await slices.run_over(check.values_per_pass, request.values, partial(_along, check, name, place))
    return {
        "step": step,
        "scope": {
            "kind": "batch" if request.sample is None else "sample",
            "sample": request.sample,
            "m": check.m,
        },
        "tensor": name,
        "index": place,
        "value": cell.value,
        "loss": check.loss,
        "gradient": cell.analytic,
        "h": cell.h,
        "below": {"value": cell.places[0], "loss": cell.below},
        "above": {"value": cell.places[1], "loss": cell.above},
        "slope": cell.numeric,
        "relative_difference": cell.relative_error,
        "best_h": default,
        "verdict": cell.verdict,
        "kinks": [kink_document(kink) for kink in kinks[:MOST_KINKS]],
        "kinks_in_all": len(kinks),
        "values": [each.value for each in moved],
        "losses": [each.loss for each in moved],
        "masks_differ": [each.masks_differ for each in moved],
    }


def _bytes(request: SliceRequest, session: Session) -> int:
    """About what it takes in memory while it goes on."""
    trainer = session.trainer
    return bytes_of_check(trainer.run.model.units, 1 if request.sample is not None else trainer.next_batch().m)


def _begin(request: SliceRequest, session: Session) -> tuple[GradientCheck, int]:
    trainer = session.trainer
    batch = trainer.next_batch()
    rows = batch if request.sample is None else batch.sample(request.sample)
    # A mistake may compute with what the run remembers, so the gradients are those of its own step.
    shown = trainer.trace(request.sample)
    return GradientCheck(trainer.run.model, trainer.parameters, rows, trace=shown), trainer.taken + 1


def _nudge(check: GradientCheck, name: str, place: CellIndex, h: float | None) -> tuple[Cell, list[Kink], float]:
    default = check.step_of(name, place)
    step = default if h is None else h
    return check.nudge(name, place, step), check.kinks(name, place, step), default


def _along(check: GradientCheck, name: str, place: CellIndex, values: Sequence[float]) -> list[Moved]:
    return [check.at(name, place, value) for value in values]
