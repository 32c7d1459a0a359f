"""A disk that is full to the last byte: what was acknowledged is there, deleting works, and files shrink."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from server.sessions.store.reserve import Reserve
from server.sessions.store.space import Space
from server.sessions.store.sqlite import SqliteStore
from server.settings import Settings
from tests.server.api import SESSION
from tests.small_disk import SmallDisk, can_mount, small_disk

MEGABYTE = 1_000_000
RESERVE_BYTES = Settings.model_fields["reserve_bytes"].default
WIDE = {**SESSION, "model": {"inputs": 2, "hidden": [{"units": 200}, {"units": 60}], "output": {"units": 3}}}


@contextmanager
def served(disk: SmallDisk) -> Iterator[tuple[httpx.Client, subprocess.Popen[bytes]]]:
    server, address = disk.serve(min_free_bytes=10 * MEGABYTE, tidy_every_seconds=0.1)
    try:
        with httpx.Client(base_url=f"http://{address}/api/v1", timeout=60) as api:
            assert api.get("/health/live").status_code == 200
            yield api, server
    finally:
        server.kill()
        server.wait()


def until(check: object, api: httpx.Client) -> None:
    """Ask until something has become true, which takes some turns of housekeeping."""
    assert callable(check)
    for _ in range(600):
        if check():
            return
        assert api.get("/health/live").status_code == 200
        time.sleep(0.1)
    raise AssertionError("it has not become true for a minute")


def has_reserve(disk: SmallDisk) -> bool:
    reserve = disk.path / "sessions.sqlite3-reserve"
    return reserve.exists() and reserve.stat().st_size == RESERVE_BYTES


@pytest.mark.skipif(not can_mount(), reason="this system lets nobody but root mount a disk")
def test_a_full_disk_takes_nothing_away_and_gives_room_when_something_is_deleted(tmp_path: Path) -> None:
    with small_disk(tmp_path, 40 * MEGABYTE) as disk:
        with served(disk) as (api, server):
            until(lambda: has_reserve(disk), api)
            ids: list[str] = []
            while (answer := api.post("/sessions", json=WIDE)).status_code == 201:
                ids.append(answer.json()["id"])
            assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
            # Stopped long before the end, so that the clients that are there go on.
            assert disk.free > 6 * MEGABYTE and len(ids) > 50
            assert all(api.post(f"/sessions/{name}/step").status_code == 200 for name in ids[:10])
            disk.fill()
            found = [api.post(f"/sessions/{name}/train", json={"steps": 100}).status_code for name in ids[:10]]
            assert set(found) <= {200, 507}
            before = [api.get(f"/sessions/{name}").json() for name in ids[:10]]
            assert api.get("/health/ready").status_code == 507
            for name in ids[10:40]:
                assert api.delete(f"/sessions/{name}").status_code == 204
            # What was deleted gives the reserve back first; then somebody takes the rest again.
            until(lambda: has_reserve(disk), api)
            disk.fill()
            os.kill(server.pid, signal.SIGKILL)
            server.wait()
        # Started again where there is no room at all.
        disk.fill()
        with served(disk) as (api, server):
            after = [api.get(f"/sessions/{name}").json() for name in ids[:10]]
            assert [session["parameters"] for session in after] == [session["parameters"] for session in before]
            for name in ids[40:]:
                assert api.delete(f"/sessions/{name}").status_code == 204
            disk.empty()
            until(lambda: (disk.path / "sessions.sqlite3").stat().st_size < 6 * MEGABYTE, api)
            assert all(api.post(f"/sessions/{name}/step").status_code == 200 for name in ids[:10])
            assert api.post("/sessions", json=WIDE).status_code == 201
            sizes = {path.name: path.stat().st_size for path in disk.path.iterdir()}
            assert sizes["sessions.sqlite3-wal"] < 6 * MEGABYTE, sizes


def test_the_log_is_cut_after_a_burst(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "db", lifetime_seconds=60, busy_timeout_ms=0, max_sessions=100, clock=lambda: 1000.0)
    log = tmp_path / "db-wal"
    store.create("a", b"", {})
    for number in range(3):
        store.create(str(number), bytes(4_000_000), {})
    assert log.stat().st_size > 10 * MEGABYTE
    store.tidy()
    store.touch("a")
    assert log.stat().st_size < 5 * MEGABYTE
    store.close()


def test_a_file_gives_room_back_little_by_little(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "db", lifetime_seconds=60, busy_timeout_ms=0, max_sessions=100, clock=lambda: 1000.0)
    for number in range(50):
        store.create(str(number), bytes(400_000), {})
    store.tidy()
    assert (tmp_path / "db").stat().st_size > 20 * MEGABYTE
    for number in range(49):
        store.delete(str(number))
    sizes = []
    for _ in range(10):
        store.tidy()
        sizes.append((tmp_path / "db").stat().st_size)
    assert sizes[0] > sizes[1] > sizes[2]
    assert sizes[-1] < 2 * MEGABYTE
    assert store.read("49").state == bytes(400_000)
    store.close()


def test_the_reserve_is_taken_where_there_is_room_and_given_once(tmp_path: Path) -> None:
    small = Reserve(tmp_path / "db", 1000)
    assert not small.give()
    small.take()
    assert (tmp_path / "db-reserve").stat().st_size == 1000
    assert (small.give(), small.give()) == (True, False)
    Reserve(tmp_path / "db", 2**60).take()
    Reserve(tmp_path / "db", 0).take()
    assert not small.give()


def test_room_is_made_with_what_is_reserved(tmp_path: Path) -> None:
    """Where a transaction of deletion finds no room, the reserve goes, and it is tried again."""
    store = SqliteStore(
        tmp_path / "db",
        lifetime_seconds=60,
        busy_timeout_ms=0,
        max_sessions=100,
        clock=lambda: 1000.0,
        space=Space(reserve_bytes=5000),
    )
    store.create("a", b"", {})
    store.tidy()
    assert (tmp_path / "db-reserve").exists()
    store.delete("a")
    assert (tmp_path / "db-reserve").exists()
    store.close()
