"""An edit of a session as bytes and back."""

from typing import Any

from engine.edits import Edit, RowEdit
from engine.model import Batch
from engine.primitives import Array
from engine.vocabulary import Vocabulary
from server.sessions.codec.spec_record import optimizer_of, optimizer_words
from server.sessions.store.packing import pack, unpack

PARAMETER = "parameters/"


def edit_packed(edit: Edit) -> bytes:
    """Numbers as JSON, which keeps every bit of a float64, and arrays as they are."""
    arrays: dict[str, Array] = {f"{PARAMETER}{name}": array for name, array in edit.parameters.items()}
    words: dict[str, Any] = {
        "step": edit.step,
        "optimizer": None if edit.optimizer is None else optimizer_words(edit.optimizer),
        "l2": edit.l2,
        "activation_numbers": edit.activation_numbers,
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


def edit_of(body: bytes, vocabulary: Vocabulary) -> Edit:
    """The edit that was packed."""
    arrays, words = unpack(body)
    optimizer, rows = words["optimizer"], words["rows"]

    def batch(name: str) -> Batch | None:
        return Batch(arrays[f"{name}/x"], arrays[f"{name}/y"]) if f"{name}/x" in arrays else None

    return Edit(
        words["step"],
        None if optimizer is None else optimizer_of(optimizer, vocabulary),
        {name.removeprefix(PARAMETER): array for name, array in arrays.items() if name.startswith(PARAMETER)},
        words["l2"],
        _activation_numbers(words),
        words["batch_size"],
        None
        if rows is None
        else RowEdit(tuple(rows["changed"]), batch("values"), tuple(rows["removed"]), batch("added")),
        # Edits that were stored before there was a choice have none.
        words.get("is_shuffled"),
    )


def _activation_numbers(words: dict[str, Any]) -> tuple[dict[str, float] | None, ...] | None:
    if "activation_numbers" in words:
        numbers = words["activation_numbers"]
        return None if numbers is None else tuple(numbers)
    # Edits that were stored when this was the only number that could be changed.
    corners = words["derivative_at_zero"]
    if corners is None:
        return None
    return tuple(None if corner is None else {"derivative_at_zero": corner} for corner in corners)
