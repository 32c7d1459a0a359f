"""POST /diagnose/cases and POST /diagnose."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from server.doctor.schemas import Cases, CasesRequest, DiagnoseRequest, Diagnosis
from server.doctor.service import Doctor
from server.http.answers import service
from server.http.bodies import BodyRoute
from server.http.pieces import json_response
from server.http.problems import responses

router = APIRouter(tags=["doctor"], route_class=BodyRoute)
WithDoctor = Annotated[Doctor, service("doctor")]


@router.post("/diagnose/cases", response_model=Cases, responses=responses(400, 415, 422, 503))
async def ask_cases(request: CasesRequest, doctor: WithDoctor) -> Response:
    """Answer cases for a learner's code: compute the gradients of each, in this order, in one process."""
    return json_response(await doctor.cases(request))


@router.post("/diagnose", response_model=Diagnosis, responses=responses(400, 415, 422, 503))
async def diagnose(request: DiagnoseRequest, doctor: WithDoctor) -> Response:
    """Say what is wrong with gradients that a learner's own code has computed. Nothing is stored."""
    return json_response(await doctor.diagnose(request))
