"""Watching a session and training it together, in one process without a network."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.app import create_app
from server.playground import Playground
from server.sessions.opening import sqlite_of
from server.sessions.store import StaleVersion, StoreFull
from server.settings import Settings
from tests.server.api import SESSION, client_of
from tests.server.watching import Page
from tests.views import decoded

# Seconds of a slice that hold exactly one step, whatever machine it is.
ONE_STEP_MS = 1e-6


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings of the server, for a test to choose."""
    return {}


@pytest.fixture
async def app(tmp_path: Path, settings: dict[str, Any]) -> AsyncIterator[FastAPI]:
    app = create_app(Settings(data_dir=tmp_path, **settings))
    yield app
    assert not app.state.playground.trainings.count
    app.state.playground.close()


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def session_id(api: httpx.AsyncClient) -> str:
    return await new_session(api)


async def new_session(api: httpx.AsyncClient) -> str:
    session_id: str = (await api.post("/sessions", json=SESSION)).json()["id"]
    return session_id


async def state(api: httpx.AsyncClient, session_id: str) -> tuple[int, int]:
    """Step and version."""
    session = (await api.get(f"/sessions/{session_id}")).json()
    return session["step"], session["version"]


async def stands_still(api: httpx.AsyncClient, session_id: str) -> bool:
    before = await state(api, session_id)
    await asyncio.sleep(0.1)
    return before == await state(api, session_id)


def seen(view: dict[str, Any]) -> tuple[int, int]:
    return view["session"]["step"], view["session"]["version"]


def refused(message: dict[str, Any]) -> tuple[str, int]:
    """The code of a problem, and how many there may be."""
    return message["problem"]["code"], message["problem"]["params"]["wanted"]


def playground_of(app: FastAPI) -> Playground:
    playground: Playground = app.state.playground
    return playground


def with_settings(**settings: object) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("settings", [settings], ids=[""])


# --- Watching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/step", None),
        ("POST", "/train", {"steps": 700}),
        ("PATCH", "", {"l2": 0.5}),
        ("POST", "/rewind", {"step": 0}),
    ],
)
async def test_every_watcher_sees_a_change_that_anybody_makes(
    app: FastAPI, api: httpx.AsyncClient, session_id: str, method: str, path: str, body: Any
) -> None:
    await api.post(f"/sessions/{session_id}/step")
    async with Page(app, session_id) as one, Page(app, session_id) as other:
        answer = await api.request(method, f"/sessions/{session_id}{path}", json=body)
        version = int(answer.headers["etag"].strip('"'))
        for page in (one, other):
            view = await page.view()
            while seen(view)[1] < version:
                view = await page.view()
            assert seen(view) == await state(api, session_id)
            assert view["step"] == view["session"]["step"] + 1


async def test_a_view_holds_what_its_own_socket_asked_for(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other:
        one.say(type="show", sample=3)
        other.say(type="show", sample=20, map="0,1,5")
        for page in (one, other):
            assert (await page.view())["step"] == 1
        await api.post(f"/sessions/{session_id}/step")
        views = [await page.view(2) for page in (one, other)]
    samples = [{frame["scope"]["sample"] for frame in view["frames"]} for view in views]
    assert 20 in samples[1] - samples[0]
    assert [view["map"] and view["map"]["resolution"] for view in views] == [None, 5]


async def test_before_it_says_anything_a_page_sees_the_first_sample(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        await api.post(f"/sessions/{session_id}/step")
        view = await page.view()
    assert (view["step"], view["map"], view["history"]["from"]) == (2, None, 1)


async def test_the_view_is_made_after_the_answer(app: FastAPI, session_id: str, monkeypatch: Any) -> None:
    order: list[str] = []
    playground = playground_of(app)
    shown = playground.shown

    async def noted(*args: Any) -> bytes:
        order.append("view")
        return await shown(*args)

    monkeypatch.setattr(playground, "shown", noted)

    async def answering(scope: Any, receive: Any, send: Any) -> None:
        async def told(message: Any) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                order.append("answer")

        await app(scope, receive, told)

    async with Page(app, session_id) as page, client_of(answering) as api:
        for method, path, body in (
            ("POST", "/step", None),
            ("PATCH", "", {"l2": 0.1}),
            ("POST", "/rewind", {"step": 0}),
        ):
            assert (await api.request(method, f"/sessions/{session_id}{path}", json=body)).status_code == 200
            await page.view()
    assert order == ["answer", "view"] * 3


async def test_what_a_page_sees_is_stored(app: FastAPI, api: httpx.AsyncClient, session_id: str) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train", steps=2000)
        while (message := await page.next())["type"] == "view":
            head = await playground_of(app).store(lambda store: store.head(session_id))
            assert head.version >= message["session"]["version"]
    assert message["type"] == "done"


async def test_a_sample_that_makes_no_sense_is_said_so_and_the_page_goes_on_watching(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="show", map="0,77,5")
        view, problem = await page.hear("problem")
        assert (problem["problem"]["code"], view["map"]) == ("unknown_feature", None)
        await api.post(f"/sessions/{session_id}/step")
        assert (await page.view())["step"] == 2


# --- Training --------------------------------------------------------------------------------------------------------


async def test_a_training_ends_with_its_last_view_and_done(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other:
        one.say(type="train", steps=1000)
        for page in (one, other):
            *_, view, done = await page.hear("done", "problem")
            assert (done["step"], done["version"]) == seen(view) == await state(api, session_id)
            assert (done["type"], done["step"], view["training"]) == ("done", 1000, None)


async def test_watching_equals_training(app: FastAPI, api: httpx.AsyncClient, session_id: str) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train", steps=700)
        await page.hear("done")
    other = await new_session(api)
    await api.post(f"/sessions/{other}/train", json={"steps": 700})
    one, two = [(await api.get(f"/sessions/{name}")).json() for name in (session_id, other)]
    assert one["parameters"] == two["parameters"]


async def test_a_training_without_an_end_goes_on_until_another_page_pauses_it_and_a_third_resumes_it(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other, Page(app, session_id) as third:
        one.say(type="train")
        view = await other.view()
        assert view["training"] == {"until": None, "steps_per_second": None, "is_paused": False}
        other.say(type="pause")
        for page in (one, other, third):
            *_, view, paused = await page.hear("paused")
            assert (paused["step"], paused["version"]) == seen(view) == await state(api, session_id)
            assert view["training"]["is_paused"]
        assert await stands_still(api, session_id)
        third.say(type="resume")
        assert seen(await one.view())[0] > paused["step"]


async def test_what_is_done_during_a_pause_is_where_the_training_goes_on(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train", steps=5000)
        page.say(type="pause")
        *_, paused = await page.hear("paused")
        answer = await api.post(f"/sessions/{session_id}/step", headers={"If-Match": f'"{paused["version"]}"'})
        assert answer.json()["step"] == paused["step"] + 1
        await api.post(f"/sessions/{session_id}/rewind", json={"step": 0})
        page.say(type="resume")
        *_, done = await page.hear("done", "problem")
        # The end stays where it was.
        assert (done["type"], done["step"]) == ("done", 5000)


async def test_a_change_by_request_is_part_of_the_training_that_runs(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train", steps=3000)
        await page.view()
        assert (await api.patch(f"/sessions/{session_id}", json={"l2": 0.25})).status_code == 200
        assert (await api.post(f"/sessions/{session_id}/step")).status_code == 200
        *_, done = await page.hear("done", "problem")
    session = (await api.get(f"/sessions/{session_id}")).json()
    assert (done["type"], done["step"], session["model"]["l2"]) == ("done", 3000, 0.25)


async def test_100_steps_pressed_during_a_slow_training_take_100_more_at_full_speed(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as one, Page(app, session_id) as other:
        one.say(type="train", steps_per_second=0.01)
        first = await one.view()
        assert first["training"] == {"until": None, "steps_per_second": 0.01, "is_paused": False}
        other.say(type="train", steps=100)
        for page in (one, other):
            *_, done = await page.hear("done", "problem")
            assert (done["type"], done["step"]) == ("done", first["session"]["step"] + 100)
        assert await stands_still(api, session_id)


async def test_a_second_training_changes_the_speed_of_the_first(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train")
        page.say(type="train", steps_per_second=0.01)
        while (await page.view())["training"]["steps_per_second"] is None:
            pass
        assert await stands_still(api, session_id)


async def test_pausing_and_resuming_where_nothing_runs_is_answered(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="pause")
        (paused,) = await page.hear("paused")
        assert (paused["step"], paused["version"]) == await state(api, session_id)
        page.say(type="resume")
        (problem,) = await page.hear("problem")
        assert problem["problem"]["code"] == "not_training"


async def test_a_training_goes_on_when_one_page_leaves_and_ends_with_the_last(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as other:
        async with Page(app, session_id) as one:
            one.say(type="train")
            await one.view()
        step, _ = seen(await other.view())
        while seen(await other.view())[0] <= step:
            pass
        assert playground_of(app).trainings.running(session_id) is not None
    assert playground_of(app).trainings.running(session_id) is None
    assert await stands_still(api, session_id)
    # A page that comes later finds no training, not even a paused one.
    async with Page(app, session_id) as late:
        late.say(type="show")
        assert (await late.view())["training"] is None


async def test_a_paused_training_is_forgotten_when_nobody_watches(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train")
        page.say(type="pause")
        await page.hear("paused")
    async with Page(app, session_id) as page:
        page.say(type="resume")
        assert (await page.hear("problem"))[-1]["problem"]["code"] == "not_training"


async def test_who_does_not_read_misses_views_and_no_result_and_slows_nothing(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as reader, Page(app, session_id) as sleeper:
        sleeper.say(type="show")
        await sleeper.view()
        sleeper.reads.clear()
        reader.say(type="train", steps=5000)
        await reader.hear("done")
        await api.post(f"/sessions/{session_id}/rewind", json={"step": 3})
        reader.say(type="pause")
        await reader.hear("paused")
        sleeper.reads.set()
        heard = await sleeper.hear("paused")
    kinds = [message["type"] for message in heard]
    # One view was on its way, one shows the newest state.
    assert kinds in (["view", "view", "done", "paused"], ["view", "done", "paused"])
    assert seen(heard[-3])[0] == 3


async def test_a_page_that_says_what_it_has_seen_has_no_more_than_three_views_to_look_at(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page, Page(app, session_id) as other:
        page.say(type="show")
        await page.view()
        page.say(type="seen")
        other.say(type="train")
        # The other page, which does not say what it has seen, gets one view after the other.
        while page.heard.qsize() < 3:
            await other.view()
        for _ in range(5):
            await other.view()
        assert page.heard.qsize() == 3
        steps = [seen(await page.view())[0] for _ in range(3)]
        page.say(type="seen")
        newest = seen(await page.view())[0]
        assert sorted({*steps, newest}) == [*steps, newest]
        # What the page waits for, and what it asks for, comes all the same, with the newest state.
        other.say(type="pause")
        *_, view, paused = await page.hear("paused")
        assert seen(view) == (paused["step"], paused["version"])
        page.say(type="show")
        assert seen(await page.view()) == seen(view)


async def test_frames_per_second_limit_the_views_of_a_training_and_not_its_steps(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    async with Page(app, session_id) as page:
        page.say(type="train", steps=5000, frames_per_second=0)
        heard = await page.hear("done")
        assert len([message for message in heard if message["type"] == "view"]) <= 2
        assert seen(heard[-2])[0] == 5000
        # Other changes are seen at once, as ever.
        await api.post(f"/sessions/{session_id}/step")
        assert seen(await page.view())[0] == 5001


# --- What goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("nonsense", "not_json"),
        (b"\xff\x00", "not_json"),
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
            broken.setattr(playground_of(app).desk, "save", fail)
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
                await playground.desk.keep_watched()
            await api.post(f"/sessions/{session_id}/step")
            await page.view(2)
            seconds[0] += 101
            await playground.desk.keep_watched()
            (problem, _) = await page.hear("close")
            assert problem["problem"]["code"] == "unknown_session"


async def test_a_session_that_expires_while_it_trains_says_so(app: FastAPI, tmp_path: Path) -> None:
    seconds = [1_000_000.0]
    settings = Settings(data_dir=tmp_path / "other", session_ttl_seconds=100)
    app.state.playground = Playground(settings, sqlite_of(settings, lambda: seconds[0]))
    async with client_of(app) as api:
        session_id = await new_session(api)
        async with Page(app, session_id) as page:
            page.say(type="train", steps_per_second=30)
            await page.view()
            seconds[0] += 101
            heard = await page.hear("close")
            assert {"unknown_session"} == {m["problem"]["code"] for m in heard if m["type"] == "problem"}
            assert page.close_code == 1008


async def test_a_session_that_is_not_there_cannot_be_watched(app: FastAPI) -> None:
    async with Page(app, "nobody") as page:
        (problem, _) = await page.hear("close")
    assert (problem["problem"]["code"], page.close_code) == ("unknown_session", 1008)


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


# --- Sharing the processor -------------------------------------------------------------------------------------------


@with_settings(train_slice_ms=ONE_STEP_MS)
@pytest.mark.parametrize("count", [2, 3])
async def test_sessions_that_train_take_turns(app: FastAPI, api: httpx.AsyncClient, count: int) -> None:
    ids = [await new_session(api) for _ in range(count)]
    async with AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(Page(app, session_id)) for session_id in ids]
        # The first session has several watchers and a request that trains it as well: it gets one share all the same.
        await stack.enter_async_context(Page(app, ids[0]))
        for page in pages:
            page.say(type="train", frames_per_second=0)
        asked = asyncio.create_task(api.post(f"/sessions/{ids[0]}/train", json={"steps": 100}))
        steps = [0] * count
        while min(steps) < 100:
            await asyncio.sleep(0.01)
            steps = [(await state(api, session_id))[0] for session_id in ids]
        # Reading them took turns, too.
        assert max(steps) - min(steps) <= 2 * count + 2
        await asked


@with_settings(train_slice_ms=ONE_STEP_MS)
async def test_a_short_request_waits_for_no_more_than_a_turn_of_those_that_train(
    app: FastAPI, api: httpx.AsyncClient, session_id: str
) -> None:
    ids = [await new_session(api) for _ in range(3)]
    async with AsyncExitStack() as stack:
        for name in ids:
            page = await stack.enter_async_context(Page(app, name))
            page.say(type="train", frames_per_second=0)
            await page.view()
        taken = []
        for _ in range(20):
            before = [(await state(api, name))[0] for name in ids]
            await api.post(f"/sessions/{session_id}/step?detail=summary")
            after = [(await state(api, name))[0] for name in ids]
            taken += [b - a for a, b in zip(before, after, strict=True)]
    # Two of the four readings and the step itself lie between; each waits for a slice or two.
    assert max(taken) <= 12


async def test_views_that_take_long_leave_the_steps_most_of_the_time(
    app: FastAPI, session_id: str, monkeypatch: Any
) -> None:
    playground, seconds = playground_of(app), []
    shown = playground.shown

    async def slow(*args: Any) -> bytes:
        start = time.perf_counter()
        time.sleep(0.02)
        view = await shown(*args)
        seconds.append(time.perf_counter() - start)
        return view

    monkeypatch.setattr(playground, "shown", slow)
    async with Page(app, session_id) as page:
        start = time.perf_counter()
        page.say(type="train", frames_per_second=60)
        for _ in range(8):
            await page.view()
        # Nobody waits for the rest after the last one.
        assert sum(seconds[:-1]) <= 0.25 * (time.perf_counter() - start)


# --- The learning curve ----------------------------------------------------------------------------------------------


def curve_of(metrics: dict[str, list[Any]]) -> dict[int, tuple[Any, ...]]:
    """What the learning curve says of each step."""
    return {point[0]: point[1:] for point in zip(*metrics.values(), strict=True)}


def joined(known: dict[int, tuple[Any, ...]], history: dict[str, Any]) -> dict[int, tuple[Any, ...]]:
    """The learning curve of a page that has got another view."""
    first, stride = history["from"], history["stride"]
    kept = {step: point for step, point in known.items() if step < first and (step - 1) % stride == 0}
    return {**kept, **curve_of(history["metrics"])}


@pytest.mark.parametrize("seed", range(3))
async def test_a_page_that_misses_views_has_the_whole_learning_curve_all_the_same(
    app: FastAPI, api: httpx.AsyncClient, session_id: str, seed: int
) -> None:
    rng = random.Random(seed)
    known: dict[int, tuple[Any, ...]] = {}
    async with Page(app, session_id) as page:
        page.say(type="show")
        for _ in range(12):
            # Some views are lost: what happens meanwhile reaches the page as one.
            page.reads.clear()
            for _ in range(rng.randint(1, 3)):
                step, _ = await state(api, session_id)
                move = rng.choice(["step", "train", "rewind", "edit", "another future"])
                if move == "step":
                    await api.post(f"/sessions/{session_id}/step")
                if move == "train":
                    await api.post(f"/sessions/{session_id}/train", json={"steps": rng.choice([3, 150, 700])})
                if move in ("rewind", "another future"):
                    await api.post(f"/sessions/{session_id}/rewind", json={"step": rng.randint(0, step)})
                if move in ("edit", "another future"):
                    await api.patch(f"/sessions/{session_id}", json={"l2": rng.random() / 100})
                if move == "another future":
                    await api.post(f"/sessions/{session_id}/train", json={"steps": step + 10})
                await asyncio.sleep(rng.choice([0, 0.02]))
            page.reads.set()
            _, version = await state(api, session_id)
            while True:
                view = await page.view()
                known = joined(known, view["history"])
                if seen(view)[1] == version:
                    break
            whole = decoded((await api.get(f"/sessions/{session_id}/view")).content).header["history"]["metrics"]
            assert sorted(known.items()) == sorted(curve_of(whole).items())
