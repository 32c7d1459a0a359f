"""What a scene asks before anything is done."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from server.lessons.parts import Cell, Name, OptionId, Part
from server.schemas.numbers import Number

Options = Annotated[list[OptionId], Field(min_length=2, max_length=9)]


class Round(Part):
    """The same question about another step."""

    trace: Name = Field(description="Name of one of the scene's traces.")
    right: OptionId


class Choice(Part):
    """One of several answers, by a press or by the digit in front of it."""

    kind: Literal["choice"]
    options: Options = Field(description="Ids of the answers, in the order in which they are numbered.")
    right: OptionId
    rounds: list[Round] | None = Field(
        None, description="The question is asked once a round, each about its own step; `right` is the first one's."
    )

    @model_validator(mode="after")
    def _right_is_an_option(self) -> Self:
        for right in (self.right, *(each.right for each in self.rounds or ())):
            _check_among(right, self.options)
        return self


class LineChoice(Part):
    """A line of the code is bet on, any line; then one of several answers is chosen."""

    kind: Literal["line"]
    options: Options
    right: OptionId

    @model_validator(mode="after")
    def _right_is_an_option(self) -> Self:
        _check_among(self.right, self.options)
        return self


class ManyChoice(Part):
    """All answers that are right."""

    kind: Literal["many"]
    options: Options
    right: list[OptionId] = Field(min_length=1)

    @model_validator(mode="after")
    def _right_are_options(self) -> Self:
        for right in self.right:
            _check_among(right, self.options)
        return self


class TypedNumber(Part):
    """A number is typed."""

    kind: Literal["number"]
    right: Number
    options: list[Number] = Field(
        default_factory=list, description="Wrong numbers that beginners type, each with words of its own."
    )


class TypedNumbers(Part):
    """Several numbers are typed, each into a field of its own."""

    kind: Literal["numbers"]
    options: Options = Field(description="Ids of the fields, in their order.")
    right: list[Number] = Field(description="The number of each field.")
    cells: list[Cell] = Field(description="Where each of them stands in the step: a wrong one shows its line.")

    @model_validator(mode="after")
    def _one_a_field(self) -> Self:
        if not len(self.options) == len(self.right) == len(self.cells):
            raise ValueError("options, right and cells need one entry a field")
        return self


Ask = Annotated[Choice | LineChoice | ManyChoice | TypedNumber | TypedNumbers, Field(discriminator="kind")]


def _check_among(right: str, options: list[str]) -> None:
    if right not in options:
        raise ValueError(f"right is {right!r}, which is none of the options {', '.join(options)}")
    if len(set(options)) < len(options):
        raise ValueError(f"an option stands twice: {', '.join(options)}")
