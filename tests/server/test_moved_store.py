"""Somebody removes the data directory of a server that runs: it goes on, and nothing that was acknowledged is lost."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from server.app import create_app
from server.settings import Settings
from tests.server.api import CSV, SESSION, client_of

DATABASE = "sessions.sqlite3"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def client(directory: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(data_dir=directory))
    async with client_of(app) as client:
        yield client
    app.state.playground.close()


async def begun(client: httpx.AsyncClient, steps: int = 100) -> str:
    name: str = (await client.post("/sessions", json=SESSION)).json()["id"]
    for _ in range(steps):
        assert (await client.post(f"/sessions/{name}/step")).status_code == 200
    return name


REMOVALS: dict[str, Callable[[Path], object]] = {
    "the directory": shutil.rmtree,
    "moved away": lambda directory: directory.rename(directory.with_name("elsewhere")),
    "the file alone": lambda directory: (directory / DATABASE).unlink(),
    "the log alone": lambda directory: (directory / f"{DATABASE}-wal").unlink(),
    "all files": lambda directory: [path.unlink() for path in directory.iterdir()],
}


@pytest.mark.parametrize("name", REMOVALS)
async def test_what_was_acknowledged_is_there_for_the_next_process(
    name: str, client: httpx.AsyncClient, directory: Path, tmp_path: Path
) -> None:
    sessions = [await begun(client) for _ in range(2)]
    table = (await client.post("/datasets", content="a,b,label\n1,2,x\n3,4,y\n", headers=CSV)).json()["name"]
    before = [(await client.get(f"/sessions/{session}")).json() for session in sessions]
    REMOVALS[name](directory)
    answers = await asyncio.gather(*(client.post(f"/sessions/{session}/step") for session in sessions * 5))
    assert {answer.status_code for answer in answers} == {200}
    assert (await client.get("/health/ready")).status_code == 200
    assert (await client.post("/sessions", json=SESSION)).status_code == 201
    # As after a kill: the files are read as they lie there.
    shutil.copytree(directory, tmp_path / "copy")
    app = create_app(Settings(data_dir=tmp_path / "copy"))
    async with client_of(app) as other:
        for session, old in zip(sessions, before, strict=True):
            found = (await other.get(f"/sessions/{session}")).json()
            assert (found["step"], found["version"]) == (old["step"] + 5, old["version"] + 5)
            assert (await client.post(f"/sessions/{session}/rewind", json={"step": 100})).status_code == 200
            back = (await other.post(f"/sessions/{session}/rewind", json={"step": 100})).json()
            assert back["parameters"] == old["parameters"]
        assert (await other.get(f"/datasets/{table}")).status_code == 200
    app.state.playground.close()
    assert sorted(path.name for path in directory.iterdir()) == [DATABASE, f"{DATABASE}-shm", f"{DATABASE}-wal"]


async def test_it_is_noticed_without_anybody_who_writes(client: httpx.AsyncClient, directory: Path) -> None:
    session = await begun(client, 3)
    shutil.rmtree(directory)
    app = client._transport.app  # type: ignore[attr-defined]
    await app.state.playground.store.in_thread(lambda store: store.tidy())
    with closing(sqlite3.connect(directory / DATABASE)) as connection:
        assert connection.execute("SELECT id, version FROM sessions").fetchall() == [(session, 4)]


async def test_another_database_in_its_place_is_taken_as_it_is(
    client: httpx.AsyncClient, directory: Path, tmp_path: Path
) -> None:
    session = await begun(client, 3)
    with closing(sqlite3.connect(directory / DATABASE)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "backup"),))
    later = await begun(client, 3)
    assert (await client.post(f"/sessions/{session}/step")).json()["step"] == 4
    for path in directory.iterdir():
        path.unlink()
    (tmp_path / "backup").rename(directory / DATABASE)
    assert (await client.post(f"/sessions/{session}/step")).json()["step"] == 4
    assert (await client.post(f"/sessions/{later}/step")).status_code == 404


async def test_where_it_cannot_be_brought_back_nothing_is_acknowledged_until_it_can(
    client: httpx.AsyncClient, directory: Path
) -> None:
    session = await begun(client, 3)
    shutil.rmtree(directory)
    directory.write_text("no directory")
    for _ in range(3):
        assert (await client.post(f"/sessions/{session}/step")).status_code == 503
        assert (await client.post("/sessions", json=SESSION)).status_code == 503
    assert (await client.get("/health/ready")).status_code == 503
    assert (await client.get(f"/sessions/{session}")).json()["step"] == 3
    directory.unlink()
    assert (await client.post(f"/sessions/{session}/step")).json()["step"] == 4
    assert (directory / DATABASE).exists()
