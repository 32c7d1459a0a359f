"""A slice of the loss: what is asked for and answered."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.checks.gradient_check_schemas import Index, Kink
from server.models.numbers import Count, Number, Value, Vector, list_at_most
from server.steps.schemas import Scope


class SliceRequest(BaseModel):
    """One number of the next step to move, and how far."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"tensor": "W1", "index": [0, 1], "h": 0.1, "values": [0, 0.5], "sample": 2}]},
    )

    tensor: str = Field(description="As W1 or b2, or x.")
    index: Index = Field(description="From 0; of x the row of this scope first.")
    h: Annotated[Number, Field(gt=0)] | None = Field(
        None, description="How far to move it to both sides. null: (3 u)^(1/3) max(1, |value|), the dtype's roundoff u."
    )
    values: Annotated[Vector, list_at_most("points of a slice", "max_slice_values")] = Field(
        default_factory=list, description="Where the loss is wanted too."
    )
    sample: Annotated[Count, Field(ge=0)] | None = Field(
        None, description="A row of the batch, alone: the loss is that sample's own. null: the whole batch."
    )


class MovedTo(BaseModel):
    """The loss at one value."""

    value: Value
    loss: Value


class LossSlice(BaseModel):
    """The loss of the next step as a function of one number, everything else held."""

    step: int
    scope: Scope
    tensor: str
    index: list[int]
    value: Value
    loss: Value
    gradient: Value = Field(description="By the program: the slope of the loss at this value.")
    h: Value = Field(description="The step as it was rounded.")
    below: MovedTo = Field(description="At value - h.")
    above: MovedTo = Field(description="At value + h.")
    slope: Value = Field(description="(loss above - loss below) / 2h")
    relative_difference: Value = Field(description="|gradient - slope| / max(|gradient|, |slope|); 0 where both are 0.")
    best_h: float = Field(description="The step without a choice.")
    verdict: Literal["agrees", "differs", "skipped"] = Field(
        description="Within what rounding and the third derivative explain; skipped: a unit crosses its corner."
    )
    kinks: list[Kink] = Field(description="The first units that cross their corner between value - h and value + h.")
    kinks_in_all: int
    values: list[Value] = Field(description="As they were rounded.")
    losses: list[Value] = Field(description="The loss at each of them.")
    masks_differ: list[bool] = Field(description="Whether a unit stands on another side of its corner there.")
