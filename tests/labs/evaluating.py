"""Expressions over facts, worked out: what server/lessons/format/expressions.py lets a lab write."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

PART = re.compile(r"\w+", re.ASCII)
SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
MISSING = object()


def holds(expression: Sequence[Any], history: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an expression is true after a scene in which the facts were these, one after the other."""
    kind, *parts = expression
    now = history[-1]
    match kind:
        case "all":
            return all(holds(part, history) for part in parts)
        case "any":
            return any(holds(part, history) for part in parts)
        case "not":
            return not holds(parts[0], history)
        case "seen" if len(parts) == 1:
            return any(holds(parts[0], [facts]) for facts in history)
        case "seen":
            return all(any(holds(["=", parts[0], value], [facts]) for facts in history) for value in parts[1])
    found, value = fact(parts[0], now), _value(parts[1], now)
    match kind:
        case "=":
            return _is_equal(found, value)
        case "<":
            return _is_number(found) and _is_number(value) and found < value
        case ">":
            return _is_number(found) and _is_number(value) and found > value
        case "near":
            return _is_near(found, value, *parts[2:])
    raise AssertionError(kind)


def fact(name: str, facts: Any) -> Any:
    """The fact of this name; MISSING where there is none."""
    found = facts
    for part in PART.findall(name):
        if isinstance(found, Mapping) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return MISSING
    return _read(found)


def _value(value: Any, facts: Mapping[str, Any]) -> Any:
    if not isinstance(value, Mapping) or "fact" not in value:
        return _read(value)
    found = fact(value["fact"], facts)
    if value.keys() == {"fact"}:
        return found
    return found * value.get("times", 1) + value.get("plus", 0) if _is_number(found) else MISSING


def _read(value: Any) -> Any:
    """As in the API's answers: three words are numbers."""
    return SPELLED.get(value, value) if isinstance(value, str) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_equal(one: Any, other: Any) -> bool:
    one, other = _read(one), _read(other)
    if one is MISSING or other is MISSING:
        return False
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_equal, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_is_equal(one[name], other[name]) for name in one)
    if _is_number(one) and _is_number(other):
        return bool(one == other)
    return type(one) is type(other) and bool(one == other)


def _is_near(found: Any, value: Any, tolerance: float | None = None) -> bool:
    found, value = _read(found), _read(value)
    if isinstance(found, list) and isinstance(value, list):
        return len(found) == len(value) and all(
            _is_near(one, other, tolerance) for one, other in zip(found, value, strict=True)
        )
    if not _is_number(found) or not _is_number(value):
        return False
    return abs(found - value) <= (four_digits(value) if tolerance is None else tolerance)


def four_digits(value: float) -> float:
    """Half a unit of the fourth digit, and a little more for what has no finite form in binary."""
    exponent = int(f"{abs(value):.15e}".partition("e")[2]) if value else -1
    return 0.5 * 10.0 ** (exponent - 3) * (1 + 1e-9)
