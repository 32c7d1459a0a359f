"""How many units the layers have whose weights are written one by one, and which way the numbers run."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.doctor.reading.entries import Entry
from server.doctor.reading.text.words import Choice, Note, Question, note
from server.doctor.reading.values.numbers import array_of

_MOST_UNITS = 8


@dataclass(frozen=True, slots=True)
class Numbered:
    """What became of the numbers that were written one by one.

    Attributes
    ----------
    is_built : whether weights were put together; their matrices have samples as rows
    """

    entries: list[Entry]
    notes: list[Note]
    questions: list[Question]
    is_built: bool = False


def sizes_of(
    count: int,
    rest: Sequence[Entry],
    units: Mapping[str, Mapping[int, Entry]],
    n_biases: int,
    answers: Mapping[str, str],
    found: Numbered,
    first: Entry,
) -> tuple[int, ...] | None:
    """The units of every layer, inputs first; None: a question asks, or no network fits."""
    inputs, outputs = _known_size("x", rest, units), _known_size("y", rest, units)
    hidden = max((len(units[kind]) for kind in units if kind.endswith("hidden")), default=None)
    last = max((len(units[kind]) for kind in units if kind.endswith("output")), default=None)
    sizes = range(1, _MOST_UNITS + 1)
    fitting: list[tuple[int, ...]] = [
        (d, h, k)
        for d in sizes
        for h in sizes
        for k in sizes
        if d * h + h * k == count and n_biases in (0, 2, h + k) and (h > 1 or hidden == 1) and (d > 1 or inputs == 1)
    ]
    if hidden is None:
        fitting += [(d, k) for d in sizes for k in sizes if d * k == count and n_biases in (0, 1, k) and d > 1]
        if n_biases in (0, count):
            fitting.append((1,) * (count + 1))
    known = ((0, inputs), (-1, outputs), (-1, last))
    fitting = [
        sizes
        for sizes in fitting
        if all(size in (None, sizes[at]) for at, size in known) and (len(sizes) != 3 or hidden in (None, sizes[1]))
    ]
    if not fitting:
        found.notes.append(note("no_sizes", line=first.line, name=first.written, count=count))
        return None
    choices = {"-".join(map(str, sizes)): sizes for sizes in fitting}
    if len(fitting) == 1 or answers.get("sizes") in choices:
        return choices[answers["sizes"]] if answers.get("sizes") in choices else fitting[0]
    found.questions.append(
        Question(
            "sizes",
            "sizes",
            {"count": count},
            tuple(Choice(text, "sizes_are", {"sizes": text}) for text in choices),
            first.line,
            ("W1", "W2"),
        )
    )
    return None


def _known_size(kind: str, rest: Sequence[Entry], units: Mapping[str, Mapping[int, Entry]]) -> int | None:
    if kind in units:
        return len(units[kind])
    entry = next((e for e in rest if e.name is not None and e.name.kind == kind and e.value is not None), None)
    array = None if entry is None or entry.value is None else array_of(entry.value)
    if array is None:
        return None
    return array.shape[-1] if array.shape else 1


def leave_parts_out(units: Mapping[str, Mapping[int, Entry]], sizes: tuple[int, ...], found: Numbered) -> None:
    """A layer of which only some units are given is no tensor."""
    for kind, numbers in units.items():
        width = {"x": sizes[0], "y": sizes[-1], "output": sizes[-1], "hidden": sizes[1]}[kind.rpartition(" ")[2]]
        missing = [number for number in range(1, width + 1) if number not in numbers]
        if missing:
            first = numbers[min(numbers)]
            names = ", ".join(re.sub(r"[0-9]", str(number), first.written) for number in missing)
            found.notes.append(note("incomplete", line=first.line, name=first.written, missing=names))
            lines = {entry.line for entry in numbers.values()}
            written = {entry.written for entry in numbers.values()} | {", ".join(e.written for e in numbers.values())}
            found.entries[:] = [e for e in found.entries if e.line not in lines or e.written not in written]


def numbering_of(
    sizes: tuple[int, ...], answers: Mapping[str, str], found: Numbered, entries: Sequence[Entry]
) -> str | None:
    """Whether the numbers run through the weights of a unit or of an input; None: a question asks."""
    begin = 1
    for fan_in, fan_out in pairwise(sizes):
        if fan_in > 1 and fan_out > 1:
            break
        begin += fan_in * fan_out
    else:
        return "by_unit"
    if answers.get("numbering") in ("by_unit", "by_input"):
        return answers["numbering"]
    params: dict[str, object] = {"first": f"w{begin}", "second": f"w{begin + 1}"}
    choices = tuple(Choice(way, f"numbering_{way}", params) for way in ("by_unit", "by_input"))
    tensors = tuple(f"W{layer}" for layer in range(1, len(sizes)))
    line = min(entry.line for entry in entries)
    found.questions.append(Question("numbering", "numbering", {}, choices, line, tensors))
    return None
