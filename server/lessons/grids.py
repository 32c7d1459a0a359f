"""The functions of the instrument `line`, as the engine computes them: a scene brings all of them along."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.layers import DERIVATIVE_AT_ZERO
from engine.primitives import Array
from engine.vocabulary import Vocabulary
from server.lessons.format.instruments import LineStart
from server.lessons.format.refusal import Wrong
from server.settings import Settings
from server.steps.schemas import TraceRequest
from server.steps.stateless import trace_of

# How far a grid goes to both sides, and how fine it is: the places that the handles can take, all of them exact.
REACH, PARTS = 2, 64
PLACES = (np.arange(-REACH * PARTS, REACH * PARTS + 1) / PARTS).tolist()


@dataclass(frozen=True, slots=True)
class Grid:
    """A function at every place of the grid.

    Parameters
    ----------
    slope : the one that is chosen for its corner; None: it has none, or none to choose.
    a, mask : the function and its slope.
    """

    f: str
    slope: float | None
    a: Array
    mask: Array

    def document(self) -> dict[str, Any]:
        return {"f": self.f, "slope": self.slope, "x": PLACES, "a": self.a.tolist(), "mask": self.mask.tolist()}


def grids_of(start: LineStart, settings: Settings, vocabulary: Vocabulary) -> tuple[Grid, ...]:
    """Every function that the instrument can show, with every slope at its corner.

    Raises
    ------
    Wrong : there is no such activation.
    """
    return tuple(_grids(start, settings, vocabulary))


def _grids(start: LineStart, settings: Settings, vocabulary: Vocabulary) -> Iterator[Grid]:
    for f in dict.fromkeys((start.f, *start.functions)):
        if f not in vocabulary.activations:
            known = ", ".join(vocabulary.activations)
            raise Wrong(f"there is no activation {f!r}; there are {known}", "show", "with")
        is_chosen = DERIVATIVE_AT_ZERO in vocabulary.activations[f].settings
        for slope in dict.fromkeys((start.slope, *start.slopes)) if is_chosen else (None,):
            yield _grid(f, slope, settings, vocabulary)


def _grid(f: str, slope: float | None, settings: Settings, vocabulary: Vocabulary) -> Grid:
    """From the step of a network whose hidden unit is the function of its input, its rows the grid."""
    chosen = {} if slope is None else {DERIVATIVE_AT_ZERO.name: slope}
    request = TraceRequest.model_validate(
        {
            "model": {
                "inputs": 1,
                "hidden": [{"units": 1, "activation": f, **chosen}],
                "output": {"units": 1, "activation": "identity"},
                "loss": "half_squared_error",
            },
            "parameters": {"W1": [[1]], "b1": [0], "W2": [[1]], "b2": [0]},
            "batch": {"x": [[x] for x in PLACES], "y": [0 for _ in PLACES]},
        }
    )
    trace = trace_of(request, settings, vocabulary, expand=False).trace
    # Nobody is to read a -0.
    return Grid(f, slope, trace["a1"][:, 0] + 0.0, trace["mask1"][:, 0] + 0.0)
