"""How exactly numbers were written is read off them."""

import numpy as np
import pytest

from engine.doctor.sent import MOST_DIGITS, Sent, sent, with_precision
from engine.errors import EngineError


@pytest.mark.parametrize(
    ("value", "decimals"),
    [
        ([0.5, 2.0], 1),
        ([0.0853], 4),
        (["0.50", "1"], 2),
        (["5e-3"], 3),
        (["1.25e+1"], 1),
        (["\u22120.125"], 3),
        ([[1, 2], [3, 4]], 0),
        ([1 / 3], MOST_DIGITS),
        (["NaN", "0.25", "-Infinity"], 2),
        ([123456.789], 3),
    ],
)
def test_decimals_are_those_of_the_longest_number(value: object, decimals: int) -> None:
    assert sent("results.dW1", value).decimals == decimals


def test_a_tensor_of_whole_numbers_is_exact_and_the_others_are_half_a_unit_wide() -> None:
    read = with_precision({"a": sent("a", [0, 0]), "b": sent("b", [0.25, 0.125]), "c": sent("c", ["0.000"])})
    assert [tensor.half_unit for tensor in read.values()] == pytest.approx([0, 0.0005, 0.0005])


def test_digits_are_the_most_of_the_case_and_at_least_3() -> None:
    few = with_precision({"a": sent("a", [0.5])})
    more = with_precision({"a": sent("a", [0.5]), "b": sent("b", [0.12345])})
    assert few["a"].half_unit == pytest.approx(0.0005)
    assert more["a"].half_unit == pytest.approx(0.000005)


def test_numbers_that_nobody_rounded_have_no_last_digit() -> None:
    assert with_precision({"a": sent("a", [1 / 3])})["a"].half_unit == 0


@pytest.mark.parametrize("value", [[[1.0, 2.0], [3.0]], {"a": 1.0}, [1.0, [2.0]]])
def test_what_is_no_array_has_no_values(value: object) -> None:
    assert sent("results.dW1", value).values is None


def test_null_is_nan_and_words_are_refused() -> None:
    values = sent("results.dW1", [None, "Infinity", "-inf"]).values
    assert values is not None
    np.testing.assert_array_equal(values, [np.nan, np.inf, -np.inf])
    with pytest.raises(EngineError, match="'about 3', which is not a number"):
        sent("results.dW1", ["about 3"])


def test_numbers_of_float32_are_recognised() -> None:
    single: Sent = sent("a", np.array([0.1, 0.7], np.float32).tolist())
    assert single.is_single and single.decimals == MOST_DIGITS
    assert not sent("a", [0.1, 0.7]).is_single
