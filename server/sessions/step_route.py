"""POST /sessions/{id}/step: the request that a page and a script send most often.

FastAPI's reading of parameters costs more than the step itself (0.25 ms against 0.1), so this route reads its four by
hand and describes them for OpenAPI.
"""

from collections.abc import Callable, Coroutine, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope, Send

from server.http.answers import IF_MATCH, parse_if_match, validated
from server.http.bodies import read
from server.http.json import JSON
from server.http.problems import responses
from server.sessions.answers import ACCEPT, VIEW_CONTENT, session_answer
from server.sessions.moves import Moves
from server.sessions.schemas import StepRequest
from server.steps.answers import STEP_CONTENT, step_taken_answer
from server.steps.schemas import Detail, Step, StepSummary
from server.steps.view_schemas import ViewQuery
from server.steps.views import VIEW

T = TypeVar("T")


class BareRoute(APIRoute):
    """A route whose endpoint takes the request as it is: nothing is parsed, injected or closed on the way.

    What it raises goes to the application's handlers, which are the same.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            response = await endpoint(Request(scope, receive))
            await response(scope, receive, send)

        self.app = app


def _query_parameters() -> Iterator[dict[str, Any]]:
    """What a view may be asked to hold, as OpenAPI describes it."""
    for name, schema in ViewQuery.model_json_schema()["properties"].items():
        yield {"name": name, "in": "query", "description": schema.pop("description"), "schema": schema}


BODY: TypeAdapter[StepRequest | None] = TypeAdapter(StepRequest | None)
DETAIL = TypeAdapter(Detail)
DESCRIPTION: dict[str, Any] = {
    "parameters": [
        {"name": "session_id", "in": "path", "required": True, "schema": {"type": "string"}},
        {
            "name": "detail",
            "in": "query",
            "description": "How much is answered.",
            "schema": {"type": "string", "enum": list(Detail), "default": Detail.LAYERS},
        },
        *_query_parameters(),
        {"name": "Accept", "in": "header", "description": ACCEPT, "schema": {"type": "string", "default": JSON}},
        {"name": "If-Match", "in": "header", "description": IF_MATCH, "schema": {"type": "string"}},
    ],
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/StepRequest"}}}},
}


STEP_OR_VIEW = {
    "description": f"{STEP_CONTENT['description']} {VIEW_CONTENT['description']}",
    "content": {**STEP_CONTENT["content"], **VIEW_CONTENT["content"]},
}


async def step_session(request: Request) -> Response:
    """Take one step and answer it."""
    scope = request.scope
    state = scope["app"].state
    moves: Moves = state.playground.moves
    session_id: str = scope["path_params"]["session_id"]
    # Not request.headers, which encodes the name and searches the whole list for each question.
    headers: dict[bytes, bytes] = dict(scope["headers"])
    version = parse_if_match(headers[b"if-match"].decode("latin-1")) if b"if-match" in headers else None
    if VIEW in headers.get(b"accept", b"").decode("latin-1"):
        ask = _asked(scope["query_string"]).request(state.settings)
        return session_answer(*await moves.step_on(session_id, version, ask))
    detail = _detail(scope["query_string"])
    has_body = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
    sample = await _sample(request) if has_body else None
    session, shown = await moves.step(session_id, version, sample)
    return step_taken_answer(shown, detail, session.head.version)


def add_step(app: FastAPI, prefix: str) -> None:
    """Add the route to the application itself: looking into an included router for it takes a while, too."""
    app.router.add_api_route(
        f"{prefix}/sessions/{{session_id}}/step",
        step_session,
        methods=["POST"],
        response_model=Step | StepSummary,
        responses={200: STEP_OR_VIEW, **responses(400, 404, 412, 415, 422, 503, 507)},
        tags=["sessions"],
        openapi_extra=DESCRIPTION,
        route_class_override=BareRoute,
    )


@lru_cache(maxsize=64)
def _asked(query: bytes) -> ViewQuery:
    return validated(ViewQuery.model_validate, dict(QueryParams(query)), "query")


@lru_cache(maxsize=64)
def _detail(query: bytes) -> Detail:
    given = QueryParams(query).get("detail", Detail.LAYERS)
    return validated(DETAIL.validate_python, given, "query", "detail")


async def _sample(request: Request) -> int | None:
    body = await request.body()
    asked = await read(request, BODY, body) if body else None
    return None if asked is None else asked.sample
