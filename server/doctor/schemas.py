"""Cases, what a learner's code answered to them, and the diagnosis."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from server.models.numbers import FIRST_FAULT, Count, Number, Value, Values, VectorOrMatrix, list_at_most
from server.models.schemas import Model

_CELL: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}]}
_ROW: dict[str, Any] = {"type": "array", "items": _CELL}
# Of any shape, since a wrong one is a verdict: the engine looks at it, and pydantic does not.
Tensor = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [*_CELL["anyOf"], _ROW, {"type": "array", "items": _ROW}],
            "description": 'Numbers, or their texts: "0.50" has one digit more than 0.5. null is NaN.',
        }
    ),
]


class ConventionsRequest(BaseModel):
    """How the learner's code is written: what is right under one convention is a mistake under another."""

    model_config = ConfigDict(extra="forbid")

    layout: str = Field(
        "rows", description="rows: x (m, d), W (fan_in, fan_out). columns: x (d, m), W (fan_out, fan_in)."
    )
    reduction: str | None = Field(None, description="mean or sum over the batch; null: the model's, or mean.")


class CasesRequest(BaseModel):
    """Which cases are wanted."""

    model_config = ConfigDict(extra="forbid")

    model: Model | None = Field(None, description="null: 4-5-3 with relu and softmax.")
    conventions: ConventionsRequest = Field(default_factory=ConventionsRequest)
    seed: Count = Field(0, ge=0, le=2**63 - 1, description="Of everything random.")


class TensorBatch(BaseModel):
    """Rows as the learner holds them."""

    model_config = ConfigDict(extra="forbid")

    x: Tensor = Field(description="(m, d), or (d, m) in columns.")
    y: Tensor = Field(description="A label or a row a sample, or (1, m).")


class InputsAfter(BaseModel):
    """The inputs after the call, to see whether it has changed them."""

    model_config = ConfigDict(extra="forbid")

    parameters: dict[str, Tensor] = Field(default_factory=dict)
    x: Tensor = None


class AnsweredCase(BaseModel):
    """A case with what the learner's code gave for it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("generic", max_length=80)
    l2: Annotated[Number, Field(ge=0)] | None = Field(None, description="null: the model's.")
    parameters: dict[str, Tensor] = Field(description='{"W1": [[..]], "b1": [..], ...}')
    batch: TensorBatch
    results: dict[str, Tensor] | None = Field(
        None, description="Any tensors by name, as dW1, db1, dz2, loss; NaN and infinities as strings."
    )
    raised: str | None = Field(None, max_length=2_000, description="The message of a call that failed.")
    inputs_after: InputsAfter | None = None


class DiagnoseRequest(BaseModel):
    """What a learner's code answered, in the order in which it was asked."""

    model_config = ConfigDict(extra="forbid")

    model: Model | None = Field(
        None,
        description="null: sizes from the parameters, relu, and softmax with cross_entropy (one output: sigmoid with "
        "binary_cross_entropy).",
    )
    conventions: ConventionsRequest = Field(default_factory=ConventionsRequest)
    cases: Annotated[list[AnsweredCase], FIRST_FAULT, list_at_most("cases of a diagnosis", "max_diagnosis_cases")] = (
        Field(min_length=1)
    )


class ConventionsUsed(BaseModel):
    """The conventions of the answer."""

    layout: Literal["rows", "columns"]
    reduction: Literal["mean", "sum"]


class CaseBatch(BaseModel):
    """Rows in the learner's layout."""

    x: VectorOrMatrix
    y: VectorOrMatrix


class ProbeCase(BaseModel):
    """A case to be answered, in the learner's layout."""

    name: str
    l2: float
    parameters: dict[str, VectorOrMatrix]
    batch: CaseBatch


class Cases(BaseModel):
    """Cases to be answered in this order in one process, since a call may remember the one before."""

    model: Model
    conventions: ConventionsUsed
    cases: list[ProbeCase]


class Finding(BaseModel):
    """A mistake that gives exactly these numbers."""

    id: str = Field(description="Of GET /mistakes.")
    title: str
    where: list[str] = Field(description="The tensors that it makes wrong, without those that only follow from them.")
    numbers: dict[str, float] = Field(description="What the mistake leaves open, found from the numbers sent.")
    explanation: str
    wrong_line: str
    right_line: str


class FalseAlarm(BaseModel):
    """What may look wrong and is right."""

    id: str
    numbers: dict[str, float]
    explanation: str


class Pattern(BaseModel):
    """What is wrong and where to look, where no name fits; or what is missing."""

    code: str = Field(description="For translations.")
    explanation: str
    params: dict[str, Any] = Field(description="The names and numbers in the explanation.")


class JudgedTensor(BaseModel):
    """A tensor beside the right one."""

    status: Literal["right", "wrong", "follows", "shape", "not_finite", "missing"] = Field(
        description="follows: as it comes out of a wrong tensor before it."
    )
    relative_error: float | None = Field(description="The largest difference over the largest right number.")
    ratio: Value | None = Field(description="The one number by which every cell is off, if there is one.")
    right: Values | None = Field(description="In the learner's layout; null where nothing was sent.")


class JudgedCase(BaseModel):
    """The tensors of a case, the missing gradients last."""

    name: str
    tensors: dict[str, JudgedTensor]
    unread: list[str] = Field(description="Names in the results that this model has no tensor for.")


class Diagnosis(BaseModel):
    """The verdict on all cases together."""

    verdict: Literal["correct", "mistake", "mistakes", "undecided", "unknown", "incomplete"]
    mistakes: list[Finding]
    candidates: list[Finding] = Field(description="Of undecided: every mistake that gives exactly these numbers.")
    alternatives: list[list[str]] = Field(
        description="The ids of the candidates; several in one list give these numbers only together."
    )
    ask_next: ProbeCase | None = Field(
        description="The case that would tell the alternatives apart; null: they are the same calculation."
    )
    false_alarms: list[FalseAlarm]
    pattern: Pattern | None = Field(description="Of unknown and incomplete, in words.")
    cases: list[JudgedCase]
    model: Model = Field(description="As it was taken.")
    conventions: ConventionsUsed
    guessed: list[str] = Field(description='What was not said and had to be guessed: ["model"] or nothing.')
