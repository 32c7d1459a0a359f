"""Data sets: what is asked for and answered."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.datasets import Task
from server.schemas.numbers import Count, Number

OptionValue = Count | Number | str


class DatasetRequest(BaseModel):
    """A data set for a session. Any other field is one of its options, such as rows, noise or corners."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"name": "two_moons", "noise": 0.2}]})
    __pydantic_extra__: dict[str, OptionValue]

    name: str = Field(description="As in GET /datasets, or the name that POST /datasets answered.")
    seed: Annotated[Count, Field(ge=0, le=2**63 - 1)] = Field(0, description="Of the points and of the split.")
    held_out_fraction: Number = Field(
        0.2, description="Share of each class, or of all rows for a regression, that is kept from training, below 1."
    )
    scaling: Literal["usual", "none"] = Field(
        "usual", description="usual: as the data set's fixed_scale says; none: x and a target are what was measured."
    )


class DatasetOption(BaseModel):
    """Something to choose about a data set: a number within limits, or one of several words."""

    name: str
    default: int | float | str
    minimum: int | float | None
    maximum: int | float | None
    choices: list[str]


class DatasetDescription(BaseModel):
    """A data set without its rows."""

    name: str
    title: str = Field(description="What a person calls it; the name itself for named sets.")
    rows: int
    features: int
    classes: int
    feature_names: list[str]
    class_names: list[str] = Field(description="Empty for a regression.")
    task: Task
    target_name: str | None = Field(description="The number that a regression learns; null: a class is learned.")
    source: str
    licence: str
    image_shape: list[int] | None = Field(description="[height, width] where a row is an image.")
    fixed_scale: float | None = Field(
        description="x is divided by it; null: each column, and a target, is scaled by its mean and standard deviation."
    )
    held_out: bool = Field(description="Whether a part of it can be held out.")
    options: list[DatasetOption]


class DatasetRows(DatasetDescription):
    """A data set with its rows as they were measured; nothing is standardised."""

    x: list[list[float]]
    y: list[int] | list[float] = Field(description="Class numbers, or the numbers that a regression learns.")


class OwnDataset(DatasetDescription):
    """An own data set that was stored, with its first rows to check."""

    preview_x: list[list[float]]
    preview_y: list[int] | list[float]
    rows_of_class: list[int] = Field(description="How many rows each class has.")
