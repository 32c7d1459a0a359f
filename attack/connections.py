"""Connections that send half of something or take nothing: do others get in, and what does the server hold for them?"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

from attack.stalls import SMALL
from attack.table import Row
from attack.target import Target, attacked
from attack.wire import (
    BYTES,
    HALF_BODY,
    HALF_HANDSHAKE,
    HALF_HEAD,
    LONG_BODY,
    PING,
    PONG,
    TEXT,
    frame,
    line,
    opening,
    pour,
)

MANY, HALVES = 1_200, 300
FILES = 1_024
NEWCOMERS = 20
# What was found: for ever, and 1,362 MB.
MOST_SECONDS, MOST_MB, MOST_BODIES_MB = 3.0, 30.0, 80.0
POURED = 12_000_000
IDLE = 64

FLOODS = {
    "junk": frame(TEXT, b"ab"),
    "binary frames": frame(BYTES, b"ab"),
    "messages that make sense": frame(TEXT, b'{"type":"pause"}'),
    "pieces of one message": frame(TEXT, b"", is_last=False) + frame(0, b"", is_last=False) * 5_000,
    "messages of 14.5 MB": frame(TEXT, b"a" * 14_500_000),
    "pings": frame(PING, b"a" * 125),
    "pongs": frame(PONG, b""),
}


def rows() -> Iterator[Row]:
    for name, sent in (("heads", HALF_HEAD), ("bodies", HALF_BODY), ("handshakes", HALF_HANDSHAKE)):
        yield _half_sent(f"{MANY} half-sent {name}, {FILES} open files allowed", sent)
    with attacked(memory_mb=60) as target:
        yield _half_bodies(target)
    with attacked() as target:
        for name, flood in FLOODS.items():
            yield _poured(target, name, flood)
        yield _idle(target, "on no session", "A" * 22)
        yield _idle(target, "that watch", target.created(SMALL))


def _half_sent(attack: str, sent: bytes) -> Row:
    """How long a newcomer waits for an answer at most, while these connections come and stay."""
    longest = 0.0
    with attacked(most_files=FILES) as target, ExitStack() as stack:
        for number in range(MANY):
            try:
                stack.enter_context(line(target.port, sent))
            except OSError:
                # Closed before it was sent: one of the others has come.
                continue
            if number % (MANY // NEWCOMERS) == 0:
                longest = max(longest, _waited(lambda: target.ask("GET", "/models")))
        longest = max(longest, _waited(lambda: target.created(SMALL)))
    return Row(attack, longest, MOST_SECONDS, "s")


def _half_bodies(target: Target) -> Row:
    """What the server holds for bodies that are nearly whole, and go no further."""
    before = target.megabytes
    with ExitStack() as stack:
        for _ in range(HALVES):
            with suppress(OSError):
                stack.enter_context(line(target.port, LONG_BODY, b"[0," * 600_000))
        held = target.megabytes - before
    return Row(f"{HALVES} bodies of 2 MB, the last byte missing", held, MOST_BODIES_MB, "MB")


def _poured(target: Target, name: str, flood: bytes) -> Row:
    """What the server holds at most for a socket that sends without end and reads nothing."""
    before = target.megabytes
    with line(target.port, opening(target.created(SMALL))) as connection:
        connection.recv(1_000)
        poured = pour(connection, flood, POURED)
        held = target.megabytes - before
    return Row(f"WebSocket: {name}, nothing read", held, MOST_MB, "MB", f"{poured / 1e6:.1f} MB went out")


def _idle(target: Target, name: str, session_id: str) -> Row:
    """How long a page needs for a training while idle sockets stay."""
    with ExitStack() as stack:
        for number in range(IDLE):
            where = session_id if number % 16 else target.created(SMALL)
            stack.enter_context(line(target.port, opening(where))).recv(1_000)
        own = target.created(SMALL)
        connection = stack.enter_context(line(target.port, opening(own)))
        connection.recv(1_000)
        connection.sendall(frame(TEXT, b'{"type":"train","steps":10}'))

        def heard() -> None:
            said = b""
            while b'"done"' not in said:
                part = connection.recv(65_536)
                assert part and b'"problem"' not in part, part[:300]
                said += part

        return Row(f"{IDLE} idle sockets {name}: a training of 10 steps", _waited(heard), MOST_SECONDS, "s")


def _waited(action: Callable[[], object]) -> float:
    start = time.monotonic()
    action()
    return time.monotonic() - start
