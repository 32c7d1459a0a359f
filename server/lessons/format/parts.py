"""What the parts of a lab have in common."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from server.lessons.format.expressions import check_expression
from server.lessons.format.patches import parts_of
from server.models.numbers import Count


class Part(BaseModel):
    """A part of a lab's file. A field that is not known is refused: it would be a slip that nobody notices."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _pointer(value: str) -> str:
    parts_of(value)
    return value


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
# Ids of answers may look like the answer itself: -2, 0.04.
OptionId = Annotated[str, Field(pattern=r"^-?[A-Za-z0-9_.]{1,40}$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z]\w{0,39}$")]
Pointer = Annotated[str, AfterValidator(_pointer)]
Patch = dict[Pointer, Any]
Expression = Annotated[list[Any], AfterValidator(check_expression)]
SampleNumber = Annotated[Count, Field(ge=0)]


class Cell(Part):
    """One number of the step, or a whole tensor of it."""

    tensor: str = Field(description="Its name, such as `dz1`.")
    index: list[SampleNumber] | None = Field(
        None, description="From 0, without the axis of the samples; left out: the whole tensor."
    )
