"""A scene counts as done by the measurement that it asks for, and not by less."""

from typing import Any

import pytest

from tests.labs.evaluating import holds
from tests.labs.reading import scene_of

Facts = dict[str, Any]


def on_the_line(x0: float, error: float, f: str = "relu", slope: float = 0) -> Facts:
    return {"stage": {"name": "line", "x0": x0, "error": error, "f": f, "slope": slope}}


def with_weights(weight: float, is_twin: bool) -> Facts:
    return {"stage": {"twin": is_twin}, "parameters": {"W1": [[weight]]}}


def at_slope(slope: float, **nudge: Any) -> Facts:
    return {"recipe": {"model": {"hidden": [{"derivative_at_zero": slope}]}}, "nudge": nudge}


def deep(layers: int, width: int, initializers: list[str]) -> Facts:
    return {"experiment": {"body": {"layers": layers, "width": width, "initializers": initializers}}}


FAR, NEAR, SMOOTH = on_the_line(1, 0.5), on_the_line(1 / 64, 0.5), on_the_line(1 / 64, 0.1, "sigmoid")
SLOPES = [at_slope(slope) for slope in (0, 0.5, 1)]
NUDGED = at_slope(0.5, tensor="b1", index=[1], verdict="skipped")
HE, NARROW = deep(30, 64, ["he"]), deep(1000, 16, ["he"])

# Lab, scene, what has been the case, and whether that is enough.
SEEN: list[tuple[str, str, list[Facts], bool]] = [
    ("03-corner", "road", [FAR, NEAR, SMOOTH], True),
    ("03-corner", "road", [FAR, on_the_line(1 / 64, 0), SMOOTH], False),
    ("03-corner", "road", [on_the_line(1, 0), NEAR, SMOOTH], False),
    ("03-corner", "road", [FAR, NEAR], False),
    ("03-corner", "on", [on_the_line(0, 0.5, slope=slope) for slope in (0, 0.5, 1)], True),
    # To the right alone, where the slope 1 keeps its promise.
    ("03-corner", "on", [on_the_line(0, 0.5 - slope / 2, slope=slope) for slope in (0, 0.5, 1)], False),
    ("03-corner", "choice", [*SLOPES, NUDGED], True),
    ("03-corner", "choice", SLOPES, False),
    ("03-corner", "choice", [*SLOPES, at_slope(0.5, tensor="b1", index=[0], verdict="agrees")], False),
    ("04-chain", "weights", [with_weights(weight, True) for weight in (0.5, 1, 2)], True),
    ("04-chain", "weights", [with_weights(weight, False) for weight in (0.5, 1, 2)], False),
    ("04-chain", "weights", [with_weights(weight, True) for weight in (1, 2)], False),
    ("04-chain", "deep", [HE, NARROW], True),
    ("04-chain", "deep", [HE, deep(1000, 64, ["he"]), deep(30, 16, ["he"])], False),
    ("04-chain", "deep", [HE, deep(1000, 16, ["xavier"])], False),
]


@pytest.mark.parametrize(("lab", "id", "history", "is_done"), SEEN)
def test_a_scene_is_done_by_what_it_asks_for(lab: str, id: str, history: list[Facts], is_done: bool) -> None:
    _, scene = scene_of(lab, id)
    assert holds(scene.checkpoint, history) is is_done
