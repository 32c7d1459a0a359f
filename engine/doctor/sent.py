"""Numbers as a learner sent them, with how exactly they were written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import EngineError
from engine.primitives import Array

# Fewer digits would round most gradients away.
LEAST_DIGITS = 3
# A number with more decimals than this was not rounded by anybody.
MOST_DIGITS = 12
# The least number that float32 holds with all of its digits.
LEAST_OF_FLOAT32 = float(np.finfo(np.float32).tiny)
# Every digit has one place only: where two could take it, a long number would be tried in all of its places in vain.
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,9}))?")
_MINUS_SIGNS = str.maketrans(dict.fromkeys("−–‒－", "-"))


@dataclass(frozen=True, slots=True)
class Sent:
    """A tensor as it was sent.

    Parameters
    ----------
    values : float64 of any shape; None where the rows have different lengths.
    decimals : the most decimals of its numbers, MOST_DIGITS where they were not rounded.
    is_whole : all of its numbers are whole and written so: then they are exact, unless other cases are rounded.
    is_single : all of its numbers are numbers of float32.
    half_unit : half of the last digit of the case that it belongs to; 0 where it is exact.
    rtol, atol : how much rounding in the learner's computation may change, relative to a cell and to the largest one.
    least : numbers below it may have become 0.
    """

    values: Array | None
    decimals: int
    is_whole: bool
    is_single: bool
    half_unit: float = 0.0
    rtol: float = 1e-5
    atol: float = 1e-6
    least: float = 0.0

    def with_tolerance(self, times: float) -> "Sent":
        """The same numbers, written so many times less exactly."""
        return replace(self, half_unit=times * self.half_unit, rtol=times * self.rtol, atol=times * self.atol)

    def divided_by(self, number: float) -> "Sent":
        if self.values is None:
            return self
        return replace(self, values=self.values / number, half_unit=self.half_unit / abs(number))


def sent(field: str, value: object) -> Sent:
    """A tensor from nested lists of numbers, or of their texts, where "0.50" says one digit more than 0.5.

    Raises
    ------
    EngineError : a text that is no number.
    """
    raw = np.empty((), object)
    try:
        raw = np.array(value, dtype=object)
    except ValueError:
        return Sent(None, 0, is_whole=False, is_single=False)
    cells = raw.ravel().tolist()
    if any(isinstance(cell, list | tuple | dict) for cell in cells):
        return Sent(None, 0, is_whole=False, is_single=False)
    values = np.array([_number(field, cell) for cell in cells], np.float64).reshape(raw.shape)
    texts = [cell for cell in cells if isinstance(cell, str)]
    written = values.ravel()[[not isinstance(cell, str) for cell in cells]]
    decimals = max([_decimals_of_floats(written), *(_decimals_of_text(text) for text in texts)])
    with np.errstate(all="ignore"):
        is_single = bool(np.array_equal(values.astype(np.float32), values, equal_nan=True))
    return Sent(values, min(decimals, MOST_DIGITS), decimals == 0, is_single)


def _number(field: str, cell: object) -> float:
    if cell is None:
        return np.nan
    try:
        return float(cell.translate(_MINUS_SIGNS) if isinstance(cell, str) else cell)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError):
        raise EngineError(
            "no_number",
            f"{field} holds {str(cell)[:40]!r}, which is not a number. Write numbers such as 0.5 or 5e-1.",
            field=field,
            found=str(cell)[:40],
        ) from None


def _decimals_of_text(text: str) -> int:
    found = _DECIMAL.fullmatch(text.strip().translate(_MINUS_SIGNS))
    if found is None:
        return 0
    return max(0, len(found[1] or found[2] or "") - int(found[3] or 0))


def _decimals_of_floats(values: Array) -> int:
    """The fewest decimals that write all of these numbers, at most MOST_DIGITS."""
    finite = values[np.isfinite(values)]
    for decimals in range(MOST_DIGITS):
        # Equal to what the text with so many decimals is read as, whatever the last bit of a product is.
        if np.all(np.abs(np.round(finite, decimals) - finite) <= 1e-15 * np.abs(finite)):
            return decimals
    return MOST_DIGITS


def with_precision(tensors: dict[str, Sent]) -> dict[str, Sent]:
    """The tensors of one case: the most decimals of any of them are the digits of all."""
    readable = [tensor for tensor in tensors.values() if tensor.values is not None]
    digits = max([LEAST_DIGITS, *(tensor.decimals for tensor in readable)])
    is_coarse = is_coarse_of(readable, digits)
    half_unit = 0.0 if digits >= MOST_DIGITS else 0.5 * 10.0**-digits
    rtol, atol = (1e-4, 1e-5) if is_coarse else (1e-5, 1e-6)
    least = LEAST_OF_FLOAT32 if all(tensor.is_single for tensor in readable) else 0.0
    return {
        name: replace(tensor, half_unit=0.0 if tensor.is_whole else half_unit, rtol=rtol, atol=atol, least=least)
        for name, tensor in tensors.items()
    }


def rounded_alike(cases: Sequence[Mapping[str, Sent]]) -> list[dict[str, Sent]]:
    """The tensors of several cases: where one is rounded in some of them, its whole numbers in the others are too."""
    half_units: dict[str, float] = {}
    for case in cases:
        for name, tensor in case.items():
            half_units[name] = max(half_units.get(name, 0.0), tensor.half_unit)
    return [
        {
            name: replace(tensor, half_unit=half_units[name]) if tensor.is_whole else tensor
            for name, tensor in case.items()
        }
        for case in cases
    ]


def is_coarse_of(tensors: Iterable[Sent], digits: int) -> bool:
    """Whether the numbers may come from float32: NumPy prints those with at most 9 decimals."""
    return digits <= 9 or all(tensor.is_single for tensor in tensors)
