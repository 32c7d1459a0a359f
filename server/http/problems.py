"""Every error as a problem document (RFC 9457), in one place."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from engine.errors import EngineError
from server.http.json import to_json
from server.http.prefix import address_of
from server.problems import Problem
from server.sessions.store.protocol import (
    NoRoom,
    StaleVersion,
    StoreBroken,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMoved,
    StoreRefused,
    UnknownKey,
)

MEDIA_TYPE = "application/problem+json"
# A body may hold a hundred thousand wrong numbers; the first few say what is wrong.
MOST_ERRORS = 10
# When another try is worth it, where nobody knows better.
RETRY_AFTER_SECONDS = 5
# Of a text in a problem that may be the caller's own: enough to know it again.
MOST_LETTERS, MOST_ITEMS = 200, 100

_logger = logging.getLogger(__name__)

DESCRIPTIONS: dict[int, str] = {
    400: "The request could not be read.",
    404: "There is nothing at this address, or it has expired.",
    405: "This address does not know that method.",
    409: "The request does not fit the state that the session is in.",
    412: "If-Match names a version that is no longer the current one; nothing was changed.",
    413: "The body is larger than this server accepts.",
    415: "The body has another type than this address reads.",
    422: "Something in the request has no meaning or is out of range; nothing was changed.",
    500: "The server made a mistake.",
    503: "The server is full or busy; nothing was changed.",
    507: "The disk that holds the sessions is full; nothing was changed.",
}


# Headers that errors carry, as OpenAPI describes them.
HEADERS: dict[int, dict[str, Any]] = {
    503: {
        "headers": {
            "Retry-After": {
                "description": "Seconds after which another try is worth it.",
                "required": True,
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    }
}


# What a failing store means to a caller: status, code, what to do.
STORE_PROBLEMS: dict[type[StoreError], tuple[int, str, str]] = {
    StoreFull: (
        507,
        "disk_full",
        "The disk that holds the sessions is full, so nothing was changed. Free some space on the server's data "
        "directory, or delete sessions, and try again.",
    ),
    StoreBusy: (503, "store_busy", "The session database is busy, so nothing was changed. Try again in a moment."),
    StoreBroken: (
        503,
        "store_broken",
        "The session database cannot be used, so nothing was changed. The person who runs the server should look "
        "at its data directory and its log.",
    ),
    StoreDamaged: (
        500,
        "damaged",
        "The session or data set stored under this name is damaged, so it cannot be used, and nothing was changed. "
        "Start again with a new one; everything else that is stored can be used.",
    ),
    StoreMoved: (
        503,
        "store_broken",
        "The session database was moved away a moment ago, so nothing was changed. Try again in a moment.",
    ),
    StoreRefused: (
        503,
        "store_refused",
        "The session database was made by another version of the server, so nothing was changed. The person who runs "
        "the server should look at its log.",
    ),
    NoRoom: (
        503,
        "too_many_sessions",
        "This server holds as many sessions as it may, and all of them were used not long ago. Delete one, or try "
        "again later.",
    ),
    UnknownKey: (
        404,
        "unknown_session",
        "There is no such session. It was deleted, or it has expired because nobody used it. Create a new one.",
    ),
    StaleVersion: (
        412,
        "stale_version",
        "The session was changed in the meantime, by another window or a double click, so nothing was done. Read it "
        "again and repeat what you wanted.",
    ),
}


class ValidationIssue(BaseModel):
    """One place in the request that is wrong."""

    type: str
    loc: list[str | int]
    msg: str


class ProblemDocument(BaseModel):
    """What went wrong and what to do about it (RFC 9457)."""

    type: str = Field(description="A URI that names the kind of problem.")
    title: str = Field(description="The HTTP status in words.")
    status: int
    detail: str = Field(description="What was found, what was wanted, what to do.")
    instance: str = Field(description="The path that was asked for.")
    code: str = Field(description="The kind of problem in one word, for programs and translations.")
    params: dict[str, Any] = Field(description="The numbers and names in the detail.")
    errors: list[ValidationIssue] | None = Field(None, description="The places of a request that are wrong.")


def document_of(
    status: int, code: str, detail: str, instance: str, params: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """The problem document as JSON-able data, of bounded size."""
    return {
        "type": f"urn:backprop-playground:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _clipped(detail, 10 * MOST_LETTERS),
        "instance": _clipped(instance),
        "code": code,
        "params": {name: _bounded(value) for name, value in (params or {}).items()},
    }


def _clipped(text: str, most: int = MOST_LETTERS) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _bounded(value: object) -> object:
    """The same data, with long texts cut short: a caller may have sent a name of a megabyte."""
    if isinstance(value, str):
        return _clipped(value)
    if isinstance(value, Mapping):
        return {name: _bounded(item) for name, item in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, list | tuple):
        return [_bounded(item) for item in value[:MOST_ITEMS]]
    return value


def from_exception(error: Exception, instance: str) -> dict[str, Any]:
    """The problem document that says what this exception means to a caller."""
    if isinstance(error, Problem):
        return document_of(error.status, error.code, error.detail, instance, error.params)
    if isinstance(error, StoreError):
        status, code, detail = STORE_PROBLEMS[type(error)]
        # A full server works as it should, and a busy database is logged once (server/sessions/store/access.py).
        if status in (500, 503) and not isinstance(error, NoRoom | StoreBusy):
            _logger.error("the store failed at %s: %s", instance, error)
        return document_of(status, code, detail, instance, vars(error))
    if isinstance(error, EngineError):
        return document_of(422, error.code, error.message, instance, error.details)
    _logger.error("unexpected error at %s", instance, exc_info=error)
    return document_of(
        500,
        "internal",
        "The server made a mistake. Try again; if it happens again, please report what you did.",
        instance,
    )


def cut_short(error: Exception, stored: int, step: int) -> Exception:
    """The problem of a training that this error ended early; it names how many steps are stored, if there are any."""
    if stored == 0:
        return error
    cause = from_exception(error, "")
    return Problem(
        cause["status"],
        "partly_trained",
        f"The training ended early ({cause['code']}): {stored} of its steps are stored, and the session is at "
        f"step {step}. Read the session, and go on from there.",
        cause=cause["code"],
        stored=stored,
        step=step,
    )


def response_of(document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """The answer that is a problem document; a passing problem says when another try is worth it."""
    if document["status"] == 503:
        seconds = document["params"].get("retry_after") or RETRY_AFTER_SECONDS
        headers = {"Retry-After": str(ceil(seconds)), **(headers or {})}
    return Response(to_json(document), document["status"], headers, MEDIA_TYPE)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of a route that can answer with these errors; 405, 413 and 500 are always possible."""
    schema = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}}}
    return {
        status: {"description": DESCRIPTIONS[status], "content": schema, **HEADERS.get(status, {})}
        for status in sorted({*statuses, 405, 413, 500})
    }


async def _problem(request: Request, error: Exception) -> Response:
    return response_of(from_exception(error, request.url.path))


def invalid(errors: Sequence[Any], instance: str) -> dict[str, Any]:
    """The problem document of what pydantic found wrong: type, place and message of the first few.

    Never the input itself: it may hold NaN, which has no JSON, or a megabyte.
    """
    issues = [
        {"type": issue["type"], "loc": _bounded(issue["loc"]), "msg": _clipped(issue["msg"])}
        for issue in errors[:MOST_ERRORS]
    ]
    first = issues[0]
    place = ".".join(str(part) for part in first["loc"])
    status, code, params = 422, "invalid", {"place": place, "type": first["type"]}
    if first["type"] == "json_invalid":
        status, code = 400, "not_json"
    elif first["type"] == "too_large":
        code, params = "too_large", errors[0]["ctx"]
    detail = f"{place}: {first['msg']}." if place else f"{first['msg']}."
    return {**document_of(status, code, detail, instance, params), "errors": issues}


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return response_of(invalid(error.errors(), request.url.path))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}.get(
        error.status_code, f"http_{error.status_code}"
    )
    docs = address_of(request.scope, "/docs")
    details = {
        404: f"There is nothing at {request.url.path}. The API is described under {docs}.",
        405: f"{request.url.path} does not know {request.method}. The API is described under {docs}.",
        413: "The body is larger than this server accepts. Send fewer samples or a smaller model.",
    }
    detail = details.get(error.status_code, str(error.detail))
    return response_of(document_of(error.status_code, code, detail, request.url.path), error.headers)


def add_problems(app: FastAPI) -> None:
    """Answer every error with a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(EngineError, _problem)
    app.add_exception_handler(StoreError, _problem)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _problem)
