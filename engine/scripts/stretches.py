"""A run as stretches of steps between its edits, and what both kinds of script say of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from engine.batch import Batch
from engine.course import Course
from engine.datasets import TargetScale
from engine.edits import Edit, RowEdit
from engine.errors import EngineError
from engine.primitives import Array
from engine.run import RunSpec
from engine.scripts.literals import literal


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Steps that are a function of one run, after the edits that led to it.

    Parameters
    ----------
    first, last : numbers of the steps, from 1; last < first where two edits were made at one step or none follows.
    changes : the edits before the first step, each between the run before and the run after it.
    """

    first: int
    last: int
    run: RunSpec
    changes: tuple[tuple[RunSpec, Edit, RunSpec], ...]


def stretches_of(course: Course, taken: int) -> list[Stretch]:
    """The steps 1 to taken."""
    starts = sorted({0, *(edit.step for edit in course.edits if edit.step <= taken)})
    return [
        Stretch(start + 1, end, course.after(start), tuple(course.changes_at(start)))
        for start, end in pairwise([*starts, taken])
    ]


def numbers_needed(course: Course, taken: int) -> int:
    """How many numbers a script has to carry: rows, first parameters, and what edits brought."""
    return sum(array.size for array in _arrays(course, taken))


def _arrays(course: Course, taken: int) -> Iterator[Array]:
    origin = course.origin
    yield from (origin.train.x, origin.train.y, *origin.parameters.values())
    for edit in course.edits:
        if edit.step <= taken:
            yield from edit.parameters.values()
            for batch in () if edit.rows is None else (edit.rows.values, edit.rows.added):
                yield from () if batch is None else (batch.x, batch.y)


def check_precision(run: RunSpec) -> None:
    """Refuse float16, whose sums and updates are computed in float32 inside of operations.

    Raises
    ------
    EngineError : the run computes in float16.
    """
    if run.model.dtype == "float16":
        raise EngineError(
            "script_dtype",
            "A float16 run cannot be written as a script: parts of its operations compute in float32. Export it as "
            "json or safetensors, or run the same session in float32 or float64.",
            field="format",
            found="float16",
            wanted=["float32", "float64"],
        )


def heading_of(edit: Edit) -> str:
    """A comment that says what an edit changed, and when."""
    of_activations = {name: True for numbers in edit.activation_numbers or () for name in numbers or {}}
    changed = {
        "optimizer": edit.optimizer is not None,
        "l2": edit.l2 is not None,
        **of_activations,
        "batch_size": edit.batch_size != "same",
        "shuffle": edit.is_shuffled is not None,
        "rows": edit.rows is not None,
    }
    names = [*edit.parameters, *(name for name, is_changed in changed.items() if is_changed)]
    return f"# Changed after step {edit.step}: {', '.join(names)}."


def data_lines(run: RunSpec, target: TargetScale | None) -> list[str]:
    """X and Y, the rows to train on, and how a target leads back to its own unit."""
    note = [] if target is None else [f"# {target.name!r} itself is Y * {target.scale!r} + {target.mean!r}."]
    return [
        "# The rows to train on, in the scale that the network sees.",
        *note,
        *xy_lines(run.train),
        f"SEED = {run.seed}",
    ]


def xy_lines(rows: Batch) -> list[str]:
    """X and Y, all of them."""
    return [f"X = {literal(rows.x)}", f"Y = {literal(rows.y)}"]


def row_lines(rows: RowEdit) -> list[str]:
    """A change of X and Y."""
    lines = []
    if rows.values is not None:
        changed = list(rows.changed)
        lines += [f"X[{changed}] = {literal(rows.values.x)}", f"Y[{changed}] = {literal(rows.values.y)}"]
    if rows.removed:
        removed = list(rows.removed)
        lines += [f"X, Y = np.delete(X, {removed}, axis=0), np.delete(Y, {removed}, axis=0)"]
    if rows.added is not None:
        lines += [
            f"X = np.concatenate([X, {literal(rows.added.x)}])",
            f"Y = np.concatenate([Y, {literal(rows.added.y)}])",
        ]
    return lines


def rows_expression(run: RunSpec) -> str | None:
    """Which rows a step sees; None where it sees all in order."""
    if run.batch_size is None:
        return None
    rows = "rows_of" if run.is_shuffled else "rows_in_order"
    return f"{rows}(step, {run.batch_size}, {run.order_since})"
