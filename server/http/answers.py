"""What routes of several capabilities share: who does the work, versions, what a query says."""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header
from fastapi.exceptions import RequestValidationError
from fastapi.requests import HTTPConnection
from pydantic import ValidationError

from server.http.bodies import faults
from server.problems import Problem

T = TypeVar("T")
IF_MATCH = 'The ETag of the session that the change is meant for, such as "3"; another one is answered with 412.'
BINARY_SCHEMA = {"schema": {"type": "string", "format": "binary"}}


def service(name: str) -> Any:
    """A parameter of a route: what does the work, by its name in the playground."""

    # A coroutine: FastAPI would send a plain function through its thread pool, which costs more than a step.
    async def found(connection: HTTPConnection) -> Any:
        return getattr(connection.app.state.playground, name)

    return Depends(found)


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


IfMatch = Annotated[int | None, Depends(_if_match)]


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
