"""Results of POST /diagnose under anybody's names."""

from typing import Any

import pytest

from engine.spec import LayerSpec, ModelSpec
from server.doctor.reading import canonical_results

ONE = ModelSpec(4, (), 3)
TWO = ModelSpec(4, (LayerSpec(5),), 3)
THREE = ModelSpec(4, (LayerSpec(5), LayerSpec(6)), 3)
HALF = ModelSpec(4, (LayerSpec(5),), 3, "identity", "half_squared_error")


@pytest.mark.parametrize(
    ("model", "written", "name"),
    [
        (TWO, "dscores", "dz2"),
        (THREE, "dscores", "dz3"),
        (ONE, "dlogits", "dz1"),
        (TWO, "dh1", "da1"),
        (TWO, "dhidden", "da1"),
        (ONE, "dW", "dW1"),
        (ONE, "grad", "grad"),
        (TWO, "grads['W2']", "dW2"),
        (TWO, "W1.grad", "dW1"),
        (THREE, "delta3", "dz3"),
        (TWO, "probs", "p"),
        (TWO, "A2", "p"),
        (TWO, "AL", "p"),
        (HALF, "y_hat", "a2"),
        (HALF, "A2", "a2"),
        (HALF, "dyhat", "da2"),
        (TWO, "cost", "loss"),
        (TWO, "dW3", "dW3"),
        (TWO, "whatever", "whatever"),
        (TWO, "dz2", "dz2"),
    ],
)
def test_a_result_is_found_under_any_known_name(model: ModelSpec, written: str, name: str) -> None:
    value = [[1.0]]
    assert canonical_results({written: value}, model) == {name: value}


def matrix(rows: int, columns: int) -> list[list[int]]:
    return [[10 * row + column for column in range(columns)] for row in range(rows)]


@pytest.mark.parametrize(
    ("results", "wanted"),
    [
        ({"dV": matrix(4, 5), "dW": matrix(5, 3)}, {"dW1": matrix(4, 5), "dW2": matrix(5, 3)}),
        ({"dV": matrix(5, 3), "dW": matrix(4, 5)}, {"dW2": matrix(5, 3), "dW1": matrix(4, 5)}),
        ({"dV": matrix(3, 5), "dW": matrix(5, 4)}, {"dW2": matrix(3, 5), "dW1": matrix(5, 4)}),
        ({"dV": matrix(2, 2), "dW": matrix(5, 4)}, {"dW2": matrix(2, 2), "dW1": matrix(5, 4)}),
        ({"dV": matrix(2, 2), "dW": matrix(7, 7)}, {"dV": matrix(2, 2), "dW": matrix(7, 7)}),
    ],
)
def test_v_and_w_are_told_apart_by_their_shapes(results: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert canonical_results(results, TWO) == wanted


@pytest.mark.parametrize("layout", ["rows", "columns"])
def test_the_gradient_of_theta_holds_that_of_the_bias(layout: str) -> None:
    read = canonical_results({"Theta1_grad": matrix(5, 5)}, TWO, layout)
    weights = [row[1:] for row in matrix(5, 5)]
    assert read["db1"] == [0, 10, 20, 30, 40]
    assert read["dW1"] == (weights if layout == "columns" else [list(column) for column in zip(*weights, strict=True)])


def test_v_and_w_of_one_shape_are_left_to_the_person() -> None:
    square = ModelSpec(3, (LayerSpec(3),), 3)
    results = {"dV": matrix(3, 3), "dW": matrix(3, 3)}
    assert canonical_results(results, square) == results


def test_a_second_name_for_the_same_tensor_is_not_taken_for_it() -> None:
    assert canonical_results({"dscores": 1, "delta2": 2}, TWO) == {"dz2": 1, "delta2": 2}
    assert canonical_results({"dscores": 1, "dz2": 2}, TWO) == {"dz2": 2, "dscores": 1}
