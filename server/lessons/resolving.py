"""A scene with everything worked out that its file says by reference: set-ups, changes, other names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.lessons.format.asking import Choice
from server.lessons.format.lesson import Lesson
from server.lessons.format.patches import patched
from server.lessons.format.refusal import Wrong
from server.lessons.format.scene import Changed, Scene, TraceOf

Body = dict[str, Any]
# What a body of POST /trace has in common with one of POST /sessions.
OF_A_STEP = ("model", "parameters", "initializer", "seed", "optimizer", "batch")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Bodies of requests.

    Parameters
    ----------
    recipe : of POST /sessions.
    chips : of POST /sessions, by the id of the switch's chip.
    traces : of POST /trace, by name.
    variants : of POST /experiments/..., by the id of the run's variant; "" where it has none.
    another : of POST /trace, the step in which *Another one* makes its mistakes.
    """

    recipe: Body
    chips: dict[str, Body]
    traces: dict[str, Body]
    variants: dict[str, Body]
    another: Body | None


def resolve(lesson: Lesson, scene: Scene) -> Resolved:
    """All that a scene asks the server for.

    Raises
    ------
    Wrong : a name or a place that is not there; the place is counted from the scene.
    """
    recipe = recipe_of(lesson, scene.setup, "setup")
    traces = {name: _trace(lesson, scene, name) for name in scene.traces}
    chips, variants = dict(_chips(lesson, scene, recipe)), dict(_variants(scene))
    return Resolved(recipe, chips, traces, variants, _another(lesson, scene))


def recipe_of(lesson: Lesson, setup: str | Changed | TraceOf, *place: str | int) -> Body:
    """A set-up, or one with changes."""
    name = setup if isinstance(setup, str) else setup.of
    if name not in lesson.setups:
        raise Wrong(f"there is no set-up {name!r}; there are {', '.join(lesson.setups)}", *place)
    patch: Mapping[str, Any] = {} if isinstance(setup, str) else setup.patch
    return _patched(lesson.setups[name], patch, *place, "patch")


def _chips(lesson: Lesson, scene: Scene, recipe: Body) -> Iterator[tuple[str, Body]]:
    if scene.switch is None:
        return
    for id, value in scene.switch.values.items():
        yield id, _patched(recipe, {str(scene.switch.path): value}, "switch", "path")
    for id, name in scene.switch.setups.items():
        yield id, recipe_of(lesson, name, "switch", "setups", id)


def _trace(lesson: Lesson, scene: Scene, name: str) -> Body:
    trace = scene.traces[name]
    if isinstance(trace, str):
        if not isinstance(scene.traces.get(trace), TraceOf):
            raise Wrong(f"{trace!r} is the name of no step that stands here itself", "traces", name)
        return _trace(lesson, scene, trace)
    return _step(recipe_of(lesson, trace, "traces", name), "traces", name) | {"given": trace.given}


def _another(lesson: Lesson, scene: Scene) -> Body | None:
    if not isinstance(scene.ask, Choice) or scene.ask.another is None:
        return None
    place = ("ask", "another")
    return _step(recipe_of(lesson, scene.ask.another, *place), *place) | {"given": {}}


def _step(recipe: Body, *place: str | int) -> Body:
    if recipe.get("batch") is None:
        raise Wrong("a step needs rows of its own: give the set-up a batch", *place)
    return {part: recipe[part] for part in OF_A_STEP if part in recipe}


def _variants(scene: Scene) -> Iterator[tuple[str, Body]]:
    if scene.run is None:
        return
    for id, patch in scene.run.variants.items():
        yield id, _patched(scene.run.body, patch, "run", "variants", id)
    if not scene.run.variants:
        yield "", scene.run.body


def _patched(document: Body, patch: Mapping[str, Any], *place: str | int) -> Body:
    try:
        changed: Body = patched(document, patch)
    except ValueError as error:
        raise Wrong(str(error), *place) from None
    return changed
