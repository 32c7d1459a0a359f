"""The long way back shows the numbers of the short one, or says why it cannot."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from engine.long_way import TEXTS, Note, notes_of
from engine.model import ModelSpec, OptimizerSpec, batch_of, trace_step
from engine.trace import Trace
from engine.vocabulary import STANDARD
from tests.engine.cases import SOFTMAX, Case, for_many_networks, networks

SIGMOID = ("sigmoid", "binary_cross_entropy")
DTYPES = ["float64", "float32", "float16"]


def both_ways(
    pair: tuple[str, str],
    z: list[list[float]],
    y: object,
    dtype: str = "float64",
    optimizer: OptimizerSpec | None = None,
) -> tuple[Trace, Trace, tuple[Note, ...]]:
    """The long way, the short one and the notes, for these logits."""
    outputs = len(z[0])
    model = ModelSpec(outputs, (), outputs, *pair, bias=False, dtype=dtype)
    parameters = {"W1": np.eye(outputs, dtype=dtype)}
    long, short = (
        trace_step(model, parameters, batch_of(model, z, y), None, rules)
        for rules in (STANDARD.long_way, STANDARD.rules)
    )
    return long, short, notes_of(long, short, dtype)


def codes(notes: tuple[Note, ...]) -> dict[str, str]:
    return {note.tensor: note.code for note in notes}


def test_sigmoid_with_a_weight_of_40_says_why_it_shows_0_where_the_short_way_shows_1() -> None:
    model = ModelSpec(1, (), 1, *SIGMOID)
    parameters = {"W1": np.array([[40.0]]), "b1": np.zeros(1)}
    long, short = (
        trace_step(model, parameters, batch_of(model, [[1]], [0]), OptimizerSpec(), rules)
        for rules in (STANDARD.long_way, STANDARD.rules)
    )
    assert (long["dz1"].item(), short["dz1"].item()) == (0, 1)
    notes = notes_of(long, short, "float64")
    assert codes(notes) == {
        "dz1": "divided_by_zero",
        **dict.fromkeys(["dW1", "db1", "dx", "W1_step", "b1_step", "W1_next", "b1_next"], "follows"),
    }


@pytest.mark.parametrize(("dtype", "z"), [("float64", 37.0), ("float32", 17.0), ("float16", 8.0)])
def test_every_precision_says_it_from_the_logit_on_from_which_1_minus_p_is_0(dtype: str, z: float) -> None:
    assert codes(both_ways(SIGMOID, [[z]], [[0]], dtype)[2])["dz1"] == "divided_by_zero"
    assert both_ways(SIGMOID, [[z / 2]], [[0]], dtype)[2] == ()


@pytest.mark.parametrize(("dtype", "z"), [("float64", -720.0), ("float32", -90.0), ("float16", -12.0)])
def test_one_over_a_tiny_probability_is_said_to_be_too_large(dtype: str, z: float) -> None:
    long, short, notes = both_ways(SIGMOID, [[z]], [[1]], dtype)
    assert 0 < short["p"].item()
    assert not np.isfinite(long["dp"]).all()
    assert codes(notes)["dz1"] == "ratio_too_large"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("z", "y"), [(1000.0, 1), (-1000.0, 0)])
def test_sigmoid_that_is_surely_right_needs_no_note(dtype: str, z: float, y: int) -> None:
    long, _, notes = both_ways(SIGMOID, [[z]], [[y]], dtype)
    assert (long["dp"].item(), long["dz1"].item(), notes) == (1 if y == 0 else -1, 0, ())


@pytest.mark.parametrize(("dtype", "gap"), [("float64", 746.0), ("float32", 104.0), ("float16", 18.0)])
def test_softmax_that_is_surely_right_gives_0_and_0_both_ways(dtype: str, gap: float) -> None:
    long, _, notes = both_ways(SOFTMAX, [[gap, 0.0]], [0], dtype)
    assert long["p"].tolist() == [[1, 0]]
    assert (long["dp"].tolist(), long["dz1"].tolist(), notes) == ([[-1, 0]], [[0, 0]], ())


@pytest.mark.parametrize(("dtype", "gap"), [("float64", 746.0), ("float32", 104.0), ("float16", 18.0)])
def test_softmax_that_is_surely_wrong_says_why_it_has_no_number(dtype: str, gap: float) -> None:
    long, short, notes = both_ways(SOFTMAX, [[gap, 0.0]], [1], dtype)
    assert short["dz1"].tolist() == [[1, -1]]
    assert not np.isfinite(long["dz1"]).all()
    assert codes(notes)["dz1"] == "divided_by_zero"


@pytest.mark.parametrize(("dtype", "gap"), [("float64", 720.0), ("float32", 90.0), ("float16", 12.0)])
def test_softmax_with_a_tiny_probability_says_that_1_over_it_is_too_large(dtype: str, gap: float) -> None:
    assert codes(both_ways(SOFTMAX, [[gap, 0.0]], [1], dtype)[2])["dz1"] == "ratio_too_large"


def test_one_sample_of_a_batch_is_enough_for_a_note() -> None:
    z = [[1.0, 2.0], [-1.0, 0.5], [800.0, 0.0]]
    assert both_ways(SOFTMAX, z, [0, 1, 0])[2] == ()
    long, _, notes = both_ways(SOFTMAX, z, [0, 1, 1])
    assert np.isfinite(long["dz1"][:2]).all()
    assert codes(notes) == {"dz1": "divided_by_zero", "dW1": "follows", "dx": "follows"}


def test_digits_that_cancel_are_said_to_be_rounding() -> None:
    # p - y is about 1e-12: the digits of p that are left differ with the way.
    p = 1 / (1 + np.exp(-0.3))
    long, short, notes = both_ways(SIGMOID, [[0.3]], [[p - 1e-12]])
    np.testing.assert_allclose(long["dz1"], short["dz1"], atol=1e-15)
    assert codes(notes)["dz1"] == "rounding"


@for_many_networks
@given(case=networks(outputs=[SOFTMAX, SIGMOID]))
def test_a_tensor_without_a_note_has_the_number_of_the_short_way(case: Case) -> None:
    long, short = case.trace(STANDARD.long_way), case.trace()
    notes = notes_of(long, short, "float64")
    noted = {note.tensor for note in notes}
    first = f"dz{case.model.depth}"
    if first not in noted:
        np.testing.assert_allclose(long[first], short[first], rtol=1.1e-12)
    assert noted <= short.program.tensors.keys()


def test_every_other_output_has_one_way_only_and_no_note() -> None:
    for pair in STANDARD.outputs:
        if pair not in (SOFTMAX, SIGMOID):
            assert both_ways(pair, [[50.0, -50.0]], [[0, 1]])[2] == ()


@pytest.mark.parametrize("language", sorted((Path(__file__).parents[2] / "static" / "i18n").glob("*.json")))
def test_every_note_has_a_text_that_names_its_tensor(language: Path) -> None:
    texts = json.loads(language.read_text(encoding="utf-8"))
    assert {key for key in texts if key.startswith("note.")} == {f"note.{code}" for code in TEXTS}
    for code in TEXTS:
        assert "{tensor}" in texts[f"note.{code}"]
        assert "dz1" in Note(code, "dz1").text  # type: ignore[arg-type]
