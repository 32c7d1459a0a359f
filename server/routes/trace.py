"""POST /trace and GET /programs/{fingerprint}."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from server.playground import Playground
from server.problems import responses
from server.routes.answers import STEP_CONTENT, playground
from server.schemas.program import Program
from server.schemas.step import Detail, Step, StepSummary, TraceRequest
from server.wire import JSON, encode

router = APIRouter(tags=["steps"])
IMMUTABLE = "public, max-age=31536000, immutable"


@router.post("/trace", response_model=Step | StepSummary, responses={200: STEP_CONTENT, **responses(400, 422)})
async def trace(
    request: TraceRequest,
    playground: Annotated[Playground, Depends(playground)],
    detail: Annotated[Detail, Query(description="How much is answered.")] = Detail.LAYERS,
    expand: Annotated[bool, Query(description="Go the long way, through dL/dp and the Jacobian.")] = False,
) -> Response:
    """Compute one step of a model on a batch and answer every value. Nothing is stored."""
    shown = await playground.trace(request, expand=expand)
    body, media_type = encode(shown, detail)
    return Response(body, media_type=media_type)


@router.get("/programs/{fingerprint}", response_model=Program, responses=responses(404))
async def program(fingerprint: str, playground: Annotated[Playground, Depends(playground)]) -> Response:
    """Answer the program of a step that this server has answered. It never changes."""
    document = await playground.program(fingerprint)
    return Response(document, media_type=JSON, headers={"Cache-Control": IMMUTABLE, "ETag": f'"{fingerprint}"'})
