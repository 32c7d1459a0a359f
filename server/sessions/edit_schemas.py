"""A change of a session in mid-run."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.models.numbers import FIRST_FAULT, BatchSize, Count, Number, Vector, VectorOrMatrix, list_at_most
from server.steps.schemas import BatchRequest

RowNumber = Annotated[Count, Field(ge=0)]
LAYERS = list_at_most("layers, output included", "max_layers")


class OptimizerEdit(BaseModel):
    """Another optimizer, or other numbers of the same one."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"learning_rate": 0.05}]})
    __pydantic_extra__: dict[str, Number]

    name: str | None = Field(
        None, description="With another name the optimizer begins again: what it remembered is forgotten."
    )


class RowChange(BaseModel):
    """Other numbers for one row to train on, in the scale that the network sees; what is missing stays."""

    model_config = ConfigDict(extra="forbid")

    row: RowNumber = Field(description="As in GET /sessions/{id}/data, train.")
    x: Vector | None = None
    y: Number | Vector | None = Field(
        None, description="As one entry of batch.y; a target in the scale that the network sees."
    )


class DataEdit(BaseModel):
    """Rows get other numbers, then rows go, then rows come at the end. All are counted before anything goes."""

    model_config = ConfigDict(extra="forbid")

    set: Annotated[list[RowChange], FIRST_FAULT, list_at_most("rows", "max_rows")] = Field(default_factory=list)
    remove: Annotated[list[RowNumber], FIRST_FAULT, list_at_most("rows", "max_rows")] = Field(default_factory=list)
    add: BatchRequest | None = None


class Change(BaseModel):
    """What changes from the next step on; what is missing stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"optimizer": {"learning_rate": 0.05}, "l2": 0.01}]}
    )

    optimizer: OptimizerEdit | None = None
    parameters: dict[str, VectorOrMatrix] | None = Field(None, description="Those that change, whole.")
    l2: Number | None = None
    derivative_at_zero: Number | Annotated[list[Number | None], FIRST_FAULT, LAYERS] | None = Field(
        None, description="Of every hidden layer that has one, or an entry a hidden layer, null where it stays."
    )
    activation_numbers: Annotated[list[dict[str, Number] | None], FIRST_FAULT, LAYERS] | None = Field(
        None,
        description='Numbers of the activations, such as {"negative_slope": 0.2}: an entry a hidden layer, one more '
        "for the output with its loss if you like; null where nothing changes.",
    )
    batch_size: BatchSize | None = Field(None, description="null: all rows, in order.")
    shuffle: Annotated[bool, Field(strict=True)] | None = Field(
        None, description="false: batches take the rows as they stand. Epochs begin again."
    )
    data: DataEdit | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        given = {name for name in self.model_fields_set if getattr(self, name) is not None}
        if not given and "batch_size" not in self.model_fields_set:
            raise ValueError(f"nothing would change; send any of {', '.join(type(self).model_fields)}")
        return self


class ChangeOnTheWay(BaseModel):
    """A change that is made when so many steps have been taken."""

    model_config = ConfigDict(extra="forbid")

    step: Annotated[Count, Field(ge=0)]
    patch: Change


class Path(BaseModel):
    """Steps to take until so many have been taken, and the changes to make on the way, in their order."""

    model_config = ConfigDict(extra="forbid")

    step: Annotated[Count, Field(ge=0)]
    edits: Annotated[list[ChangeOnTheWay], FIRST_FAULT, list_at_most("edits", "max_edits")] = Field(
        default_factory=list
    )

    @model_validator(mode="after")
    def _leads_forward(self) -> Self:
        steps = [*(edit.step for edit in self.edits), self.step]
        if steps != sorted(steps):
            first = next(number for number in range(len(steps)) if steps[number] > steps[number + 1])
            here = f"from step {steps[first]} to step {steps[first + 1]}"
            raise ValueError(f"the path goes {here}; give its edits in their order, up to its end")
        return self


class SessionEdit(Change):
    """The same for a session. After a rewind it cuts the future, which may be given again."""

    future: Path | None = Field(
        None, description="Steps to take after this change; the session stays where it is, and they are its future."
    )


class LoggedEdit(BaseModel):
    """A change as the session remembers it."""

    step: int = Field(description="Steps taken when it was made; the next one is the first that sees it.")
    changes: dict[str, Any] = Field(
        description="optimizer, l2, derivative_at_zero (or activation_numbers), batch_size and shuffle as they then "
        "were; the names of the parameters; of data which rows were set and removed, and how many added."
    )
