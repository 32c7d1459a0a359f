"""Expressions over facts: a scene's checkpoint, and the numbers that it promises.

    ["=" | "<" | ">", fact, value]   ["near", fact, value, tolerance?]   ["seen", fact, values]   ["seen", expression]
    ["all", expression, ...]   ["any", expression, ...]   ["not", expression]

A value is JSON, or {"fact": name, "times": 1, "plus": 0}: another fact, times a number, plus a number. docs/LABS.md
says what each means; the page's reader and that of the tests agree on all examples of tests/labs/expressions.json.
"""

from typing import Any

from server.lessons.format.facts import check_fact

COMPARED = ("=", "<", ">", "near")
JOINED = ("all", "any")
LINEAR = {"fact", "times", "plus"}


def check_expression(expression: Any, *, inside_seen: bool = False) -> Any:
    """The expression, if it is one.

    Raises
    ------
    ValueError : it is not written like one, or asks for a fact that does not exist.
    """
    if not isinstance(expression, list) or not expression or not isinstance(expression[0], str):
        raise ValueError(f'{_short(expression)} is no expression; one is a list like ["=", "step", 3]')
    kind, *parts = expression
    if kind in COMPARED:
        _check_comparison(kind, parts)
    elif kind in JOINED:
        if not parts:
            raise ValueError(f'"{kind}" needs expressions behind it')
        for part in parts:
            check_expression(part, inside_seen=inside_seen)
    elif kind == "not":
        if len(parts) != 1:
            raise ValueError('"not" needs one expression behind it')
        check_expression(parts[0], inside_seen=inside_seen)
    elif kind == "seen":
        if inside_seen:
            raise ValueError('"seen" cannot stand inside another "seen"')
        _check_seen(parts)
    else:
        raise ValueError(f'"{kind}" is no expression; there are {", ".join([*COMPARED, "seen", *JOINED, "not"])}')
    return expression


def _check_comparison(kind: str, parts: list[Any]) -> None:
    if len(parts) != 2 and not (kind == "near" and len(parts) == 3):
        raise ValueError(f'"{kind}" compares a fact with a value: ["{kind}", fact, value]')
    _check_name(parts[0])
    value = parts[1]
    if isinstance(value, dict):
        _check_linear(value)
    elif kind in ("<", ">") and not _is_number(value):
        raise ValueError(f'"{kind}" needs a number, not {_short(value)}')
    elif kind == "near" and not _is_numbers(value):
        raise ValueError(f'"near" needs a number or a list of numbers, not {_short(value)}')
    if len(parts) == 3 and not (_is_number(parts[2]) and parts[2] > 0):
        raise ValueError(f"the tolerance must be a number above 0, not {_short(parts[2])}")


def _check_linear(value: dict[str, Any]) -> None:
    if "fact" not in value or not value.keys() <= LINEAR:
        raise ValueError(f'{_short(value)} is no value; write another fact as {{"fact": name, "times": 2, "plus": 1}}')
    _check_name(value["fact"])
    if not all(_is_number(value[name]) for name in LINEAR & value.keys() - {"fact"}):
        raise ValueError(f"times and plus are numbers, not as in {_short(value)}")


def _check_seen(parts: list[Any]) -> None:
    if len(parts) == 1:
        check_expression(parts[0], inside_seen=True)
    elif len(parts) == 2 and isinstance(parts[1], list) and parts[1]:
        _check_name(parts[0])
    else:
        raise ValueError('"seen" is written ["seen", fact, [value, ...]] or ["seen", expression]')


def _check_name(name: Any) -> None:
    if not isinstance(name, str):
        raise ValueError(f"{_short(name)} is no name of a fact")
    check_fact(name)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_numbers(value: Any) -> bool:
    return all(_is_numbers(each) for each in value) if isinstance(value, list) else _is_number(value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
