"""What watchers hear when something goes wrong, and that nothing is left of them."""

import asyncio
import gc
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from weakref import ref

import httpx
import pytest
from fastapi import FastAPI

from server.playground import Playground
from server.sessions.store.opening import sqlite_of
from server.sessions.store.protocol import StaleVersion, StoreFull
from server.settings import Settings
from server.training import socket
from tests.server.api import client_of
from tests.server.watching.page import Page
from tests.server.watching.sessions import new_session, playground_of, refused, seen, state, with_settings


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("nonsense", "not_json"),
        (b"\xff\x00", "not_text"),
        (b'{"type": "pause"}', "not_text"),
        ("[]", "invalid"),
        ('{"type": "fly"}', "invalid"),
        ('{"type": "train", "steps": 5, "dtype": "float32"}', "invalid"),
        ('{"type": "train", "steps": 0}', "invalid"),
        ('{"type": "train", "steps": "5"}', "invalid"),
        ('{"type": "train", "steps_per_second": 0}', "invalid"),
        ('{"type": "train", "frames_per_second": NaN}', "invalid"),
        ('{"type": "train", "steps": 1000000000}', "too_large"),
        ('{"type": "train", "steps": 1' + "0" * 30 + "}", "too_large"),
        ('{"type": "train", "version": 99}', "stale_version"),
        ('{"type": "show", "sample": -1}', "invalid"),
        ('{"type": "show", "sample": "1"}', "invalid"),
        ('{"type": "show", "samples": 1}', "invalid"),
        ('{"type": "show", "map": "0,1,1"}', "invalid"),
        ('{"type": "pause", "now": true}', "invalid"),
        ('{"type": "seen", "version": 3}', "invalid"),
    ],
)
async def test_a_message_without_sense_is_answered_to_its_sender_and_the_socket_goes_on(
    app: FastAPI, session_id: str, said: str | bytes, code: str
) -> None:
    async with Page(app, session_id) as page, Page(app, session_id) as other:
        page.say(said)
        (problem,) = await page.hear("problem")
        assert problem["problem"]["code"] == code
        assert problem["problem"]["instance"] == f"/api/v1/sessions/{session_id}/stream"
        page.say(type="train", steps=3)
        assert (await page.hear("done", "problem"))[-1]["type"] == "done"
        assert {message["type"] for message in await other.hear("done")} == {"view", "done"}


@with_settings(max_faults=5)
async def test_who_says_nothing_but_nonsense_is_not_listened_to_any_longer(app: FastAPI, session_id: str) -> None:
    async with Page(app, session_id) as page:
        # What makes sense and cannot be done is no nonsense, and sense makes up for it.
        for said in ["nonsense"] * 5 + ['{"type": "train", "version": 99}', "[]", '{"type": "show"}'] + ["{}"] * 5:
            page.say(said)
            await page.hear("problem", "view")
        page.say(b"")
        (problem, _) = await page.hear("close")
        assert (refused(problem), page.close_code) == (("too_many_faults", 5), 1008)


@with_settings(max_pending_notices=5)
async def test_who_takes_no_notices_while_others_cause_them_is_closed(app: FastAPI, session_id: str) -> None:
    async with Page(app, session_id) as other, Page(app, session_id) as page:
        page.reads.clear()
        for _ in range(10):
            other.say(type="pause")
            await other.hear("paused")
        await asyncio.sleep(0)
        page.reads.set()
        *_, problem, _ = await page.hear("close")
        assert (refused(problem), page.close_code) == (("too_slow", 5), 1013)
        other.say(type="train", steps=1)
        await other.hear("done")


@with_settings(max_messages_per_second=20)
async def test_what_a_socket_says_faster_than_it_may_is_done_later(app: FastAPI, session_id: str) -> None:
    async with Page(app, session_id) as page, Page(app, session_id) as other:
        start = asyncio.get_running_loop().time()
        for _ in range(40):
            page.say(type="pause")
        other.say(type="pause")
        for _ in range(41):
            await page.hear("paused")
        assert asyncio.get_running_loop().time() - start > 0.9


async def test_a_stale_version_starts_nothing_and_stops_nothing(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other:
        one.say(type="train")
        await one.view()
        other.say(type="train", steps=1, version=1)
        assert (await other.hear("problem"))[-1]["problem"]["code"] == "stale_version"
        step, _ = await state(api, session_id)
        while seen(await one.view())[0] <= step:
            pass


@pytest.mark.parametrize(
    ("error", "code"),
    [(StaleVersion(7), "stale_version"), (StoreFull("no space"), "disk_full"), (KeyError("W1"), "internal")],
)
async def test_a_training_that_cannot_go_on_tells_all_watchers_why_and_may_be_started_again(
    app: FastAPI, api: httpx.AsyncClient, session_id: str, monkeypatch: Any, error: Exception, code: str
) -> None:
    async def fail(*_: object) -> None:
        raise error

    async with Page(app, session_id) as one, Page(app, session_id) as other:
        with monkeypatch.context() as broken:
            broken.setattr(playground_of(app).sessions, "save", fail)
            one.say(type="train", steps=50)
            for page in (one, other):
                view, problem = await page.hear("problem")
                assert (view["training"], problem["problem"]["code"]) == (None, code)
        assert await state(api, session_id) == (0, 1)
        other.say(type="train", steps=50)
        for page in (one, other):
            assert (await page.hear("done"))[-1]["step"] == 50


@pytest.mark.parametrize("is_training", [False, True])
async def test_who_watches_a_session_that_is_deleted_hears_of_it_and_the_socket_closes(
    app: FastAPI, api: httpx.AsyncClient, session_id: str, is_training: bool
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other:
        if is_training:
            one.say(type="train")
            await one.view()
        assert (await api.delete(f"/sessions/{session_id}")).status_code == 204
        for page in (one, other):
            codes = [message["problem"]["code"] for message in await page.hear("close") if message["type"] == "problem"]
            assert set(codes) == {"unknown_session"}
            assert page.close_code == 1008
            await page.task
    assert playground_of(app).trainings.running(session_id) is None


async def test_a_watched_session_is_in_use_and_one_that_expired_says_so(app: FastAPI, tmp_path: Path) -> None:
    seconds = [1_000_000.0]
    settings = Settings(data_dir=tmp_path / "other", session_ttl_seconds=100)
    playground = app.state.playground = Playground(settings, sqlite_of(settings, lambda: seconds[0]))
    async with client_of(app) as api:
        session_id = await new_session(api)
        async with Page(app, session_id) as page:
            for _ in range(3):
                seconds[0] += 60
                await playground.sessions.keep_watched()
            await api.post(f"/sessions/{session_id}/step")
            await page.view(2)
            seconds[0] += 101
            # Its time is up only when it is swept, which no watched session is; another process may do it.
            await playground.store(lambda store: store.forget_expired(10))
            await playground.sessions.keep_watched()
            (problem, _) = await page.hear("close")
            assert problem["problem"]["code"] == "unknown_session"


async def test_a_session_that_expires_while_it_trains_says_so(app: FastAPI, tmp_path: Path) -> None:
    seconds = [1_000_000.0]
    settings = Settings(data_dir=tmp_path / "other", session_ttl_seconds=100)
    playground = app.state.playground = Playground(settings, sqlite_of(settings, lambda: seconds[0]))
    async with client_of(app) as api:
        session_id = await new_session(api)
        async with Page(app, session_id) as page:
            page.say(type="train", steps_per_second=30)
            await page.view()
            seconds[0] += 101
            await playground.store(lambda store: store.forget_expired(10))
            heard = await page.hear("close")
            assert {"unknown_session"} == {m["problem"]["code"] for m in heard if m["type"] == "problem"}
            assert page.close_code == 1008


@with_settings(max_watchers=2, max_streams=1)
async def test_sockets_on_a_session_that_is_not_there_take_no_place(app: FastAPI, session_id: str) -> None:
    async with AsyncExitStack() as stack:
        for name in ("nobody", "Nobody", "%00"):
            page = await stack.enter_async_context(Page(app, name))
            (problem, _) = await page.hear("close")
            assert (problem["problem"]["code"], page.close_code) == ("unknown_session", 1008)
        # Neither does one that only watches take a place from one that trains.
        await stack.enter_async_context(Page(app, session_id))
        page = await stack.enter_async_context(Page(app, session_id))
        page.say(type="train", steps=1)
        await page.hear("done")


@pytest.mark.parametrize("is_paused", [False, True])
async def test_a_server_that_stops_tells_its_watchers_and_keeps_what_was_trained(
    app: FastAPI, api: httpx.AsyncClient, session_id: str, is_paused: bool
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other:
        one.say(type="train")
        await one.view()
        if is_paused:
            one.say(type="pause")
            await one.hear("paused")
        app.state.stopping.set()
        last = 0
        for page in (one, other):
            *before, problem, _ = await page.hear("close")
            last = max([last, *(message["session"]["step"] for message in before if message["type"] == "view")])
            assert (problem["problem"]["code"], page.close_code) == ("server_stopping", 1001)
        await playground_of(app).trainings.close()
    assert (await state(api, session_id))[0] >= last


@with_settings(max_watchers=3, max_watchers_per_session=2)
async def test_a_watcher_too_many_is_told_so_and_gets_in_when_another_leaves(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    other = await new_session(api)
    async with AsyncExitStack() as stack:
        one, *_ = [await stack.enter_async_context(Page(app, session_id)) for _ in range(2)]
        async with Page(app, session_id) as third:
            (problem, _) = await third.hear("close")
            assert (problem["problem"]["code"], problem["problem"]["params"]) == (
                "too_many_watchers_here",
                {"wanted": 2},
            )
            assert third.close_code == 1013
        await stack.enter_async_context(Page(app, other))
        async with Page(app, other) as fourth:
            (problem, _) = await fourth.hear("close")
            assert refused(problem) == ("too_many_watchers", 3)
        one.leave()
        await one.task
        async with Page(app, session_id) as page:
            page.say(type="show")
            await page.view()


@with_settings(max_streams=1)
async def test_watching_and_pausing_take_no_training_place(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    other = await new_session(api)
    async with Page(app, session_id) as one, Page(app, other) as two:
        one.say(type="train")
        await one.view()
        # The same session may change its training; another one has to wait.
        one.say(type="train")
        two.say(type="train", steps=5)
        (problem,) = await two.hear("problem", "done")
        assert refused(problem) == ("too_many_streams", 1)
        one.say(type="pause")
        await one.hear("paused")
        two.say(type="train")
        await two.view()
        one.say(type="resume")
        assert (await one.hear("problem"))[-1]["problem"]["code"] == "too_many_streams"
        two.say(type="pause")
        await two.hear("paused")
        one.say(type="resume")
        await one.view()


@with_settings(ping_seconds=0.05)
async def test_who_takes_nothing_for_two_pings_gives_up_its_place(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.reads.clear()
        page.say(type="train")
        await asyncio.wait_for(asyncio.shield(page.task), 5)
        assert playground_of(app).trainings.running(session_id) is None


async def test_pages_of_other_sites_may_not_watch(app: FastAPI, session_id: str) -> None:
    async with Page(app, session_id, origin="http://elsewhere.example") as page:
        (problem, _) = await page.hear("close")
        assert (problem["problem"]["code"], page.close_code) == ("foreign_origin", 1008)
    async with Page(app, session_id, origin="http://test") as page:
        page.say(type="show")
        await page.view()


async def test_nothing_is_left_of_pages_that_came_and_went(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    before = asyncio.all_tasks()
    ways: list[Callable[[Page], None]] = [
        lambda page: None,
        lambda page: page.say(type="show"),
        lambda page: page.say(type="train"),
        lambda page: page.say(type="train", steps_per_second=0.01),
        lambda page: (page.say(type="train"), page.say(type="pause")) and None,
        lambda page: page.reads.clear(),
    ]
    for turn in range(60):
        async with AsyncExitStack() as stack:
            for way in (ways[turn % 6], ways[turn // 6 % 6]):
                page = await stack.enter_async_context(Page(app, session_id))
                way(page)
            await asyncio.sleep(0)
            await api.post(f"/sessions/{session_id}/step")
            page.reads.set()
    await playground_of(app).trainings.close()
    assert asyncio.all_tasks() == before
    assert playground_of(app).watchers.count == 0


async def test_a_socket_that_was_left_is_out_of_memory_without_waiting_for_the_collector(
    app: FastAPI, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    watchers: list[ref[socket.Watcher]] = []

    class Noted(socket.Watcher):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            watchers.append(ref(self))

    monkeypatch.setattr(socket, "Watcher", Noted)
    gc.disable()
    try:
        async with Page(app, session_id) as page:
            page.say(type="train", steps=3)
            await page.hear("done")
            assert [watcher() for watcher in watchers] != [None]
        await asyncio.sleep(0)
        assert [watcher() for watcher in watchers] == [None]
    finally:
        gc.enable()
