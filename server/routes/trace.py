"""POST /trace and GET /programs/{fingerprint}."""

from fastapi import APIRouter
from fastapi.responses import Response

from server.bodies import BodyRoute
from server.problems import responses
from server.routes.answers import STEP_CONTENT, DetailQuery, Expand, UseCases, step_answer
from server.schemas.program import Program
from server.schemas.step import Detail, Step, StepSummary, TraceRequest
from server.wire import JSON

router = APIRouter(tags=["steps"], route_class=BodyRoute)
IMMUTABLE = "public, max-age=31536000, immutable"


@router.post("/trace", response_model=Step | StepSummary, responses={200: STEP_CONTENT, **responses(400, 415, 422)})
async def trace_step(
    request: TraceRequest, playground: UseCases, detail: DetailQuery = Detail.LAYERS, expand: Expand = False
) -> Response:
    """Compute one step of a model on a batch and answer every value. Nothing is stored but its program."""
    return step_answer(await playground.trace(request, expand=expand), detail)


@router.get("/programs/{fingerprint}", response_model=Program, responses=responses(404, 422, 503, 507))
async def read_program(fingerprint: str, playground: UseCases) -> Response:
    """Answer the program of a step that this server has answered. It never changes."""
    document = await playground.program(fingerprint)
    return Response(document, media_type=JSON, headers={"Cache-Control": IMMUTABLE, "ETag": f'"{fingerprint}"'})
