"""A scene counts as done by the measurement that it asks for, and not by less."""

from typing import Any

import pytest

from tests.labs.evaluating import holds
from tests.labs.reading import scene_of

Facts = dict[str, Any]


def on_the_line(x0: float, error: float, f: str = "relu", slope: float = 0, dx: float = -0.5) -> Facts:
    return {"stage": {"name": "line", "x0": x0, "dx": dx, "error": error, "f": f, "slope": slope}}


def with_weights(weight: float, is_twin: bool) -> Facts:
    return {"stage": {"twin": is_twin}, "parameters": {"W1": [[weight]]}}


def at_slope(slope: float, **nudge: Any) -> Facts:
    return {"recipe": {"model": {"hidden": [{"derivative_at_zero": slope}]}}, "nudge": nudge}


def deep(layers: int, width: int, initializers: list[str]) -> Facts:
    return {"experiment": {"body": {"layers": layers, "width": width, "initializers": initializers}}}


def nudged(h: float, slope: float, kinks: int = 0) -> Facts:
    place = {"at": {"output": "dW1"}}
    return {**place, "nudge": {"tensor": "b1", "index": [1], "h": h, "slope": slope, "kinks_in_all": kinks}}


def compared(*names: str) -> list[Facts]:
    return [{"stage": {"checked": name, "choice": {"order": "deltas_first"}}} for name in names]


def trained(steps: int, *variants: str) -> Facts:
    results = {variant: {"loss": {"mean": [0.7]}} for variant in variants}
    return {"experiment": {"body": {"steps": steps}, "results": results}}


def awake(output: str, step: int = 1, z: float = 0.25) -> Facts:
    return {"step": step, "trace": {"z2": [[0.5, z]]}, "at": {"scope": "sample", "output": output}}


def panel(layers: str) -> Facts:
    return {"layers": layers}


FAR, SMOOTH = on_the_line(1, 0.5), on_the_line(1 / 64, 0.1, "sigmoid")
NEAR = on_the_line(1 / 64, 0, dx=-1 / 64)
SLOPES = [at_slope(slope) for slope in (0, 0.5, 1)]
NUDGED, DIFFERENT = (at_slope(slope, tensor="b1", index=[1], gradient=0.75 * slope) for slope in (0.5, 1))
XAVIER, HE = deep(30, 64, ["xavier"]), deep(30, 64, ["he"])
LONG, NARROW = deep(1000, 64, ["he"]), deep(1000, 16, ["he"])

# Lab, scene, what has been the case, and whether that is enough.
SEEN: list[tuple[str, str, list[Facts], bool]] = [
    ("02-gate", "stop", [nudged(1.9, 0), nudged(2.5, 0.0887, 1)], True),
    ("02-gate", "stop", [nudged(1e-5, 0), nudged(2.5, 0.0887, 1)], False),
    ("02-gate", "stop", [nudged(1.9, 0)], False),
    # The dialog would cover what is told.
    ("02-gate", "swap", [{"exchange": {"layer": 1, "activation": "sigmoid"}}], False),
    ("02-gate", "swap", [{"exchange": {"layer": 1, "activation": "sigmoid"}}, {"exchange": {"activation": ""}}], True),
    ("03-corner", "road", [FAR, NEAR, SMOOTH], True),
    # A step that was long already, or one of no length.
    ("03-corner", "road", [FAR, on_the_line(1 / 64, 0.5), SMOOTH], False),
    ("03-corner", "road", [FAR, on_the_line(1 / 64, 0, dx=0), SMOOTH], False),
    ("03-corner", "road", [on_the_line(1, 0), NEAR, SMOOTH], False),
    ("03-corner", "road", [FAR, NEAR], False),
    # Left of the corner, where one does not stand at 1/64.
    ("03-corner", "road", [FAR, on_the_line(-0.3, 0), SMOOTH], False),
    ("03-corner", "on", [on_the_line(0, 0.5, slope=slope) for slope in (0, 0.5, 1)], True),
    # To the right alone, where the slope 1 keeps its promise.
    ("03-corner", "on", [on_the_line(0, 0.5 - slope / 2, slope=slope) for slope in (0, 0.5, 1)], False),
    ("03-corner", "choice", [*SLOPES, NUDGED, DIFFERENT], True),
    ("03-corner", "choice", SLOPES, False),
    # The slope that agrees was not nudged.
    ("03-corner", "choice", [*SLOPES, DIFFERENT], False),
    ("03-corner", "choice", [*SLOPES, NUDGED], False),
    ("03-corner", "choice", [*SLOPES, NUDGED, at_slope(1, tensor="b1", index=[0], gradient=0.75)], False),
    ("04-chain", "weights", [with_weights(weight, True) for weight in (0.5, 1, 2)], True),
    ("04-chain", "weights", [with_weights(weight, False) for weight in (0.5, 1, 2)], False),
    ("04-chain", "weights", [with_weights(weight, True) for weight in (1, 2)], False),
    ("04-chain", "deep", [XAVIER, HE, LONG, NARROW], True),
    ("04-chain", "deep", [HE, LONG, NARROW], False),
    ("04-chain", "deep", [XAVIER, HE, NARROW], False),
    ("04-chain", "deep", [XAVIER, HE, LONG, deep(30, 16, ["he"])], False),
    ("04-chain", "deep", [XAVIER, HE, LONG, deep(1000, 16, ["xavier"])], False),
    ("04-chain", "deep", [XAVIER, LONG, NARROW], False),
    ("05-code", "again", compared("second_in_turn_overwrites", "first_deltas_first_overwrites"), True),
    ("05-code", "again", compared("second_in_turn_overwrites", "second_deltas_first_overwrites"), False),
    ("05-code", "start", [trained(2000, "tanh_small", "relu_small", "relu_he")], True),
    ("05-code", "start", [trained(2000, "tanh_small", "relu_small")], False),
    ("05-code", "start", [trained(200, "tanh_small", "relu_small", "relu_he")], False),
    ("05-code", "last", [{"stage": {"choice": {"loss": "half_squared_error"}}}], False),
    ("05-code", "last", compared("half_squared_error"), True),
    ("06-small", "mask", [{"stage": {"choice": {"test": "a_at_least"}}}], False),
    ("06-small", "mask", compared("a_at_least"), False),
    ("06-small", "mask", compared("a_above", "z_above"), False),
    ("06-small", "mask", compared("a_at_least", "z_above"), True),
    # Not before the number that is told stands in the drawing.
    ("06-small", "back", [awake(at) for at in ("x", "z1", "mask1")], False),
    ("06-small", "back", [awake(at) for at in ("x", "z1", "mask1", "z2")], True),
    ("06-small", "back", [awake("z2", step=0, z=-0.5)], False),
    ("06-small", "common", [panel("sizes"), {"experiment": {"name": "derivative-at-zero"}}], False),
    ("06-small", "common", [panel("values")], False),
    ("06-small", "common", [panel("values"), {"experiment": {"name": "derivative-at-zero"}}], True),
]


@pytest.mark.parametrize(("lab", "id", "history", "is_done"), SEEN)
def test_a_scene_is_done_by_what_it_asks_for(lab: str, id: str, history: list[Facts], is_done: bool) -> None:
    _, scene = scene_of(lab, id)
    assert holds(scene.checkpoint, history) is is_done


# Scene, and what stands beside the numbers that it asks for: a second one says what the first one is.
HIDDEN = [
    ("02-gate", "zeros", {"dW2", "da1", "mask1", "dz1", "dW1", "db1"}),
    ("06-small", "sum", {"db1"}),
]


@pytest.mark.parametrize(("lab", "id", "tensors"), HIDDEN)
def test_nothing_beside_a_question_gives_its_answer_away(lab: str, id: str, tensors: set[str]) -> None:
    _, scene = scene_of(lab, id)
    assert {cell.tensor for cell in scene.hide if cell.index is None} == tensors
