"""The instruments that a scene can open, and how each begins."""

from typing import Annotated, Literal

from pydantic import Field

from server.lessons.format.parts import Id, Name, Part
from server.models.numbers import Number

StageName = Literal["line", "factors", "depth", "bars", "code", "check"]


class LineStart(Part):
    """In the drawing's place: a function and its promise over x."""

    x0: Number = Field(1.0, description="Where the promise is made.")
    dx: Number = Field(-0.5, description="The step away from it.")
    f: Id = Field("relu", description="Name of an activation.")
    slope: Number = Field(0.0, description="The slope at a corner.")
    functions: list[Id] = Field(["relu"], description="Those to choose from.")
    slopes: list[Number] = Field([], description="Chips for the slope at the corner; none: it is not asked for.")


class FactorsStart(Part):
    """In the card's place: a gradient of a chain, a chip a factor."""

    gradient: Name = Field("W1", description="The parameter whose gradient is taken apart.")
    twin: Id | None = Field(
        None, description="An activation: a second row shows the same weights with it in every layer."
    )
    others: list[Name] = Field([], description="Other parameters, whose gradients stand below the product.")


class DepthStart(Part):
    """In the drawing's place: sizes of gradients over layers; the scene's `run` says of which networks."""


class BarsStart(Part):
    """In the drawing's place: a bar a variant, with its interval; the scene's `run` says of what."""


class CodeStart(Part):
    """In the card's place: lines, and the arrays that they read and write."""

    listing: Id | dict[Id, Id] = Field(
        description="Which of the lab's listings; or position of a switch -> the listing in that position."
    )
    switches: dict[Id, Annotated[list[Id], Field(min_length=2)]] = Field(
        {},
        description="Switch -> its positions; it begins in the first. The current step is the trace whose name joins "
        "the positions by `_`, in the order of the switches.",
    )
    trace: Name | None = Field(None, description="The current step where there are no switches; null: the run's own.")
    line: Id | None = Field(None, description="Id of the line whose arrays are open; null: none before one is clicked.")


class CheckStart(Part):
    """In the card's place: a row a tensor, this pass beside what nudges measure."""

    trace: Name | None = Field(None, description="The step to check; null: the run's own, or that of a round.")


STARTS: dict[str, type[Part]] = {
    "line": LineStart,
    "factors": FactorsStart,
    "depth": DepthStart,
    "bars": BarsStart,
    "code": CodeStart,
    "check": CheckStart,
}
