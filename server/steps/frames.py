"""A step as bytes: JSON by layer, JSON by micro-step, or one binary frame.

The binary frame (`application/octet-stream`), byte by byte:

====================  ================================================================================================
bytes                 content
====================  ================================================================================================
0 to 3                ASCII "BPF1"
4 to 7                H, the length of the header: uint32, little-endian
8 to 8 + H - 1        the header: a JSON object in UTF-8, padded with spaces so that 8 + H is a multiple of 8
8 + H to the end      the values: little-endian numbers of the header's "dtype", without gaps, in the order of the
                      "tensors" of the program document. A tensor holds the product of its axes' sizes; the axis "n"
                      has m cells, every other axis as many as the document's "sizes" say; no axes: one number
====================  ================================================================================================

Header: {"program": fingerprint, "step", "scope", "m", "dtype", "loss", "data_loss", "regularization", "accuracy"},
with ?expand=true also "notes": [{"code", "tensor", "text"}], one for every tensor that differs from the short way.
Numbers that JSON cannot hold are the strings "NaN", "Infinity" and "-Infinity", in the header and in all JSON.

No answer has a -0.0, in JSON or in a frame: 0 * -1 is -0.0 to a computer, but nothing negative to a reader.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import orjson

from engine.derived import derived
from engine.layout import layout_of
from engine.long_way import Note
from engine.model import ModelSpec
from engine.primitives import Array
from engine.program import Program
from engine.trace import Trace
from server.http.json import BINARY, JSON, number, to_json, unsigned
from server.steps.schemas import Detail

MAGIC = b"BPF1"
LITTLE = sys.byteorder == "little"
# The numbers of a float16 step travel in float32, which changes none of them: browsers have no arrays of float16.
TRACED_AS = {"float16": "float32"}
SUMMARY = ("loss", "data_loss", "regularization", "accuracy")
LAYER_ROLES = ("W", "b", "z", "mask", "a", "da", "dz", "dW", "db")


@dataclass(frozen=True, slots=True)
class Shown:
    """A step to be answered.

    Parameters
    ----------
    step : the number of the step, from 1; 0 where nothing counts steps.
    sample : the row that the step was computed on alone, or None for a whole batch.
    notes : of the long way, where it cannot show the numbers of the short one; None: this is no long way.
    """

    trace: Trace
    model: ModelSpec
    step: int
    sample: int | None = None
    notes: tuple[Note, ...] | None = None


def encode(shown: Shown, detail: Detail) -> tuple[bytes, str]:
    """The bytes of a step and their media type."""
    return (ENCODERS[detail](shown), BINARY if detail is Detail.FRAME else JSON)


def step_document(shown: Shown, detail: Detail) -> dict[str, Any] | None:
    """The same step as data, where its answer is JSON that may be long."""
    described = DOCUMENTS.get(detail)
    return None if described is None else described(shown)


def frame(shown: Shown) -> bytes:
    """The binary frame of a step."""
    vector = unsigned(shown.trace.vector)
    header = _summary(shown)
    header["m"] = shown.trace.m
    header["dtype"] = TRACED_AS.get(shown.model.dtype, shown.model.dtype)
    return pack(header, vector)


def pack(header: Mapping[str, object], vector: Array) -> bytes:
    """A frame: magic, length, padded header, values."""
    return b"".join((*envelope(MAGIC, orjson.dumps(header)), little(vector)))


def envelope(magic: bytes, header: bytes) -> tuple[bytes, ...]:
    """What stands before binary values: magic, length, header and its padding to a multiple of 8."""
    padding = b" " * (-(8 + len(header)) % 8)
    return magic, (len(header) + len(padding)).to_bytes(4, "little"), header, padding


def little(array: Array) -> Any:
    """An array whose memory is what travels: its numbers in their order, little-endian."""
    return np.ascontiguousarray(array if LITTLE else array.byteswap())


def unpack(data: bytes) -> tuple[dict[str, Any], Array]:
    """The header and the values of a binary frame."""
    assert data[:4] == MAGIC, "not a frame"
    start = 8 + int.from_bytes(data[4:8], "little")
    header = orjson.loads(data[8:start])
    return header, np.frombuffer(data, np.dtype(header["dtype"]).newbyteorder("<"), offset=start)


def _summary(shown: Shown) -> dict[str, Any]:
    trace = shown.trace
    loss, data_loss, regularization, accuracy = (
        None if place is None else number(trace.vector.item(place)) for place in summary_places(trace.program, trace.m)
    )
    return {
        "step": shown.step,
        "scope": {"kind": "batch" if shown.sample is None else "sample", "sample": shown.sample, "m": trace.m},
        "loss": loss,
        "data_loss": loss if data_loss is None else data_loss,
        "regularization": 0.0 if regularization is None else regularization,
        "accuracy": accuracy,
        "program": trace.program.fingerprint,
        **({} if shown.notes is None else {"notes": notes_document(shown.notes)}),
    }


@derived
def summary_places(program: Program, m: int) -> tuple[int | None, ...]:
    """Where the numbers of SUMMARY lie in the vector of a trace; None for what the program does not have."""
    names, slots = map(program.named, SUMMARY), layout_of(program, m).slots
    return tuple(None if name is None else slots[name].offset for name in names)


def notes_document(notes: Iterable[Note]) -> list[dict[str, str]]:
    """What the long way cannot show, and why."""
    return [{"code": note.code, "tensor": note.tensor, "text": note.text} for note in notes]


def _layers(shown: Shown) -> dict[str, Any]:
    trace, model = shown.trace, shown.model
    activations = [*(layer.activation for layer in model.hidden), model.output_activation]
    return {
        **_summary(shown),
        "batch": {"x": trace["x"], "y": model.output.target.shown(trace["y"])},
        "probabilities": _probabilities(trace),
        "dx": trace["dx"],
        "layers": [
            {
                "index": index,
                "activation": activation,
                **{role: trace.by_role(role, index) for role in LAYER_ROLES},
            }
            for index, activation in enumerate(activations, start=1)
        ],
        "updated": {str(tensor.of): trace[tensor.name] for tensor in trace.program.with_role("next")} or None,
        "optimizer_state": {tensor.name: trace[tensor.name] for tensor in trace.program.with_role("state")},
    }


def _micro(shown: Shown) -> dict[str, Any]:
    return {
        **_layers(shown),
        "micro": [
            {
                "op": node.op,
                "group": node.group,
                "phase": node.phase,
                "layer": node.layer,
                "inputs": node.inputs,
                "output": node.output,
                "code": node.code,
                "cell": node.primitive.cell,
                "value": shown.trace[node.output],
            }
            for node in shown.trace.program.nodes
        ],
    }


def _summary_json(shown: Shown) -> bytes:
    return orjson.dumps(_summary(shown))


def _step_json(shown: Shown, described: Callable[[Shown], dict[str, Any]]) -> bytes:
    # One look at the whole vector instead of one at each array.
    vector = unsigned(shown.trace.vector)
    document = described(replace(shown, trace=replace(shown.trace, vector=vector)))
    if np.isfinite(vector).all():
        return orjson.dumps(document, _as_list, orjson.OPT_SERIALIZE_NUMPY)
    return to_json(document)


def _as_list(array: Array) -> object:
    """What orjson does not write itself: single numbers and arrays with gaps."""
    return array.tolist()


DOCUMENTS: dict[Detail, Callable[[Shown], dict[str, Any]]] = {Detail.LAYERS: _layers, Detail.MICRO: _micro}
ENCODERS: dict[Detail, Callable[[Shown], bytes]] = {
    Detail.SUMMARY: _summary_json,
    **{detail: partial(_step_json, described=described) for detail, described in DOCUMENTS.items()},
    Detail.FRAME: frame,
}


def _probabilities(trace: Trace) -> Array | None:
    return trace["p"] if "p" in trace.program.tensors else None
