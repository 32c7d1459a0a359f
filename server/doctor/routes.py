"""POST /diagnose/cases and POST /diagnose."""

from fastapi import APIRouter
from fastapi.responses import Response

from server.bodies import BodyRoute
from server.doctor.schemas import Cases, CasesRequest, DiagnoseRequest, Diagnosis
from server.pieces import json_response
from server.problems import responses
from server.routes.answers import UseCases

router = APIRouter(tags=["doctor"], route_class=BodyRoute)


@router.post("/diagnose/cases", response_model=Cases, responses=responses(400, 415, 422))
async def ask_cases(request: CasesRequest, playground: UseCases) -> Response:
    """Answer cases for a learner's code: compute the gradients of each, in this order, in one process."""
    return json_response(await playground.doctor.cases(request))


@router.post("/diagnose", response_model=Diagnosis, responses=responses(400, 415, 422))
async def diagnose(request: DiagnoseRequest, playground: UseCases) -> Response:
    """Say what is wrong with gradients that a learner's own code has computed. Nothing is stored."""
    return json_response(await playground.doctor.diagnose(request))
