"""POST /trace and GET /programs/{fingerprint}."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from server.http.answers import service
from server.http.bodies import BodyRoute
from server.http.json import JSON
from server.http.problems import responses
from server.steps.answers import STEP_CONTENT, DetailQuery, Expand, Programs, step_answer
from server.steps.program_schemas import Program
from server.steps.schemas import Detail, Step, StepSummary, TraceRequest
from server.steps.service import Steps

router = APIRouter(tags=["steps"], route_class=BodyRoute)
Computing = Annotated[Steps, service("steps")]
IMMUTABLE = "public, max-age=31536000, immutable"


@router.post(
    "/trace", response_model=Step | StepSummary, responses={200: STEP_CONTENT, **responses(400, 415, 422, 503)}
)
async def trace_step(
    request: TraceRequest,
    steps: Computing,
    programs: Programs,
    detail: DetailQuery = Detail.LAYERS,
    expand: Expand = False,
) -> Response:
    """Compute one step of a model on a batch and answer every value. Nothing is stored but its program."""
    return step_answer(await steps.trace(request, expand=expand), detail, programs)


@router.get("/programs/{fingerprint}", response_model=Program, responses=responses(404, 422, 503, 507))
async def read_program(fingerprint: str, steps: Computing) -> Response:
    """Answer the program of a step that this server has answered. It never changes."""
    document = await steps.program(fingerprint)
    return Response(document, media_type=JSON, headers={"Cache-Control": IMMUTABLE, "ETag": f'"{fingerprint}"'})
