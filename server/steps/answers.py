"""A step as an answer, and how OpenAPI describes it."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from server.http.answers import BINARY_SCHEMA, etag, service
from server.http.json import BINARY
from server.http.pieces import AT_ONCE, bytes_response, json_response
from server.steps.frames import Shown, encode, step_document
from server.steps.programs import ProgramRegistry
from server.steps.schemas import Detail

STEP_CONTENT: dict[str, Any] = {
    "description": "The step. With detail=frame one binary frame: header and values, see the documentation.",
    "content": {BINARY: BINARY_SCHEMA},
}
Programs = Annotated[ProgramRegistry, service("programs")]
DetailQuery = Annotated[Detail, Query(description="How much is answered.")]
Expand = Annotated[bool, Query(description="Go the long way, through dL/dp and the Jacobian.")]


def step_answer(shown: Shown, detail: Detail, programs: ProgramRegistry) -> Response:
    """A step as it was asked for; the program that it names can be fetched then."""
    programs.remember(shown.trace.program)
    return step_taken_answer(shown, detail)


def step_taken_answer(shown: Shown, detail: Detail, version: int | None = None) -> Response:
    """The same of a stored session, which has kept its program, with its ETag."""
    headers = None if version is None else etag(version)
    if shown.trace.vector.size > AT_ONCE and (document := step_document(shown, detail)) is not None:
        return json_response(document, headers=headers)
    body, media_type = encode(shown, detail)
    return bytes_response(body, 200, headers, media_type)
