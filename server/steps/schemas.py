"""A step: what is asked for, and what is answered."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.long_way import Code
from engine.program import Phase
from server.models.numbers import Count, Matrix, Value, Values, Values1d, Values2d, VectorOrMatrix, list_at_most
from server.models.schemas import Initializer, Model, Optimizer


class Detail(StrEnum):
    """How much of a step is answered."""

    SUMMARY = "summary"
    LAYERS = "layers"
    MICRO = "micro"
    FRAME = "frame"


class BatchRequest(BaseModel):
    """Rows to compute on."""

    model_config = ConfigDict(extra="forbid")

    x: Annotated[Matrix, list_at_most("rows", "max_rows")] = Field(description="(m, inputs)")
    y: Annotated[VectorOrMatrix, list_at_most("rows", "max_rows")] = Field(
        description="For cross_entropy (m,) or (m, 1) class numbers from 0, or (m, classes) rows that sum to 1. For "
        "other losses (m, outputs), or (m,) where there is one output."
    )


class Start(BaseModel):
    """A model with its first parameters: given ones, or an initializer and a seed."""

    model_config = ConfigDict(extra="forbid")

    model: Model
    parameters: dict[str, VectorOrMatrix] | None = Field(
        None,
        description='{"W1": (inputs, units), "b1": (units,), ...}, b also as a row or column; not with an initializer.',
    )
    initializer: Initializer | None = Field(None, description="Default: he, biases 0.")
    seed: Count = Field(0, ge=0, le=2**63 - 1, description="Of everything random.")


class TraceRequest(Start):
    """One step of a model on a batch; without an optimizer it ends at the gradients."""

    batch: BatchRequest
    optimizer: Optimizer | None = None
    given: dict[str, VectorOrMatrix] = Field(
        default_factory=dict,
        description='Values taken as they are, such as {"z1": [[1, -2]]}; what follows is computed from these.',
    )


class Scope(BaseModel):
    """Whose numbers these are: the batch's, or one sample's (m = 1)."""

    kind: Literal["batch", "sample"]
    sample: int | None
    m: int


class Note(BaseModel):
    """A tensor of the long way that cannot show the number of the short way, and why."""

    code: Code
    tensor: str
    text: str


class StepSummary(BaseModel):
    """The scalars of a step. W, loss and accuracy are before the update."""

    step: int
    scope: Scope
    loss: Value
    data_loss: Value
    regularization: Value
    accuracy: float | None
    program: str = Field(description="Fingerprint of the program, see GET /programs/{fingerprint}.")
    notes: list[Note] | None = Field(
        None, description="With expand=true only: every tensor that differs from the short way, with the reason."
    )


class LayerValues(BaseModel):
    """One layer; what it does not have is null."""

    index: int
    activation: str
    W: Values2d
    b: Values1d | None
    z: Values2d
    mask: Values2d | None
    a: Values2d
    da: Values2d | None
    dz: Values2d
    dW: Values2d
    db: Values1d | None


class BatchValues(BaseModel):
    """The rows of the step; class numbers where every row of y is one class."""

    x: Values2d
    y: list[int] | Values2d


class MicroStep(BaseModel):
    """One node of the program with the value that it computed."""

    op: str
    group: list[str]
    phase: Phase
    layer: int | None
    inputs: list[str]
    output: str
    code: str
    cell: list[Any] | float
    value: Values


class Step(StepSummary):
    """Every value of a step, by layer."""

    batch: BatchValues
    probabilities: Values2d | None
    dx: Values2d
    layers: list[LayerValues]
    updated: dict[str, Values1d | Values2d] | None = Field(description="Parameters after the update.")
    optimizer_state: dict[str, Values1d | Values2d] = Field(
        description="What the optimizer remembers, before the update; empty for sgd."
    )
    micro: list[MicroStep] | None = Field(None, description="With detail=micro only.")
