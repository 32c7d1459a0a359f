"""Long answers come in pieces, and say the same as in one go."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import orjson
import pytest

from server.app import create_app
from server.http.json import to_json
from server.http.pieces import AT_ONCE, PIECE, PIECE_BYTES, json_pieces, json_response, numbers_in
from server.settings import Settings
from tests.server.api import SESSION, check_problem, client_of

RNG = np.random.default_rng(1)
DOCUMENTS: dict[str, Any] = {
    "a matrix": RNG.normal(size=(3 * PIECE, 3)),
    "a wide matrix": RNG.normal(size=(3, 3 * PIECE)),
    "a cube": RNG.normal(size=(50, 30, 40)),
    "a vector": np.arange(5 * PIECE + 1),
    "with what has no JSON": np.where(RNG.random((200, 100)) < 0.01, np.nan, -0.0),
    "float32, by columns": np.asfortranarray(RNG.normal(size=(300, 50)).astype("float32")),
    "a list": list(range(3 * PIECE)),
    "a list of lists": [[float(n)] * 7 for n in range(PIECE)],
    "a list of objects": [{"n": n, "name": "x" * 40, "deep": {"a": [n, None, True]}} for n in range(PIECE)],
    "many names": {f"n{n}": n for n in range(2 * PIECE)},
    "a long text": 'x\u00e9"' * 100_000,
    "of all kinds": {"empty": [], "none": {}, "rows": RNG.normal(size=(PIECE, 2)), "i": np.float64(1.5), "last": None},
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_pieces_are_the_whole(document: Any) -> None:
    pieces = list(json_pieces(document))
    assert b"".join(pieces) == to_json(document)
    if not isinstance(document, str):
        assert max(map(len, pieces)) < 4 * PIECE_BYTES
        assert len(pieces) > 1 or len(pieces[0]) < 2 * PIECE_BYTES


def test_numbers_are_counted_without_looking_at_each() -> None:
    assert numbers_in({"x": np.zeros((100, 30)), "y": [1] * 50}) == 2 + 3_000 + 50
    assert numbers_in([{"a": 1}] * 10) == 20


async def test_a_long_answer_says_what_a_short_one_says(tmp_path: Path) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path))) as client:
        wide = {**SESSION, "model": {**SESSION["model"], "hidden": [{"units": 45}]}}
        session = (await client.post("/sessions", json=wide)).json()["id"]
        units = "&".join(f"unit=1:{unit}" for unit in range(45))
        answer = await client.get(f"/sessions/{session}/decision-map?resolution=60&{units}")
        assert "content-length" not in answer.headers
        assert answer.headers["content-type"] == "application/json"
        assert [np.shape(unit["z"]) for unit in answer.json()["units"]] == [(60, 60)] * 45
        short = (await client.get(f"/sessions/{session}/decision-map?resolution=60&unit=1:7")).json()
        assert answer.json()["units"][7] == short["units"][0]


async def test_a_long_trace_has_the_numbers_of_its_frame(client: httpx.AsyncClient) -> None:
    recipe = {**SESSION, "dataset": {"name": "three_blobs", "rows": 2_000}, "batch_size": None}
    session = (await client.post("/sessions", json=recipe)).json()["id"]
    whole = await client.get(f"/sessions/{session}/trace?detail=micro")
    assert "content-length" not in whole.headers
    named = {step["output"]: step["value"] for step in whole.json()["micro"]}
    frame = (await client.get(f"/sessions/{session}/trace?detail=frame")).content
    start = 8 + int.from_bytes(frame[4:8], "little")
    header, vector = orjson.loads(frame[8:start]), np.frombuffer(frame, "<f8", offset=start)
    program = (await client.get(f"/programs/{header['program']}")).json()
    offset = 0
    for tensor in program["tensors"]:
        size = int(np.prod([header["m"] if axis == "n" else program["sizes"][axis] for axis in tensor["axes"]]))
        if tensor["name"] in named:
            assert np.ravel(named[tensor["name"]]).tolist() == vector[offset : offset + size].tolist()
        offset += size


async def test_others_are_answered_between_two_pieces(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    turns, sent = 0, []

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def send(message: Any) -> None:
        sent.append(len(message.get("body", b"")))

    async def receive() -> Any:
        await asyncio.Event().wait()

    beside = asyncio.create_task(others())
    answer = json_response({"x": np.zeros((AT_ONCE, 10))})
    await answer({"type": "http", "app": app, "asgi": {"spec_version": "2.3"}}, receive, send)
    beside.cancel()
    assert len(sent) > 20
    assert turns >= len(sent) - 3
    assert max(sent) < 2 * PIECE_BYTES


async def test_the_bytes_of_long_answers_on_their_way_are_bounded(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, memory_mb=2))
    memory = app.state.playground.memory
    async with client_of(app) as client:
        session = (await client.post("/sessions", json=SESSION)).json()["id"]
        path = f"/sessions/{session}/decision-map?resolution=200"
        # Alone it is sent, whatever it weighs.
        assert (await client.get(path)).status_code == 200
        assert memory.held == 0
        with memory.held_for("answers", 600_000):
            answer = await client.get(path)
            check_problem(answer, 503, "memory_full")
            assert int(answer.headers["retry-after"]) > 0
            # A short one takes no room.
            assert (await client.get(f"/sessions/{session}")).status_code == 200
        assert (await client.get(path)).status_code == 200
    assert memory.held == 0


async def test_a_client_that_has_gone_gives_its_room_back(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    memory = app.state.playground.memory
    is_gone = asyncio.Event()

    async def send(message: Any) -> None:
        if message.get("body"):
            assert memory.sizes()["answers"] == 16 * AT_ONCE + 8
            is_gone.set()
            # As a connection whose other side takes nothing.
            await asyncio.Event().wait()

    async def receive() -> Any:
        await is_gone.wait()
        return {"type": "http.disconnect"}

    answer = json_response({"x": np.zeros(2 * AT_ONCE)})
    await answer({"type": "http", "app": app, "asgi": {"spec_version": "2.3"}}, receive, send)
    assert memory.held == 0
