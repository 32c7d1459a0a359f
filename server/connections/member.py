"""A connection that tells the crowd how much of what was written its client has not taken."""

import asyncio
import selectors

from server.connections.crowd import Connection, Crowd


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


def has_come(descriptor: int) -> bool:
    """Whether there is something to be read there at this moment."""
    if descriptor < 0:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(0))
