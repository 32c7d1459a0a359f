"""A connection that has become a WebSocket: uvicorn's, with an end to what it keeps for a client."""

import math
from asyncio import BaseTransport
from typing import Any

from uvicorn._types import ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame

from server.connections.crowd import Crowd
from server.connections.member import Member
from server.http.problems import document_of

# Messages that have come and wait to be read, and pieces of one message.
MOST_PENDING = 256
MOST_PIECES = 1_000
# Pings and pongs in a second; and bytes that are taken apart before one looks whether the client is still served.
MOST_CONTROL, SLICE = 100, 2_048
# Bytes that come before the handshake is answered.
MOST_EARLY = 65_536
# Bytes that the client has not taken while it goes on sending pings, each of which is answered.
MOST_UNTAKEN = 262_144


class SocketConnection(Member, WebSocketsSansIOProtocol):
    """Uvicorn keeps any number of messages, pieces of one and answers to pings."""

    waits_for = None
    is_half_sent = False

    def __init__(
        self, crowd: Crowd, config: Config, server_state: ServerState, app_state: dict[str, Any], **options: Any
    ) -> None:
        super().__init__(config, server_state, app_state, **options)
        self._crowd = crowd
        # What came before the handshake was answered.
        self._early = b""
        # When the last second began, and pings and pongs since then.
        self._second, self._control = -math.inf, 0

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated or self.handshake_complete:
            # In slices: a hundred thousand frames of nothing fit into what is read at once, and most are not worth it.
            for start in range(0, len(data), SLICE):
                super().data_received(data[start : start + SLICE])
                if self.transport.is_closing():
                    break
            if not self.handshake_initiated:
                # Its head has come as a whole. Uvicorn would wait for more of it for ever.
                detail = f"This is no handshake of a WebSocket: {self.conn.handshake_exc or 'a part of it is missing'}."
                self.refuse(document_of(400, "bad_request", detail, ""))
        elif len(self._early) + len(data) <= MOST_EARLY:
            # An answer to one of these frames would come before the one to the handshake.
            self._early += data
        else:
            self._crowd.counted("flood")
            self.transport.abort()

    async def send(self, message: ASGISendEvent) -> None:
        await self.writable.wait()
        if message["type"] == "websocket.send":
            self._written = len(message.get("bytes") or message.get("text") or b"")
        await super().send(message)
        if self._early and self.handshake_complete:
            early, self._early = self._early, b""
            if not self.transport.is_closing():
                self.data_received(early)

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self._crowd.joined(self)

    def send_receive_event_to_app(self) -> None:
        if self.queue.qsize() >= MOST_PENDING:
            self._fail("too many messages at once")
        elif self.curr_msg_data_type == "bytes" or is_text(b"".join(self.frames)):
            super().send_receive_event_to_app()
        else:
            # Uvicorn would write a traceback into the log for each.
            self._end(CloseCode.INVALID_DATA, "a text has to be UTF-8")

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) < MOST_PIECES:
            super().handle_cont(event)
        else:
            self._fail("too many pieces of one message")

    def handle_pong(self, event: Frame) -> None:
        if self._has_control_left():
            super().handle_pong(event)

    def handle_ping(self) -> None:
        if not self._has_control_left():
            return
        if self.transport.get_write_buffer_size() <= MOST_UNTAKEN:
            super().handle_ping()
        elif not self.disconnected:
            self._crowd.counted("flood")
            self.transport.abort()

    def _has_control_left(self) -> bool:
        """Whether the client may send another ping or pong in this second; one that sends more is closed."""
        now = self.loop.time()
        if now - self._second >= 1:
            self._second, self._control = now, 0
        self._control += 1
        if self._control == MOST_CONTROL:
            self._fail("too many pings or pongs")
        return self._control < MOST_CONTROL

    def _fail(self, reason: str) -> None:
        if self.close_sent or self.transport.is_closing():
            return
        self._crowd.counted("flood")
        self._end(CloseCode.POLICY_VIOLATION, reason)

    def _end(self, code: CloseCode, reason: str) -> None:
        self.frames = []
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        # Before the handshake is over there is nothing to say goodbye with.
        if self.conn.close_sent is None:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": CloseCode.ABNORMAL_CLOSURE})
            self.transport.abort()
        else:
            super().handle_parser_exception()


def is_text(data: bytes) -> bool:
    """Whether these bytes are UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
