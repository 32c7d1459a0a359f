"""GET /models."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from engine.vocabulary import Vocabulary
from server.choices.schemas import Choices, choices_document
from server.http.answers import service
from server.http.pieces import json_response
from server.http.problems import responses
from server.settings import Settings

router = APIRouter(tags=["models"])


@router.get("/models", response_model=Choices, responses=responses())
async def read_choices(
    vocabulary: Annotated[Vocabulary, service("vocabulary")], settings: Annotated[Settings, service("settings")]
) -> Response:
    """Answer what a model, an optimizer and an initializer can be, with their numbers and limits."""
    return json_response(choices_document(vocabulary, settings))
