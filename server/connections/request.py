"""A connection that carries requests: uvicorn's, with an end to what it waits for and to what it keeps."""

import asyncio
from collections.abc import Iterable
from typing import Any, cast

import httptools
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from server.connections.crowd import Crowd, Wait
from server.connections.member import Member
from server.http.problems import document_of, response_of

# Requests that wait for the answer to the one before, on one connection.
MOST_WAITING = 32
# Headers of a request, through which every part of the server looks; and pieces of a body that come at once.
MOST_HEADERS, MOST_CHUNKS = 128, 8_000
# Bytes of a body that is sent in chunks which are not its content, for each byte that is: "1\r\n?\r\n" has five.
FRAMING = 16
FULL = {"connection": "close"}


class RequestConnection(Member, HttpToolsProtocol):
    """Uvicorn waits for ever for the rest of a request, and takes heads of any length and any number of requests."""

    def __init__(
        self,
        crowd: Crowd,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._crowd = crowd
        self._answers = self.app
        # Which part of a request is being read, None between two.
        self._part: Wait | None = None
        # Bytes of this head, or of this body, that no application has got.
        self._bytes = 0
        # Bytes of bodies that are kept until they are answered.
        self._body = 0
        self._has_place = True
        # Pieces of a body in what was read last.
        self._chunks = 0
        # Nothing is read after this request.
        self._is_over = False
        # What is being answered; `cycle` is what was read last.
        self._answering: RequestResponseCycle | None = None

    @property
    def is_half_sent(self) -> bool:
        return self._part is not None

    @property
    def waits_for(self) -> Wait | None:
        if self.flow.read_paused:
            return None
        is_answered = self.cycle is None or self.cycle.response_complete
        return self._part or ("head" if is_answered and not self.pipeline else None)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._has_place = self._crowd.opened(self)

    def data_received(self, data: bytes) -> None:
        if self._is_over:
            return
        self._unset_keepalive_if_required()
        self._crowd.heard(self)
        self._bytes += len(data)
        self._chunks = 0
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
                rest = data[upgrade.args[0] :]
                if rest and not self.transport.is_closing():
                    # Frames that came with the handshake.
                    cast(asyncio.Protocol, self.transport.get_protocol()).data_received(rest)
            else:
                # The parser reads no body of such a request: what follows may be one, and is no request of its own.
                self._is_over = True
                self.cycle.keep_alive = False
        except httptools.HttpParserError:
            self.refuse(document_of(400, "bad_request", "This is no HTTP request.", ""))
        else:
            most = self._crowd.settings.max_head_bytes
            if self._bytes > most:
                self._crowd.counted("flood")
                detail = f"The head of this request is larger than the {most} bytes that this server takes."
                self.refuse(document_of(431, "head_too_large", detail, "", {"wanted": most}))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._part = "head"

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= MOST_WAITING:
            self._crowd.counted("flood")
            self.transport.abort()
            raise TooMany
        self._part, self._bytes = "body", 0
        answers = self._answered if self._has_place else full
        if self.parser.should_upgrade() and not self._should_upgrade() and has_body(self.headers):
            answers = other_protocol
        if len(self.headers) == MOST_HEADERS:
            answers = long_head
        self.app = cast(ASGI3Application, answers)
        super().on_headers_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) < MOST_HEADERS:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._chunks += 1
        if self._chunks > MOST_CHUNKS:
            self._crowd.counted("flood")
            self.transport.abort()
            raise TooMany
        self._bytes = max(0, self._bytes - FRAMING * len(body))
        super().on_body(body)
        if self.cycle is None or self.cycle.response_complete:
            return
        self._body += len(body)
        if not self._crowd.arrived(self, self._body):
            detail = "This server is reading as many long requests as it has room for. Try again in a moment."
            self.refuse(document_of(503, "memory_full", detail, self.scope["path"]))

    def on_message_complete(self) -> None:
        self._part, self._bytes = None, 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._crowd.heard(self)
        if not self.pipeline:
            self._body = 0
            self._crowd.answered(self)

    def handle_websocket_upgrade(self) -> None:
        self._crowd.left(self)
        super().handle_websocket_upgrade()

    def _should_upgrade(self) -> bool:
        # A handshake has no body: what follows the head would be taken for frames, or for nothing.
        return self._has_place and super()._should_upgrade() and not has_body(self.headers)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._answering is not None:
            self._answering.disconnected = True
            self._answering.message_event.set()

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Uvicorn would make the next answer while the one before lies here, and keep both."""
        await self.flow.drain()
        answering = self._answering
        assert answering is not None
        if self.transport.is_closing():
            answering.disconnected = True
            return

        async def noting(message: Message) -> None:
            if self.transport.is_closing():
                answering.disconnected = True
            self._written = len(message.get("body", b""))
            await send(message)

        await cast(ASGIApp, self._answers)(scope, receive, noting)


class TooMany(Exception):
    """Ends the parsing of what is not read any more."""


async def full(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers in place of the application."""
    detail = "As many connections are open to this server as it can hold. Try again in a moment."
    answer = response_of(document_of(503, "server_full", detail, scope["path"]), FULL)
    await answer(scope, receive, send)


def has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"transfer-encoding" or (name == b"content-length" and value != b"0") for name, value in headers)


async def other_protocol(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers in place of the application."""
    detail = "This request has a body and asks to go on in another protocol (Upgrade). Send it without that header."
    answer = response_of(document_of(400, "bad_request", detail, scope["path"]), {"connection": "close"})
    await answer(scope, receive, send)


async def long_head(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers in place of the application."""
    detail = f"The head of this request has {MOST_HEADERS} headers or more, which nobody needs."
    document = document_of(431, "head_too_large", detail, scope["path"], {"wanted": MOST_HEADERS})
    await response_of(document, {"connection": "close"})(scope, receive, send)
