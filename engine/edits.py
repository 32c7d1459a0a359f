"""A change in mid-run: of the numbers, of the parameters or of the rows; noted at its step and made again on replay."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from engine.batch import Batch
from engine.errors import EngineError
from engine.model import program_of
from engine.primitives import Array
from engine.run import RunSpec
from engine.spec import ModelSpec, OptimizerSpec

# An int of Python in a tuple, and an edit besides its arrays.
BYTES_OF_A_NUMBER, BYTES_OF_AN_EDIT = 40, 1_000


@dataclass(frozen=True, slots=True, eq=False)
class RowEdit:
    """A change of the rows to train on: some get other numbers, then some go, then some come at the end.

    Parameters
    ----------
    changed : which rows get the numbers of `values`, counted from 0 before anything goes.
    removed : which rows go, counted in the same way.
    """

    changed: tuple[int, ...] = ()
    values: Batch | None = None
    removed: tuple[int, ...] = ()
    added: Batch | None = None

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        numbers = BYTES_OF_A_NUMBER * (len(self.changed) + len(self.removed))
        return numbers + sum(batch.nbytes for batch in (self.values, self.added) if batch is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """What changes after so many steps; None (or "same") leaves a thing as it is.

    Parameters
    ----------
    step : how many steps were taken; the next one is the first that sees the change.
    optimizer : with another name it begins again: what was remembered is forgotten, and its clock starts at this step.
    parameters : name -> new value, of those that change.
    activation_numbers : one entry a hidden layer, and one more for the output where wanted: the numbers that change.
    """

    step: int
    optimizer: OptimizerSpec | None = None
    parameters: Mapping[str, Array] = field(default_factory=dict)
    l2: float | None = None
    activation_numbers: tuple[Mapping[str, float] | None, ...] | None = None
    batch_size: int | Literal["same"] | None = "same"
    rows: RowEdit | None = None
    is_shuffled: bool | None = None

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        rows = 0 if self.rows is None else self.rows.nbytes
        return BYTES_OF_AN_EDIT + rows + sum(array.nbytes for array in self.parameters.values())


def edited(run: RunSpec, edit: Edit) -> RunSpec:
    """What the steps after an edit are a function of.

    Raises
    ------
    EngineError : something out of its range, a row that is not there, or a mistake that makes no sense any more.
    """
    optimizer = edit.optimizer or run.optimizer
    train = run.train if edit.rows is None else _edited_rows(run.train, edit.rows)
    batch_size = run.batch_size if edit.batch_size == "same" else edit.batch_size
    is_shuffled = run.is_shuffled if edit.is_shuffled is None else edit.is_shuffled
    # Epochs that would not fit any more begin again; moving a point keeps the order of the rows.
    is_new_order = (train.m, batch_size, is_shuffled) != (run.train.m, run.batch_size, run.is_shuffled)
    model = _edited_model(run.model, edit)
    if model.mistakes:
        # Raises where the edited model cannot have them any more.
        program_of(model, optimizer)
    return replace(
        run,
        model=model,
        optimizer=optimizer,
        train=train,
        batch_size=batch_size,
        is_shuffled=is_shuffled,
        optimizer_since=run.optimizer_since if optimizer.name == run.optimizer.name else edit.step,
        order_since=edit.step if is_new_order else run.order_since,
    )


def carried(values: Mapping[str, Array], before: RunSpec, after: RunSpec, edit: Edit) -> dict[str, Array]:
    """The parameters, and what the optimizer still remembers, on the other side of an edit."""
    is_new_optimizer = before.optimizer.name != after.optimizer.name
    kept = before.model.parameter_shapes if is_new_optimizer else values
    return {**{name: values[name] for name in kept}, **edit.parameters}


def _edited_model(model: ModelSpec, edit: Edit) -> ModelSpec:
    hidden, output = model.hidden, model.output_settings
    if edit.activation_numbers is not None:
        given = edit.activation_numbers
        if len(given) not in (len(hidden), len(hidden) + 1):
            raise EngineError(
                "shape",
                f"activation_numbers has {len(given)} entries; give one for each of the {len(hidden)} hidden layers, "
                "and one more for the output if you like, null where nothing changes.",
                field="activation_numbers",
                found=len(given),
                wanted=len(hidden),
            )
        hidden = tuple(
            replace(layer, settings=_changed(layer.settings, numbers))
            for layer, numbers in zip(hidden, given, strict=False)
        )
        output = _changed(output, given[-1] if len(given) > len(hidden) else None)
    l2 = model.l2 if edit.l2 is None else edit.l2
    return replace(model, hidden=hidden, output_settings=output, l2=l2)


def _changed(
    settings: tuple[tuple[str, float], ...], numbers: Mapping[str, float] | None
) -> tuple[tuple[str, float], ...]:
    return tuple({**dict(settings), **(numbers or {})}.items())


def _edited_rows(rows: Batch, edit: RowEdit) -> Batch:
    for row in (*edit.changed, *edit.removed):
        if not 0 <= row < rows.m:
            raise EngineError(
                "row",
                f"There is no sample {row} to train on; this run has samples 0 to {rows.m - 1}.",
                field="data",
                found=row,
                rows=rows.m,
            )
    x, y = rows.x.copy(), rows.y.copy()
    if edit.values is not None:
        x[list(edit.changed)], y[list(edit.changed)] = edit.values.x, edit.values.y
    is_kept = np.ones(rows.m, bool)
    is_kept[list(edit.removed)] = False
    parts = [Batch(x[is_kept], y[is_kept]), *([] if edit.added is None else [edit.added])]
    left = Batch(np.concatenate([part.x for part in parts]), np.concatenate([part.y for part in parts]))
    if left.m == 0:
        raise EngineError("empty", "No sample would be left to train on; keep or add at least one.", field="data")
    return left
