"""What is answered about labs."""

from typing import Any

from pydantic import BaseModel, Field

from server.lessons.format.asking import Ask
from server.lessons.format.lesson import CodeLine
from server.lessons.format.parts import Cell
from server.lessons.format.scene import Show
from server.lessons.format.words import Words


class LabTitle(BaseModel):
    """A lab by its question."""

    id: str
    minutes: int
    scenes: int = Field(description="How many.")
    is_list: bool = Field(description="Each of its questions stands alone: nothing is said at its end.")
    title: str
    question: str


class RefusedLab(BaseModel):
    """A lab that is not there, because something in its files does not fit."""

    id: str
    file: str
    line: int
    reason: str


class Labs(BaseModel):
    """All labs of this server, in their order."""

    labs: list[LabTitle]
    refused: list[RefusedLab]


class Chip(BaseModel):
    """A position of a scene's switch."""

    id: str
    recipe: dict[str, Any] = Field(description="Body of POST /sessions.")


class LabRun(BaseModel):
    """An experiment that the learner runs."""

    experiment: str
    body: dict[str, Any]
    variants: dict[str, dict[str, Any]] = Field(description="Id -> body; empty: the body is the only one.")
    controls: dict[str, list[Any]]


class LabGrid(BaseModel):
    """A function of the instrument `line` at every place that its handles can take."""

    f: str
    slope: float | None = Field(description="The one at its corner; null: there is none to choose.")
    x: list[float]
    a: list[float]
    mask: list[float] = Field(description="Its slope at each of them.")


class LabCase(BaseModel):
    """A mistake of GET /mistakes that a check of the gradients finds in a step."""

    id: str
    tensors: list[str] = Field(description="The gradients that it spoils.")
    options: list[str] = Field(description="It among others whose numbers are other ones.")


class LabAnother(BaseModel):
    """The step in which *Another one* makes a mistake, and the mistakes."""

    body: dict[str, Any] = Field(description="Body of POST /trace, without a mistake.")
    cases: list[LabCase]


class LabScene(BaseModel):
    """A scene, with all that it asks the server for."""

    id: str
    recipe: dict[str, Any] = Field(description="Body of POST /sessions.")
    show: Show
    ask: Ask | None
    hide: list[Cell]
    switch: list[Chip]
    run: LabRun | None
    traces: dict[str, dict[str, Any]] = Field(description="Name -> body of POST /trace.")
    grids: list[LabGrid] = Field(description="All that the instrument `line` can show.")
    another: LabAnother | None
    may: list[str]
    checkpoint: list[Any]
    look: Cell | None


class Lab(BaseModel):
    """A lab with its words in one language."""

    id: str
    minutes: int
    next: str | None
    listings: dict[str, list[CodeLine]]
    scenes: list[LabScene]
    programs: dict[str, Any] = Field(
        description="Fingerprint -> what GET /programs/{fingerprint} answers, of all steps that the lab can show."
    )
    language: str = Field(description="Of the words: the one that was asked for, or else the nearest that there is.")
    words: Words
