"""/health: whether the server runs, and whether it can do its work."""

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from server.pieces import json_response
from server.problems import responses
from server.routes.answers import UseCases

router = APIRouter(tags=["server"])


class Alive(BaseModel):
    """The server runs."""

    status: Literal["ok"]


class Health(BaseModel):
    """The server runs, and a new session would be stored."""

    status: Literal["ok"]
    store: Literal["ok"]


@router.get("/health/live", response_model=Alive, responses=responses())
async def live() -> Response:
    """Answer that the server runs. It asks nothing of the disk: a server that fails here should be started again."""
    return json_response({"status": "ok"})


@router.get("/health/ready", response_model=Health, responses=responses(503, 507))
async def ready(playground: UseCases) -> Response:
    """Answer whether a new session would be stored, by storing one; a problem document says why not.

    It waits for no other process that writes; an answer counts for a second.
    """
    await playground.readiness()
    return json_response({"status": "ok", "store": "ok"})


@router.get("/health", response_model=Health, responses=responses(503, 507))
async def health(playground: UseCases) -> Response:
    """Answer the same as `/health/ready`."""
    return await ready(playground)
