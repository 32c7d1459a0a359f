"""A session, or a view of it, as an answer."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request
from fastapi.requests import HTTPConnection
from fastapi.responses import Response

from server.http.answers import BINARY_SCHEMA, etag
from server.http.json import JSON
from server.http.pieces import bytes_response, json_response
from server.http.prefix import address_of
from server.sessions.codec.record import Session
from server.sessions.documents import session_document
from server.settings import Settings
from server.steps.view_schemas import ViewQuery
from server.steps.views import VIEW, ViewRequest

ACCEPT = f"`{VIEW}` for a view in place of JSON; the query says what it holds."
VIEW_CONTENT: dict[str, Any] = {
    "description": f"JSON, or with `Accept: {VIEW}` a view: all that a page shows afterwards, as one answer. Its bytes "
    "are documented at `GET /sessions/{session_id}/view`.",
    "content": {VIEW: BINARY_SCHEMA},
}


async def _asked_view(
    connection: HTTPConnection,
    query: Annotated[ViewQuery, Query()],
    accept: Annotated[str, Header(description=ACCEPT)] = JSON,
) -> ViewRequest | None:
    settings: Settings = connection.app.state.settings
    return query.request(settings) if VIEW in accept else None


AskedView = Annotated[ViewRequest | None, Depends(_asked_view)]


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
