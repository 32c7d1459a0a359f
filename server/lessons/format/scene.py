"""One scene of a lab: what is open, what is asked, what may change, and when it is done."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from server.lessons.format.asking import Ask
from server.lessons.format.instruments import STARTS, StageName
from server.lessons.format.parts import Cell, Expression, Id, Name, OptionId, Part, Patch, Pointer, SampleNumber
from server.lessons.format.promises import Promise


class Changed(Part):
    """A set-up with other values in some places."""

    of: Name = Field(description="Name of a set-up.")
    patch: Patch = Field(description='Place -> value, such as {"/parameters/b1/1": -2}.')


class TraceOf(Part):
    """A step beside the run."""

    of: Name = Field(description="Name of a set-up that has rows of its own (`batch`).")
    patch: Patch = Field({}, description="Other values in the set-up.")
    given: dict[Name, Any] = Field({}, description="Tensor -> values taken as they are, as in POST /trace.")


class At(Part):
    """A place in the step: the playhead stands behind the operation that makes this tensor."""

    scope: Literal["sample", "batch"] = Field("sample", description="Whose numbers the operation shows.")
    output: str = Field("x", description="The tensor that the operation ends with; `x`: the beginning of the step.")


class Show(Part):
    """What the page shows when the scene opens."""

    sample: SampleNumber = Field(0, description="The current sample, counted from 0.")
    at: At | None = Field(None, description="null: the whole step, as it was computed.")
    focus: Cell | None = Field(None, description="The cell that the card explains.")
    tab: str = Field("", description="The panel that is open.")
    view: Literal["map", "why"] | None = Field(None, description="What stands beside the drawing.")
    stage: StageName | None = Field(None, description="The instrument that is open.")
    start: dict[str, Any] = Field(
        {}, alias="with", description="How that instrument begins; see the instruments below."
    )

    @model_validator(mode="after")
    def _the_instrument_begins_so(self) -> Self:
        if self.stage is None and self.start:
            raise ValueError("with says how an instrument begins, but stage names none")
        _ = self.opened
        return self

    @property
    def opened(self) -> Part | None:
        """How the instrument begins, read; None where none is open."""
        return None if self.stage is None else STARTS[self.stage].model_validate(self.start)


class Switch(Part):
    """Chips that begin the scene's run again with another value in one place, or with another set-up."""

    path: Pointer | None = Field(None, description="A place in the set-up.")
    values: dict[OptionId, Any] = Field({}, description="Id of a chip -> the value that it puts there.")
    setups: dict[OptionId, Name] = Field({}, description="Id of a chip -> the set-up that it begins.")

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.path is None) == (not self.setups) or (self.path is None) != (not self.values):
            raise ValueError("a switch has either path with values, or setups")
        return self


class Run(Part):
    """An experiment that the learner runs."""

    experiment: Literal["replicas", "depth", "born-dead", "initialization", "exact-zeros", "derivative-at-zero"] = (
        Field(description="Which one.")
    )
    body: dict[str, Any] = Field(description="Body of POST /experiments/{experiment}.")
    variants: dict[Id, Patch] = Field({}, description="Id -> other values in the body; each variant runs by itself.")
    controls: dict[Name, list[Any]] = Field(
        {}, description="Field of the body -> the values that the learner may give it."
    )


def _shape(value: object) -> str:
    """So that what is wrong is said of the alternative that was meant."""
    if isinstance(value, str):
        return "name"
    return "expression" if isinstance(value, list) else "object"


NameOrChanged = Annotated[
    Annotated[Name, Tag("name")] | Annotated[Changed, Tag("object")],
    Discriminator(_shape),
]
NameOrTrace = Annotated[
    Annotated[Name, Tag("name")] | Annotated[TraceOf, Tag("object")],
    Discriminator(_shape),
]
ExpressionOrPromise = Annotated[
    Annotated[Expression, Tag("expression")] | Annotated[Promise, Tag("object")],
    Discriminator(_shape),
]


class Scene(Part):
    """A question, something to do, and what it was about."""

    id: Id = Field(description="Its name in the address, `?lab=<id>&scene=<id>`.")
    setup: NameOrChanged = Field(description="Name of a set-up, or one with changes.")
    show: Show = Field(default_factory=lambda: Show(), description="What is open.")
    ask: Ask | None = Field(None, description="The question; null: the scene begins with something to do.")
    hide: list[Cell] = Field(
        [],
        description='Numbers that nobody sees until the answer; tensor `"*"`: all results, and each weight stands on '
        "its line.",
    )
    switch: Switch | None = Field(None, description="Chips that come with what is to be done.")
    run: Run | None = Field(None, description="What `depth` and `bars` run.")
    traces: dict[Name, NameOrTrace] = Field(
        {}, description="Steps for the instrument to show, by name; or the name of another one of them."
    )
    may: list[Pointer] = Field(
        [],
        description="Places in the set-up that a learner may change without leaving the scene; `/step` for taking "
        "steps. Looking, playing and nudging are always part of it.",
    )
    checkpoint: Expression = Field(description="True when the scene is done; false when it opens.")
    look: Cell | None = Field(None, description="The cell that the card explains once the scene is told.")
    expect: list[ExpressionOrPromise] = Field([], description="The numbers that its words promise, for a test alone.")
