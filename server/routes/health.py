"""GET /health."""

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from server.problems import responses
from server.routes.answers import UseCases, json_answer

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """The server runs and its session store can be written."""

    status: Literal["ok"]
    store: Literal["ok"]


@router.get("/health", response_model=Health, responses=responses(503, 507))
async def health(playground: UseCases) -> Response:
    """Answer whether the server can do its work; a problem document when the session store cannot be written."""
    await playground.store(lambda store: store.check())
    return json_answer({"status": "ok", "store": "ok"})
