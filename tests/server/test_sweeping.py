"""What has expired goes, but never most of it at once on the word of a clock alone."""

import asyncio
import logging
from pathlib import Path

import pytest

from server.sessions.store.access import StoreAccess
from server.sessions.store.protocol import Census, DocumentKind
from server.sessions.store.sqlite import SqliteStore
from server.sessions.store.sweeping import Sweeper

DAY = 86_400.0


class Times:
    """The clock on the wall, which somebody may set, and the one that nobody can."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_000_000.0, 50.0

    def wait(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def store(tmp_path: Path, times: Times) -> SqliteStore:
    return SqliteStore(
        tmp_path / "db", lifetime_seconds=7 * DAY, busy_timeout_ms=0, max_sessions=1000, clock=lambda: times.wall
    )


@pytest.fixture
def sweeper(store: SqliteStore, times: Times) -> Sweeper:
    return Sweeper(StoreAccess(lambda: store, lambda: store), 3600, lambda: times.steady, lambda: times.wall)


def fill(store: SqliteStore, count: int, prefix: str = "s") -> None:
    for number in range(count):
        store.create(f"{prefix}{number}", b"", {})


async def test_a_clock_that_is_wrong_for_a_moment_takes_nothing(
    store: SqliteStore, sweeper: Sweeper, times: Times, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, 20)
    store.put_document(DocumentKind.DATASET, "mine", b"")
    times.wall += 8 * DAY
    assert await sweeper.sweep() == 0
    (line,) = caplog.messages
    assert "21 of 21" in line and "wrong clock" in line
    # It says so once, and those that are used meanwhile are there.
    times.steady += 600
    assert (await sweeper.sweep(), len(caplog.messages)) == (0, 1)
    assert store.write("s0", 1, b"", {}).version == 2
    times.wall -= 8 * DAY
    times.steady += 3600
    assert await sweeper.sweep() == 0
    assert store.census() == Census(21, 0)
    # The next time it waits again.
    times.wall += 8 * DAY
    assert (await sweeper.sweep(), len(caplog.messages)) == (0, 2)


async def test_a_wrong_clock_takes_no_idle_session_where_most_are_in_use(
    store: SqliteStore, sweeper: Sweeper, times: Times, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, 50)
    assert await sweeper.sweep() == 0
    times.wall += 8 * DAY
    # Sessions in use go on, so that only one of them all has expired.
    for number in range(1, 50):
        store.write(f"s{number}", 1, b"", {})
    for _ in range(3):
        assert await sweeper.sweep() == 0
        times.wait(600)
    assert store.census() == Census(50, 1) and len(caplog.messages) == 1
    times.wall -= 8 * DAY
    assert await sweeper.sweep() == 0
    assert store.head("s0").version == 1
    # A clock that was set right by that much is believed after the wait.
    times.wall += 8 * DAY
    assert await sweeper.sweep() == 0
    times.wait(3600)
    assert await sweeper.sweep() == 1


async def test_a_server_that_was_away_for_long_sweeps_after_a_while(
    store: SqliteStore, sweeper: Sweeper, times: Times, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, 250)
    times.wait(30 * DAY)
    with caplog.at_level(logging.INFO):
        assert await sweeper.sweep() == 0
        times.wait(3599)
        assert await sweeper.sweep() == 0
        fill(store, 3, "new")
        times.wait(1)
        assert await sweeper.sweep() == 250
    assert store.census() == Census(3, 0)
    assert caplog.messages[-1] == "250 of 253 sessions and documents had expired and were deleted"


async def test_where_a_wait_has_begun_it_ends_for_nobody_because_others_came_back(
    store: SqliteStore, sweeper: Sweeper, times: Times
) -> None:
    fill(store, 20)
    times.wait(8 * DAY)
    assert await sweeper.sweep() == 0
    for number in range(1, 20):
        store.write(f"s{number}", 1, b"", {})
        times.wait(1)
        assert await sweeper.sweep() == 0
    assert store.census() == Census(20, 1)
    times.wait(3600)
    assert await sweeper.sweep() == 1


async def test_a_process_that_starts_believes_its_clock_after_a_while(
    store: SqliteStore, sweeper: Sweeper, times: Times, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, 1)
    times.wall += 8 * DAY
    fill(store, 49, "used")
    # As after a kill: nobody remembers that the clock was moved, and only one of all is not in use again.
    other = Sweeper(StoreAccess(lambda: store, lambda: store), 3600, lambda: times.steady, lambda: times.wall)
    assert await other.sweep() == 0
    assert "1 of 50" in caplog.messages[0] and "started" in caplog.messages[0]
    times.wait(3599)
    assert await other.sweep() == 0
    times.wait(1)
    assert await other.sweep() == 1


async def test_a_clock_that_is_moved_in_the_middle_of_a_sweep_takes_nothing_else(
    store: SqliteStore, times: Times, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 2, "old")
    times.wait(7 * DAY - 10)
    fill(store, 48)
    access = StoreAccess(lambda: store, lambda: store)
    sweeper = Sweeper(access, 3600, lambda: times.steady, lambda: times.wall)
    assert await sweeper.sweep() == 0
    times.wait(11)
    forget = store.forget_expired

    def after_a_move(most: int, now: float | None = None) -> int:
        times.wall += 8 * DAY
        return forget(most, now)

    monkeypatch.setattr(store, "forget_expired", after_a_move)
    assert await sweeper.sweep() == 2
    assert store.census() == Census(48, 48)


async def test_a_clock_that_is_moved_again_and_again_is_believed_after_the_last_time(
    store: SqliteStore, sweeper: Sweeper, times: Times
) -> None:
    fill(store, 1, "old")
    times.wait(7 * DAY - 1)
    fill(store, 20)
    for _ in range(3):
        times.wall += 8 * DAY
        assert await sweeper.sweep() == 0
        times.wait(2000)
        times.wall -= 8 * DAY
        assert await sweeper.sweep() == 0
    times.wait(3600)
    assert await sweeper.sweep() == 1
    assert store.census() == Census(20, 0)


async def test_a_few_go_at_once_and_leave_a_line(
    store: SqliteStore, sweeper: Sweeper, times: Times, caplog: pytest.LogCaptureFixture
) -> None:
    assert await sweeper.sweep() == 0
    fill(store, 3, "old")
    times.wait(7 * DAY - 10)
    fill(store, 27)
    times.wait(11)
    with caplog.at_level(logging.INFO):
        assert await sweeper.sweep() == 3
        assert caplog.messages == ["3 of 30 sessions and documents had expired and were deleted"]
        assert await sweeper.sweep() == 0
    assert len(caplog.messages) == 1
    await asyncio.sleep(0)
