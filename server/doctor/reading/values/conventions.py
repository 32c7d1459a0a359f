"""What a network's own tensors say of the layout, and of y; asked where two readings fit."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

from server.doctor.reading.text.words import Choice, Question
from server.doctor.reading.values.numbers import Array, cells_of

Layout = Literal["rows", "columns"]
Arrays = Mapping[str, Array]


def layout_of(arrays: Arrays) -> tuple[Layout, ...]:
    """The layouts that fit; empty: the tensors say nothing of it, or contradict each other."""
    weights = _weights(arrays)
    x = arrays["x"].shape if "x" in arrays else ()
    if not weights or (len(weights) == 1 and len(x) < 2 and "b1" not in arrays):
        return ()
    if all(shape == (1, 1) for shape in weights):
        return ()
    as_rows = _fits(weights, x, arrays)
    as_columns = _fits([shape[::-1] for shape in weights], x[::-1], arrays)
    # As in PyTorch: samples are rows, and W has a row for each unit.
    as_both = _fits([shape[::-1] for shape in weights], x, arrays)
    if as_columns and not as_rows and len(x) < 2 and as_both:
        return ("columns",)
    if as_rows and as_columns:
        # A bias as a column goes with columns of samples.
        biases = [array.shape for name, array in arrays.items() if name.startswith("b") and len(array.shape) == 2]
        as_rows = as_rows and not any(shape[0] > shape[1] for shape in biases)
        as_columns = as_columns and not any(shape[0] < shape[1] for shape in biases)
    fitting: list[Layout] = []
    if as_rows or (as_both and not as_columns):
        fitting.append("rows")
    if as_columns:
        fitting.append("columns")
    return tuple(fitting)


def _weights(arrays: Arrays) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    while (name := f"W{len(found) + 1}") in arrays and len(arrays[name].shape) == 2:
        found.append(arrays[name].shape)
    return found


def _fits(weights: list[tuple[int, ...]], x: tuple[int, ...], arrays: Arrays) -> bool:
    """Whether shapes (inputs, units) follow on each other, on (samples, inputs), and have their biases."""
    if any(below[1] != above[0] for below, above in pairwise(weights)) or (x and x[-1] != weights[0][0]):
        return False
    y = arrays["y"].shape if "y" in arrays else ()
    # Labels, one a sample; or the row of the only sample.
    if len(x) == 2 and len(y) == 1 and y[0] != x[0] and (x[0] > 1 or y[0] != weights[-1][1]):
        return False
    biases = [arrays.get(f"b{layer}") for layer in range(1, len(weights) + 1)]
    return all(
        bias is None or max(bias.shape, default=1) == shape[1] for bias, shape in zip(biases, weights, strict=True)
    )


def layout_question(line: int) -> Question:
    """Rows or columns, where both fit."""
    choices = tuple(Choice(way, f"layout_{way}", {}) for way in ("rows", "columns"))
    return Question("layout", "layout", {}, choices, line)


def samples_of(arrays: Arrays, layout: Layout | None) -> int | None:
    """How many samples x holds; None: that is open."""
    if "x" not in arrays:
        return None
    x = arrays["x"].shape
    if len(x) == 2:
        return None if layout is None and x[0] != x[1] else x[0] if layout != "columns" else x[1]
    weights = _weights(arrays)
    if not x:
        return 1
    if not weights:
        return None
    inputs = weights[0][1 if layout == "columns" else 0]
    if inputs == x[0]:
        return 1
    return x[0] if inputs == 1 else None


def is_one_hot(y: Array) -> bool:
    """Whether a list of numbers could be one sample's row: a single 1 among zeros."""
    if len(y.shape) != 1 or y.shape[0] < 2:
        return False
    numbers = [float(cell) for cell in cells_of(y.value)]
    return sorted(numbers) == [0.0] * (len(numbers) - 1) + [1.0]


def y_question(count: int, line: int) -> Question:
    """Labels of so many samples, or one sample's row."""
    choices = (
        Choice("labels", "y_labels", {"count": count}),
        Choice("one_hot", "y_one_hot", {"count": count}),
    )
    return Question("y", "y", {"line": line}, choices, line, ("y",))
