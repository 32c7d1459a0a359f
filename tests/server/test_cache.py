"""Sessions stay ready by the memory that they take, and what is not ready is read from the store unchanged."""

import gc
import tracemalloc
from pathlib import Path
from typing import Any
from weakref import ref

import httpx
import pytest
from fastapi import FastAPI

from engine.kept import Kept
from server.app import create_app
from server.sessions.codec.cache import SessionCache
from server.sessions.codec.record import Session
from server.sessions.creating import new_session
from server.sessions.schemas import SessionRequest
from server.sessions.service import Sessions
from server.settings import Settings
from tests.server.api import client_of
from tests.thorough import usually

XOR: dict[str, Any] = {
    "model": {"inputs": 2, "hidden": [{"units": 3}], "output": {"units": 2}},
    "dataset": {"name": "xor"},
}
IRIS: dict[str, Any] = {
    "model": {"inputs": 4, "hidden": [{"units": 8}], "output": {"units": 3}},
    "dataset": {"name": "iris"},
    "batch_size": 10,
    "optimizer": {"name": "adam"},
}
DIGITS: dict[str, Any] = {
    "model": {"inputs": 64, "hidden": [{"units": 32}], "output": {"units": 10}},
    "dataset": {"name": "digits"},
    "batch_size": 16,
}
HALF: dict[str, Any] = {**IRIS, "model": {**IRIS["model"], "dtype": "float16"}}


async def sessions(tmp_path: Path, recipe: dict[str, Any], count: int) -> list[Session]:
    return await sessions_of(create_app(Settings(data_dir=tmp_path)), recipe, count)


async def sessions_of(app: FastAPI, recipe: dict[str, Any], count: int, steps: int = 0) -> list[Session]:
    playground = app.state.playground
    made = []
    for seed in range(count):
        request = SessionRequest.model_validate({**recipe, "seed": seed})
        made.append(await new_session(request, playground.datasets, playground.settings))
        made[-1].trainer.step()
        made[-1].trainer.train(steps)
    return made


@pytest.mark.parametrize("steps", usually([0, 450], 450))
@pytest.mark.parametrize(
    "recipe", usually({"xor": XOR, "iris": IRIS, "half": HALF, "digits": DIGITS}, "half", "digits")
)
async def test_a_session_says_what_it_takes_in_memory(tmp_path: Path, recipe: dict[str, Any], steps: int) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    # The first ones bind what all share.
    await sessions_of(app, recipe, 2, steps)
    gc.collect()
    tracemalloc.start()
    made = await sessions_of(app, recipe, 5, steps)
    gc.collect()
    measured = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert 0.6 * measured < sum(session.nbytes for session in made) < 1.6 * measured


async def test_the_session_unused_longest_goes_first(tmp_path: Path) -> None:
    first, second, third = await sessions(tmp_path, XOR, 3)
    cache = SessionCache(Kept(first.nbytes + second.nbytes))
    cache.put(first)
    cache.put(second)
    taken = cache.take(first.id)
    assert taken is first
    cache.put(first)
    cache.put(third)
    assert [cache.peek(session.id) for session in (first, second, third)] == [first, None, third]


async def test_one_large_session_takes_the_place_of_many_small_ones(tmp_path: Path) -> None:
    (large,) = await sessions(tmp_path, DIGITS, 1)
    small = await sessions(tmp_path, XOR, 20)
    cache = SessionCache(Kept(large.nbytes + small[0].nbytes))
    for session in (*small, large):
        cache.put(session)
    assert [cache.peek(session.id) for session in small] == [None] * 19 + [small[-1]]
    assert cache.peek(large.id) is large


async def test_a_session_that_is_too_large_is_not_kept(tmp_path: Path) -> None:
    (large,) = await sessions(tmp_path, DIGITS, 1)
    (small,) = await sessions(tmp_path, XOR, 1)
    cache = SessionCache(kept := Kept(large.nbytes - 1))
    cache.put(small)
    cache.put(large)
    assert cache.peek(large.id) is None and cache.peek(small.id) is small
    assert kept.nbytes == small.nbytes


async def test_a_session_that_went_is_out_of_memory_without_waiting_for_the_collector(tmp_path: Path) -> None:
    """The collector counts objects and not bytes: it might let a hundred large ones lie."""
    (session,) = await sessions(tmp_path, IRIS, 1)
    session.trainer.train(20)
    session.trainer.rewind(5)
    session.trainer.trace_samples([0, 1])
    session.trainer.trace(0, kind="expanded")
    cache = SessionCache(kept := Kept(10_000_000))
    cache.put(session)
    bench = session.trainer._bench
    parts = [ref(part) for part in (session.trainer, bench, *bench._workspaces._workspaces.values())]
    del session, bench
    gc.collect()
    gc.disable()
    try:
        assert len(parts) > 3 and None not in [part() for part in parts]
        kept.limit(0)
        assert [part() for part in parts] == [None] * len(parts)
    finally:
        gc.enable()


async def test_what_a_session_grew_by_counts_when_it_is_back(tmp_path: Path) -> None:
    (session,) = await sessions(tmp_path, IRIS, 1)
    cache = SessionCache(kept := Kept(10_000_000))
    cache.put(session)
    before = kept.nbytes
    taken = cache.take(session.id)
    assert taken is session and kept.nbytes == 0
    session.trainer.train(1000)
    cache.put(session)
    assert kept.nbytes == session.nbytes > before
    cache.put(session)
    assert kept.nbytes == session.nbytes


async def reads_of(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, count: int) -> int:
    """How often the store was read when so many sessions take steps in turn."""
    reads = []
    newest = Sessions._newest

    async def counted(desk: Sessions, session_id: str, if_match: int | None) -> Session:
        reads.append(session_id)
        return await newest(desk, session_id, if_match)

    monkeypatch.setattr(Sessions, "_newest", counted)
    ids = [(await client.post("/sessions", json=XOR)).json()["id"] for _ in range(count)]
    for step in (1, 2, 3):
        for session_id in ids:
            answer = await client.post(f"/sessions/{session_id}/step?detail=summary")
            assert answer.json()["step"] == step
    return len(reads)


@pytest.mark.parametrize(("most", "reads"), [(256, 0), (0, 300)])
async def test_a_class_is_ready_where_its_bytes_fit_and_right_where_they_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, reads: int
) -> None:
    async with client_of(create_app(Settings(data_dir=tmp_path, memory_mb=most))) as client:
        assert await reads_of(client, monkeypatch, 100) == reads


async def stored(client: httpx.AsyncClient, app: Any, recipe: dict[str, Any]) -> Session:
    """A session that the server has ready."""
    session_id = (await client.post("/sessions", json=recipe)).json()["id"]
    async with app.state.playground.sessions.opened(session_id) as session:
        ready: Session = session
    return ready


@pytest.mark.parametrize("recipe", [XOR, IRIS, HALF], ids=["xor", "iris", "half"])
async def test_sessions_of_one_data_set_have_its_rows_once_and_after_a_restart_too(
    tmp_path: Path, recipe: dict[str, Any]
) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    async with client_of(app) as client:
        first, second = [await stored(client, app, {**recipe, "seed": seed}) for seed in (1, 2)]
        assert first.run.train is second.run.train and first.run.held_out is second.run.held_out
        with pytest.raises(ValueError, match="read-only"):
            first.run.train.x[0] = 7
    async with client_of(again := create_app(Settings(data_dir=tmp_path))) as client:
        opened = []
        for session in (first, second):
            async with again.state.playground.sessions.opened(session.id) as one:
                opened.append(one.run.train)
    assert opened[0] is opened[1] is not first.run.train


async def test_rows_that_an_edit_changed_belong_to_their_session_alone(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    async with client_of(app) as client:
        first, second = [await stored(client, app, {**XOR, "seed": seed}) for seed in (1, 2)]
        gates = f"/sessions/{first.id}/gates", f"/sessions/{second.id}/gates"
        before = [(await client.get(address)).json() for address in gates]
        data = {"set": [{"row": row, "x": [-3, -3]} for row in range(4)]}
        assert (await client.patch(f"/sessions/{first.id}", json={"data": data})).status_code == 200
        after = [(await client.get(address)).json() for address in gates]
    assert before[0] != after[0] and before[1] == after[1]
