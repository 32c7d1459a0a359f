"""Requests wait in line: in order, with room in memory, and never behind more than a setting allows."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from weakref import WeakSet

import httpx
import pytest
from fastapi import FastAPI

from engine.training import Trainer
from server.app import create_app
from server.memory import IN_LINES
from server.playground import Playground
from server.problems import Problem
from server.settings import Settings
from server.waiting.line import Line
from tests.server.api import CSV, SESSION, TRACE, check_problem, client_of
from tests.server.watching.page import Page

TABLE = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n"
CHECK = {key: TRACE[key] for key in ("model", "batch", "seed")}
LONG = {**TRACE, "batch": {name: 200 * rows for name, rows in TRACE["batch"].items()}}
Ask = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]
# What waits in each line where nothing is small enough to be done at once. Large sessions wait as small ones do.
WAITING: dict[str, Ask] = {
    "slices": lambda client, at: client.post("/gradient-check", json=CHECK),
    "threads": lambda client, at: client.post("/trace", json=TRACE),
    "bodies": lambda client, at: client.post("/trace", json=TRACE),
    "values": lambda client, at: client.post("/trace", json=LONG),
    "checks": lambda client, at: client.post("/gradient-check", json=CHECK),
    "tables": lambda client, at: client.post("/datasets", content=TABLE, headers=CSV),
    "new sessions": lambda client, at: client.post("/sessions", json=SESSION),
    "stored sessions": lambda client, at: client.get(at),
    "look": lambda client, at: client.get(f"{at}/trace"),
    "change": lambda client, at: client.post(f"{at}/step"),
    "slice": lambda client, at: client.post(f"{at}/train", json={"steps": 2}),
    "long": lambda client, at: client.post(f"{at}/rewind", json={"step": 1}),
    "copy": lambda client, at: client.get(f"{at}/trace?step=1"),
}


async def test_places_come_in_order_and_one_too_many_is_refused() -> None:
    line, order = Line(2, 3), []

    async def wait(name: str, *, may_refuse: bool = True) -> None:
        async with line.place(may_refuse=may_refuse):
            order.append(name)
            await asyncio.sleep(0)

    async with line.place(), AsyncExitStack() as held:
        await held.enter_async_context(line.place())
        waiting = [asyncio.create_task(wait(name)) for name in ("a", "b", "c")]
        await asyncio.sleep(0)
        assert line.waiting == 3 and not line.has_room()
        with pytest.raises(Problem) as refused:
            await wait("too many")
        assert (refused.value.status, refused.value.code, line.refused) == (503, "too_busy", 1)
        # One that gives up leaves the others where they are.
        waiting[1].cancel()
        waiting.append(asyncio.create_task(wait("never refused", may_refuse=False)))
        await asyncio.sleep(0)
        assert line.waiting == 3 and order == []
    await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)
    assert order == ["a", "c", "never refused"] and line.waiting == 0


async def test_room_is_counted_and_what_is_larger_than_all_of_it_gets_it_alone() -> None:
    taken: list[int] = []
    line = Line(10, 5, taken.append)
    order: list[int] = []

    async def wait(size: int) -> None:
        async with line.place(size):
            order.append(size)
            assert sum(taken) <= max(10, size)
            await asyncio.sleep(0)

    sizes = (4, 6, 50, 1, 9, 3)
    await asyncio.gather(*map(wait, sizes))
    assert order == list(sizes) and sum(taken) == 0


async def test_one_that_is_cancelled_as_its_turn_comes_hands_it_on() -> None:
    line = Line(1, 5)
    is_over = asyncio.Event()

    async def hold() -> None:
        async with line.place():
            await is_over.wait()

    async with line.place():
        first, second = asyncio.create_task(hold()), asyncio.create_task(hold())
        await asyncio.sleep(0)
    # The first has its turn, and has not gone on yet.
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not line.waiting and not line.has_room()
    is_over.set()
    await asyncio.wait_for(second, 10)
    assert line.has_room()


async def test_those_who_are_cancelled_together_leave_nobody_behind() -> None:
    line = Line(1, 5)

    async def wait() -> None:
        async with line.place():
            pass

    async with line.place():
        waiting = [asyncio.create_task(wait()) for _ in range(4)]
        await asyncio.sleep(0)
        # As when the server stops: none of them has come to know it before the place is given back.
        for task in waiting[:3]:
            task.cancel()
    answers = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)
    assert [type(answer) for answer in answers] == [asyncio.CancelledError] * 3 + [type(None)]
    assert line.has_room() and not line.waiting


def app_with(directory: Path, **settings: Any) -> FastAPI:
    """Nothing is so small that it is done at once, and no session is ready."""
    usual = {"inline_values": 0, "inline_body_bytes": 0, "memory_mb": 0, "metrics": True}
    return create_app(Settings(data_dir=directory, **{**usual, **settings}))


def line_of(playground: Playground, name: str) -> Line:
    return next(
        playground.lines[known]
        for known in (name, f"large {name}", f"large sessions: {name}")
        if known in playground.lines
    )


@pytest.mark.parametrize("name", WAITING)
async def test_every_line_has_an_end_and_is_counted(tmp_path: Path, name: str) -> None:
    small: dict[str, Any] = {"inline_values": 100_000, "memory_mb": 256}
    app = app_with(tmp_path, max_waiting=2, **(small if name == "slices" else {}))
    playground: Playground = app.state.playground
    kinds = {re.sub("^(small|large) (sessions: )?", "", kind) for kind in playground.lines}
    assert kinds == set(WAITING)
    async with client_of(app) as client:
        # Each waits for itself alone.
        sessions = [(await client.post("/sessions", json=SESSION)).json()["id"] for _ in range(5)]
        for session in sessions:
            assert (await client.post(f"/sessions/{session}/step?detail=summary")).status_code == 200
        line = line_of(playground, name)
        async with AsyncExitStack() as held:
            while line.has_room():
                await held.enter_async_context(line.place())
            waiting = []
            for session in sessions[:2]:
                waiting.append(asyncio.ensure_future(WAITING[name](client, f"/sessions/{session}")))
                while line.waiting < len(waiting):
                    assert not waiting[-1].done(), waiting[-1].result().text
                    await asyncio.sleep(0)
            for session in sessions[2:]:
                check_problem(await WAITING[name](client, f"/sessions/{session}"), 503, "too_busy")
            numbers = (await client.get("http://test/metrics")).text
        assert {answer.is_success for answer in await asyncio.gather(*waiting)} == {True}
        shown = next(shown for shown, found in playground.lines.items() if found is line)
        assert f'backprop_waiting{{line="{shown}"}} 2.0' in numbers
        assert f'backprop_refused_total{{line="{shown}"}} 3.0' in numbers
        assert line.waiting == 0 and {playground.memory.sizes()[kind] for kind in IN_LINES} == {0}


async def test_a_training_and_an_open_page_wait_however_many_do(tmp_path: Path) -> None:
    app = app_with(tmp_path, max_waiting=1, memory_mb=0.001)
    playground: Playground = app.state.playground
    threads = playground.lines["threads"]
    async with client_of(app) as client, AsyncExitStack() as held:
        session, other, third = [(await client.post("/sessions", json=SESSION)).json()["id"] for _ in range(3)]
        # Each waits alone with its session.
        async with Page(app, session) as page, Page(app, other) as looking:
            room = [playground.lines[f"large sessions: {use}"] for use in ("slice", "look")]
            async with AsyncExitStack() as taken:
                for line in room:
                    await taken.enter_async_context(line.place(1_000))
                looking.say(type="show")
                page.say(type="train", steps=20)
                while not all(line.waiting for line in room):
                    await asyncio.sleep(0)
                check_problem(await client.post(f"/sessions/{third}/train", json={"steps": 1}), 503, "too_busy")
                while threads.has_room():
                    await held.enter_async_context(threads.place())
            # The other waits until this one has been read.
            while threads.waiting + playground.lines["stored sessions"].waiting < 2:
                await asyncio.sleep(0)
            assert threads.waiting
            check_problem(await client.get("/mistakes"), 503, "too_busy")
            await held.aclose()
            assert (await page.hear("done"))[-1]["step"] == 20
            await looking.view(1)


@pytest.mark.parametrize(
    "ask",
    [
        lambda client, at: client.post(f"{at}/train", json={"steps": 4}),
        lambda client, at: client.get(f"{at}/trace?step=1"),
        lambda client, at: client.post(f"{at}/step"),
    ],
    ids=["train", "copy", "step"],
)
async def test_sessions_that_wait_for_their_turn_are_not_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    alive: WeakSet[Trainer] = WeakSet()
    begin = Trainer.__init__

    def noted(trainer: Trainer, *arguments: Any, **options: Any) -> None:
        begin(trainer, *arguments, **options)
        alive.add(trainer)

    app = app_with(tmp_path, train_slice_ms=0.001)
    async with client_of(app) as client:
        sessions = [(await client.post("/sessions", json={**SESSION, "seed": seed})).json()["id"] for seed in range(8)]
        for session in sessions:
            await client.post(f"/sessions/{session}/step?detail=summary")
        monkeypatch.setattr(Trainer, "__init__", noted)
        work = asyncio.gather(*(ask(client, f"/sessions/{session}") for session in sessions))
        most = 0
        while not work.done():
            most = max(most, len(alive))
            await asyncio.sleep(0)
        assert {answer.status_code for answer in await work} == {200}
        # One that is worked with, one that is being read, and one that an answer is made of.
        assert 1 <= most <= 4
