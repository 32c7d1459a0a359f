"""GET /models."""

from fastapi import APIRouter
from fastapi.responses import Response

from server.pieces import json_response
from server.problems import responses
from server.routes.answers import UseCases
from server.schemas.choices import Choices, choices_document

router = APIRouter(tags=["models"])


@router.get("/models", response_model=Choices, responses=responses())
async def read_choices(playground: UseCases) -> Response:
    """Answer what a model, an optimizer and an initializer can be, with their numbers and limits."""
    return json_response(choices_document(playground.vocabulary, playground.settings))
