"""A client that keeps several connections busy at as little cost as Python allows.

It runs beside the server on the same few cores: what it costs is taken from the server, and from fast endpoints most.
"""

import selectors
import socket
from collections.abc import Sequence
from time import perf_counter

HEAD_END, LENGTH = b"\r\n\r\n", b"content-length: "


class Caller:
    """One keep-alive connection that asks the same again and again; answers must carry a Content-Length."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._missing: int | None = None

    def ask(self, request: bytes) -> None:
        self.socket.sendall(request)
        self._missing = None

    def is_answered(self) -> bool:
        """Read what has come; whether that was the end of the answer."""
        data = self.socket.recv(1 << 18)
        if self._missing is None:
            # The server writes the head at once, so that it comes in one piece.
            head = data.index(HEAD_END)
            assert data[9:12] == b"200", data
            length = data.index(LENGTH) + len(LENGTH)
            self._missing = head + len(HEAD_END) + int(data[length : data.index(b"\r", length)])
        self._missing -= len(data)
        return self._missing == 0

    def close(self) -> None:
        self.socket.close()


def rate(callers: Sequence[Caller], requests: Sequence[bytes], seconds: float) -> float:
    """Answers per second when every caller asks again as soon as it is answered."""
    answers, waiting = 0, len(callers)
    with selectors.DefaultSelector() as selector:
        for pair in zip(callers, requests, strict=True):
            selector.register(pair[0].socket, selectors.EVENT_READ, pair)
        start = perf_counter()
        for caller, request in zip(callers, requests, strict=True):
            caller.ask(request)
        while waiting:
            for key, _ in selector.select():
                caller, request = key.data
                if caller.is_answered():
                    answers += 1
                    if perf_counter() - start < seconds:
                        caller.ask(request)
                    else:
                        waiting -= 1
        return answers / (perf_counter() - start)
