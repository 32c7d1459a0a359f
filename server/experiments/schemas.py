"""Experiments: what is asked for, and the lines that are answered."""

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

from engine.experiments import (
    BornDead,
    BornDeadResult,
    Depth,
    DepthResult,
    DerivativeAtZero,
    DerivativeAtZeroResult,
    ExactZeros,
    ExactZerosResult,
    Initialization,
    InitializationResult,
    ReplicasResult,
)
from server.datasets.schemas import DatasetRequest
from server.http.problems import ProblemDocument
from server.models.numbers import BatchSize, Count, Number
from server.models.schemas import Initializer, Model, Optimizer
from server.sessions.schemas import SHUFFLE
from server.steps.schemas import BatchRequest

Result = TypeVar("Result")
Seed = Annotated[Count, Field(ge=0, le=2**62, description="Of everything random.")]
SHORT: dict[str, Any] = {"max_length": 20, "fail_fast": True}


def within(default: float, low: float, high: float, description: str | None = None) -> Any:
    """A field whose range the engine checks, in its own words; here it is only told."""
    return Field(default, description=description, json_schema_extra={"minimum": low, "maximum": high})


class ExperimentRequest(BaseModel):
    """Everything has a default, so {} is an experiment too."""

    model_config = ConfigDict(extra="forbid")


class ReplicasRequest(ExperimentRequest):
    """One training from many seeds: seed k begins, and sees its rows, as a session with that seed does."""

    model: Model
    optimizer: Optimizer = Field(default_factory=Optimizer)
    initializer: Initializer = Field(default_factory=Initializer)
    dataset: DatasetRequest | None = None
    batch: BatchRequest | None = Field(None, description="Rows as they are, instead of a data set.")
    batch_size: BatchSize | None = Field(None, description="Rows of a step; null: all of them.")
    shuffle: bool = Field(True, strict=True, description=SHUFFLE)
    seeds: Annotated[Count, Field(ge=1, le=10_000)] = Field(20, description="How many.")
    seed: Seed = 0
    steps: Annotated[Count, Field(ge=1)] = 200
    points: Annotated[Count, Field(ge=2, le=1000)] = Field(100, description="Of the curves, at most.")


class DepthRequest(ExperimentRequest):
    """Sizes of activations and gradients, layer by layer, in square random networks without biases."""

    layers: Count = within(100, 1, 1000)
    width: Count = within(100, 1, 256)
    activations: list[str] = Field(["sigmoid", "tanh", "relu"], **SHORT)
    initializers: list[str] = Field(["xavier", "he", "normal"], description="normal has std 0.01.", **SHORT)
    seeds: Count = within(20, 1, 200, "Networks of every combination.")
    seed: Seed = 0
    points: Count = within(200, 2, 1000, "Layers that are answered, at most.")

    def experiment(self) -> Depth:
        given = self.model_dump(exclude={"activations", "initializers"})
        return Depth(activations=tuple(self.activations), initializers=tuple(self.initializers), **given)


class BornDeadRequest(ExperimentRequest):
    """ReLU networks with one input and zero biases that answer a constant before they have learnt anything."""

    layers: Count = within(10, 2, 100, "Affine layers, the last one without ReLU.")
    widths: list[Count] = Field([2, 3, 4, 5, 10], description="Each 1 to 64.", **SHORT)
    nets: Count = within(2000, 1, 100_000, "Of every width.")
    seed: Seed = 0

    def experiment(self) -> BornDead:
        return BornDead(widths=tuple(self.widths), **self.model_dump(exclude={"widths"}))


class InitializationRequest(ExperimentRequest):
    """Deep ReLU networks on the handwritten digits, with momentum, from several kinds of first weights."""

    hidden_layers: Count = within(30, 1, 50)
    width: Count = within(64, 1, 256)
    initializers: list[str] = Field(["he", "xavier"], **SHORT)
    epochs: Count = within(40, 1, 1000)
    batch_size: Count = within(32, 1, 1437, "At most the number of rows.")
    learning_rate: Number = within(0.002, 0, 100)
    momentum: Number = within(0.9, 0, 1)
    rows: Count = within(1437, 10, 1437)
    seeds: Count = within(1, 1, 20)
    seed: Seed = 0

    def experiment(self) -> Initialization:
        return Initialization(initializers=tuple(self.initializers), **self.model_dump(exclude={"initializers"}))


class ExactZerosRequest(ExperimentRequest):
    """How often a hidden pre-activation of fresh networks on the handwritten digits is exactly 0, by precision."""

    hidden: list[Count] = Field([256, 256, 256], description="Units of 1 to 10 hidden layers, each 1 to 512.", **SHORT)
    dtypes: list[str] = Field(["float16", "float32", "float64"], **SHORT)
    rows: Count = within(1437, 1, 1437)
    seed: Seed = 0

    def experiment(self) -> ExactZeros:
        return ExactZeros(tuple(self.hidden), tuple(self.dtypes), self.rows, self.seed)


class DerivativeAtZeroRequest(ExperimentRequest):
    """Success of 2-H-1 networks on xor at 0 and 1, with several derivatives of ReLU at zero and once with biases."""

    hidden: Count = within(4, 1, 64)
    derivatives: list[Number] = Field([0.0, 0.5, 1.0], description="Up to 5, each 0 to 1.", **SHORT)
    bias: Number = within(0.01, -1, 1, "First biases of the last variant, which avoids the corner.")
    seeds: Count = within(200, 1, 10_000)
    steps: Count = within(2000, 1, 100_000)
    learning_rate: Number = within(0.5, 0, 100)
    seed: Seed = 0

    def experiment(self) -> DerivativeAtZero:
        return DerivativeAtZero(derivatives=tuple(self.derivatives), **self.model_dump(exclude={"derivatives"}))


class ProgressLine(BaseModel):
    """How far it has come."""

    type: Literal["progress"]
    done: int = Field(description="Parts that are done.")
    total: int


class ResultLine(BaseModel, Generic[Result]):
    """The last line. Numbers that are not finite are the strings "NaN", "Infinity", "-Infinity"."""

    type: Literal["result"]
    is_cached: bool = Field(description="Whether this server had computed the same before.")
    result: Result


class ProblemLine(BaseModel):
    """The last line where something went wrong after the answer had begun."""

    type: Literal["problem"]
    problem: ProblemDocument


# What POST /experiments/{name} takes.
REQUESTS: dict[str, type[BaseModel]] = {
    "replicas": ReplicasRequest,
    "depth": DepthRequest,
    "born-dead": BornDeadRequest,
    "initialization": InitializationRequest,
    "exact-zeros": ExactZerosRequest,
    "derivative-at-zero": DerivativeAtZeroRequest,
}

# What a line of each answer can be, for /openapi.json.
LINES: dict[str, type[BaseModel]] = {
    "ReplicasLine": RootModel[ProgressLine | ResultLine[ReplicasResult] | ProblemLine],
    "DepthLine": RootModel[ProgressLine | ResultLine[DepthResult] | ProblemLine],
    "BornDeadLine": RootModel[ProgressLine | ResultLine[BornDeadResult] | ProblemLine],
    "InitializationLine": RootModel[ProgressLine | ResultLine[InitializationResult] | ProblemLine],
    "ExactZerosLine": RootModel[ProgressLine | ResultLine[ExactZerosResult] | ProblemLine],
    "DerivativeAtZeroLine": RootModel[ProgressLine | ResultLine[DerivativeAtZeroResult] | ProblemLine],
}
