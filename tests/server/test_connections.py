"""Clients that send half of something, too much of it, or take nothing, against a real server."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, suppress
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import httpx
import pytest
import websockets
from fastapi import FastAPI
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode

from attack.wire import opening
from server.connections.crowd import Crowd
from server.connections.request import RequestConnection
from server.connections.server import config_of
from server.memory import Memory
from server.settings import Settings
from tests.live_server import serve
from tests.server.test_stream import client_of, hear, new_session, say, stream_of

HEAD = b"POST /api/v1/trace HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GET = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
PATIENCE = {"head_patience_seconds": 0.5, "body_patience_seconds": 0.8, "take_patience_seconds": 1}


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("data"), **PATIENCE, max_connections=60, max_watchers=50) as url:
        started(url)
        yield url


def started(url: str) -> None:
    """Wait until the server has started: what came before is answered then, and patience begins then."""
    httpx.get(f"{url}/api/v1/health/live", timeout=60)


@pytest.fixture
async def api(impatient: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(impatient) as client:
        yield client


async def connected(url: str, *parts: bytes, pause: float = 0) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that has sent these parts, one after the other."""
    reader, writer = await asyncio.open_connection(*urlsplit(url).netloc.split(":"))
    for part in parts:
        writer.write(part)
        await asyncio.sleep(pause)
    return reader, writer


async def sent(url: str, *parts: bytes, pause: float = 0) -> bytes:
    """All that is answered until the server closes the connection."""
    reader, writer = await connected(url, *parts, pause=pause)
    async with asyncio.timeout(20):
        with suppress(ConnectionError):
            await writer.drain()
        answer = b""
        with suppress(ConnectionError):
            while part := await reader.read(65536):
                answer += part
    writer.close()
    return answer


HALF_SENT: list[list[bytes]] = [
    [],
    [b"GET / HT"],
    [HEAD],
    [HEAD + b"Content-Length: 100\r\n\r\n", b'{"model'],
    [CHUNKED, b'5\r\n{"mo'],
    [GET + b"GET / HT"],
    [b"GET /api/v1/sessions/x/stream HTTP/1.1\r\nUpgrade: websocket\r\n"],
]


async def test_what_is_half_sent_is_closed(impatient: str) -> None:
    answers = await asyncio.gather(*(sent(impatient, *parts) for parts in HALF_SENT))
    for parts, answer in zip(HALF_SENT, answers, strict=True):
        assert answer.count(b"HTTP/1.1 ") == b"".join(parts).count(GET), parts


async def test_a_request_may_take_as_long_as_it_takes(impatient: str) -> None:
    body = b'{"model": 3}'
    slow = [bytes([byte]) for byte in HEAD[:8] + HEAD[8:].replace(b"\r\n", b"\r\nConnection: close\r\n", 1)]
    # Three times as long as a silence may be, for the head and for the body.
    pieces = [b"".join(slow[at : at + 12]) for at in range(0, len(slow), 12)]
    length = f"Content-Length: {len(body)}\r\n\r\n".encode()
    answer = await sent(impatient, *pieces, length, *[bytes([byte]) for byte in body], pause=0.2)
    assert answer.startswith(b"HTTP/1.1 422")


class Wire(asyncio.Transport):
    """The server's end of a connection, without a network."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 8000), "peername": ("127.0.0.1", 50_000)})
        self.answer = b""
        self.is_closed = False
        self.lying = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.answer += bytes(data)

    def close(self) -> None:
        self.is_closed = True

    abort = close

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def is_closing(self) -> bool:
        return self.is_closed

    def get_write_buffer_size(self) -> int:
        return self.lying


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (b"GET / HTTP/1.1\r\nX: ", b"x" * 1000),
        (b"GET /", b"x" * 1000),
        (b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 100),
        (b"", b"\r\n" * 500),
        (CHUNKED + b"1;", b"x" * 1000),
        (CHUNKED + b"1\r\n \r\n0\r\n", b"X: y\r\n" * 100),
        (CHUNKED + b"186a0\r\n" + b" " * 100_000 + b"\r\n0\r\n", b"X: y\r\n" * 100),
    ],
    ids=["header", "address", "headers", "empty lines", "chunk extension", "trailers", "trailers of much"],
)
async def test_a_head_that_never_ends_is_answered_with_431(tmp_path: Path, start: bytes, more: bytes) -> None:
    settings = Settings(data_dir=tmp_path)
    crowd = Crowd(settings, Memory(settings.memory_mb), lambda: 0.0)
    app = FastAPI()
    connection = RequestConnection(crowd, config_of(app, settings, crowd), ServerState(), {})
    wire = Wire()
    connection.connection_made(wire)
    connection.data_received(start)
    held = 0
    while not wire.is_closed and held < 200_000:
        connection.data_received(more)
        held += len(more)
    assert held < settings.max_head_bytes + 2 * len(more)
    head, _, body = wire.answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert json.loads(body)["code"] == "head_too_large"
    connection.connection_lost(None)
    assert len(crowd) == 0


@pytest.mark.parametrize("loop_of", ["asyncio", "uvloop"])
def test_a_request_that_has_come_as_its_time_is_up_is_answered(tmp_path: Path, loop_of: str) -> None:
    loops: ModuleType = pytest.importorskip(loop_of)
    settings = Settings(data_dir=tmp_path)
    now = [0.0]
    crowd = Crowd(settings, Memory(settings.memory_mb), lambda: now[0])
    app = FastAPI()

    @app.get("/")
    async def answer() -> str:
        return "done"

    def ended(client: socket.socket, end: bytes) -> bool:
        heard = b""
        while not heard.endswith(end) and (more := client.recv(1_000)):
            heard += more
        return heard.endswith(end)

    async def meet() -> None:
        config, state, loop = config_of(app, settings, crowd), ServerState(), asyncio.get_running_loop()
        server = await loop.create_server(lambda: RequestConnection(crowd, config, state, {}), "127.0.0.1", 0)
        async with server:
            with socket.create_connection(server.sockets[0].getsockname()) as client:
                request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
                client.sendall(request)
                assert await asyncio.to_thread(ended, client, b'"done"')
                # The server is busy with something else for longer than it would wait, and the sweep comes first.
                now[0] += settings.head_patience_seconds + 1
                client.sendall(request)
                crowd.sweep()
                assert await asyncio.to_thread(ended, client, b'"done"')
                now[0] += settings.head_patience_seconds + 1
                crowd.sweep()
                assert await asyncio.to_thread(client.recv, 1_000) == b"" and len(crowd) == 0

    with asyncio.Runner(loop_factory=loops.new_event_loop) as runner:
        runner.run(meet())


async def test_an_answer_is_made_when_the_one_before_is_taken_and_what_lies_there_counts(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    memory = Memory(settings.memory_mb)
    crowd = Crowd(settings, memory, lambda: 0.0)
    app, made = FastAPI(), []

    @app.get("/")
    async def answer() -> dict[str, str]:
        made.append("x")
        return {"large": "x" * 100_000}

    connection = RequestConnection(crowd, config_of(app, settings, crowd), ServerState(), {})
    wire = Wire()
    connection.connection_made(wire)

    async def turns() -> int:
        for _ in range(100):
            await asyncio.sleep(0)
        return len(made)

    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    try:
        connection.data_received(request)
        assert await turns() == 1
        # Half of it lies there, and keeps the whole.
        wire.lying = 50_000
        connection.pause_writing()
        assert memory.sizes()["unsent"] > 100_000
        connection.data_received(request * 2)
        assert await turns() == 1
        wire.lying = 0
        connection.resume_writing()
        assert memory.held == 0
        assert await turns() == 3
    finally:
        connection.connection_lost(None)
        await turns()


async def test_a_body_in_pieces_of_one_byte_is_read(impatient: str) -> None:
    body = json.dumps({"model": "x" * 5_000}).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    answer = await sent(
        impatient, CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + chunks + b"0\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 422")


async def test_more_headers_than_anybody_needs_are_answered_with_431(impatient: str) -> None:
    end = b"Connection: close\r\n\r\n"
    for count, status in ((100, b"200"), (15_000, b"431")):
        answer = await sent(impatient, GET[:-2] + b"a:\r\n" * count + end)
        assert answer.startswith(b"HTTP/1.1 " + status)


async def test_a_body_in_tens_of_thousands_of_pieces_at_once_is_not_read(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    crowd = Crowd(settings, Memory(settings.memory_mb), lambda: 0.0)
    for count, is_closed in ((5_000, False), (40_000, True)):
        wire = Wire()
        connection = RequestConnection(crowd, config_of(FastAPI(), settings, crowd), ServerState(), {})
        connection.connection_made(wire)
        connection.data_received(CHUNKED + b"1\r\n \r\n" * count)
        assert wire.is_closed == is_closed and not wire.answer
        connection.connection_lost(None)


async def test_a_connection_that_asks_without_end_before_it_is_answered_is_closed(impatient: str) -> None:
    few = await sent(impatient, GET * 20 + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert few.count(b"HTTP/1.1 200") == 21
    assert (await sent(impatient, GET * 3000)).count(b"HTTP/1.1 200") < 50


async def test_who_takes_nothing_of_an_answer_is_closed(impatient: str) -> None:
    model = {"inputs": 64, "hidden": [{"units": 64}] * 4, "output": {"units": 10}}
    rows = [[0.1] * 64] * 500
    body = json.dumps({"model": model, "batch": {"x": rows, "y": [1] * 500}}).encode()
    length = f"Content-Length: {len(body)}\r\n\r\n".encode()
    reader, writer = await connected(impatient, HEAD + length + body)
    writer.transport.pause_reading()
    await asyncio.sleep(4)
    writer.transport.resume_reading()
    # Some of it lay in the network; the rest was given up.
    try:
        answer = await asyncio.wait_for(reader.read(), 20)
    except ConnectionError:
        answer = b""
    finally:
        writer.close()
    assert len(answer) < 10_000_000 and not answer.endswith(b"\r\n0\r\n\r\n")


async def test_half_sent_requests_keep_nobody_out(impatient: str) -> None:
    parts = urlsplit(impatient)
    with ExitStack() as stack:
        for number in range(150):
            line = stack.enter_context(socket.create_connection((parts.hostname, parts.port)))
            line.sendall(b"GET / HT" if number % 2 else HEAD + b"Content-Length: 100\r\n\r\n{")
        async with client_of(impatient) as newcomer:
            assert (await newcomer.get("/health")).status_code == 200


async def test_where_every_connection_is_served_one_more_is_told_so(tmp_path: Path) -> None:
    with serve(tmp_path, max_connections=16) as url:
        started(url)
        async with client_of(url) as api, AsyncExitStack() as stack:
            session_id = await new_session(api)
            streams = [await stack.enter_async_context(stream_of(api, session_id)) for _ in range(16)]
            async with client_of(url) as other:
                refused = await other.get("/health")
                assert (refused.status_code, refused.json()["code"]) == (503, "server_full")
                assert refused.headers.get_list("retry-after") == ["5"]
                with pytest.raises(websockets.InvalidStatus):
                    await stack.enter_async_context(stream_of(api, session_id))
                await streams[0].close()
                async with asyncio.timeout(20):
                    # Its place is given back a moment after its connection is closed.
                    while (await other.get("/health")).status_code != 200:
                        await asyncio.sleep(0.05)


# --- Sockets ---------------------------------------------------------------------------------------------------------


async def test_a_message_that_is_too_large_closes_the_socket(api: httpx.AsyncClient) -> None:
    session_id = await new_session(api)
    for message in ("x" * 20_000, ["x" * 1000] * 20):
        async with stream_of(api, session_id) as stream:
            with pytest.raises(websockets.ConnectionClosedError) as closed:
                await stream.send(message)
                await asyncio.wait_for(stream.recv(), 20)
            # Of one that still sends, the system may drop what was not read: the reason with it.
            rcvd = closed.value.rcvd
            assert rcvd.code == 1009 if rcvd else isinstance(message, list)


def test_no_message_is_larger_than_a_body_may_be(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, max_body_bytes=1000)
    assert config_of(FastAPI(), settings, Crowd(settings, Memory(1), lambda: 0.0)).ws_max_size == 1000


def frame(opcode: Opcode, data: bytes, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


@pytest.mark.parametrize(
    "flood",
    [
        frame(Opcode.TEXT, b"ab"),
        frame(Opcode.BINARY, b"ab"),
        frame(Opcode.TEXT, b'{"type": "pause"}'),
        frame(Opcode.TEXT, b"", fin=False) + frame(Opcode.CONT, b"", fin=False) * 2_000,
        frame(Opcode.PING, b"x" * 100),
        frame(Opcode.PONG, b""),
    ],
    ids=["junk", "bytes", "sense", "pieces", "pings", "pongs"],
)
async def test_who_sends_without_end_and_takes_nothing_is_closed(api: httpx.AsyncClient, flood: bytes) -> None:
    session_id = await new_session(api)
    async with stream_of(api, session_id) as stream:
        stream.transport.pause_reading()
        block = flood * (65_536 // len(flood) + 1)
        written = 0
        while not stream.transport.is_closing() and written < 60_000_000:
            stream.transport.write(block)
            written += len(block)
            await asyncio.sleep(0.01)
        # What the network between them holds is not little.
        assert stream.transport.is_closing()
    async with stream_of(api, session_id) as stream:
        await say(stream, type="train", steps=1)
        assert (await hear(stream, "done", "problem"))[-1]["type"] == "done"


async def test_frames_that_come_with_the_handshake_are_heard_after_it(api: httpx.AsyncClient, impatient: str) -> None:
    session_id = await new_session(api)
    train = frame(Opcode.TEXT, b'{"type": "train", "steps": 1}')
    early = frame(Opcode.PING, b"here") + train[:9]
    reader, writer = await connected(impatient, opening(session_id) + early, train[9:])
    answer = b""
    async with asyncio.timeout(20):
        while b'"done"' not in answer:
            part = await reader.read(65_536)
            assert part, answer
            answer += part
    writer.close()
    assert answer.startswith(b"HTTP/1.1 101 ") and answer.count(b"\x8a\x04here") == 1
    # More of it than anybody has to say before an answer.
    assert b'"done"' not in await sent(impatient, opening(session_id) + train * 3_000)


async def test_nothing_is_read_after_a_request_that_asks_for_another_protocol(impatient: str) -> None:
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
    answer = await sent(impatient, GET[:-2] + upgrade, GET, pause=0.1)
    assert answer.startswith(b"HTTP/1.1 200 ") and answer.count(b"HTTP/1.1 ") == 1
    # Its body would be taken for the next request, and the answer to that for one to somebody else behind a proxy.
    for pause in (0, 0.1):
        length = f"Content-Length: {len(GET)}\r\n".encode()
        answer = await sent(impatient, HEAD + length + upgrade, GET, pause=pause)
        assert answer.startswith(b"HTTP/1.1 400 ") and answer.count(b"HTTP/1.1 ") == 1
