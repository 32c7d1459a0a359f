"""Networks whose numbers are written one by one: w1 to w8, one bias a layer, net_h1, out_o1, target_o1."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from server.doctor.reading.entries import Entry
from server.doctor.reading.names import Name
from server.doctor.reading.numbers import Nested, array_of
from server.doctor.reading.words import Choice, Note, Question, note

_MARK = r"(?P<mark>[d∂][ ]?[\w{}]{1,10}[ ]?/[ ]?[d∂][ ]?|d[A-Za-z]_?d|d_?|∂|grad_?)?"
_WEIGHT = re.compile(rf"{_MARK}w_?\{{?(?P<number>[1-9][0-9]?)\}}?(?P<end>_grad|\.grad)?", re.IGNORECASE)
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


def together(entries: Sequence[Entry], answers: Mapping[str, str]) -> Numbered:
    """Put single numbers into the tensors that they belong to; all other entries stay."""
    weights: dict[int, Entry] = {}
    gradients: dict[int, Entry] = {}
    units: dict[str, dict[int, Entry]] = {}
    rest: list[Entry] = []
    for entry in entries:
        weight = _WEIGHT.fullmatch(entry.written) if _is_single(entry) else None
        kind = None if weight else _unit(entry)
        if weight is not None:
            group = gradients if weight["mark"] or weight["end"] else weights
            group.setdefault(int(weight["number"]), entry)
        elif kind is not None:
            units.setdefault(kind[0], {}).setdefault(kind[1], entry)
        else:
            rest.append(entry)
    count = max([*weights, *gradients], default=0)
    # W1 and W2 are a layer each; w1 and w2 may be two inputs of one unit.
    is_small = all(entry.written.lstrip("d∂_").startswith("w") for entry in (*weights.values(), *gradients.values()))
    has_matrix = any(entry.name is not None and entry.name.kind == "W" for entry in rest if not _is_single(entry))
    if count < (2 if is_small else 3) or has_matrix:
        kept = [entry for entry in entries if (_unit(entry) or ("",))[0] not in ("x", "y")]
        rows = _rows({kind: units[kind] for kind in ("x", "y") if kind in units and _has_no(kind, rest)})
        lost = [e for kind in ("x", "y") if kind in units and not _has_no(kind, rest) for e in units[kind].values()]
        return Numbered([*kept, *rows, *lost], [], [])
    biases = {number: e for e in rest if (number := _bias(e)) is not None and not _is_gradient(e)}
    found = Numbered([*(e for e in rest if _bias(e) is None), *_rows(units)], [], [], True)
    sizes = _sizes(
        count, rest, units, len(biases), answers, found, next(iter([*weights.values(), *gradients.values()]))
    )
    if sizes is None:
        return found
    _leave_parts_out(units, sizes, found)
    numbering = _numbering(sizes, answers, found, [*weights.values(), *gradients.values()])
    for group, is_gradient in ((weights, False), (gradients, True)):
        if group and numbering is not None:
            _fill(group, sizes, numbering, is_gradient, found)
    _share(biases, [e for e in rest if _bias(e) is not None and _is_gradient(e)], sizes, found)
    return found


def _is_single(entry: Entry) -> bool:
    return entry.value is None or isinstance(entry.value, str)


def _is_gradient(entry: Entry) -> bool:
    return entry.name is not None and entry.name.is_gradient


def _bias(entry: Entry) -> int | None:
    """The number of a bias that is written alone."""
    name = entry.name
    is_bias = name is not None and name.kind == "b" and name.place is None and _is_single(entry)
    return (name.layer or 1) if is_bias and name is not None else None


def _unit(entry: Entry) -> tuple[str, int] | None:
    """What a name such as net_h1 is, and of which unit."""
    if not _is_single(entry):
        return None
    for kind, pattern in _UNITS:
        found = pattern.fullmatch(entry.written)
        if found is not None:
            return kind, int(found["number"])
    return None


def _has_no(kind: str, entries: Sequence[Entry]) -> bool:
    return not any(entry.name is not None and entry.name.kind == kind for entry in entries)


def _rows(units: Mapping[str, Mapping[int, Entry]]) -> list[Entry]:
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


def _known_size(kind: str, rest: Sequence[Entry], units: Mapping[str, Mapping[int, Entry]]) -> int | None:
    if kind in units:
        return len(units[kind])
    entry = next((e for e in rest if e.name is not None and e.name.kind == kind and e.value is not None), None)
    array = None if entry is None or entry.value is None else array_of(entry.value)
    if array is None:
        return None
    return array.shape[-1] if array.shape else 1


def _sizes(
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


def _leave_parts_out(units: Mapping[str, Mapping[int, Entry]], sizes: tuple[int, ...], found: Numbered) -> None:
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


def _numbering(
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


def _fill(
    group: Mapping[int, Entry], sizes: tuple[int, ...], numbering: str, is_gradient: bool, found: Numbered
) -> None:
    """A matrix a layer; where some of its numbers are missing, it is said which."""
    begin = 1
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        numbers = range(begin, begin + fan_in * fan_out)
        begin += fan_in * fan_out
        given = [group[number] for number in numbers if number in group]
        if not given:
            continue
        mark = "d" if is_gradient else ""
        if len(given) < len(numbers):
            missing = ", ".join(f"{mark}w{number}" for number in numbers if number not in group)
            found.notes.append(note("incomplete", line=given[0].line, name=given[0].written, missing=missing))
            continue
        cells = [entry.value for entry in given]
        by_unit = numbering == "by_unit"
        value: list[Nested] = [
            [cells[unit * fan_in + row if by_unit else row * fan_out + unit] or "" for unit in range(fan_out)]
            for row in range(fan_in)
        ]
        is_known = all(cell is not None for cell in cells)
        written = f"{given[0].written} … {given[-1].written}" if len(given) > 1 else given[0].written
        name = Name("W", layer, is_gradient=is_gradient)
        found.entries.append(Entry(written, name, given[0].line, value if is_known else None))


def _share(biases: Mapping[int, Entry], gradients: Sequence[Entry], sizes: tuple[int, ...], found: Numbered) -> None:
    """Biases: one a layer stands for all its units, one a unit is put beside the others."""
    widths = sizes[1:]
    if len(biases) == sum(widths) and len(biases) > len(widths) and sorted(biases) == list(range(1, len(biases) + 1)):
        begin = 1
        for layer, width in enumerate(widths, start=1):
            given = [biases[number] for number in range(begin, begin + width)]
            begin += width
            values: list[Nested] = [entry.value for entry in given if entry.value is not None]
            value = values if len(values) == width else None
            name = Name("b", layer)
            found.entries.append(Entry(", ".join(e.written for e in given), name, given[0].line, value))
        found.entries.extend(gradients)
        return
    for layer, entry in biases.items():
        width = widths[layer - 1] if layer <= len(widths) else 1
        if width > 1 and entry.value is not None:
            found.notes.append(note("shared", line=entry.line, name=entry.written, count=width))
            entry = replace(entry, value=[entry.value] * width)
        found.entries.append(entry)
    for entry in gradients:
        layer = _bias(entry) or 1
        if layer > len(widths) or widths[layer - 1] == 1:
            found.entries.append(entry)
        else:
            found.entries.append(replace(entry, name=None))
