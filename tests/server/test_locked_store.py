"""Another process holds the write lock: reading and computing do not notice, writing waits as long as it was set to."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import perf_counter

import httpx
import pytest

from server.app import create_app
from server.settings import Settings
from tests.server.api import CSV, SESSION, TRACE, check_problem, client_of

PATIENCE = 1.0
VIEW = {"accept": "application/vnd.backprop.view"}
TABLE = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n"


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    holder = sqlite3.connect(directory / "sessions.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@asynccontextmanager
async def client_with(directory: Path, patience: float) -> AsyncIterator[httpx.AsyncClient]:
    # A look at a session is noted at once, and what is large is computed in a thread.
    settings = Settings(
        data_dir=directory, store_busy_timeout_ms=1000 * patience, unused_seconds=1e-6, inline_values=100
    )
    async with client_of(create_app(settings)) as client:
        yield client


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with client_with(tmp_path, PATIENCE) as client:
        yield client


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with client_with(tmp_path, 600) as client:
        yield client


async def test_reading_and_computing_wait_for_nobody_who_writes(patient: httpx.AsyncClient, tmp_path: Path) -> None:
    client = patient
    name = (await client.post("/sessions", json=SESSION)).json()["id"]
    table = (await client.post("/datasets", content=TABLE, headers=CSV)).json()["name"]
    assert (await client.get("/health/ready")).status_code == 200
    at = f"/sessions/{name}"
    check = {key: TRACE[key] for key in ("model", "batch", "seed")}
    questions = [
        client.build_request("GET", at),
        client.build_request("GET", f"{at}/view", headers=VIEW),
        client.build_request("GET", f"{at}/view?long_way=true", headers=VIEW),
        client.build_request("GET", f"{at}/trace"),
        client.build_request("GET", f"{at}/gates"),
        client.build_request("GET", f"{at}/history"),
        client.build_request("GET", f"{at}/decision-map"),
        client.build_request("GET", f"{at}/export?format=numpy"),
        client.build_request("GET", "/datasets"),
        client.build_request("GET", f"/datasets/{table}"),
        client.build_request("GET", "/health/live"),
        client.build_request("POST", "/trace", json=TRACE),
        client.build_request("POST", "/gradient-check", json=check),
    ]
    with locked(tmp_path):
        # More than there are threads for computing.
        writers = [asyncio.create_task(client.post(f"{at}/step")) for _ in range(20)]
        writers += [asyncio.create_task(client.post("/sessions", json=SESSION)) for _ in range(20)]
        await asyncio.sleep(0.05)
        for question in questions:
            answer = await asyncio.wait_for(client.send(question), 60)
            assert answer.status_code == 200, f"{question.url}: {answer.text}"
        assert not any(writer.done() for writer in writers)
    assert {answer.status_code for answer in await asyncio.gather(*writers)} == {200, 201}
    assert (await client.get(at)).json()["step"] == 20


async def test_all_who_write_hear_it_after_the_time_that_was_set(client: httpx.AsyncClient, tmp_path: Path) -> None:
    name = (await client.post("/sessions", json=SESSION)).json()["id"]
    with locked(tmp_path):
        start = perf_counter()
        steps = [client.post(f"/sessions/{name}/step") for _ in range(3)]
        creations = [client.post("/sessions", json=SESSION) for _ in range(10)]
        tables = [client.post("/datasets", content=TABLE, headers=CSV) for _ in range(5)]
        for answer in await asyncio.gather(*creations, *tables, *steps):
            check_problem(answer, 503, "store_busy")
            assert int(answer.headers["retry-after"]) > 0
        # One after the other it would be eighteen times as long.
        assert PATIENCE * 0.9 < perf_counter() - start < 8 * PATIENCE
        assert (await client.get("/health/live")).status_code == 200
        check_problem(await client.get("/health/ready"), 503, "store_busy")
    await asyncio.sleep(1.1)
    assert (await client.get("/health/ready")).status_code == 200


async def test_a_moment_of_writing_elsewhere_makes_nobody_unready(client: httpx.AsyncClient, tmp_path: Path) -> None:
    await client.get("/health/ready")
    await asyncio.sleep(1.1)
    with locked(tmp_path):
        asking = asyncio.create_task(client.get("/health/ready"))
        await asyncio.sleep(0.1)
    assert (await asking).status_code == 200
