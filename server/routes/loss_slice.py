"""POST /sessions/{id}/slice."""

from fastapi import APIRouter
from fastapi.responses import Response

from server.bodies import BodyRoute
from server.pieces import json_response
from server.problems import responses
from server.routes.answers import UseCases
from server.schemas.loss_slice import LossSlice, SliceRequest

router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=BodyRoute)


@router.post("/{session_id}/slice", response_model=LossSlice, responses=responses(400, 404, 415, 422, 503, 507))
async def slice_loss(session_id: str, request: SliceRequest, playground: UseCases) -> Response:
    """Move one number of the next step and compare the loss with its gradient. Nothing is changed."""
    return json_response(await playground.loss_slice(session_id, request))
