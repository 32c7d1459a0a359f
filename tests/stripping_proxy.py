"""A proxy as schools have it: it serves a server under a path of its own, which it takes away before it asks."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

END_OF_HEAD = b"\r\n\r\n"
ELSEWHERE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class StrippingProxy(socketserver.ThreadingTCPServer):
    """One request a connection; what comes after its head goes to and fro as it is, so sockets do too.

    `strays` are the paths that somebody asked for and that are not below the prefix: another site's.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, server: str, prefix: str) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.server_url = urlsplit(server)
        self.prefix = prefix
        self.strays: list[str] = []

    @property
    def url(self) -> str:
        """Where the server is found, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.prefix}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is no news."""


class _Connection(socketserver.BaseRequestHandler):
    server: StrippingProxy

    def handle(self) -> None:
        client: socket.socket = self.request
        received = b""
        while END_OF_HEAD not in received:
            part = client.recv(65_536)
            if not part:
                return
            received += part
        head, _, rest = received.partition(END_OF_HEAD)
        (method, target, version), *lines = (line.split(b" ", 2) for line in head.split(b"\r\n"))
        prefix = self.server.prefix.encode()
        if not target.startswith(prefix + b"/"):
            self.server.strays.append(target.decode())
            client.sendall(ELSEWHERE)
            return
        asked = [b" ".join((method, target.removeprefix(prefix), version)), *(b" ".join(line) for line in lines)]
        if not any(line.lower().startswith(b"upgrade:") for line in asked):
            asked = [line for line in asked if not line.lower().startswith(b"connection:")] + [b"Connection: close"]
        place = (str(self.server.server_url.hostname), int(self.server.server_url.port or 80))
        with socket.create_connection(place) as server:
            server.sendall(b"\r\n".join(asked) + END_OF_HEAD + rest)
            back = threading.Thread(target=_carry, args=(server, client), daemon=True)
            back.start()
            _carry(client, server)
            back.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    """Everything until the source ends, and then the end."""
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def behind_a_proxy(server: str, prefix: str) -> Iterator[StrippingProxy]:
    """This server under a prefix, while inside."""
    with StrippingProxy(server, prefix) as proxy:
        threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield proxy
        proxy.shutdown()
