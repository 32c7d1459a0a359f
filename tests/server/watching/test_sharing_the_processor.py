"""Trainings, views and short requests take turns."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.training import watcher
from tests.server.watching.page import Page
from tests.server.watching.sessions import new_session, state, with_settings

# Seconds of a slice that hold exactly one step, whatever machine it is.
ONE_STEP_MS = 1e-6


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
    seconds, view = [], watcher.next_view

    def slow(*args: Any) -> bytes:
        start = time.perf_counter()
        time.sleep(0.02)
        made = view(*args)
        seconds.append(time.perf_counter() - start)
        return made

    monkeypatch.setattr(watcher, "next_view", slow)
    async with Page(app, session_id) as page:
        start = time.perf_counter()
        page.say(type="train", frames_per_second=60)
        for _ in range(8):
            await page.view()
        # Nobody waits for the rest after the last one.
        assert sum(seconds[:-1]) <= 0.25 * (time.perf_counter() - start)
