"""An edit of a session as bytes and back."""

from dataclasses import asdict
from typing import Any

from engine.edits import Edit, RowEdit
from engine.model import Batch, OptimizerSpec
from engine.primitives import Array
from server.sessions.packing import pack, unpack

PARAMETER = "parameters/"


def edit_packed(edit: Edit) -> bytes:
    """Numbers as JSON, which keeps every bit of a float64, and arrays as they are."""
    arrays: dict[str, Array] = {f"{PARAMETER}{name}": array for name, array in edit.parameters.items()}
    words: dict[str, Any] = {
        "step": edit.step,
        "optimizer": None if edit.optimizer is None else asdict(edit.optimizer),
        "l2": edit.l2,
        "derivative_at_zero": edit.derivative_at_zero,
        "batch_size": edit.batch_size,
        "is_shuffled": edit.is_shuffled,
        "rows": None,
    }
    rows = edit.rows
    if rows is not None:
        words["rows"] = {"changed": rows.changed, "removed": rows.removed}
        for name, batch in (("values", rows.values), ("added", rows.added)):
            if batch is not None:
                arrays.update({f"{name}/x": batch.x, f"{name}/y": batch.y})
    return pack(arrays, words)


def edit_of(body: bytes) -> Edit:
    """The edit that was packed."""
    arrays, words = unpack(body)
    optimizer, corners, rows = words["optimizer"], words["derivative_at_zero"], words["rows"]

    def batch(name: str) -> Batch | None:
        return Batch(arrays[f"{name}/x"], arrays[f"{name}/y"]) if f"{name}/x" in arrays else None

    return Edit(
        words["step"],
        None if optimizer is None else OptimizerSpec(optimizer["name"], tuple(map(tuple, optimizer["settings"]))),
        {name.removeprefix(PARAMETER): array for name, array in arrays.items() if name.startswith(PARAMETER)},
        words["l2"],
        None if corners is None else tuple(corners),
        words["batch_size"],
        None
        if rows is None
        else RowEdit(tuple(rows["changed"]), batch("values"), tuple(rows["removed"]), batch("added")),
        # Edits that were stored before there was a choice have none.
        words.get("is_shuffled"),
    )
