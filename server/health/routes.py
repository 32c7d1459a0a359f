"""/health: whether the server runs, and whether it can do its work."""

from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from server.http.answers import service
from server.http.pieces import json_response
from server.http.problems import responses
from server.sessions.store.readiness import Readiness
from server.version import own_version

router = APIRouter(tags=["server"])
IsReady = Annotated[Readiness, service("readiness")]


class Alive(BaseModel):
    """The server runs."""

    status: Literal["ok"]
    version: str = Field(description="Of the playground, as `backprop-playground --version` says.")


class Health(Alive):
    """The server runs, and a new session would be stored."""

    store: Literal["ok"]


@router.get("/health/live", response_model=Alive, responses=responses())
async def read_live() -> Response:
    """Answer that the server runs. It asks nothing of the disk: a server that fails here should be started again."""
    return json_response({"status": "ok", "version": own_version()})


@router.get("/health/ready", response_model=Health, responses=responses(503, 507))
async def read_ready(readiness: IsReady) -> Response:
    """Answer whether a new session would be stored, by storing one; a problem document says why not.

    It waits for no other process that writes; an answer counts for a second.
    """
    await readiness()
    return json_response({"status": "ok", "version": own_version(), "store": "ok"})


@router.get("/health", response_model=Health, responses=responses(503, 507))
async def read_health(readiness: IsReady) -> Response:
    """Answer the same as `/health/ready`."""
    return await read_ready(readiness)
