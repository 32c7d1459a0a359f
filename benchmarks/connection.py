"""A keep-alive HTTP connection that does as little as possible, so that the client is not what is measured."""

import asyncio
import json
from typing import Any


class Connection(asyncio.Protocol):
    """One request at a time; answers must carry a Content-Length."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._size: int | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @classmethod
    async def to(cls, port: int) -> "Connection":
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._size is None:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._received[:end]).lower()
            length = head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
            self._head_size, self._size = end + 4, end + 4 + int(length)
        if len(self._received) >= self._size and self._answer is not None:
            answer = int(self._received[9:12]), bytes(self._received[self._head_size : self._size])
            self._received.clear()
            self._size = None
            self._answer.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("the server closed the connection"))

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Send a request as it stands; answers its status and body."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    async def post(self, path: str, document: object = None) -> Any:
        """Post JSON, answer JSON; any other status than success is an error."""
        status, body = await self.send(request_to(path, document))
        assert 200 <= status < 300, body
        return json.loads(body)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def request_to(path: str, document: object = None, accept: str = "*/*") -> bytes:
    """The bytes of a POST."""
    body = b"" if document is None else json.dumps(document).encode()
    kind = b"" if document is None else b"Content-Type: application/json\r\n"
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\nContent-Length: {len(body)}\r\n".encode()
    return head + kind + b"\r\n" + body
