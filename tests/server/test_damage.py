"""A bit that flipped on the disk: what it belongs to is refused, everything else is as it was."""

import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import create_app
from server.settings import Settings
from tests.server.api import CSV, SESSION, check_problem, client_of

DATABASE = "sessions.sqlite3"
TABLE = "a,b,label\n" + "".join(f"{row},{row % 7},{'xy'[row % 2]}\n" for row in range(40))
Blob = tuple[str, str, int]


@asynccontextmanager
async def served(directory: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(data_dir=directory, reserve_bytes=0))
    async with client_of(app) as client:
        yield client
    app.state.playground.close()


@pytest.fixture
async def stored(tmp_path: Path) -> tuple[dict[str, dict[str, Any]], str]:
    """Two sessions that were trained and edited, as the server answers them, and a data set."""
    found = {}
    async with served(tmp_path) as client:
        table = (await client.post("/datasets", content=TABLE, headers=CSV)).json()["name"]
        for _ in range(2):
            name = (await client.post("/sessions", json=SESSION)).json()["id"]
            for edit in ({"l2": 0.01}, {"data": {"remove": [3]}}):
                await client.post(f"/sessions/{name}/train", json={"steps": 110})
                assert (await client.patch(f"/sessions/{name}", json=edit)).status_code == 200
            found[name] = await whole(client, name)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return found, table


async def whole(client: httpx.AsyncClient, name: str) -> dict[str, Any]:
    """What can be seen of a session but its version and its time."""
    answers = [await client.get(f"/sessions/{name}{part}") for part in ("", "/history", "/data")]
    # The first checkpoint and the edits are needed to go back.
    answers.append(await client.get(f"/sessions/{name}/trace", params={"step": 105}))
    for answer in answers:
        answer.raise_for_status()
    session, *others = (answer.json() for answer in answers)
    return {"session": {**session, "version": 0, "expires_at": 0, "id": ""}, "others": others}


def blobs_of(path: Path) -> list[Blob]:
    """Table, column and row of everything that is packed."""
    with closing(sqlite3.connect(path)) as database:
        return [
            (table, column, row)
            for table, column in (("sessions", "state"), ("parts", "body"), ("documents", "body"))
            for (row,) in database.execute(f"SELECT rowid FROM {table}")
        ]


def flip(path: Path, blob: Blob, chance: random.Random) -> None:
    """One bit, which is flipped back by the same call."""
    table, column, row = blob
    with closing(sqlite3.connect(path)) as database, database:
        (size,) = database.execute(f"SELECT length({column}) FROM {table} WHERE rowid = ?", (row,)).fetchone()
        with database.blobopen(table, column, row) as bits:
            bits.seek(chance.randrange(size))
            (byte,) = bits.read(1)
            bits.seek(-1, 1)
            bits.write(bytes([byte ^ 1 << chance.randrange(8)]))


async def test_only_what_is_damaged_is_refused(stored: tuple[dict[str, dict[str, Any]], str], tmp_path: Path) -> None:
    sessions, table = stored
    path = tmp_path / DATABASE
    refused = set()
    for number, blob in enumerate(blobs_of(path)):
        flip(path, blob, random.Random(number))
        async with served(tmp_path) as client:
            for name, before in sessions.items():
                try:
                    assert await whole(client, name) == before
                except httpx.HTTPStatusError as error:
                    check_problem(error.response, 500, "damaged")
                    refused.add((blob[0], name))
            answer = await client.get(f"/datasets/{table}")
            if answer.status_code != 200:
                check_problem(answer, 500, "damaged")
                refused.add((blob[0], table))
            program = next(iter(sessions.values()))["session"]["program"]
            assert (await client.get(f"/programs/{program}")).status_code in (200, 404)
        flip(path, blob, random.Random(number))
    assert refused == {
        ("documents", table),
        *(("sessions", name) for name in sessions),
        *(("parts", name) for name in sessions),
    }


async def test_what_is_damaged_can_be_deleted_and_made_anew(
    stored: tuple[dict[str, dict[str, Any]], str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (name, other), _ = stored
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database, database:
        database.execute("UPDATE sessions SET state = zeroblob(1000) WHERE id = ?", (name,))
        database.execute("DELETE FROM parts WHERE id = ? AND name = 'edit/1'", (other,))
    async with served(tmp_path) as client:
        for damaged in (name, other):
            check_problem(await client.get(f"/sessions/{damaged}"), 500, "damaged")
            check_problem(await client.post(f"/sessions/{damaged}/step"), 500, "damaged")
            assert (await client.delete(f"/sessions/{damaged}")).status_code == 204
        assert (await client.post("/sessions", json=SESSION)).status_code == 201


@pytest.mark.parametrize("seed", range(2))
async def test_a_bit_anywhere_in_the_file_changes_no_number(
    stored: tuple[dict[str, dict[str, Any]], str], tmp_path: Path, seed: int
) -> None:
    sessions, _ = stored
    whole_file = (tmp_path / DATABASE).read_bytes()
    chance = random.Random(seed)
    seen = 0
    for number in range(12):
        directory = tmp_path / str(number)
        directory.mkdir()
        changed = bytearray(whole_file)
        changed[chance.randrange(100, len(changed))] ^= 1 << chance.randrange(8)
        (directory / DATABASE).write_bytes(changed)
        async with served(directory) as client:
            for name, before in sessions.items():
                try:
                    assert await whole(client, name) == before
                    seen += 1
                except httpx.HTTPStatusError as error:
                    assert error.response.json()["code"] in (
                        "damaged",
                        "unknown_session",
                        "store_broken",
                        "store_refused",
                    )
    assert seen > 0
