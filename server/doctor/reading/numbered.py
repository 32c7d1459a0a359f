"""Networks whose numbers are written one by one: w1 to w8, one bias a layer, net_h1, out_o1, target_o1."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from server.doctor.reading.entries import Entry
from server.doctor.reading.names.name import Name
from server.doctor.reading.sizes import Numbered, leave_parts_out, numbering_of, sizes_of
from server.doctor.reading.text.words import note
from server.doctor.reading.units import has_no, is_single, rows_of, unit_of
from server.doctor.reading.values.numbers import Nested

_MARK = r"(?P<mark>[d∂][ ]?[\w{}]{1,10}[ ]?/[ ]?[d∂][ ]?|d[A-Za-z]_?d|d_?|∂|grad_?)?"
_WEIGHT = re.compile(rf"{_MARK}w_?\{{?(?P<number>[1-9][0-9]?)\}}?(?P<end>_grad|\.grad)?", re.IGNORECASE)


def together(entries: Sequence[Entry], answers: Mapping[str, str]) -> Numbered:
    """Put single numbers into the tensors that they belong to; all other entries stay."""
    weights: dict[int, Entry] = {}
    gradients: dict[int, Entry] = {}
    units: dict[str, dict[int, Entry]] = {}
    rest: list[Entry] = []
    for entry in entries:
        weight = _WEIGHT.fullmatch(entry.written) if is_single(entry) else None
        kind = None if weight else unit_of(entry)
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
    has_matrix = any(entry.name is not None and entry.name.kind == "W" for entry in rest if not is_single(entry))
    if count < (2 if is_small else 3) or has_matrix:
        kept = [entry for entry in entries if (unit_of(entry) or ("",))[0] not in ("x", "y")]
        rows = rows_of({kind: units[kind] for kind in ("x", "y") if kind in units and has_no(kind, rest)})
        lost = [e for kind in ("x", "y") if kind in units and not has_no(kind, rest) for e in units[kind].values()]
        return Numbered([*kept, *rows, *lost], [], [])
    biases = {number: e for e in rest if (number := _bias(e)) is not None and not _is_gradient(e)}
    found = Numbered([*(e for e in rest if _bias(e) is None), *rows_of(units)], [], [], True)
    sizes = sizes_of(
        count, rest, units, len(biases), answers, found, next(iter([*weights.values(), *gradients.values()]))
    )
    if sizes is None:
        return found
    leave_parts_out(units, sizes, found)
    numbering = numbering_of(sizes, answers, found, [*weights.values(), *gradients.values()])
    for group, is_gradient in ((weights, False), (gradients, True)):
        if group and numbering is not None:
            _fill(group, sizes, numbering, is_gradient, found)
    _share(biases, [e for e in rest if _bias(e) is not None and _is_gradient(e)], sizes, found)
    return found


def _is_gradient(entry: Entry) -> bool:
    return entry.name is not None and entry.name.is_gradient


def _bias(entry: Entry) -> int | None:
    """The number of a bias that is written alone."""
    name = entry.name
    is_bias = name is not None and name.kind == "b" and name.place is None and is_single(entry)
    return (name.layer or 1) if is_bias and name is not None else None


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
