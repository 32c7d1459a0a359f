"""From a request to an edit of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import numpy as np

from engine.arrays import array_of
from engine.batch import Batch, batch_of
from engine.course import bytes_of_edit
from engine.edits import Edit, RowEdit, edited
from engine.errors import EngineError
from engine.model import ModelSpec, OptimizerSpec, given_parameter, program_of
from engine.primitives import Array
from engine.run import RunSpec
from engine.settings import check_name
from engine.training import Trainer
from server.limits import VALUES_PER_NUMBER, at_most, check_rows, values_per_trace, values_to_read
from server.problems import Problem
from server.sessions.edit_schemas import Change, DataEdit, OptimizerEdit, RowChange
from server.settings import Settings

CORNER = "derivative_at_zero"


# Numbers in a step cost as much as looking at one row of an edit.
NUMBERS_PER_ROW = 200


def numbers_in_change(request: Change, inputs: int) -> int:
    """About how many numbers the making of an edit touches, each looked at once or twice as a number of Python."""
    arrays = [] if request.parameters is None else list(request.parameters.values())
    count = 0
    if request.data is not None:
        arrays += [] if request.data.add is None else [request.data.add.x, request.data.add.y]
        count = len(request.data.set) * (NUMBERS_PER_ROW + inputs) + len(request.data.remove)
    return VALUES_PER_NUMBER * count + values_to_read(*arrays)


def edit_of(request: Change, trainer: Trainer, settings: Settings) -> Edit:
    """The edit of this run after the steps that it has taken.

    Raises
    ------
    EngineError, Problem : something does not fit, is unknown, or is larger than the settings allow.
    """
    run = trainer.run
    count = sum(edit.step <= trainer.taken for edit in trainer.course.edits)
    at_most("edits of a session", count + 1, settings.max_edits, "max_edits")
    if request.data is not None:
        added = 0 if request.data.add is None else len(request.data.add.x)
        check_rows(run.train.m - len(set(request.data.remove)) + added, settings)
    edit = Edit(
        trainer.taken,
        None if request.optimizer is None else _optimizer(request.optimizer, run.optimizer),
        {name: _parameter(run.model, name, value) for name, value in (request.parameters or {}).items()},
        request.l2,
        _activation_numbers(request, run.model),
        request.batch_size if "batch_size" in request.model_fields_set else "same",
        None if request.data is None else _rows(request.data, run),
        request.shuffle,
    )
    after = edited(run, edit)
    taken = trainer.course.bytes_of_edits(trainer.taken) + bytes_of_edit(edit, after)
    at_most("bytes of the edits of a session", taken, settings.max_edit_bytes, "max_edit_bytes")
    largest = min(after.train.m, after.batch_size or after.train.m)
    values_per_trace(program_of(after.model, after.optimizer), largest, settings)
    return edit


def edit_changes(edit: Edit, optimizer: dict[str, Any] | None) -> dict[str, Any]:
    """What an edit changed, for people to read: large arrays by their names.

    Parameters
    ----------
    optimizer : the optimizer of the edit, as it is echoed.
    """
    rows = edit.rows
    data = None
    if rows is not None:
        added = 0 if rows.added is None else rows.added.m
        data = {"set": rows.changed, "removed": rows.removed, "added": added}
    changes = {
        "optimizer": optimizer,
        "parameters": list(edit.parameters) or None,
        "l2": edit.l2,
        **_numbers_changed(edit),
        "shuffle": edit.is_shuffled,
        "data": data,
    }
    changes = {name: change for name, change in changes.items() if change is not None}
    return changes if edit.batch_size == "same" else {**changes, "batch_size": edit.batch_size}


def _optimizer(request: OptimizerEdit, now: OptimizerSpec) -> OptimizerSpec:
    numbers = request.__pydantic_extra__ or {}
    if request.name in (None, now.name):
        return replace(now, settings=tuple({**dict(now.settings), **numbers}.items()))
    return OptimizerSpec(str(request.name), tuple(numbers.items()), now.vocabulary)


def _parameter(model: ModelSpec, name: str, value: object) -> Array:
    check_name("parameters", name, model.parameter_shapes)
    return given_parameter(model, name, value)


def _activation_numbers(request: Change, model: ModelSpec) -> tuple[Mapping[str, float] | None, ...] | None:
    """What changes layer by layer; derivative_at_zero has a field of its own besides."""
    if request.derivative_at_zero is None:
        return None if request.activation_numbers is None else tuple(request.activation_numbers)
    corners = _corners(request.derivative_at_zero, model)
    if len(corners) != len(model.hidden):
        raise EngineError(
            "shape",
            f"derivative_at_zero has {len(corners)} entries; give one for each of the {len(model.hidden)} hidden "
            "layers, null where nothing changes.",
            field=CORNER,
            found=len(corners),
            wanted=len(model.hidden),
        )
    others = request.activation_numbers or []
    return tuple(
        ({} if corner is None else {CORNER: corner}) | (numbers or {}) or None
        for corner, numbers in zip_longest(corners, others)
    )


def _numbers_changed(edit: Edit) -> dict[str, Any]:
    """The numbers of the activations; under a name of its own where derivative_at_zero alone changed."""
    numbers = edit.activation_numbers
    if numbers is None:
        return {}
    if {name for layer in numbers for name in layer or {}} == {CORNER}:
        return {CORNER: tuple(None if layer is None else layer.get(CORNER) for layer in numbers)}
    return {"activation_numbers": numbers}


def _corners(request: float | Sequence[float | None], model: ModelSpec) -> tuple[float | None, ...]:
    if not isinstance(request, float | int):
        return tuple(request)
    corners = tuple(
        request if CORNER in {setting.name for setting in activation.settings} else None
        for activation in model.activations
    )
    if set(corners) <= {None}:
        raise Problem(
            422,
            "no_corner",
            f"No hidden layer of this model has a {CORNER}; relu and max_eps do.",
            field=CORNER,
        )
    return corners


def _rows(request: DataEdit, run: RunSpec) -> RowEdit:
    changed = tuple(change.row for change in request.set)
    values = [_row(f"data.set[{number}]", change, run) for number, change in enumerate(request.set)]
    joined = Batch(*(np.concatenate(parts) for parts in zip(*values, strict=True))) if values else None
    added = None if request.add is None else batch_of(run.model, request.add.x, request.add.y)
    return RowEdit(changed, joined, tuple(request.remove), added)


def _row(field: str, change: RowChange, run: RunSpec) -> tuple[Array, Array]:
    """(1, inputs) and (1, outputs); a row that is not there is told of by the edit itself."""
    now = run.train.sample(min(change.row, run.train.m - 1))
    x = now.x
    if change.x is not None:
        x = array_of(f"{field}.x", [change.x], (1, run.model.inputs), run.model.dtype)
    y = now.y if change.y is None else batch_of(run.model, x, [change.y]).y
    return x, y
