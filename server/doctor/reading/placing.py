"""Every entry under the playground's name, and what samples are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from server.doctor.reading.entries import Entry
from server.doctor.reading.names.name import depth_of
from server.doctor.reading.reading import Reading, Tensor, Unknown
from server.doctor.reading.text.words import Choice, Question, note
from server.doctor.reading.values.conventions import (
    Layout,
    is_one_hot,
    layout_of,
    layout_question,
    samples_of,
    y_question,
)
from server.doctor.reading.values.numbers import Array, array_of

# More than anybody's by hand; "99" in a name is no layer.
MOST_LAYERS = 8


def place(entries: Sequence[Entry], answers: Mapping[str, str], reading: Reading) -> None:
    """Give every entry the playground's name."""
    layers = _layers(entries, answers, reading)
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.name is None or (layers is None and entry.name.place == "output" and entry.name.kind != "p"):
            tensor = None
        else:
            tensor = entry.name.canonical(layers or MOST_LAYERS)
        if tensor is None:
            if entry.name is None or layers is not None:
                array = None if entry.value is None else array_of(entry.value)
                reading.unknown.append(Unknown(entry.written, entry.line, array))
        elif entry.value is not None:
            found.setdefault(tensor, []).append(entry)
    for tensor, same in found.items():
        chosen = _one_of(tensor, same, answers, reading)
        if chosen is not None:
            _take(tensor, chosen, reading)
            if tensor.startswith("da") and chosen.name is not None and chosen.name.place == "hidden":
                other = tensor.replace("a", "z")
                params = {"name": chosen.written, "tensor": tensor, "other": other}
                reading.notes.append(note("masked", line=chosen.line, **params))


def _layers(entries: Sequence[Entry], answers: Mapping[str, str], reading: Reading) -> int | None:
    """How many layers with weights there are; None: a question asks."""
    names = [entry.name for entry in entries if entry.name is not None]
    known = depth_of(iter(names))
    if known is not None:
        return known
    at_the_output = [e for e in entries if e.name and e.name.place == "output" and e.name.kind not in ("p", "x", "y")]
    if not at_the_output:
        return MOST_LAYERS
    if answers.get("layers") in ("1", "2", "3"):
        return int(answers["layers"])
    choices = tuple(Choice(str(count), "layers_are", {"count": count}) for count in (1, 2, 3))
    written = tuple(dict.fromkeys(entry.written for entry in at_the_output))
    reading.questions.append(Question("layers", "layers", {}, choices, at_the_output[0].line, written))
    return None


def _one_of(tensor: str, same: Sequence[Entry], answers: Mapping[str, str], reading: Reading) -> Entry | None:
    """The entry that is meant where a tensor stands in a text several times; None: a question asks."""
    first, last = same[0], same[-1]
    if all(entry.value == first.value for entry in same):
        return first
    answer = answers.get(f"twice:{tensor}")
    if answer in ("first", "last"):
        return first if answer == "first" else last
    choices = (
        Choice("first", "twice_first", {"line": first.line}),
        Choice("last", "twice_last", {"line": last.line}),
    )
    params: dict[str, object] = {"name": tensor, "first": first.line, "last": last.line}
    reading.questions.append(Question(f"twice:{tensor}", "twice", params, choices, first.line, (tensor,)))
    return None


def _take(tensor: str, entry: Entry, reading: Reading) -> None:
    assert entry.value is not None
    array = array_of(entry.value)
    if array is None:
        reading.notes.append(note("ragged", line=entry.line, name=entry.written))
    elif len(array.shape) > 2 or 0 in array.shape:
        reading.notes.append(note("axes", line=entry.line, name=entry.written))
    else:
        if entry.said_shape is not None and entry.said_shape != array.shape:
            reading.notes.append(
                note(
                    "shape_differs",
                    line=entry.line,
                    name=entry.written,
                    found=str(entry.said_shape),
                    wanted=str(array.shape),
                )
            )
        reading.tensors[tensor] = Tensor(array, entry.written, entry.line)


def settle(answers: Mapping[str, str], layout: Layout | None, reading: Reading) -> None:
    """What samples are, and what y holds: as it was said, as the shapes say, or asked."""
    arrays = {name: tensor.array for name, tensor in reading.tensors.items()}
    fitting = (layout,) if layout is not None else layout_of(arrays)
    if len(fitting) == 1:
        reading.layout = fitting[0]
    elif len(fitting) == 2:
        reading.questions.append(layout_question(reading.tensors["W1"].line))
    y = reading.tensors.get("y")
    if y is None or not is_one_hot(y.array):
        return
    samples = samples_of(arrays, reading.layout)
    count = y.array.shape[0]
    has_x = "x" in arrays
    if samples == count or not has_x:
        return
    if samples == 1 or answers.get("y") == "one_hot":
        reading.tensors["y"] = replace(y, array=Array([y.array.value], (1, count), y.array.decimals))
    elif answers.get("y") != "labels":
        del reading.tensors["y"]
        reading.questions.append(y_question(count, y.line))
