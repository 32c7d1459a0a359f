"""What is written in one turn of the event loop is one transaction, and each write hears how it went itself."""

import asyncio
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.sessions.store.access import StoreAccess
from server.sessions.store.protocol import Head, StaleVersion, StoreFull, UnknownKey
from server.sessions.store.sqlite import SqliteStore
from tests.server.api import SESSION


class CountingStore(SqliteStore):
    """Counts its joined transactions."""

    together_count = 0

    def together(self) -> AbstractContextManager[object]:
        self.together_count += 1
        return super().together()


def store_with(path: Path, sessions: str, busy_timeout_ms: float = 0, max_pages: int | None = None) -> CountingStore:
    store = CountingStore(
        path,
        lifetime_seconds=60,
        busy_timeout_ms=busy_timeout_ms,
        max_sessions=100,
        clock=lambda: 1000.0,
        max_pages=max_pages,
    )
    for name in sessions:
        store.create(name, b"first", {"part": b"old"})
    return store


async def written(access: StoreAccess, *writes: tuple[str, int, bytes]) -> list[Any]:
    calls = (access.write(name, version, state, {"part": state}) for name, version, state in writes)
    return await asyncio.gather(*calls, return_exceptions=True)


async def test_writes_of_one_turn_are_one_transaction(tmp_path: Path) -> None:
    store = store_with(tmp_path / "db", "abc")
    access = StoreAccess(lambda: store, lambda: store)
    heads = await written(access, ("a", 1, b"A"), ("b", 1, b"B"), ("c", 1, b"C"))
    assert heads == [Head(2, 1060.0)] * 3
    assert store.together_count == 1
    assert [store.read(name).state for name in "abc"] == [b"A", b"B", b"C"]
    access.close()


async def test_a_stale_or_unknown_one_does_not_hinder_the_others(tmp_path: Path) -> None:
    store = store_with(tmp_path / "db", "ab")
    access = StoreAccess(lambda: store, lambda: store)
    stale, unknown, good = await written(access, ("a", 7, b"lost"), ("nobody", 1, b"lost"), ("b", 1, b"B"))
    assert isinstance(stale, StaleVersion) and stale.current == 1
    assert isinstance(unknown, UnknownKey)
    assert good.version == 2
    found = {name: (store.read(name).state, store.read(name).parts) for name in "ab"}
    assert found == {"a": (b"first", {"part": b"old"}), "b": (b"B", {"part": b"B"})}
    access.close()


async def test_of_two_writes_of_one_version_in_one_turn_the_first_wins(tmp_path: Path) -> None:
    store = store_with(tmp_path / "db", "a")
    access = StoreAccess(lambda: store, lambda: store)
    first, second = await written(access, ("a", 1, b"A"), ("a", 1, b"lost"))
    assert first.version == 2 and isinstance(second, StaleVersion)
    assert store.read("a").state == b"A"
    access.close()


async def test_when_the_disk_is_full_all_hear_it_and_nothing_has_changed(tmp_path: Path) -> None:
    store = store_with(tmp_path / "db", "ab", max_pages=30)
    access = StoreAccess(lambda: store, lambda: store)
    answers = await written(access, ("a", 1, b"small"), ("b", 1, b"x" * 200_000))
    assert all(isinstance(answer, StoreFull) for answer in answers)
    assert [store.read(name).state for name in "ab"] == [b"first", b"first"]
    assert [head.version for head in await written(access, ("a", 1, b"A"), ("b", 1, b"B"))] == [2, 2]
    access.close()


async def test_behind_another_process_the_writes_wait_in_a_thread(tmp_path: Path) -> None:
    store_with(tmp_path / "db", "ab").close()
    access = StoreAccess(lambda: store_with(tmp_path / "db", ""), lambda: store_with(tmp_path / "db", "", 5000))
    await access(lambda store: store.head("a"))
    holder = sqlite3.connect(tmp_path / "db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(written(access, ("a", 1, b"A"), ("b", 1, b"B")))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    holder.execute("ROLLBACK")
    holder.close()
    assert [head.version for head in await waiting] == [2, 2]
    access.close()


async def test_one_who_no_longer_waits_does_not_hinder_the_others(tmp_path: Path) -> None:
    store = store_with(tmp_path / "db", "ab")
    access = StoreAccess(lambda: store, lambda: store)
    gone = asyncio.create_task(access.write("a", 1, b"A", {}))
    stays = asyncio.create_task(access.write("b", 1, b"B", {}))
    asyncio.get_running_loop().call_soon(gone.cancel)
    assert (await stays).version == 2
    with pytest.raises(asyncio.CancelledError):
        await gone
    access.close()


async def test_steps_of_many_sessions_at_once_are_all_stored(client: httpx.AsyncClient) -> None:
    ids = [(await client.post("/sessions", json=SESSION)).json()["id"] for _ in range(5)]
    answers = await asyncio.gather(*(client.post(f"/sessions/{name}/step") for name in ids for _ in range(4)))
    assert sorted(answer.json()["step"] for answer in answers) == sorted([1, 2, 3, 4] * 5)
    sessions = [(await client.get(f"/sessions/{name}")).json() for name in ids]
    assert all((session["step"], session["version"]) == (4, 5) for session in sessions)
