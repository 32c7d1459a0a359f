"""Whatever prints numbers: each comes back with its digits, none is merged with another, none is invented."""

import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from server.doctor.reading.text.decimals import Decimal
from server.doctor.reading.values.numbers import cells_of
from tests.reader import read

Matrix = np.ndarray
VALUES = st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda value: float(np.round(value, 6)))
MATRICES = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=VALUES)
VECTORS = arrays(np.float64, array_shapes(min_dims=1, max_dims=1, min_side=2, max_side=40), elements=VALUES)


def rows(matrix: Matrix, cell: str, row: str, write: Callable[[float], str] = repr) -> str:
    return row.join(cell.join(write(float(value)) for value in line) for line in matrix)


def with_comma(value: float) -> str:
    return f"{value:.6f}".replace(".", ",")


def of_r(matrix: Matrix) -> str:
    head = " ".join(f"[,{column + 1}]" for column in range(matrix.shape[1]))
    lines = [f"[{number + 1},] {rows(line[None], ' ', '')}" for number, line in enumerate(matrix)]
    return "\n".join([f"     {head}", *lines])


PRINTERS: dict[str, Callable[[Matrix], str]] = {
    "str": lambda m: f"dW1:\n{m}",
    "repr": lambda m: f"dW1 = {m!r}",
    "repr of float32": lambda m: f"dW1 = {m.astype(np.float32)!r}",
    "list": lambda m: f"dW1 = {m.tolist()}",
    "JSON": lambda m: json.dumps({"dW1": m.tolist()}),
    "CSV": lambda m: f"dW1\n{rows(m, ',', chr(10))}",
    "tabs": lambda m: f"dW1\n{rows(m, chr(9), chr(10))}",
    "tabs and decimal commas": lambda m: f"dW1\n{rows(m, chr(9), chr(10), with_comma)}",
    "MATLAB": lambda m: f"dW1 = [{rows(m, ' ', '; ')}];",
    "MATLAB by lines": lambda m: f"dW1 = [{rows(m, ' ', chr(10))}]",
    "LaTeX": lambda m: r"dW_1 = \begin{bmatrix}" + rows(m, " & ", r" \\ ") + r"\end{bmatrix}",
    "LaTeX and decimal commas": lambda m: (
        r"dW_1 = \begin{bmatrix}" + rows(m, " & ", r" \\ ", with_comma) + r"\end{bmatrix}"
    ),
    "Markdown": lambda m: "dW1\n\n" + "\n".join(f"| {rows(line[None], ' | ', '')} |" for line in m),
    "R": lambda m: f"> dW1\n{of_r(m)}",
    "minus signs": lambda m: f"dW1 = {m.tolist()}".replace("-", "\u2212").replace("e\u2212", "e-"),
    "dictionary": lambda m: f"grads = {{'W1': {m!r}, 'b1': {m[0]!r}}}",
}

# A single column with commas may be decimals or two columns: that is a question.
ASKED: dict[str, Decimal] = {"CSV": ".", "tabs and decimal commas": ","}


def printed(matrix: Matrix, name: str) -> str:
    with np.printoptions(precision=17, floatmode="maxprec", threshold=10**6):
        return PRINTERS[name](matrix)


@pytest.mark.parametrize("name", PRINTERS)
@settings(max_examples=40)
@given(matrix=MATRICES)
def test_a_printed_matrix_comes_back(name: str, matrix: Matrix) -> None:
    wanted = matrix.astype(np.float32).astype(np.float64) if "float32" in name else matrix
    reading = read(printed(matrix, name), decimal=ASKED.get(name))
    assert [question.id for question in reading.questions] == []
    found = np.array(reading.tensors["dW1"].array.value, dtype=float)
    if "float32" in name:
        found = found.astype(np.float32).astype(np.float64)
    np.testing.assert_array_equal(found.reshape(wanted.shape), wanted)
    if name not in ("CSV", "tabs", "tabs and decimal commas", "Markdown", "MATLAB", "MATLAB by lines"):
        assert found.shape == wanted.shape


@given(vector=VECTORS, decimals=st.integers(1, 8), is_scientific=st.booleans())
def test_a_printed_vector_comes_back_with_its_digits(vector: Matrix, decimals: int, is_scientific: bool) -> None:
    write = np.format_float_scientific if is_scientific else np.format_float_positional
    cells = [write(value, precision=decimals, unique=False) for value in vector]
    tensor = read(f"db1 = [{' '.join(cells)}]").tensors["db1"].array
    assert [float(cell) for cell in cells_of(tensor.value)] == [float(cell) for cell in cells]
    least = decimals - (max(int(cell.partition("e")[2]) for cell in cells) if is_scientific else 0)
    assert tensor.decimals >= min(15, max(0, least))


@given(vector=VECTORS)
def test_a_vector_that_numpy_prints_over_several_lines_is_one(vector: Matrix) -> None:
    with np.printoptions(precision=17, floatmode="maxprec", threshold=10**6):
        reading = read(f"{vector}".join(["db1 = ", ""]) if len(vector) > 2 else f"db1 = {vector}")
    value = np.array(reading.tensors["db1"].array.value, dtype=float)
    np.testing.assert_array_equal(value.ravel(), vector)


PIECES = st.sampled_from(
    [*"[](),;:={}|#'\\&/ \n\t\u00b2", *"W1 dW1 x b1 1 0.5 -2 3e-2 1,5 0,2 \u22123 nan array( ... [1,] [,1]".split()]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_number_is_invented(text: str) -> None:
    # Digits come out in the order in which they went in, at most: nothing is merged, and nothing is made up.
    reading = read(text)
    known = set(re.findall(r"[0-9]+", text.replace("\u00b2", "2")))
    arrays = [t.array for t in reading.tensors.values()] + [u.array for u in reading.unknown if u.array is not None]
    for array in arrays:
        for cell in cells_of(array.value):
            if "/" not in text:
                assert set(re.findall(r"[0-9]+", cell)) <= known, (cell, text)
