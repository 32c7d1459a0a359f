"""Whether a scene's requests would be answered, and whether what it points at is there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from engine.errors import EngineError
from engine.model import program_of
from engine.program import SAMPLE_AXIS, Program
from engine.vocabulary import Vocabulary
from server.datasets.service import Datasets
from server.experiments.schemas import REQUESTS
from server.lessons.cases import Case, cases_of
from server.lessons.format.asking import Choice, TypedNumbers
from server.lessons.format.instruments import CheckStart, CodeStart, LineStart
from server.lessons.format.lesson import Lesson
from server.lessons.format.lines import JsonPath
from server.lessons.format.parts import Cell
from server.lessons.format.refusal import Wrong
from server.lessons.format.scene import Scene
from server.lessons.grids import Grid, grids_of
from server.lessons.resolving import Resolved
from server.problems import Problem
from server.sessions.creating import new_session
from server.sessions.schemas import SessionRequest
from server.settings import Settings
from server.steps.schemas import TraceRequest
from server.steps.stateless import trace_of

Request = TypeVar("Request", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine says of a scene before anybody opens it.

    Parameters
    ----------
    programs : of the steps that the scene can show, so that nobody has to ask for them.
    grids : the functions of the instrument `line`.
    cases : the mistakes that *Another one* makes.
    """

    programs: tuple[Program, ...]
    grids: tuple[Grid, ...]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a server would say to a scene.

    All of its checks raise `Wrong`, with a place that is counted from the scene.
    """

    datasets: Datasets
    settings: Settings
    vocabulary: Vocabulary
    # Scenes share their set-ups, and a chip often begins what its scene began.
    begun: dict[str, Program] = field(default_factory=dict)

    async def check(self, lesson: Lesson, scene: Scene, resolved: Resolved) -> Found:
        program = await self._begun(resolved.recipe, "setup")
        programs = [program]
        for id, recipe in resolved.chips.items():
            programs.append(await self._begun(recipe, "switch", id))
        for name, body in resolved.traces.items():
            programs.append(self._traced(body, "traces", name))
        for id, body in resolved.variants.items():
            place: JsonPath = ("run", "variants", id) if id else ("run", "body")
            _parsed(REQUESTS[scene.run.experiment], body, *place)  # type: ignore[union-attr]
        for control in scene.run.controls if scene.run else ():
            if control not in REQUESTS[scene.run.experiment].model_fields:  # type: ignore[union-attr]
                raise Wrong(f"the experiment takes no {control!r}", "run", "controls", control)
        for cell, at in _cells(scene):
            _check_cell(cell, program, *at)
        if scene.show.at is not None and scene.show.at.output != "x":
            _check_cell(Cell(tensor=scene.show.at.output), program, "show", "at", "output")
        _check_instrument(lesson, scene)
        return Found(tuple(programs), self._grids(scene), self._cases(resolved))

    def _grids(self, scene: Scene) -> tuple[Grid, ...]:
        start = scene.show.opened
        return grids_of(start, self.settings, self.vocabulary) if isinstance(start, LineStart) else ()

    def _cases(self, resolved: Resolved) -> tuple[Case, ...]:
        if resolved.another is None:
            return ()
        self._traced(resolved.another, "ask", "another")
        return cases_of(resolved.another, self.settings, self.vocabulary)

    async def _begun(self, recipe: dict[str, Any], *place: str | int) -> Program:
        key = json.dumps(recipe)
        if key in self.begun:
            return self.begun[key]
        request = _parsed(SessionRequest, recipe, *place)
        try:
            session = await new_session(request, self.datasets, self.settings, self.vocabulary)
        except (EngineError, Problem) as error:
            raise Wrong(f"no run begins like this: {error}", *place) from None
        run = session.trainer.run
        program = self.begun[key] = program_of(run.model, run.optimizer)
        return program

    def _traced(self, body: dict[str, Any], *place: str) -> Program:
        request = _parsed(TraceRequest, body, *place)
        try:
            return trace_of(request, self.settings, self.vocabulary, expand=False).trace.program
        except (EngineError, Problem) as error:
            raise Wrong(f"there is no such step: {error}", *place) from None


def _parsed(kind: type[Request], body: dict[str, Any], *place: str | int) -> Request:
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        inner = ".".join(str(part) for part in first["loc"])
        raise Wrong(f"{inner}: {first['msg']}", *place) from None


def _cells(scene: Scene) -> Iterator[tuple[Cell, JsonPath]]:
    if scene.show.focus is not None:
        yield scene.show.focus, ("show", "focus")
    if scene.look is not None:
        yield scene.look, ("look",)
    yield from ((cell, ("hide", at)) for at, cell in enumerate(scene.hide) if cell.tensor != "*")
    if isinstance(scene.ask, TypedNumbers):
        yield from ((cell, ("ask", "cells", at)) for at, cell in enumerate(scene.ask.cells))


def _check_cell(cell: Cell, program: Program, *place: str | int) -> None:
    tensor = program.tensors.get(cell.tensor)
    if tensor is None:
        raise Wrong(f"the step has no tensor {cell.tensor!r}", *place)
    axes = [axis for axis in tensor.axes if axis != SAMPLE_AXIS]
    if cell.index is None:
        return
    sizes = [program.sizes[axis] for axis in axes]
    if len(cell.index) != len(sizes) or any(at >= size for at, size in zip(cell.index, sizes, strict=True)):
        raise Wrong(f"{cell.tensor} has no cell {cell.index}; its size is {sizes}", *place)


def _check_instrument(lesson: Lesson, scene: Scene) -> None:
    needed: set[str] = set()
    start = scene.show.opened
    if isinstance(start, CodeStart):
        listings = {start.listing} if isinstance(start.listing, str) else set(start.listing.values())
        for listing in listings - lesson.listings.keys():
            raise Wrong(f"there is no listing {listing!r}", "show", "with", "listing")
        lines = {line.id for listing in listings for line in lesson.listings[listing]}
        if start.line is not None and start.line not in lines:
            raise Wrong(f"there is no line {start.line!r}", "show", "with", "line")
        needed |= {"_".join(positions) for positions in product(*start.switches.values())} - {""}
    if isinstance(start, CodeStart | CheckStart) and start.trace is not None:
        needed.add(start.trace)
    if isinstance(scene.ask, Choice):
        needed |= {each.trace for each in scene.ask.rounds or ()}
    for name in sorted(needed - scene.traces.keys()):
        raise Wrong(f"a step is missing: {name}", "traces")
    if isinstance(scene.ask, Choice) and scene.ask.another is not None and scene.show.stage != "check":
        raise Wrong("another mistake is found with the instrument check", "ask", "another")
    if (scene.show.stage in ("depth", "bars")) != (scene.run is not None):
        raise Wrong("depth and bars need a run, and nothing else has one", "show", "stage")
