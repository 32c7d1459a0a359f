"""Long answers piece by piece: each is made when the one before has gone, and others are answered in between.

A hundred megabytes of JSON made at once would stop everybody for a fifth of a second, and lie in memory until a client
has taken the last of them. So the JSON never exists as a whole: only the arrays are kept, and the piece on its way.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from fastapi.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from server.http.json import JSON, to_json
from server.memory import Memory

# Numbers that are written in one go, in less than a millisecond.
PIECE = 4_096
PIECE_BYTES = 65_536
# Answers of fewer numbers, or bytes, are made and sent in one go, in a few milliseconds.
AT_ONCE, BYTES_AT_ONCE = 50_000, 1_000_000
BYTES_PER_NUMBER = 8
LETTERS_PER_NUMBER = 16


class InPieces(StreamingResponse):
    """A long answer, refused where the budget of memory has no room for it.

    Parameters
    ----------
    size : bytes that are kept until all is sent.
    """

    def __init__(
        self, pieces: Iterable[bytes | memoryview], size: int, status: int, headers: Mapping[str, str] | None, kind: str
    ) -> None:
        super().__init__(_in_turn(pieces), status, headers, kind)
        self._size = size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        memory: Memory = scope["app"].state.playground.memory
        with memory.held_for("answers", self._size):
            await super().__call__(scope, receive, send)


def json_response(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON, in pieces where it is long. Nobody may change the document until it is sent."""
    numbers = numbers_in(document)
    if numbers <= AT_ONCE:
        return Response(to_json(document), status, headers, JSON)
    return InPieces(json_pieces(document), BYTES_PER_NUMBER * numbers, status, headers, JSON)


def bytes_response(body: bytes, status: int, headers: Mapping[str, str] | None, kind: str) -> Response:
    """Bytes, in pieces where they are many."""
    if len(body) <= BYTES_AT_ONCE:
        return Response(body, status, headers, kind)
    whole = memoryview(body)
    pieces = (whole[start : start + PIECE_BYTES] for start in range(0, len(whole), PIECE_BYTES))
    return InPieces(pieces, len(body), status, {**(headers or {}), "Content-Length": str(len(body))}, kind)


async def _in_turn(pieces: Iterable[bytes | memoryview]) -> AsyncIterator[bytes | memoryview]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)


def numbers_in(value: object) -> int:
    """About how many numbers a document holds; names and texts count by their length."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, str):
        return 1 + len(value) // LETTERS_PER_NUMBER
    if isinstance(value, Mapping):
        return len(value) + sum(map(numbers_in, value.values()))
    if isinstance(value, list | tuple):
        # The first number of a list shows which kind of list it is.
        return len(value) if value and isinstance(value[0], int | float) else sum(map(numbers_in, value))
    return 1


def json_pieces(document: object) -> Iterator[bytes]:
    """The JSON of a document, as `to_json` writes it, in pieces of about `PIECE_BYTES`."""
    waiting, size = [], 0
    for part in _parts(document):
        waiting.append(part)
        size += len(part)
        if size >= PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _parts(value: Any) -> Iterator[bytes]:
    if numbers_in(value) <= PIECE:
        yield to_json(value)
    elif isinstance(value, Mapping):
        yield from _enclosed(b"{", value.items(), b"}")
    elif isinstance(value, np.ndarray) and value.ndim:
        # Rows that are short enough together, or one row alone.
        rows = max(1, PIECE // max(1, value[0].size))
        blocks = [value[start : start + rows] for start in range(0, len(value), rows)]
        if rows > 1 or value.ndim == 1:
            yield from _joined(blocks)
        else:
            yield from _enclosed(b"[", (block[0] for block in blocks), b"]")
    elif isinstance(value, list | tuple) and isinstance(value[0], int | float):
        yield from _joined([value[start : start + PIECE] for start in range(0, len(value), PIECE)])
    elif isinstance(value, list | tuple):
        yield from _enclosed(b"[", value, b"]")
    else:
        yield to_json(value)


def _enclosed(opening: bytes, items: Iterable[Any], closing: bytes) -> Iterator[bytes]:
    separator = opening
    for item in items:
        yield separator
        separator = b","
        if opening == b"{":
            name, item = item
            yield to_json(name) + b":"
        yield from _parts(item)
    yield closing


def _joined(blocks: Iterable[Any]) -> Iterator[bytes]:
    """Lists as one list."""
    separator = b"["
    for block in blocks:
        yield separator
        separator = b","
        yield to_json(block)[1:-1]
    yield b"]"
