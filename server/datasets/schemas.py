"""Data sets: what is asked for and answered."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.datasets import USUAL_FRACTION, ColumnKind, Role, Task, Why
from server.models.numbers import Count, Number

OptionValue = Count | Number | str


class DatasetRequest(BaseModel):
    """A data set for a session. Any other field is one of its options, such as rows, noise or corners."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"name": "two_moons", "noise": 0.2}]})
    __pydantic_extra__: dict[str, OptionValue]

    name: str = Field(description="As in GET /datasets, or the name that POST /datasets answered.")
    seed: Annotated[Count, Field(ge=0, le=2**63 - 1)] = Field(0, description="Of the points and of the split.")
    held_out_fraction: Number = Field(
        USUAL_FRACTION,
        description="Share of each class, or of all rows for a regression, that is kept from training, below 1.",
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


class OwnTable(BaseModel):
    """A person's own table, with what is known about it. Whatever is left out is found out, and answered."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"csv": "Id,hours,grade\n1,10.5,50\n2,11.5,50.5\n", "columns": {"Id": "left_out", "grade": "target"}}
            ],
        },
    )

    csv: str | None = Field(None, description="The table as text. Either this or base64.")
    base64: str | None = Field(None, description="The bytes of the file in base64. Either this or csv.")
    name: str = Field("own data", max_length=80, description="What a person calls it.")
    columns: dict[str, Role] = Field({}, description="What columns are for, by their names in the answer.")
    missing: Literal["leave_out", "mean"] = Field(
        "leave_out",
        description="Rows with a missing cell (empty, NA, ?, null) are left out, or it takes the mean of its column. "
        "A row without a label or target is always left out.",
    )
    encoding: Annotated[str, Field(max_length=40)] | None = Field(
        None, description="Of the bytes in base64, for example windows-1251."
    )
    separator: Annotated[str, Field(pattern=r"^[^\w\"'\r\n.+\-]$")] | None = Field(
        None, description="What stands between cells; a blank is any number of them."
    )
    decimal: Literal[".", ","] | None = Field(None, description="What stands before the decimals of a number.")
    header: bool | None = Field(None, description="Whether the first row has the names of the columns.")
    part: bool = Field(
        False, description="Go on with the first rows and columns and the commonest classes where there are too many."
    )

    @model_validator(mode="after")
    def _one_table(self) -> Self:
        if (self.csv is None) == (self.base64 is None):
            raise ValueError("send the table as csv (text) or as base64 (bytes), one of the two")
        return self


class TableForm(BaseModel):
    """How the text of a table was read."""

    encoding: str
    separator: str | None = Field(description="What stands between cells; null in JSON and in lists.")
    decimal: Literal[".", ","]
    header: bool
    comment_lines: int = Field(description="How many lines begin with # and were skipped.")
    rows_left_out: int = Field(description="Rows with missing cells, and those that part left out.")
    guessed: list[Literal["encoding", "separator", "decimal", "header"]] = Field(
        description="What could be meant otherwise too: look at it, and say so if it is wrong."
    )


class TableColumn(BaseModel):
    """What was understood of a column."""

    name: str
    role: Role
    kind: ColumnKind
    why: Why = Field(
        description="Why it has this role. asked: as the request says; header: its header says so; one_hot: columns of "
        "0 and 1 with one 1 a row; last_words: the last column has words; first_repeats: the first column has few "
        "values that repeat; last: the last column; numbers, words: a feature; last_feature: no other feature is left; "
        "row_names, id_header, dates, counting, constant, many_words, empty: no use as a feature; part: beyond the "
        "most features."
    )
    guessed: bool = Field(description="Nobody said so, neither the request nor a header.")
    features: list[str] = Field(description="The columns of x that were made of it.")
    missing: int = Field(description="How many of its cells have no value.")


class DatasetPicture(BaseModel):
    """What a small picture of a data set shows: some of its samples in the square from 0 to 1, or images."""

    x: list[float] = Field(description="Across, along a feature that tells much; empty where a row is an image.")
    y: list[float] = Field(description="Up, along another one, or for a regression the number to learn.")
    labels: list[int] = Field(description="Of the same samples; empty for a regression.")
    images: list[list[list[float]]] = Field(description="One of each class, from 0 to 1, where a row is an image.")


class AboutData(BaseModel):
    """The fields that a data set and a session that uses it share."""

    title: str = Field(description="What a person calls it; the name itself for named sets.")
    features: int
    classes: int
    feature_names: list[str]
    class_names: list[str] = Field(description="Empty for a regression.")
    task: Task
    image_shape: list[int] | None = Field(description="[height, width] where a row is an image.")
    source: str
    licence: str


class DatasetDescription(AboutData):
    """A data set without its rows."""

    name: str
    rows: int
    target_name: str | None = Field(description="The number that a regression learns; null: a class is learned.")
    fixed_scale: float | None = Field(
        description="x is divided by it; null: each column, and a target, is scaled by its mean and standard deviation."
    )
    held_out: bool = Field(description="Whether a part of it can be held out.")
    options: list[DatasetOption]
    picture: DatasetPicture


class DatasetRows(DatasetDescription):
    """A data set with its rows as they were measured; nothing is standardised."""

    x: list[list[float]]
    y: list[int] | list[float] = Field(description="Class numbers, or the numbers that a regression learns.")


class Cut(BaseModel):
    """Into how many rows a data set is cut."""

    train: int
    held_out: int


class OwnDataset(DatasetDescription):
    """An own data set that was stored, with its first rows to check."""

    preview_x: list[list[float]]
    preview_y: list[int] | list[float]
    preview_cells: list[list[str]] = Field(description="The same rows as they stand in the table, all columns.")
    rows_of_class: list[int] = Field(description="How many rows each class has.")
    read: TableForm
    columns: list[TableColumn]
