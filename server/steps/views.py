"""A view: all that the page shows after a move, as one answer.

`view` is a pure function of a run that nobody changes meanwhile (the caller holds it, see `Sessions.opened`), of what
is asked for, and of the training that goes on. It changes nothing. Its caller calls `check` before the change that the
view follows (what is wrong with a question must be said before a step is taken), and keeps the programs that the view
names (`programs_of`), as `server/sessions/showing.py` does.

The bytes (`application/vnd.backprop.view`):

====================  ================================================================================================
bytes                 content
====================  ================================================================================================
0 to 3                ASCII "BPV1"
4 to 7                H, the length of the header: uint32, little-endian
8 to 8 + H - 1        the header: a JSON object in UTF-8, padded with spaces so that 8 + H is a multiple of 8
8 + H to the end      the values: first little-endian numbers of the header's "dtype", frame after frame; then, from the
                      next multiple of 8 on, those of the map: little-endian float32
====================  ================================================================================================

Header:

- "step": the step that the frames show, which is the one after the session's (or the one that `step` asked for);
- "dtype": "float64" or "float32" (a float16 step travels in float32, which changes none of its numbers);
- "session": {"id", "step", "furthest_step", "version", "expires_at"}, or the whole document of `GET /sessions/{id}`
  after a creation, an edit, a rewind and in `GET .../view`;
- "history": {"from", "stride", "metrics"}: the points of the learning curve from step "from" on, in columns as
  `GET .../history` has them, and behind them the step of the frames where the curve has not come so far. A reader that
  has older points keeps those below "from" whose step is 1 more than a multiple of "stride": the others have been
  thinned out;
- "gates": what `GET .../gates` answers, of all rows to train on;
- "norms": of the input and then of each layer {"W", "a", "dz", "dW"}, the L2 norms of the batch's step, or null;
- "frames": the step of the whole batch, then that of single samples (m = 1), each as {"scope": {"kind", "sample",
  "m"}, "place", "program": fingerprint, "offset", "length", "summary": {"loss", "data_loss", "regularization",
  "accuracy", "m"}}. "place" is where the sample stands in all rows to train on, from 0 (null for the batch), by which
  it is known again in another step. Offset and length count numbers from the start of the values; the tensors lie there
  as in a frame (server/steps/frames.py). On the long way samples have a program of their own, and "summary" has
  "notes" as a frame has them;
- "left_out": samples that would have belonged here, but make more than `max_view_bytes` of values; then only the sample
  that was asked for is there;
- "map": null, or {"x_feature", "y_feature", "resolution", "x", "y", "probabilities": {"byte_offset", "shape"}, "z":
  {"byte_offset", "shape"}}: what `GET .../decision-map` answers, [row of y][column of x][output], and z of the first
  layer at the four corners of that plane, [low and high y][low and high x][unit]. Bytes count from the start of the
  values. With one feature "y" is empty, and both have one row. In the view that comes with the page probabilities are
  one byte q each, and have "low" and "high" too: the value is low + (high - low) q / 255; there "x" and "y" are the
  first and the last point alone. "open" is a list of {"layer", "byte_offset", "shape"} of the hidden layers from the
  second one on: one bit each, [unit][row of y][column of x], whether the gate lets anything through there; a row begins
  with a byte, its first column in the highest bit;
- "training": null, or {"until", "steps_per_second", "is_paused"} of the training that goes on.

The samples are rows 0 to 15 of the step's batch and the one that was asked for. A batch may be shorter than the one
before: a sample beyond the last row is the last row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

import numpy as np
import orjson

from engine.layout import layout_of
from engine.long_way import notes_of
from engine.primitives import Array
from engine.program import Program
from engine.trace import Trace
from engine.training import Trainer
from engine.workbench import ProgramKind
from server.http.json import number, unsigned
from server.limits import at_most, check_values
from server.settings import Settings
from server.steps.frames import TRACED_AS, envelope, little, notes_document, summary_places
from server.steps.gates import gates_document, norms_document
from server.steps.history import history_columns
from server.steps.planes import answers_in, plane_of, second_feature, telling_features

MAGIC = b"BPV1"
VIEW = "application/vnd.backprop.view"
FIRST_SAMPLES = 16
MOST_BYTES: int = Settings.model_fields["max_view_bytes"].default


@dataclass(frozen=True, slots=True)
class MapRequest:
    """The plane of a map.

    Parameters
    ----------
    x_feature : None: this and the other are the two that tell the classes apart best.
    y_feature : None: the second feature, where there is one.
    is_coarse : answers in one byte each, for a page that gets exact ones with its first move.
    """

    x_feature: int | None
    y_feature: int | None
    resolution: int
    is_coarse: bool = False


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """What a view is to hold.

    Parameters
    ----------
    sample : the row that the page shows.
    long_way : whether samples go through dL/dp and the Jacobian.
    history_from : the step from which on points of the learning curve are wanted.
    most_bytes : of the values of all frames; above it only the sample that the page shows has one.
    """

    sample: int = 0
    long_way: bool = False
    history_from: int = 1
    map: MapRequest | None = None
    most_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Running:
    """A training that goes on.

    Parameters
    ----------
    until : the step at which it ends; None: when it is paused.
    steps_per_second : None: as many as the engine gives.
    """

    until: int | None
    steps_per_second: float | None
    is_paused: bool


def check(trainer: Trainer, ask: ViewRequest, settings: Settings) -> None:
    """Refuse what this run cannot be asked for.

    Raises
    ------
    Problem : an unknown feature, or more than the settings allow.
    """
    if ask.long_way:
        check_values(trainer.values_of_the_long_way(), settings)
    if ask.map is not None:
        most = settings.max_view_map_resolution
        at_most("cells along a side of the map", ask.map.resolution, most, "max_view_map_resolution")
        if ask.map.x_feature is not None:
            second_feature(trainer, ask.map.x_feature, ask.map.y_feature)


def kind_of(ask: ViewRequest) -> ProgramKind:
    """The program that the samples go through."""
    return "expanded" if ask.long_way else "plain"


def programs_of(trainer: Trainer, ask: ViewRequest) -> tuple[Program, ...]:
    """The programs that a view names."""
    if not ask.long_way:
        return (trainer.program,)
    return trainer.program, trainer.program_of_kind(kind_of(ask))


def values_of(trainer: Trainer, ask: ViewRequest) -> int:
    """About how many numbers a view touches."""
    _, *hidden, outputs = trainer.run.model.units
    rows, _ = _rows(trainer, ask, trainer.next_rows)
    samples = len(rows) * trainer.values_of_a_sample(kind_of(ask))
    grid = 0 if ask.map is None else ask.map.resolution**2
    forward = trainer.run.train.m * sum(hidden) + grid * (sum(hidden) + outputs)
    return trainer.values_per_step + samples + forward


def view(session: bytes, trainer: Trainer, ask: ViewRequest, training: Running | None) -> bytes:
    """The step after those that a trainer has taken.

    Parameters
    ----------
    session : the document that goes with it.
    """
    batch = trainer.trace()
    rows, left_out = _rows(trainer, ask, batch.m)
    kind = kind_of(ask)
    samples = trainer.trace_samples(rows, kind)
    first = len(batch.vector)
    values = _joined(batch.vector, samples)
    planes, plane_parts = _map(trainer, ask.map, values.nbytes)
    header = {
        "step": trainer.taken + 1,
        "dtype": _dtype(trainer),
        "session": orjson.Fragment(session),
        "history": _history(trainer, ask.history_from, batch),
        "gates": gates_document(trainer, batch),
        "norms": norms_document(batch),
        "map": planes,
        "frames": [
            *_frames(batch.program, batch.m, values[:first].reshape(1, first), 0, [None], [None]),
            *_frames_of_samples(trainer, values[first:].reshape(samples.shape), first, rows, kind),
        ],
        "left_out": left_out,
        "training": None if training is None else asdict(training),
    }
    text = orjson.dumps(header, option=orjson.OPT_SERIALIZE_NUMPY)
    return b"".join((*envelope(MAGIC, text), little(values), *plane_parts))


def _rows(trainer: Trainer, ask: ViewRequest, m: int) -> tuple[list[int], list[int]]:
    """The samples of a batch of m rows that come, and those that are left out."""
    on_show = min(ask.sample, m - 1)
    wanted = list(range(min(m, FIRST_SAMPLES)))
    if on_show >= FIRST_SAMPLES:
        wanted.append(on_show)
    values = layout_of(trainer.program, m).size + len(wanted) * trainer.values_of_a_sample(kind_of(ask))
    if values * np.dtype(_dtype(trainer)).itemsize <= ask.most_bytes:
        return wanted, []
    return [on_show], [row for row in wanted if row != on_show]


def _dtype(trainer: Trainer) -> str:
    dtype = trainer.run.model.dtype
    return TRACED_AS.get(dtype, dtype)


def _joined(batch: Array, samples: Array) -> Array:
    """The values of all frames one behind the other, without -0.0."""
    values = np.empty(len(batch) + samples.size, batch.dtype)
    np.add(batch, 0.0, values[: len(batch)])
    np.add(samples.reshape(-1), 0.0, values[len(batch) :])
    return values


def _frames_of_samples(
    trainer: Trainer, samples: Array, offset: int, rows: Sequence[int], kind: ProgramKind
) -> list[dict[str, Any]]:
    program = trainer.program_of_kind(kind)
    frames = _frames(program, 1, samples, offset, rows, trainer.next_places()[list(rows)].tolist())
    if kind == "expanded":
        short = trainer.trace_samples(rows)
        for frame, long, plain in zip(frames, samples, short, strict=True):
            notes = notes_of(Trace(program, 1, long), Trace(trainer.program, 1, plain), trainer.run.model.dtype)
            frame["summary"]["notes"] = notes_document(notes)
    return frames


def _frames(
    program: Program,
    m: int,
    vectors: Array,
    offset: int,
    samples: Sequence[int | None],
    places: Sequence[int | None],
) -> list[dict[str, Any]]:
    """What the header says of frames that lie one behind the other, (frames, length)."""
    length, kind = vectors.shape[1], "batch" if samples[0] is None else "sample"
    return [
        {
            "scope": {"kind": kind, "sample": sample, "m": m},
            "place": place,
            "program": program.fingerprint,
            "offset": offset + at * length,
            "length": length,
            "summary": {
                "loss": loss,
                "data_loss": loss if data_loss is None else data_loss,
                "regularization": 0.0 if regularization is None else regularization,
                "accuracy": accuracy,
                "m": m,
            },
        }
        for at, (sample, place, (loss, data_loss, regularization, accuracy)) in enumerate(
            zip(samples, places, _summaries(program, m, vectors), strict=True)
        )
    ]


def _summaries(program: Program, m: int, vectors: Array) -> Iterable[tuple[float | str | None, ...]]:
    """The numbers of SUMMARY of every frame, as JSON has them; None for what the program does not have."""
    return zip(*(_column(vectors, place) for place in summary_places(program, m)), strict=True)


def _column(vectors: Array, place: int | None) -> list[float] | list[float | str] | list[None]:
    if place is None:
        return [None] * len(vectors)
    column: list[float] = vectors[:, place].tolist()
    # A sum is finite only if all of them are.
    return column if isfinite(sum(column)) else [number(value) for value in column]


def _history(trainer: Trainer, start: int, batch: Trace) -> dict[str, Any]:
    points = trainer.history.points_from(start)
    step = trainer.taken + 1
    if step > trainer.history.last:
        points = (*points, trainer.point_of(batch))
    columns = history_columns(points)
    for name in columns.keys() - {"step"}:
        columns[name] = [None if value is None else number(value) for value in columns[name]]
    return {"from": start, "stride": trainer.history.stride, "metrics": columns}


def _features(trainer: Trainer, ask: MapRequest) -> tuple[int, int | None]:
    if ask.x_feature is None:
        return telling_features(trainer)
    return ask.x_feature, second_feature(trainer, ask.x_feature, ask.y_feature)


def _map(trainer: Trainer, ask: MapRequest | None, start: int) -> tuple[dict[str, Any] | None, tuple[Any, ...]]:
    """The map's place in the header, and what lies behind so many bytes of values."""
    if ask is None:
        return None, ()
    plane = plane_of(trainer, *_features(trainer, ask), ask.resolution)
    found = answers_in(trainer, plane)
    answers, corners = found.outputs, found.corners
    with np.errstate(all="ignore"):
        parts = [unsigned(part.astype("float32")) for part in (corners, answers)]
    axes, extremes = (plane.x, plane.y), {}
    if ask.is_coarse:
        low, high = float(answers.min()), float(answers.max())
        axes, extremes = (plane.x[[0, -1]], plane.y[[0, -1]]), {"low": low, "high": high}
        parts[1] = np.rint((answers - low) * (255 / (high - low or 1.0))).astype("uint8")
    bits = [np.packbits(is_open, axis=-1) for is_open in found.open.values()]
    padding = b"\0" * (-start % 8)
    first = start + len(padding)
    borders = np.cumsum([first + sum(part.nbytes for part in parts), *(part.nbytes for part in bits)]).tolist()
    document = {
        "x_feature": plane.x_feature,
        "y_feature": plane.y_feature,
        "resolution": ask.resolution,
        "x": axes[0],
        "y": axes[1],
        "probabilities": {"byte_offset": first + parts[0].nbytes, "shape": answers.shape, **extremes},
        "z": {"byte_offset": first, "shape": corners.shape},
        "open": [
            {"layer": layer, "byte_offset": offset, "shape": is_open.shape}
            for (layer, is_open), offset in zip(found.open.items(), borders[:-1], strict=True)
        ],
    }
    return document, (padding, *map(little, (*parts, *bits)))
