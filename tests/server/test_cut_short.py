"""A training that ends early because of others says how many of its steps are stored."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.server.api import check_problem


async def begun(client: httpx.AsyncClient, here: str) -> asyncio.Task[httpx.Response]:
    """A training that has stored some steps and goes on."""
    training = asyncio.create_task(client.post(f"{here}/train", json={"steps": 10_000}))
    while (await client.get(here)).json()["step"] == 0:
        assert not training.done()
        await asyncio.sleep(0)
    return training


@pytest.mark.parametrize(
    ("method", "path", "status"), [("POST", "/step", 412), ("PATCH", "", 412), ("DELETE", "", 404)]
)
async def test_who_is_overtaken_hears_how_many_steps_are_stored(
    client: httpx.AsyncClient, session: dict[str, Any], method: str, path: str, status: int
) -> None:
    here = f"/sessions/{session['id']}"
    training = await begun(client, here)
    changed = await client.request(method, f"{here}{path}", json={"l2": 0.5} if method == "PATCH" else None)
    assert changed.is_success
    params = check_problem(await training, status, "partly_trained")["params"]
    assert 0 < params["stored"] == params["step"] < 10_000
    if method == "PATCH":
        assert (await client.get(here)).json()["step"] == params["stored"]


async def test_who_is_late_from_the_beginning_hears_that_nothing_was_done(
    client: httpx.AsyncClient, session: dict[str, Any]
) -> None:
    answer = await client.post(f"/sessions/{session['id']}/train", json={"steps": 5}, headers={"If-Match": '"7"'})
    check_problem(answer, 412, "stale_version")
