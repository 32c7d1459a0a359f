"""The learning curve of a page that misses views."""

import asyncio
import random
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.server.watching.page import Page
from tests.server.watching.sessions import seen, state
from tests.views import decoded


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
