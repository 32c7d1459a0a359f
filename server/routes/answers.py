"""What several routes share: who does the work, versions, and how OpenAPI describes a step."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.requests import HTTPConnection
from fastapi.responses import Response
from pydantic import ValidationError

from server.bodies import faults
from server.documents import session_document
from server.pieces import AT_ONCE, bytes_response, json_response
from server.playground import Playground
from server.prefix import address_of
from server.problems import Problem
from server.schemas.step import Detail
from server.sessions.record import Session
from server.steps.schemas import ViewQuery
from server.steps.views import VIEW, ViewRequest
from server.wire import BINARY, JSON, Shown, encode, step_document

T = TypeVar("T")
ACCEPT = f"`{VIEW}` for a view in place of JSON; the query says what it holds."
IF_MATCH = 'The ETag of the session that the change is meant for, as "3"; another one is answered with 412.'
BINARY_SCHEMA = {"schema": {"type": "string", "format": "binary"}}
STEP_CONTENT: dict[str, Any] = {
    "description": "The step. With detail=frame one binary frame: header and values, see the documentation.",
    "content": {BINARY: BINARY_SCHEMA},
}
VIEW_CONTENT: dict[str, Any] = {
    "description": f"JSON, or with `Accept: {VIEW}` a view: all that a page shows afterwards, as one answer. Its bytes "
    "are documented at `GET /sessions/{session_id}/view`.",
    "content": {VIEW: BINARY_SCHEMA},
}


# Coroutines: FastAPI would send plain functions through its thread pool, which costs more than a step.
async def _playground(connection: HTTPConnection) -> Playground:
    playground: Playground = connection.app.state.playground
    return playground


def parse_if_match(if_match: str | None) -> int | None:
    """The version that If-Match names; None where there is none, or "*"."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = re.fullmatch(r'"?(\d{1,18})"?', if_match.strip())
    if found is None:
        raise Problem(
            400,
            "bad_if_match",
            f'If-Match is {if_match[:40]!r}; send the ETag of the session as it was answered, for example "3".',
            found=if_match[:40],
        )
    return int(found[1])


async def _if_match(if_match: Annotated[str | None, Header(description=IF_MATCH)] = None) -> int | None:
    return parse_if_match(if_match)


async def _asked_view(
    playground: Annotated[Playground, Depends(_playground)],
    query: Annotated[ViewQuery, Query()],
    accept: Annotated[str, Header(description=ACCEPT)] = JSON,
) -> ViewRequest | None:
    return query.request(playground.settings) if VIEW in accept else None


UseCases = Annotated[Playground, Depends(_playground)]
AskedView = Annotated[ViewRequest | None, Depends(_asked_view)]
IfMatch = Annotated[int | None, Depends(_if_match)]
DetailQuery = Annotated[Detail, Query(description="How much is answered.")]
Expand = Annotated[bool, Query(description="Go the long way, through dL/dp and the Jacobian.")]


def step_answer(shown: Shown, detail: Detail, version: int | None = None) -> Response:
    """A step as it was asked for, with the ETag of its session."""
    headers = None if version is None else etag(version)
    if shown.trace.vector.size > AT_ONCE and (document := step_document(shown, detail)) is not None:
        return json_response(document, headers=headers)
    body, media_type = encode(shown, detail)
    return bytes_response(body, 200, headers, media_type)


def session_answer(session: Session, view: bytes | None = None) -> Response:
    """A session, or the view of it that was asked for, with its ETag."""
    return _session_answer(session, view, 200, {})


def new_session_answer(request: Request, session: Session, view: bytes | None) -> Response:
    """The same of one that was not there before, with its address."""
    address = address_of(request.scope, f"/api/v1/sessions/{session.id}")
    return _session_answer(session, view, 201, {"Location": address})


def _session_answer(session: Session, view: bytes | None, status: int, more: Mapping[str, str]) -> Response:
    headers = {**etag(session.head.version), **more}
    if view is not None:
        return bytes_response(view, status, headers, VIEW)
    return json_response(session_document(session), status, headers)


def common_type(accept: str, own: str, common: str) -> str:
    """The media type of an answer: its own one, unless a client asks for the common one of such bytes instead."""
    return common if common in accept and own not in accept else own


def validated(parse: Callable[[Any], T], value: object, *place: str) -> T:
    """A part of a request that FastAPI does not read; what is wrong with it is said as FastAPI would say it."""
    try:
        return parse(value)
    except ValidationError as error:
        raise RequestValidationError(faults(error, *place)) from None


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}
