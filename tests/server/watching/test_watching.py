"""Watching a session, in one process without a network."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.server.api import client_of
from tests.server.watching.page import Page
from tests.server.watching.sessions import playground_of, seen, state


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
    showing = playground_of(app).showing
    shown = showing.shown

    async def noted(*args: Any, **options: Any) -> bytes:
        order.append("view")
        return await shown(*args, **options)

    monkeypatch.setattr(showing, "shown", noted)

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
