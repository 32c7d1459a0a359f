"""How often a network is right: nodes of its program like all the others."""

import numpy as np
import pytest

from engine.model import ModelSpec, batch_of, trace_step
from engine.primitives import PRIMITIVES, Array
from engine.rewrites import for_training, replicate
from engine.vocabulary import STANDARD
from engine.workspace import Workspace
from tests.engine.cases import random_case

P = np.array([[0.7, 0.2, 0.1], [0.3, 0.3, 0.4], [0.1, 0.8, 0.1], [0.2, 0.5, 0.3]])


def is_right(op: str, p: Array, y: Array) -> list[float]:
    out = np.full(len(p), np.nan)
    PRIMITIVES[op].kernel(p, y, out)
    return out.tolist()


def test_a_sample_is_right_when_its_largest_probability_is_that_of_its_class() -> None:
    assert is_right("same_largest", P, np.eye(3)[[0, 2, 1, 0]]) == [1, 1, 1, 0]


def test_of_equal_probabilities_the_first_counts() -> None:
    halves = np.array([[0.5, 0.5]])
    assert is_right("same_largest", halves, np.array([[1.0, 0.0]])) == [1]
    assert is_right("same_largest", halves, np.array([[0.0, 1.0]])) == [0]


def test_a_sample_with_nan_is_wrong_whatever_its_class() -> None:
    p = np.array([[np.nan, np.nan], [0.5, np.nan], [0.5, 0.1]])
    for y in (np.eye(2)[[0, 1, 0]], np.eye(2)[[1, 0, 0]]):
        assert is_right("same_largest", p, y) == [*is_right("same_side_of_half", p, y)[:2], 1] == [0, 0, 1]


def test_outputs_are_right_when_each_is_on_the_right_side_of_one_half() -> None:
    p = np.array([[0.9, 0.2], [0.9, 0.6], [0.4, 0.1], [0.5, 0.5]])
    assert is_right("same_side_of_half", p, np.array([[1, 0], [1, 0], [0, 0], [0, 0.4]])) == [1, 0, 1, 1]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_accuracy_is_the_share_of_right_samples_also_where_the_step_is_too_coarse_to_count_them(dtype: str) -> None:
    # z = x: the first class where x is 0, with 2049 of 4096 right, which a float16 cannot tell from 2048.
    model = ModelSpec(2, (), 2, bias=False, dtype=dtype)
    rows = np.eye(2)[np.zeros(4096, int)]
    labels = np.r_[np.zeros(2049), np.ones(2047)]
    trace = trace_step(model, {"W1": np.eye(2, dtype=dtype)}, batch_of(model, rows, labels))
    assert trace["accuracy"] == 2049 / 4096


@pytest.mark.parametrize("pair", STANDARD.outputs, ids=" ".join)
def test_a_program_has_an_accuracy_where_its_row_says_what_is_right(pair: tuple[str, str]) -> None:
    program = random_case(output=pair).program()
    assert ("accuracy" in program.tensors) == (STANDARD.outputs[pair].is_right is not None)


def largest(answers: Array, y: Array) -> float:
    return float(np.mean(answers.argmax(axis=1) == y.argmax(axis=1)))


def sides_of_half(answers: Array, y: Array) -> float:
    return float(np.mean(((answers >= 0.5) == (y >= 0.5)).all(axis=1)))


@pytest.mark.parametrize("pair", [pair for pair, row in STANDARD.outputs.items() if row.is_right], ids=" ".join)
def test_classes_are_right_by_their_largest_probability_and_yes_or_no_by_the_side_of_one_half(
    pair: tuple[str, str],
) -> None:
    trace = random_case(output=pair, m=64, units=(2, 4, 9)).trace()
    answers, y = trace[trace.program.named("a", 2)], trace["y"]
    assert largest(answers, y) != sides_of_half(answers, y)
    assert trace["accuracy"] == {"softmax": largest, "sigmoid": sides_of_half}[pair[0]](answers, y)


def test_where_nobody_asks_for_the_accuracy_it_is_not_computed() -> None:
    phases = {node.phase for node in for_training(random_case().program(), ["loss"]).nodes}
    assert "measure" not in phases


def test_every_replica_has_an_accuracy_of_its_own() -> None:
    case = random_case(m=6)
    workspace = Workspace(replicate(for_training(case.program(), ["accuracy"]), 2), 6)
    values = {name: np.stack([value, -value]) for name, value in case.parameters.items()}
    workspace.load({"x": case.batch.x, "y": case.batch.y, "samples": 6, **values})
    workspace.run()
    single = case.trace()["accuracy"]
    assert workspace["accuracy"].shape == (2,)
    assert workspace["accuracy"][0] == single
