"""A server that is full lets go what nobody uses, and only refuses what is new where everything is in use."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.app import create_app
from server.playground import Playground
from server.sessions.store.opening import sqlite_of
from server.settings import Settings
from tests.server.api import CSV, SESSION, check_problem, client_of
from tests.server.watching.page import Page

SECONDS = [1_000_000.0]
TABLE = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n"


def app_with(directory: Path, **settings: Any) -> FastAPI:
    """A server whose clock stands."""
    chosen = Settings(data_dir=directory, unused_seconds=3600, reserve_bytes=0, **settings)
    app = create_app(chosen)
    app.state.playground = Playground(chosen, sqlite_of(chosen, lambda: SECONDS[0]))
    return app


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return app_with(tmp_path, max_sessions=4)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


async def begun(client: httpx.AsyncClient, step: bool = False) -> str:
    SECONDS[0] += 1
    answer = await client.post("/sessions", json=SESSION)
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["id"]
    if step:
        assert (await client.post(f"/sessions/{name}/step")).status_code == 200
    return name


async def there(client: httpx.AsyncClient, *names: str) -> list[bool]:
    return [(await client.get(f"/sessions/{name}")).status_code == 200 for name in names]


async def test_a_flood_of_new_sessions_takes_no_place_from_those_in_use_nor_from_newcomers(
    app: FastAPI, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    stepped = await begun(client, step=True)
    edited = await begun(client)
    assert (await client.patch(f"/sessions/{edited}", json={"l2": 0.1})).status_code == 200
    watched = await begun(client)
    async with Page(app, watched) as page:
        page.say(type="show")
        await page.view()
    with caplog.at_level(logging.WARNING):
        flood = [await begun(client) for _ in range(20)]
    newcomer = await begun(client, step=True)
    assert await there(client, stepped, edited, watched, newcomer, *flood) == [True] * 4 + [False] * 20
    assert "never used" in caplog.text and not any(name in caplog.text for name in flood)


async def test_many_at_once_find_room(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.post("/sessions", json=SESSION) for _ in range(16)))
    assert {answer.status_code for answer in answers} == {201}


async def test_where_all_are_in_use_the_next_one_hears_when_to_try_again(client: httpx.AsyncClient) -> None:
    names = [await begun(client, step=True) for _ in range(4)]
    answer = await client.post("/sessions", json=SESSION)
    check_problem(answer, 503, "too_many_sessions")
    wait = int(answer.headers["retry-after"])
    assert 0 < wait <= 3600
    SECONDS[0] += wait
    newcomer = await begun(client, step=True)
    assert await there(client, *names, newcomer) == [False, True, True, True, True]


async def test_a_page_that_is_open_keeps_its_session_however_long_nobody_uses_it(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    watched = await begun(client, step=True)
    others = [await begun(client, step=True) for _ in range(3)]
    async with Page(app, watched) as page:
        page.say(type="show")
        await page.view()
        SECONDS[0] += 10_000
        await begun(client, step=True)
        assert await there(client, watched, *others) == [True, False, True, True]


async def test_own_data_sets_count_and_find_room(client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await begun(client, step=True)
    names = []
    for _ in range(10):
        SECONDS[0] += 1
        answer = await client.post("/datasets", content=TABLE, headers={"content-type": "text/csv"})
        assert answer.status_code == 201, answer.text
        names.append(answer.json()["name"])
    found = [(await client.get(f"/datasets/{name}")).status_code for name in names]
    assert found == [404] * 9 + [200]


async def test_a_table_stays_as_long_as_a_session_of_it_is_on_a_page(app: FastAPI, client: httpx.AsyncClient) -> None:
    table = (await client.post("/datasets", content=TABLE, headers={"content-type": "text/csv"})).json()["name"]
    body = {"model": {"inputs": 2, "hidden": [], "output": {"units": 2}}, "dataset": {"name": table}}
    name = (await client.post("/sessions", json=body)).json()["id"]
    async with Page(app, name):
        for _ in range(3):
            SECONDS[0] += 3601
            await app.state.playground.sessions.keep_watched()
            for _ in range(2):
                await begun(client, step=True)
        assert await there(client, name) == [True]
        assert (await client.post("/sessions", json=body)).status_code == 503
        assert (await client.get(f"/datasets/{table}")).status_code == 200


async def test_bytes_are_bounded_and_find_room_too(tmp_path: Path) -> None:
    app = app_with(tmp_path, max_store_bytes=1_000_000)
    wide = {**SESSION, "model": {**SESSION["model"], "hidden": [{"units": 256}, {"units": 64}]}}
    async with client_of(app) as client:
        used = await begun(client, step=True)
        for _ in range(20):
            assert (await client.post("/sessions", json=wide)).status_code == 201
        assert await there(client, used) == [True]
        kept = []
        for _ in range(20):
            answer = await client.post("/sessions", json=wide)
            if answer.status_code != 201:
                break
            kept.append(answer.json()["id"])
            await client.post(f"/sessions/{kept[-1]}/step")
        assert 1 < len(kept) < 10
        check_problem(answer, 503, "too_many_sessions")
        # An edit may be as large as a session; a step is always stored.
        problem = await client.patch(f"/sessions/{used}", json={"l2": 0.1})
        check_problem(problem, 503, "too_many_sessions")
        assert (await client.post(f"/sessions/{used}/train", json={"steps": 200})).status_code == 200
        assert (await client.delete(f"/sessions/{kept[0]}")).status_code == 204
        assert (await client.patch(f"/sessions/{used}", json={"l2": 0.1})).status_code == 200


async def test_a_disk_with_little_room_takes_nothing_new_and_goes_on_with_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_with(tmp_path, min_free_bytes=1000)
    free = [2000]

    class Usage:
        @property
        def free(self) -> int:
            return free[0]

    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage())
    async with client_of(app) as client:
        name, other = await begun(client), await begun(client)
        free[0] = 999
        check_problem(await client.post("/sessions", json=SESSION), 507, "disk_full")
        check_problem(await client.post("/datasets", content=TABLE, headers=CSV), 507, "disk_full")
        check_problem(await client.patch(f"/sessions/{name}", json={"l2": 0.1}), 507, "disk_full")
        check_problem(await client.get("/health/ready"), 507, "disk_full")
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.post(f"/sessions/{name}/train", json={"steps": 300})).status_code == 200
        assert (await client.post(f"/sessions/{name}/rewind", json={"step": 7})).status_code == 200
        assert (await client.delete(f"/sessions/{other}")).status_code == 204
