"""Sessions that an older version stored open unchanged and go on; their recipes give the same numbers again."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.app import create_app
from server.settings import Settings
from tests.recordings import RECORDED, RECORDINGS, check_numbers, name_of
from tests.server.api import client_of

# The fingerprint of a program follows its document, which may grow; the version and the expiry move with every use.
MOVING = ("program", "expires_at", "version")
each = pytest.mark.parametrize("recorded", RECORDINGS, ids=name_of)


@pytest.fixture
async def old(tmp_path: Path, recorded: dict[str, Any]) -> AsyncIterator[httpx.AsyncClient]:
    """A server of today over the database of the version that was recorded."""
    shutil.copy(RECORDED / recorded["version"] / "sessions.sqlite3", tmp_path)
    async with client_of(create_app(Settings(data_dir=tmp_path))) as client:
        yield client


async def state_of(client: httpx.AsyncClient, session_id: str, sample: int) -> dict[str, Any]:
    address = f"/sessions/{session_id}"
    answers = {
        "session": await client.get(address),
        "trace": await client.get(f"{address}/trace", params={"sample": sample}),
        "history": await client.get(f"{address}/history"),
        "data": await client.get(f"{address}/data"),
    }
    for answer in answers.values():
        assert answer.status_code == 200, answer.text
    return {name: answer.json() for name, answer in answers.items()}


def still(recorded: dict[str, Any]) -> dict[str, Any]:
    kept = {name: recorded[name] for name in ("session", "trace", "history", "data")}
    kept["session"] = {key: value for key, value in kept["session"].items() if key not in MOVING}
    return kept


@each
async def test_a_stored_session_opens_as_it_was(old: httpx.AsyncClient, recorded: dict[str, Any]) -> None:
    found = await state_of(old, recorded["session"]["id"], recorded["sample"])
    check_numbers(found, still(recorded), recorded["session"]["model"]["dtype"], recorded["name"])


@each
async def test_a_stored_session_goes_on(old: httpx.AsyncClient, recorded: dict[str, Any], tmp_path: Path) -> None:
    address = f"/sessions/{recorded['session']['id']}"
    step = recorded["session"]["step"]
    again = await old.post(f"{address}/train", json={"steps": 3})
    assert again.status_code == 200 and again.json()["step"] == step + 3
    curve = (await old.get(f"{address}/history")).json()
    async with client_of(create_app(Settings(data_dir=tmp_path))) as opened_again:
        assert (await opened_again.get(f"{address}/history")).json() == curve
    back = await old.post(f"{address}/rewind", json={"step": step})
    assert back.status_code == 200
    # Its steps are taken again, by another processor than the one that recorded them.
    found, expected = back.json()["parameters"], recorded["session"]["parameters"]
    check_numbers(found, expected, recorded["session"]["model"]["dtype"], recorded["name"])


@each
async def test_a_recipe_with_its_edits_gives_the_same_run(old: httpx.AsyncClient, recorded: dict[str, Any]) -> None:
    made = (await old.post("/sessions", json=recorded["recipe"])).json()
    address, taken = f"/sessions/{made['id']}", 0
    for step, patch in [*recorded["edits"], [recorded["session"]["furthest_step"], None]]:
        if step > taken:
            assert (await old.post(f"{address}/train", json={"steps": step - taken})).status_code == 200
            taken = step
        if patch is not None:
            answer = await old.patch(address, json=patch)
            assert answer.status_code == 200, answer.text
    await old.post(f"{address}/rewind", json={"step": recorded["session"]["step"]})
    expected = still(recorded)
    del expected["session"]["id"], expected["history"]
    found = await state_of(old, made["id"], recorded["sample"])
    dataset = found["session"]["dataset"]
    if dataset["classes"] == 0:
        # Rows for one output that is a number were called rows of one class then.
        expected["session"]["dataset"] |= {name: dataset[name] for name in ("classes", "class_names", "task", "target")}
    check_numbers(found, expected, recorded["session"]["model"]["dtype"], recorded["name"])
