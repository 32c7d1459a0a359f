"""Numbers of single units: net_h1, out_o1, target_o1."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from server.doctor.reading.entries import Entry
from server.doctor.reading.names.name import Name
from server.doctor.reading.values.numbers import Nested

_UNITS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern + r"_?\{?(?P<number>[1-9])\}?", re.IGNORECASE))
    for kind, pattern in (
        ("x", r"(?:i|x|in|input)"),
        ("y", r"(?:(?:t|target|y)(?:_?\{?o)?)"),
        ("z hidden", r"(?:net|z|in)_?\{?h"),
        ("a hidden", r"(?:(?:out|a)_?\{?)?h"),
        ("delta hidden", r"(?:delta|δ)_?\{?h"),
        ("z output", r"(?:net|z|in)_?\{?o"),
        ("p output", r"(?:(?:out|a)_?\{?)?o"),
        ("delta output", r"(?:delta|δ)_?\{?o"),
    )
)


def is_single(entry: Entry) -> bool:
    return entry.value is None or isinstance(entry.value, str)


def unit_of(entry: Entry) -> tuple[str, int] | None:
    """What a name such as net_h1 is, and of which unit."""
    if not is_single(entry):
        return None
    for kind, pattern in _UNITS:
        found = pattern.fullmatch(entry.written)
        if found is not None:
            return kind, int(found["number"])
    return None


def has_no(kind: str, entries: Sequence[Entry]) -> bool:
    return not any(entry.name is not None and entry.name.kind == kind for entry in entries)


def rows_of(units: Mapping[str, Mapping[int, Entry]]) -> list[Entry]:
    """One row for the units of a layer; numbers of which one is missing stay as they are."""
    rows: list[Entry] = []
    for kind, numbers in units.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            rows += numbers.values()
            continue
        ordered = [numbers[number] for number in sorted(numbers)]
        tensor, _, place = kind.partition(" ")
        name = Name(tensor, place=place or None)
        values: list[Nested] = [entry.value for entry in ordered if entry.value is not None]
        rows.append(
            replace(
                ordered[0],
                written=", ".join(entry.written for entry in ordered),
                name=name,
                value=[values] if len(values) == len(ordered) else None,
            )
        )
    return rows
