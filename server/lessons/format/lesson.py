"""A lab: lesson.json."""

from typing import Annotated, Any

from pydantic import Field

from server.lessons.format.parts import Id, Name, Part
from server.lessons.format.scene import Scene
from server.models.numbers import Count


class CodeLine(Part):
    """A line of code that a learner has sent."""

    id: Id = Field(description="Its name in facts, such as `stage.line`.")
    text: str | dict[Id, str] = Field(
        description="The line as it stands; or position of a switch -> the line in that position, the first one where "
        "no switch of the scene decides."
    )
    reads: list[str] = Field([], description="Tensors of the step that it reads.")
    writes: list[str] = Field([], description="Tensors that it makes.")
    overwrites: dict[str, str] = Field(
        {}, description="Tensor whose array it writes into -> the tensor whose numbers stand there afterwards."
    )


class Lesson(Part):
    """A lab."""

    id: Id = Field(description="Its name in the address, `?lab=<id>`.")
    minutes: Annotated[Count, Field(ge=1, le=120)] = Field(description="How long it takes, roughly.")
    next: Id | None = Field(None, description="The lab that is offered at its end.")
    setups: dict[Name, dict[str, Any]] = Field(
        min_length=1, description="Name -> body of POST /sessions; spell out what the lab depends on."
    )
    listings: dict[Id, list[CodeLine]] = Field({}, description="Code that the instrument `code` shows, by name.")
    scenes: Annotated[list[Scene], Field(min_length=1, max_length=50)] = Field(description="In their order.")
