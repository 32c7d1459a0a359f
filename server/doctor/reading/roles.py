"""Which layer V and W are, and whether Theta holds the biases: told by shapes, or asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from server.doctor.reading.entries import Entry
from server.doctor.reading.names.name import Name
from server.doctor.reading.names.theta import parted
from server.doctor.reading.text.words import Choice, Note, Question, note
from server.doctor.reading.values.numbers import array_of


def with_layers(entries: Sequence[Entry], answers: Mapping[str, str], questions: list[Question]) -> list[Entry]:
    """V and W as W1 and W2; without an answer, where one is needed, they are left out."""
    plain = [entry for entry in entries if _is_plain(entry)]
    if not any(entry.name is not None and entry.name.kind == "V" for entry in plain):
        return list(entries)
    choice = _by_shape(entries) or answers.get("v_and_w")
    if choice not in ("hidden", "output"):
        choices = tuple(Choice(way, f"v_and_w_{way}", {}) for way in ("hidden", "output"))
        written = tuple(dict.fromkeys(entry.written for entry in plain))
        questions.append(Question("v_and_w", "v_and_w", {}, choices, plain[0].line, written))
        return [entry for entry in entries if not _is_plain(entry)]
    layers = {"V": 1, "W": 2} if choice == "hidden" else {"V": 2, "W": 1}
    return [
        replace(entry, name=replace(entry.name, kind="W", layer=layers[entry.name.kind]))
        if entry.name is not None and _is_plain(entry)
        else entry
        for entry in entries
    ]


def _is_plain(entry: Entry) -> bool:
    """V, dV, W or dW without a layer."""
    name = entry.name
    return name is not None and name.kind in ("V", "W") and name.layer is None and name.place is None


def _by_shape(entries: Sequence[Entry]) -> str | None:
    shapes = {kind: _shape(entries, kind) for kind in ("V", "W", "x")}
    v, w, x = shapes["V"], shapes["W"], shapes["x"]
    if len(v) != 2 or len(w) != 2 or not x:
        return None
    fitting = [way for way, first, second in (("hidden", v, w), ("output", w, v)) if _is_chain(x, first, second)]
    return fitting[0] if len(fitting) == 1 else None


def _is_chain(x: tuple[int, ...], first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    as_rows = x[-1] == first[0] and first[1] == second[0]
    as_columns = (x[0] if len(x) == 2 else x[-1]) == first[1] and first[0] == second[1]
    is_mixed = x[-1] == first[1] and first[0] == second[1]
    return as_rows or as_columns or is_mixed


def _shape(entries: Sequence[Entry], kind: str, layer: int | None = None) -> tuple[int, ...]:
    for entry in entries:
        if entry.name is not None and entry.name.kind == kind and entry.name.layer == layer and entry.value is not None:
            array = array_of(entry.value)
            return array.shape if array else ()
    return ()


def without_thetas(
    entries: Sequence[Entry],
    answers: Mapping[str, str],
    layout: str | None,
    questions: list[Question],
    notes: list[Note],
) -> list[Entry]:
    """Theta as weights with their biases, or as weights alone."""
    thetas = [entry for entry in entries if entry.name is not None and entry.name.kind == "theta"]
    if not thetas:
        return list(entries)
    has_bias = _holds_biases(entries)
    if has_bias is None and answers.get("theta") in ("bias", "plain"):
        has_bias = answers["theta"] == "bias"
    rest = [entry for entry in entries if entry.name is None or entry.name.kind != "theta"]
    if has_bias is None:
        choices = tuple(Choice(way, f"theta_{way}", {}) for way in ("bias", "plain"))
        written = tuple(dict.fromkeys(entry.written for entry in thetas))
        params: dict[str, object] = {"name": thetas[0].written}
        questions.append(Question("theta", "theta", params, choices, thetas[0].line, written))
        return rest
    for entry in thetas:
        assert entry.name is not None
        name = Name("W", entry.name.layer or 1, is_gradient=entry.name.is_gradient)
        array = None if entry.value is None else array_of(entry.value)
        if not has_bias or array is None or not 1 <= len(array.shape) <= 2 or array.shape[-1] < 2:
            rest.append(replace(entry, name=name))
            continue
        # One unit needs no second brackets.
        bias, weights = parted(entry.value if len(array.shape) == 2 else [entry.value], layout or "rows")
        rest.append(replace(entry, name=name, value=weights, said_shape=None))
        rest.append(replace(entry, name=replace(name, kind="b"), value=bias, said_shape=None))
        params = {"bias": replace(name, kind="b").canonical(99), "weights": name.canonical(99)}
        notes.append(note("parted", line=entry.line, name=entry.written, **params))
    return rest


def _holds_biases(entries: Sequence[Entry]) -> bool | None:
    """Whether the first column is the bias: by the biases beside it, the next Theta, or x; None: nothing says it."""
    if any(entry.name is not None and entry.name.kind == "b" for entry in entries):
        return False
    first = _shape(entries, "theta", 1) or _shape(entries, "theta")
    second, x = _shape(entries, "theta", 2), _shape(entries, "x")
    second = (1, *second) if len(second) == 1 else second
    if len(first) == 2 and len(second) == 2:
        if second[1] == first[0] + 1:
            return True
        if second[1] == first[0] or second[0] == first[1]:
            return False
    if len(first) == 2 and x:
        if first[1] in (x[-1] + 1, x[0] + 1):
            return first[1] not in (x[-1], x[0]) or None
        return False if x[-1] in first or x[0] in first else None
    return None
