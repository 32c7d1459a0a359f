"""A session: what is asked for and answered."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine.targets import TargetKind
from server.datasets.schemas import AboutData, DatasetRequest
from server.models.numbers import BatchSize, Count, Value, Values1d, Values2d
from server.models.schemas import Model, Optimizer
from server.sessions.edit_schemas import LoggedEdit, Path
from server.steps.schemas import BatchRequest, Start

SHUFFLE = (
    "How batches of batch_size rows are made. true: every epoch has an order of its own, by the seed; false: the rows "
    "as they stand, so that batch_size 1 is one update a row in the order of the file."
)


class SessionRequest(Start):
    """A run: a model, an optimizer, and a data set or rows of one's own."""

    optimizer: Optimizer = Field(default_factory=Optimizer)
    dataset: DatasetRequest | None = None
    batch: BatchRequest | None = Field(None, description="Rows as they are, instead of a data set.")
    batch_size: BatchSize | None = Field(None, description="Rows of a step; null: all of them, in order.")
    shuffle: bool = Field(True, strict=True, description=SHUFFLE)
    path: Path | None = Field(None, description="Where the run is to be brought before it is answered.")


class TargetScale(BaseModel):
    """The number that a regression learns: in its own unit it is y * scale + mean, and so is the network's answer."""

    name: str
    mean: float = Field(description="Of the rows to train on; 0 with scaling none.")
    scale: float = Field(description="Standard deviation of the rows to train on; 1 with scaling none.")


class SessionData(AboutData):
    """The rows of a session, without their numbers. raw = x * x_scale + x_mean, and for a target y * scale + mean."""

    name: str | None = Field(description="null where the rows came with the request.")
    options: dict[str, Any]
    rows: int
    held_out_rows: int
    target: TargetScale | None = Field(description="null where classes are learned.")
    x_mean: list[float]
    x_scale: list[float]


class Session(BaseModel):
    """A run that is stored."""

    id: str
    step: int = Field(description="Steps taken.")
    furthest_step: int = Field(description="Steps taken before a rewind; one can rewind forward to there.")
    version: int = Field(description="Counts the changes; the ETag.")
    model: Model
    optimizer: Optimizer
    edits: list[LoggedEdit] = Field(description="Changes in mid-run, those of a future that a rewind has left too.")
    batch_size: int | None
    shuffle: bool = Field(description=SHUFFLE)
    targets: TargetKind = Field(description="What y means to the loss.")
    batch_rows: int = Field(description="Rows that the next step will see.")
    steps_per_epoch: int
    seed: int
    parameters: dict[str, Values1d | Values2d]
    dataset: SessionData
    program: str = Field(description="Fingerprint, see GET /programs/{fingerprint}.")
    expires_at: str = Field(description="When it will be deleted unless it is used, ISO 8601 in UTC.")


class ScopeRequest(BaseModel):
    """The whole batch, or one of its samples alone (m = 1)."""

    model_config = ConfigDict(extra="ignore")

    kind: Literal["batch", "sample"] = "batch"
    sample: Annotated[Count, Field(ge=0)] | None = Field(None, description="Needed for kind sample.")

    @model_validator(mode="after")
    def _sample_needs_a_number(self) -> Self:
        if self.kind == "sample" and self.sample is None:
            raise ValueError("scope sample needs the number of a sample, such as {'kind': 'sample', 'sample': 0}")
        return self


class StepRequest(BaseModel):
    """Which numbers of the step are answered; the step itself is always one of the whole batch."""

    model_config = ConfigDict(extra="forbid")

    scope: ScopeRequest | None = None

    @property
    def sample(self) -> int | None:
        return self.scope.sample if self.scope and self.scope.kind == "sample" else None


class TrainRequest(BaseModel):
    """Many steps."""

    model_config = ConfigDict(extra="forbid")

    steps: Annotated[Count, Field(ge=1)]


class RewindRequest(BaseModel):
    """Back to an earlier step, or forward again."""

    model_config = ConfigDict(extra="forbid")

    step: Annotated[Count, Field(ge=0)]


class HistoryColumns(BaseModel):
    """The learning curve in columns: what some of the steps saw before their update."""

    step: list[int]
    loss: Values1d
    accuracy: list[float | None]
    held_out_loss: list[Value | None]


class Trained(BaseModel):
    """The run after a training."""

    step: int
    metrics: HistoryColumns
    session: Session


class History(BaseModel):
    """The learning curve."""

    step: int
    furthest_step: int
    metrics: HistoryColumns


class DecisionMap(BaseModel):
    """The network's answer on a grid of two features, or along the only one, in the scale that the network sees."""

    x_feature: int
    y_feature: int | None = Field(description="null where the model has one feature: then y is empty.")
    x: list[float]
    y: list[float]
    probabilities: list[list[list[Value]]] = Field(
        description="[row of y][column of x][output]: what the output layer answers, also where it is no probability. "
        "One row where y is empty."
    )
    units: list["UnitMap"] = Field(description="Those that were asked for.")


class UnitMap(BaseModel):
    """One unit on the grid of a decision map."""

    layer: int
    unit: int
    z: Values2d = Field(description="[row of y][column of x]")
    a: Values2d


class LayerGates(BaseModel):
    """How often the gates of a layer are open."""

    layer: int
    share_on: list[float] = Field(description="For each unit the share of rows that let a gradient through.")
    is_dead: list[bool] = Field(description="Shut for every row to train on.")
    is_shut: list[bool] = Field(description="Shut for every row of the batch of the next step.")


class Gates(BaseModel):
    """All gates on all rows to train on, as the next step finds them; an output such as ReLU has them too."""

    step: int
    rows: int
    layers: list[LayerGates]


class Rows(BaseModel):
    """Rows in the scale that the network sees."""

    x: list[list[float]]
    y: list[int] | list[list[float]] = Field(description="A target in the scale that the network sees.")


class SessionRows(BaseModel):
    """All rows of a session."""

    train: Rows
    held_out: Rows | None


class Export(BaseModel):
    """A trained network with all that is needed to use it."""

    format: Literal["backprop-playground/1"]
    step: int
    model: Model
    optimizer: Optimizer
    parameters: dict[str, Values1d | Values2d]
    optimizer_state: dict[str, Values1d | Values2d]
    dataset: SessionData
