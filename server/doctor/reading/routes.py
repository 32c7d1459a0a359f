"""POST /diagnose/read."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from server.doctor.reading.documents import reading_document
from server.doctor.reading.reader import Limits, read
from server.doctor.reading.schemas import ReadAnswer, ReadRequest
from server.http.answers import service
from server.http.bodies import BodyRoute
from server.http.pieces import json_response
from server.http.problems import responses
from server.scheduling import Slices
from server.settings import Settings

router = APIRouter(tags=["doctor"], route_class=BodyRoute)
InForce = Annotated[Settings, service("settings")]
InSlices = Annotated[Slices, service("slices")]
# Reading a number costs about a hundred times as much as computing with it.
VALUES_PER_CHARACTER = 100


@router.post("/diagnose/read", response_model=ReadAnswer, responses=responses(400, 415, 422, 503))
async def read_notation(request: ReadRequest, settings: InForce, slices: InSlices) -> Response:
    """Read tensors out of a text as people write it, and ask where two readings fit. Nothing is evaluated."""
    limits = Limits(settings.max_text_characters, settings.max_text_numbers, settings.max_text_names)
    work = partial(read, request.text, limits, request.answers, request.decimal, request.layout)
    reading = await slices.run(VALUES_PER_CHARACTER * len(request.text), work)
    return json_response(reading_document(reading))
