"""POST /gradient-check."""

from fastapi import APIRouter
from fastapi.responses import Response

from server.bodies import BodyRoute
from server.pieces import json_response
from server.problems import responses
from server.routes.answers import UseCases
from server.schemas.gradient_check import GradientChecked, GradientCheckRequest

router = APIRouter(tags=["steps"], route_class=BodyRoute)


@router.post("/gradient-check", response_model=GradientChecked, responses=responses(400, 415, 422))
async def check_gradients(request: GradientCheckRequest, playground: UseCases) -> Response:
    """Compare gradients with differences of the loss. A number that moves a unit across its corner is not judged."""
    return json_response(await playground.check_gradients(request))
