"""Reading notation: what is asked for and answered."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class ReadRequest(BaseModel):
    """A text, and what was answered to the questions of the reading before."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "dW^[1] = [[0.10 -0.2]\n [0.3 0.45]]\nloss: 0,69", "decimal": ","}]},
    )

    text: str = Field(description="Anything that holds numbers with names: a print-out, a table, LaTeX.")
    answers: dict[str, str] = Field(default_factory=dict, description="Ids of questions with the ids of choices.")
    decimal: Literal[".", ","] | None = Field(None, description="The mark before decimals. null: find out, or ask.")
    layout: Literal["rows", "columns"] | None = Field(
        None, description="What samples are in the matrices. null: find out, or ask."
    )


class NoteRead(BaseModel):
    """Something to know about how the text was read."""

    code: str
    params: dict[str, Any]
    text: str


class ChoiceRead(BaseModel):
    """One way to read it."""

    id: str
    code: str
    params: dict[str, Any]
    text: str


class QuestionRead(BaseModel):
    """Two readings fit."""

    id: str = Field(description="Under this the answer is sent.")
    code: str
    params: dict[str, Any]
    text: str
    choices: list[ChoiceRead]
    line: int
    tensors: list[str] = Field(description="What is not known before the answer; empty: only its layout is not.")


class TensorRead(BaseModel):
    """Numbers as they were written."""

    value: Any = Field(description="Numbers as strings, so that end zeros count, in nested lists.")
    shape: list[int]
    decimals: int = Field(description="The most digits behind the point.")
    line: int
    written: str = Field(description="The name as it stands in the text.")


class UnknownRead(BaseModel):
    """Numbers under a name that nobody knows; null where a question comes first."""

    name: str
    line: int
    value: Any
    shape: list[int] | None
    decimals: int | None


class ReadAnswer(BaseModel):
    """What the text says."""

    tensors: dict[str, TensorRead]
    questions: list[QuestionRead]
    unknown: list[UnknownRead]
    notes: list[NoteRead]
    layout: Literal["rows", "columns"] | None = Field(
        description="What samples are in these tensors, where the shapes or an answer say it."
    )
