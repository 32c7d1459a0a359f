"""Sockets and half requests, byte by byte: what no library would send."""

import base64
import os
import socket
import struct

HALF_HEAD = b"GET /api/v1/models HTTP/1.1\r\nHost: localh"
HALF_BODY = b"POST /api/v1/trace HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
LONG_BODY = (
    b"POST /api/v1/trace HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1900000\r\n\r\n"
)
TEXT, BYTES, PING, PONG = 0x1, 0x2, 0x9, 0xA


def line(port: int, *sent: bytes) -> socket.socket:
    """A connection that has sent this."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(b"".join(sent))
    return connection


def opening(session_id: str) -> bytes:
    """The request that opens a socket on a session."""
    return (
        f"GET /api/v1/sessions/{session_id}/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n"
    ).encode()


def frame(opcode: int, data: bytes, is_last: bool = True) -> bytes:
    """A frame as a client sends it; its mask changes nothing."""
    head = struct.pack("!B", opcode | (0x80 if is_last else 0))
    length = (
        struct.pack("!B", 0x80 | len(data))
        if len(data) < 126
        else struct.pack("!BH", 0x80 | 126, len(data))
        if len(data) < 65_536
        else struct.pack("!BQ", 0x80 | 127, len(data))
    )
    return head + length + bytes(4) + data


def pour(connection: socket.socket, what: bytes, most: int) -> int:
    """Send this again and again, reading nothing, until this many bytes are sent or the other side ends it or waits."""
    block = what * max(1, 65_536 // len(what))
    connection.settimeout(2)
    poured = 0
    try:
        while poured < most:
            poured += connection.send(block)
    except OSError:
        # Closed, or nothing is taken any more.
        pass
    return poured


HALF_HANDSHAKE = opening("x")[:-2] + b"Content-Length: 5\r\n\r\n"
