"""What opens no WebSocket is answered in words, keeps no place, and leaves nothing in the log."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from attack.memory import SHORT
from attack.wire import TEXT, frame, opening
from tests.live_server import serve
from tests.server.test_connections import HEAD, connected, sent, started
from tests.server.test_stream import client_of, new_session

PATIENCE = {"head_patience_seconds": 0.5, "body_patience_seconds": 0.8, "take_patience_seconds": 1}
PLACES = 16


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("data"), **PATIENCE, max_connections=PLACES) as url:
        started(url)
        yield url


def with_header(header: bytes, body: bytes = b"", path: str = "x") -> bytes:
    return opening(path)[:-2] + header + b"\r\n\r\n" + body


NO_HANDSHAKES = {
    "a body": with_header(b"Content-Length: 5", b"abcde"),
    "a body that does not come": with_header(b"Content-Length: 5"),
    "chunks": with_header(b"Transfer-Encoding: chunked", b"5\r\nabcde\r\n0\r\n\r\n"),
    "a line of 9,000 bytes": with_header(b"X: " + b"a" * 9_000),
    "a path of 9,000 bytes": opening("a" * 9_000),
    "a header of letters": with_header("X: é".encode("latin-1") + b"\x01"),
}


@pytest.mark.parametrize("handshake", NO_HANDSHAKES.values(), ids=NO_HANDSHAKES)
async def test_a_handshake_that_is_none_is_answered_and_closed(small: str, handshake: bytes) -> None:
    answer = await sent(small, handshake)
    assert answer.startswith(b"HTTP/1.1 400 ") and b'"code":"bad_request"' in answer
    assert answer.count(b"HTTP/1.1 ") == 1


async def test_as_many_of_them_as_there_are_places_keep_nobody_out(small: str) -> None:
    writers = [
        (await connected(small, handshake))[1]
        for handshake in (NO_HANDSHAKES["a body that does not come"], NO_HANDSHAKES["a line of 9,000 bytes"]) * PLACES
    ]
    async with client_of(small) as api:
        assert await new_session(api)
    for writer in writers:
        writer.close()


NO_TEXTS = [b"\xff\xfe", b"\xed\xa0\x80", "né".encode("latin-1")]


@pytest.mark.parametrize("data", NO_TEXTS, ids=["bytes", "half", "latin"])
async def test_a_text_that_is_no_utf_8_closes_the_socket(small: str, data: bytes) -> None:
    async with client_of(small) as api:
        session_id = await new_session(api)
    answer = await sent(small, opening(session_id) + frame(TEXT, data) * 2)
    # 1007: data that do not fit their kind.
    assert b"\x03\xefa text has to be UTF-8" in answer


async def test_what_any_client_may_do_leaves_no_line_in_the_log(tmp_path: Path) -> None:
    with (
        (tmp_path / "log").open("wb") as log,
        serve(tmp_path / "data", log=log, **PATIENCE, metrics=True, page="source") as url,
    ):
        started(url)
        async with client_of(url) as api:
            session_id = await new_session(api)
            for data in NO_TEXTS:
                await sent(url, opening(session_id) + frame(TEXT, data))
            for handshake in NO_HANDSHAKES.values():
                await sent(url, handshake)
            # One that goes in the middle of its body, by each way that bodies are read.
            for path in (b"trace", b"datasets", b"experiments/depth", b"sessions/x/step"):
                half = HEAD.replace(b"trace", path) + b"Content-Length: 100\r\n\r\n{"
                _, writer = await connected(url, half, pause=0.2)
                writer.close()
            # One that goes while the first of many answers lies there.
            trace = (await api.post("/sessions", json=SHORT)).json()["id"]
            asked = f"GET /api/v1/sessions/{trace}/trace HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            for _ in range(4):
                _, writer = await connected(url, asked * 8, pause=0.5)
                writer.transport.abort()
            async with asyncio.timeout(20):
                while (await api.get(f"{url}/metrics")).text.count('status="499"') < 4:
                    await asyncio.sleep(0.05)
    assert (tmp_path / "log").read_text() == ""
