"""Checking gradients against differences, with nothing stored: the use case behind POST /gradient-check."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from engine.gradient_check import Cell, CellIndex, GradientCheck, Kink, spread, worst_of
from engine.injection import mistaken_batch
from engine.model import batch_of, program_of
from engine.vocabulary import Vocabulary
from server.checks.gradient_check_schemas import GradientCheckRequest
from server.limits import VALUES_PER_NUMBER, at_most, check_model, check_rows, values_per_trace
from server.problems import Problem
from server.scheduling import Slices
from server.settings import Settings
from server.steps.stateless import parameters_of

SMALLEST_H, LARGEST_H = 1e-12, 1.0
# The smallest check has its objects too.
BYTES_AT_LEAST, BYTES_PER_NUMBER = 60_000, 8


def bytes_of(request: GradientCheckRequest) -> int:
    """About what a check takes in memory while it goes on, known before it is begun."""
    model = request.model
    units = [model.inputs, *(layer.units for layer in model.hidden), model.output.units]
    return bytes_of_check(units, len(request.batch.x))


def bytes_of_check(units: Sequence[int], rows: int) -> int:
    """The same of layers with so many units, inputs first.

    Of each parameter four numbers: in the forward pass, in the whole step with its gradient, and as it was given.
    """
    parameters = sum((before + 1) * after for before, after in pairwise(units))
    return BYTES_AT_LEAST + BYTES_PER_NUMBER * 4 * (parameters + rows * sum(units))


async def gradients_checked(
    request: GradientCheckRequest, settings: Settings, slices: Slices, vocabulary: Vocabulary
) -> dict[str, Any]:
    """Each asked number with both gradients, and the error of one of them against h; computed slice by slice.

    Raises
    ------
    EngineError, Problem : something does not fit, is unknown, or is larger than the settings allow.
    """
    # The true size is known only later; by far the most of it are the rows.
    values = len(request.batch.x) * (request.model.inputs + sum(layer.units for layer in request.model.hidden))
    check = await slices.run(VALUES_PER_NUMBER * values, partial(_begin, request, settings, vocabulary))
    everything = check.cells_of(request.parameters_to_check)
    asked = spread(everything, _how_many(request, check, settings))
    chosen = (
        None if request.curve is None else place_of(check, request.curve.parameter, request.curve.index, "curve.index")
    )
    check_all = partial(_check_all, check)
    cells = await slices.run_over(check.values_per_pass, [(*cell, None) for cell in asked], check_all)
    worst = worst_of(cells)
    if chosen is None and worst is not None:
        chosen = worst.name, worst.place
    curve = None
    if chosen is not None and request.curve_points:
        steps = np.geomspace(LARGEST_H, SMALLEST_H, request.curve_points).tolist()
        points = await slices.run_over(check.values_per_pass, [(*chosen, h) for h in steps], check_all)
        best_h = await slices.run_slice(check.values_per_pass, partial(check.best_h_of, *chosen))
        curve = {
            "parameter": chosen[0],
            "index": chosen[1],
            "best_h": best_h,
            "points": [_point(h, cell) for h, cell in zip(steps, points, strict=True)],
        }
    found = {verdict: sum(cell.verdict == verdict for cell in cells) for verdict in ("agrees", "differs", "skipped")}
    total, left_out = len(everything), len(everything) - len(cells)
    return {
        "loss": check.loss,
        "h": check.h,
        "counts": {"total": total, "checked": found["agrees"] + found["differs"], **found, "left_out": left_out},
        "worst": None if worst is None else _cell(worst),
        "cells": [_cell(cell) for cell in cells],
        "curve": curve,
    }


def _check_all(check: GradientCheck, cells: Sequence[tuple[str, CellIndex, float | None]]) -> list[Cell]:
    return [check.check(*cell) for cell in cells]


def _how_many(request: GradientCheckRequest, check: GradientCheck, settings: Settings) -> int:
    """How many cells may be checked; each takes two forward passes, as does each point of the curve."""
    most, most_values = settings.max_gradient_check_cells, settings.max_gradient_check_values
    passes = most_values // check.values_per_pass
    count = request.limit or max(1, min(most, passes // 2 - request.curve_points))
    at_most("cells of a gradient check", count, most, "max_gradient_check_cells")
    numbers = 2 * (count + request.curve_points) * check.values_per_pass
    at_most("numbers of a gradient check", numbers, most_values, "max_gradient_check_values")
    return count


def _begin(request: GradientCheckRequest, settings: Settings, vocabulary: Vocabulary) -> GradientCheck:
    model = request.model.spec(vocabulary)
    check_model(model, settings)
    check_rows(len(request.batch.x), settings)
    batch = mistaken_batch(batch_of(model, request.batch.x, request.batch.y), model)
    values_per_trace(program_of(model, None), batch.m, settings)
    return GradientCheck(model, parameters_of(request, model), batch, request.h)


def place_of(check: GradientCheck, name: str, index: list[int], field: str) -> tuple[str, CellIndex]:
    """The cell that a request names, where there is one."""
    cells = check.cells_of([name])
    place = tuple(index)
    if (name, place) not in cells:
        last = list(cells[len(cells) - 1][1])
        raise Problem(
            422,
            "unknown_cell",
            f"{name} has no number at {index}; its last one is at {last}.",
            field=field,
            found=index,
            wanted=last,
        )
    return name, place


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "parameter": cell.name,
        "index": cell.place,
        "value": cell.value,
        "analytic": cell.analytic,
        "numeric": cell.numeric,
        "relative_error": cell.relative_error,
        "h": cell.h,
        "verdict": cell.verdict,
        "skipped": kink_document(cell.kink),
    }


def _point(h: float, cell: Cell) -> dict[str, Any]:
    return {
        "h": h,
        "numeric": cell.numeric,
        "error": cell.difference,
        "relative_error": cell.relative_error,
        "skipped": kink_document(cell.kink),
    }


def kink_document(kink: Kink | None) -> dict[str, Any] | None:
    if kink is None:
        return None
    return {
        "reason": "crosses a kink",
        "tensor": kink.tensor,
        "layer": kink.layer,
        "unit": kink.unit,
        "sample": kink.sample,
        "z_below": kink.below,
        "z_above": kink.above,
    }
