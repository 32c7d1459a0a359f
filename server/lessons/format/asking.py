"""What a scene asks before anything is done."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from server.lessons.format.parts import Cell, Name, OptionId, Part
from server.models.numbers import Number

Options = Annotated[list[OptionId], Field(min_length=2, max_length=9)]


class Round(Part):
    """The same question about another step."""

    trace: Name = Field(description="Name of one of the scene's traces.")
    right: OptionId = Field(description="Id of its right answer.")


class Choice(Part):
    """One of several answers, by a press or by the digit in front of it."""

    kind: Literal["choice"] = Field(description="As it stands here.")
    options: Options = Field(description="Ids of the answers, in the order in which they are numbered.")
    right: OptionId = Field(description="Id of the right answer.")
    rounds: list[Round] | None = Field(
        None,
        description="The question comes once a round, about a step of its own; then `right` is that of the first.",
    )

    another: Name | None = Field(
        None,
        description="For `check`, a set-up with rows of its own (`batch`): when all rounds are named, *Another one* "
        "makes a mistake of `GET /mistakes` in its step, as often as the learner likes.",
    )

    @model_validator(mode="after")
    def _right_is_an_option(self) -> Self:
        for right in (self.right, *(each.right for each in self.rounds or ())):
            _check_among(right, self.options)
        if self.another is not None and not self.rounds:
            raise ValueError("another comes after rounds, and there are none")
        return self


class LineChoice(Part):
    """First the learner bets on a line of the code, any line, and then chooses one of several answers."""

    kind: Literal["line"] = Field(description="As it stands here.")
    options: Options = Field(description="Ids of the answers, in the order in which they are numbered.")
    right: OptionId = Field(description="Id of the right answer. No line is right or wrong.")

    @model_validator(mode="after")
    def _right_is_an_option(self) -> Self:
        _check_among(self.right, self.options)
        return self


class ManyChoice(Part):
    """Several of the answers are right, and the learner chooses all of them."""

    kind: Literal["many"] = Field(description="As it stands here.")
    options: Options = Field(description="Ids of the answers, in the order in which they are numbered.")
    right: list[OptionId] = Field(min_length=1, description="Ids of all right answers.")

    @model_validator(mode="after")
    def _right_are_options(self) -> Self:
        for right in self.right:
            _check_among(right, self.options)
        return self


class TypedNumber(Part):
    """The learner types a number."""

    kind: Literal["number"] = Field(description="As it stands here.")
    right: Number = Field(description="The right one.")
    options: list[Number] = Field(
        default_factory=list, description="Wrong numbers that beginners type, each with words of its own."
    )


class TypedNumbers(Part):
    """The learner types several numbers, each into a field of its own."""

    kind: Literal["numbers"] = Field(description="As it stands here.")
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
