"""The body of a request: bounded before it is read, read at once or in a thread, and validated from there.

Reading two million bytes takes one core 20 ms; finding and reporting 600,000 faults in them would take seconds.
So anything that can be many is counted on the bytes, every list of a schema ends at its first fault (`fail_fast`), and
settings bound lists before their items are looked at (`server.models.numbers.list_at_most`).
"""

import re
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from server.limits import at_most
from server.memory import SHORT_BODY
from server.problems import Problem
from server.scheduling import Slices
from server.settings import Settings

T = TypeVar("T")
# Reporting a fault takes three millionths of a second, and pydantic cannot report only some of them.
MOST_FAULTS = 1_000
# One that is not closed goes on to the end, and nothing is tried twice: a body may be a megabyte of escaped quotes.
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
LISTS_AND_NAMES = (b"[", b"{", b":")
# What an item and a list take in memory, and its numbers once more where they are validated.
BYTES_PER_VALUE, BYTES_PER_PART = 40, 200
# What the parser calls half a pair, and bytes that are no letter.
NO_LETTER = ("surrogate in hex escape", "end of hex escape", "unicode code point")


class BodyRoute(APIRoute):
    """A route whose body is read here: FastAPI would read all of it on the event loop and report every fault."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle
        adapter: TypeAdapter[Any] = TypeAdapter(self.body_field.field_info.annotation or Any)

        async def read_and_handle(request: Request) -> Response:
            body = await request.body()
            if not body:
                return await handle(request)
            async with room_for(request, body):
                return await handle(_Read(request, await read(request, adapter, body)))

        return read_and_handle


class _Read(Request):
    """A request whose JSON is what it means already, which passes FastAPI's validation as it is."""

    def __init__(self, request: Request, value: object) -> None:
        super().__init__(request.scope, request.receive)
        self._body = request._body
        self._value = value

    async def json(self) -> Any:
        return self._value


async def read(request: Request, adapter: TypeAdapter[T], body: bytes) -> T:
    """The value of a JSON body.

    Raises
    ------
    Problem, RequestValidationError : it is no JSON, too much, or something in it has no meaning.
    """
    check_type(request.headers.get("content-type", ""), is_json)
    slices: Slices = request.app.state.playground.slices
    return await slices.read(len(body), partial(_understood, adapter, body, request.app.state.settings))


def room_for(request: Request, body: bytes) -> AbstractAsyncContextManager[None]:
    """Room for what a body becomes when it is read, to be entered. Few bytes belong to the connection itself."""
    parts = body.count(b"[") + body.count(b"{")
    size = BYTES_PER_VALUE * (body.count(b",") + parts) + BYTES_PER_PART * parts
    playground = request.app.state.playground
    room: AbstractAsyncContextManager[None] = nullcontext() if size <= SHORT_BODY else playground.values.place(size)
    return room


def is_json(media_type: str) -> bool:
    return media_type == "application/json" or media_type.endswith("+json")


def media_type_of(content_type: str) -> str:
    return content_type.split(";")[0].strip().lower()


def check_type(content_type: str, is_taken: Callable[[str], bool]) -> None:
    """Refuse other types: any page may send text/plain and forms to any server, without asking it first."""
    media_type = media_type_of(content_type)
    if not is_taken(media_type):
        raise Problem(
            415,
            "unsupported_type",
            f"The server cannot read a body {f'of the type {media_type}' if media_type else 'without a type'} here. "
            "Send JSON with the header Content-Type: application/json.",
            found=media_type,
        )


def _understood(adapter: TypeAdapter[T], body: bytes, settings: Settings) -> T:
    most = settings.max_body_parts
    at_most("lists, names and texts in a body", _parts(body, most), most, "max_body_parts")
    try:
        value = from_json(body)
    except ValueError as error:
        raise _unreadable(error) from None
    try:
        return adapter.validate_python(value, context=settings)
    except ValidationError as error:
        raise RequestValidationError(faults(error, "body")) from None


def _parts(body: bytes, most: int) -> int:
    """At least how many lists, objects, names and texts there are; more exactly where that is more than the most."""
    quotes = body.count(b'"')
    parts = quotes // 2 + sum(map(body.count, LISTS_AND_NAMES))
    if parts <= most or quotes > 2 * most:
        return parts
    # A text may be full of brackets.
    without_texts = STRING.sub(b"", body)
    return quotes // 2 + sum(map(without_texts.count, LISTS_AND_NAMES))


def _unreadable(error: ValueError) -> Exception:
    if any(words in str(error) for words in NO_LETTER):
        return Problem(
            422,
            "not_unicode",
            "The request holds bytes that are not UTF-8, or half of a character (a lone surrogate). Send it as UTF-8.",
        )
    return RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": f"Invalid JSON: {error}"}])


def faults(error: ValidationError, *place: str) -> list[dict[str, Any]]:
    """The faults that pydantic found, unless there are too many to report."""
    count = error.error_count()
    if count > MOST_FAULTS:
        return [{"type": "too_many_faults", "loc": place, "msg": f"{count} values in it are not possible"}]
    found = error.errors(include_input=False, include_url=False)
    return [{**fault, "loc": (*place, *fault["loc"])} for fault in found]
