"""Numbers that the words of a scene promise, for a test to hold against the engine."""

from typing import Annotated, Any

from pydantic import Field

from server.lessons.format.parts import Cell, Expression, Id, Name, OptionId, Part, Patch, SampleNumber
from server.models.numbers import Count, Number


class NudgeOf(Part):
    """A number to move, and how far."""

    tensor: str = Field(description="A parameter, or `x`.")
    index: list[SampleNumber] = Field(description="From 0, without the axis of the samples.")
    h: Number | None = Field(None, description="null: the best one.")


class ExchangeOf(Part):
    """Another activation in a hidden layer."""

    layer: Annotated[Count, Field(ge=1)] = Field(description="From 1.")
    activation: Id = Field(description="The other one.")


class LineOf(Part):
    """Where the handles of `line` stand."""

    x0: Number = Field(description="Where the promise is made.")
    dx: Number = Field(description="The step away from it.")
    f: Id = Field("relu", description="Name of an activation.")
    slope: Number = Field(0.0, description="The slope at a corner.")


class When(Part):
    """Things to do before the numbers are looked at."""

    patch: Patch = Field({}, description="Other values in the set-up.")
    steps: Annotated[Count, Field(ge=0)] = Field(0, description="Updates to take.")
    sample: SampleNumber | None = Field(None, description="The sample to look at; null: the one that the scene shows.")
    focus: Cell | None = Field(None, description="The cell to look at; null: the one that the scene shows.")
    long_way: bool = Field(False, description="Go back through dL/dp and the Jacobian.")
    nudge: NudgeOf | None = Field(None, description="A number to nudge: the loss is that of the sample alone.")
    of_batch: bool = Field(False, description="Nudge with the loss of the whole batch.")
    exchange: ExchangeOf | None = Field(None, description="Another activation to try.")
    line: LineOf | None = Field(None, description="For the instrument `line`.")
    chip: OptionId | None = Field(None, description="The chip of the switch that is pressed first.")
    check: Name | None = Field(None, description="One of the scene's traces, to be compared with nudges.")
    run: dict[str, Any] | None = Field(None, description="Controls of the scene's experiment, which is then run.")


class Promise(Part):
    """Expressions that hold when something was done."""

    when: When = Field(description="The things to do first.")
    that: Annotated[list[Expression], Field(min_length=1)] = Field(description="The expressions.")
