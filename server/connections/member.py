"""A connection that tells the crowd how much of what was written its client has not taken."""

import asyncio
import selectors
from typing import Any

from server.connections.crowd import Connection, Crowd
from server.http.json import to_json
from server.http.problems import MEDIA_TYPE


class Member(asyncio.BaseProtocol, Connection):
    """To be put before a protocol of uvicorn's, which sets `transport` and pauses when the transport has enough."""

    _crowd: Crowd
    # Bytes that were written last.
    _written = 0

    @property
    def has_arrived(self) -> bool:
        handle = self.transport.get_extra_info("socket")
        # Without a network there is none.
        return handle is not None and has_come(handle.fileno())

    @property
    def unsent(self) -> int:
        """Bytes that the transport keeps: what was written last stays whole until its last byte is taken."""
        size = self.transport.get_write_buffer_size()
        return max(size, self._written) if size else 0

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._crowd.left(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._crowd.piled_up(self)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._crowd.taken(self)

    def refuse(self, document: dict[str, Any]) -> None:
        """Answer a request in place of an application, and close."""
        if self.transport.is_closing():
            return
        content = to_json(document)
        head = f"HTTP/1.1 {document['status']} {document['title']}\r\ncontent-type: {MEDIA_TYPE}\r\n"
        self.transport.write(f"{head}content-length: {len(content)}\r\nconnection: close\r\n\r\n".encode() + content)
        self.transport.close()


def has_come(descriptor: int) -> bool:
    """Whether there is something to be read there at this moment."""
    if descriptor < 0:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(0))
