"""Numbers of an experiment, refused in words when they are out of range."""

import math
from collections.abc import Collection

from engine.errors import EngineError


def check_count(field: str, found: int, low: int, high: int) -> None:
    """Refuse a whole number that is not from low to high."""
    if not low <= found <= high:
        raise EngineError(
            "range", f"{field} is {found}; give a whole number from {low} to {high}.", field=field, found=found
        )


def check_number(field: str, found: float, low: float, high: float) -> None:
    """Refuse a number that is not from low to high."""
    if not (math.isfinite(found) and low <= found <= high):
        raise EngineError(
            "range", f"{field} is {found}; give a number from {low:g} to {high:g}.", field=field, found=found
        )


def check_length(field: str, found: Collection[object], high: int) -> None:
    """Refuse a list that is empty, longer than high, or that names something twice."""
    if not 1 <= len(found) <= high or len(set(found)) < len(found):
        raise EngineError(
            "range",
            f"{field} has {len(found)} entries; give 1 to {high} different ones.",
            field=field,
            found=len(found),
        )
