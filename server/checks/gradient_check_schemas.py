"""A gradient check: what is asked for and answered."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.models.numbers import Count, Number, Value
from server.steps.schemas import BatchRequest, Start

Index = Annotated[list[Annotated[Count, Field(ge=0)]], Field(max_length=2, fail_fast=True)]


class CellRequest(BaseModel):
    """One number of a parameter."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"parameter": "W1", "index": [0, 1]}]})

    parameter: str = Field(description="As W1, or x.")
    index: Index = Field(description="From 0.")


class GradientCheckRequest(Start):
    """Gradients by the program and by differences of the loss."""

    batch: BatchRequest
    h: Annotated[Number, Field(gt=0)] | None = Field(
        None, description="The step, times max(1, |value|). null: (3 u)^(1/3) for the unit roundoff u of the dtype."
    )
    parameters_to_check: Annotated[list[str], Field(max_length=1_000, fail_fast=True)] | None = Field(
        None, description='As ["W1", "x"]; null: all parameters.'
    )
    limit: Annotated[Count, Field(ge=1)] | None = Field(
        None, description="Most numbers to check, evenly spread; null: as many as the server takes."
    )
    curve: CellRequest | None = Field(
        None, description="Whose error against h is answered; null: the one that differs most from what is allowed."
    )
    curve_points: Annotated[Count, Field(ge=0, le=200)] = Field(37, description="Values of h from 1e-12 to 1.")


class Kink(BaseModel):
    """The first cell that crosses a corner between -h and +h. All numbers count from 0, layers from 1."""

    reason: Literal["crosses a kink"]
    tensor: str = Field(description="As z1, whose activation has a corner; error: where huber goes over to a line.")
    layer: int
    unit: int
    sample: int
    z_below: Value = Field(description="Its z, or what tensor names, at value - h.")
    z_above: Value


class CheckedCell(BaseModel):
    """One number with both gradients."""

    parameter: str
    index: list[int]
    value: Value
    analytic: Value
    numeric: Value
    relative_error: Value = Field(description="|analytic - numeric| / max(|analytic|, |numeric|)")
    h: Value = Field(description="The step as it was rounded.")
    verdict: Literal["agrees", "differs", "skipped"]
    skipped: Kink | None = Field(description="Why it could not be judged.")


class CurvePoint(BaseModel):
    """The same number at another step."""

    h: float
    numeric: Value
    error: Value = Field(description="|analytic - numeric|")
    relative_error: Value
    skipped: Kink | None


class Curve(BaseModel):
    """The error of one number against h: it falls with h squared, and grows again when roundings are divided by h."""

    parameter: str
    index: list[int]
    best_h: float | None = Field(
        description="(3 u |loss| / |third derivative|)^(1/3); null where a corner is near or the third derivative is 0."
    )
    points: list[CurvePoint]


class CheckedCounts(BaseModel):
    """How many numbers there are, and what was found: total = agrees + differs + skipped + left_out."""

    total: int = Field(description="Numbers in the parameters that were to be checked.")
    checked: int = Field(description="Those that could be judged: agrees + differs.")
    agrees: int
    differs: int
    skipped: int = Field(description="Those that could not be judged, because a unit crosses its corner.")
    left_out: int = Field(description="Those that were not looked at, because of the limit.")


class GradientChecked(BaseModel):
    """The answer of a gradient check."""

    loss: Value
    h: float
    counts: CheckedCounts
    worst: CheckedCell | None = Field(description="The one that differs most from what is allowed.")
    cells: list[CheckedCell]
    curve: Curve | None
