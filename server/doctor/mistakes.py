"""GET /mistakes: the catalogue of mistakes, with the models that can have each."""

from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from server.doctor.catalogue import Catalogue
from server.http.answers import service
from server.http.pieces import json_response
from server.http.problems import responses

router = APIRouter(tags=["doctor"])


class OutputWithLoss(BaseModel):
    """The last layer's activation, and the loss."""

    activation: str
    loss: str


class Models(BaseModel):
    """The models that can have a mistake, each part of them by itself."""

    sizes: Literal["any", "square", "one_output"] = Field(
        description="square: some layer has as many units as the one below; one_output: a single output."
    )
    activations: list[str] = Field(description="Of hidden layers.")
    outputs: list[OutputWithLoss]
    reductions: list[str]
    optimizers: list[str] = Field(description="With which a session can have it; none where it cannot be injected.")
    needs: list[Literal["hidden", "bias", "l2"]] = Field(description="A hidden layer, biases, L2.")


class MistakeRow(BaseModel):
    """A mistake that people make in a backward pass of their own."""

    id: str
    title: str
    explanation: str
    wrong_line: str
    right_line: str
    silent: bool = Field(description="Whether training still looks fine.")
    injectable: bool = Field(description="Whether model.mistakes may name it.")
    diagnosable: bool = Field(description="Whether POST /diagnose can see it.")
    caught_by_gradient_check: bool
    models: Models


class MistakeList(BaseModel):
    """All mistakes, the most frequent first."""

    mistakes: list[MistakeRow]


@router.get("/mistakes", response_model=MistakeList, responses=responses(503))
async def list_mistakes(catalogue: Annotated[Catalogue, service("mistakes")]) -> Response:
    """Answer every mistake that the doctor knows, the most frequent first."""
    return json_response(await catalogue.document())
