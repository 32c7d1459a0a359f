"""POST /gradient-check and POST /sessions/{id}/slice."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from server.checks.gradient_check_schemas import GradientChecked, GradientCheckRequest
from server.checks.loss_slice_schemas import LossSlice, SliceRequest
from server.checks.service import Checks
from server.http.answers import service
from server.http.bodies import BodyRoute
from server.http.pieces import json_response
from server.http.problems import responses

router = APIRouter(route_class=BodyRoute)
Checking = Annotated[Checks, service("checks")]


@router.post("/gradient-check", response_model=GradientChecked, responses=responses(400, 415, 422, 503), tags=["steps"])
async def check_gradients(request: GradientCheckRequest, checks: Checking) -> Response:
    """Compare gradients with differences of the loss. A number that moves a unit across its corner is not judged."""
    return json_response(await checks.gradients(request))


@router.post(
    "/sessions/{session_id}/slice",
    response_model=LossSlice,
    responses=responses(400, 404, 415, 422, 503, 507),
    tags=["sessions"],
)
async def slice_loss(session_id: str, request: SliceRequest, checks: Checking) -> Response:
    """Move one number of the next step and compare the loss with its gradient. Nothing is changed."""
    return json_response(await checks.slice(session_id, request))
