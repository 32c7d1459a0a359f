"""A program that one process has answered is found by all that have the same store, and after a restart."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from engine.kept import Kept
from engine.vocabulary import STANDARD
from server.app import create_app
from server.settings import Settings
from server.steps import programs
from server.steps.programs import ProgramRegistry
from server.steps.schemas import TraceRequest
from server.steps.stateless import trace_of
from tests.server.api import SESSION, TRACE, client_of
from tests.server.test_locked_store import locked
from tests.views import decoded

VIEW = {"accept": "application/vnd.backprop.view"}
OTHER = {**TRACE, "model": {**TRACE["model"], "hidden": [{"units": 3, "activation": "tanh"}]}}


async def answered(client: httpx.AsyncClient) -> set[str]:
    """The programs that a client hears of who does all that names some."""
    at = f"/sessions/{(await client.post('/sessions', json=SESSION)).json()['id']}"
    patch = {"optimizer": {"name": "adam"}}
    scope = {"scope": {"kind": "sample", "sample": 0}}
    documents: list[Any] = [
        (await client.post("/trace", json=TRACE)).json(),
        (await client.post("/trace?expand=true", json=OTHER)).json(),
        (await client.get(f"{at}/trace")).json(),
        (await client.get(f"{at}/trace?sample=0")).json(),
        (await client.get(f"{at}/trace?sample=0&expand=true")).json(),
        (await client.post(f"{at}/step", json=scope)).json(),
        (await client.get(f"{at}/trace?step=1&sample=1&expand=true")).json(),
        (await client.patch(at, json=patch)).json(),
        (await client.post(f"{at}/train", json={"steps": 2})).json()["session"],
        (await client.post(f"{at}/rewind", json={"step": 0})).json(),
    ]
    view = decoded((await client.get(f"{at}/view?long_way=true", headers=VIEW)).content)
    return {document["program"] for document in documents} | {frame["program"] for frame in view.header["frames"]}


async def test_all_that_one_process_answers_is_found_by_another(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with client_of(create_app(settings)) as one, client_of(create_app(settings)) as other:
        found = await answered(one)
        assert len(found) > 4
        for fingerprint in found:
            theirs = await other.get(f"/programs/{fingerprint}")
            assert theirs.status_code == 200
            assert theirs.content == (await one.get(f"/programs/{fingerprint}")).content


async def test_it_is_found_too_where_somebody_was_writing_at_that_moment(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    app = create_app(settings)
    async with client_of(app) as one, client_of(create_app(settings)) as other:
        assert (await one.get("/health")).status_code == 200
        with locked(tmp_path):
            fingerprint = (await one.post("/trace", json=TRACE)).json()["program"]
            assert (await other.get(f"/programs/{fingerprint}")).status_code == 404
        async with asyncio.timeout(20):
            while (await other.get(f"/programs/{fingerprint}")).status_code != 200:
                await asyncio.sleep(0.02)


def test_a_program_is_noted_again_while_it_is_answered() -> None:
    noted: list[str] = []
    times = iter((0.0, 1.0, programs.NOTED_SECONDS - 1, programs.NOTED_SECONDS + 1, programs.NOTED_SECONDS + 2))
    registry = ProgramRegistry(Kept(10**9), lambda fingerprint, _: noted.append(fingerprint), lambda: next(times))
    request = TraceRequest.model_validate(TRACE)
    program = trace_of(request, Settings(), STANDARD, expand=False).trace.program
    for _ in range(5):
        registry.remember(program)
    assert noted == [program.fingerprint] * 2
