"""What every session store does, whichever it is."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.sessions.store.protocol import (
    Census,
    DocumentKind,
    Evicted,
    NoRoom,
    SessionStore,
    StaleVersion,
    StoreBroken,
    StoreBusy,
    StoreFull,
    UnknownKey,
)
from server.sessions.store.sqlite import SqliteStore


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


Open = Callable[[Path, Clock], SessionStore]


def open_sqlite(directory: Path, clock: Clock) -> SessionStore:
    return SqliteStore(
        directory / "sessions.sqlite3", lifetime_seconds=60, busy_timeout_ms=2000, max_sessions=3, clock=clock
    )


@pytest.fixture(params=[open_sqlite], ids=["sqlite"])
def open_store(request: pytest.FixtureRequest) -> Open:
    opener: Open = request.param
    return opener


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(open_store: Open, tmp_path: Path, clock: Clock) -> Iterator[SessionStore]:
    store = open_store(tmp_path, clock)
    yield store
    store.close()


def test_what_was_written_is_read(store: SessionStore) -> None:
    store.create("a", b"state 1", {"start": b"never changes", "old": b"goes"})
    head = store.write("a", 1, b"state 2", {"new": b"comes", "old": None})
    stored = store.read("a")
    assert stored.state == b"state 2"
    assert stored.parts == {"start": b"never changes", "new": b"comes"}
    assert stored.head == head == store.head("a")
    assert head.version == 2


def test_a_write_on_a_stale_version_changes_nothing(store: SessionStore) -> None:
    store.create("a", b"1", {})
    store.write("a", 1, b"2", {})
    for parts in ({}, {"x": b"y"}):
        with pytest.raises(StaleVersion) as stale:
            store.write("a", 1, b"lost", parts)
        assert stale.value.current == 2
    assert (store.read("a").state, store.read("a").parts) == (b"2", {})


def test_what_was_acknowledged_is_there_for_the_next_process(
    open_store: Open, tmp_path: Path, clock: Clock, store: SessionStore
) -> None:
    store.create("a", b"1", {})
    store.write("a", 1, b"2", {})
    # The first store is still open, as that of a process that was killed.
    other = open_store(tmp_path, clock)
    assert other.read("a").state == b"2"
    other.close()


def test_unknown_sessions_are_named_as_such(store: SessionStore) -> None:
    for call in (store.head, store.read, store.touch, store.delete):
        with pytest.raises(UnknownKey):
            call("nobody")
    with pytest.raises(UnknownKey):
        store.write("nobody", 1, b"", {})


def test_an_untouched_session_expires(store: SessionStore, clock: Clock) -> None:
    store.create("a", b"", {"part": b""})
    assert store.forget_expired(10) == 0
    clock.now += 61
    assert store.census() == Census(1, 1)
    assert store.forget_expired(10) == 1
    for call in (store.head, store.read, store.touch, store.delete):
        with pytest.raises(UnknownKey):
            call("a")
    with pytest.raises(UnknownKey):
        store.write("a", 1, b"", {})
    assert store.forget_expired(10) == 0
    assert store.census() == Census(0, 0)


def test_what_has_expired_is_there_until_it_is_swept(store: SessionStore, clock: Clock) -> None:
    for name in "ab":
        store.create(name, b"", {})
    store.put_document(DocumentKind.DATASET, "mine", b"1")
    store.put_document(DocumentKind.PROGRAM, "p", b"1")
    clock.now += 61
    assert store.read("a").head.version == 1
    assert store.document(DocumentKind.DATASET, "mine") == b"1"
    store.write("a", 1, b"", {})
    assert store.census() == Census(4, 3)
    assert [store.forget_expired(2), store.forget_expired(2)] == [2, 1]
    assert store.head("a").version == 2


@pytest.mark.parametrize(
    "use", [lambda store: store.touch("a"), lambda store: store.write("a", 1, b"", {})], ids=["touch", "write"]
)
def test_use_lets_a_session_live_on(store: SessionStore, clock: Clock, use: Callable[[SessionStore], object]) -> None:
    store.create("a", b"", {})
    clock.now += 50
    use(store)
    clock.now += 50
    assert store.head("a").expires_at == 1110


def test_touching_keeps_the_version(store: SessionStore) -> None:
    store.create("a", b"", {})
    assert store.touch("a").version == 1


def test_deleted_sessions_leave_no_part_behind(store: SessionStore) -> None:
    store.create("a", b"", {"part": b"old"})
    store.delete("a")
    store.create("a", b"", {})
    assert store.read("a").parts == {}


def names_in(store: SessionStore, names: str) -> str:
    """Those that are there."""

    def is_there(name: str) -> bool:
        try:
            store.document(DocumentKind.DATASET, name) if name.isupper() else store.head(name)
        except UnknownKey:
            return False
        return True

    return "".join(name for name in names if is_there(name))


def test_sessions_and_data_sets_find_room_together(store: SessionStore) -> None:
    store.put_document(DocumentKind.DATASET, "A", b"")
    store.put_document(DocumentKind.PROGRAM, "p", b"")
    store.create("b", b"", {})
    store.create("c", b"", {})
    with pytest.raises(NoRoom):
        store.create("d", b"", {})
    with pytest.raises(NoRoom):
        store.put_document(DocumentKind.DATASET, "D", b"")
    # Programs can be made again, and do not count; nor does an edit.
    store.put_document(DocumentKind.PROGRAM, "q", b"")
    store.check_room()
    assert names_in(store, "Abcd") == "Abc"


@pytest.mark.parametrize(
    ("used", "goes"),
    [("", "a"), ("a", "B"), ("aB", "c"), ("ac", "B"), ("Bc", "a")],
)
def test_what_was_never_used_goes_first_the_longest_unused_before_others(
    store: SessionStore, clock: Clock, used: str, goes: str
) -> None:
    store.create("a", b"", {"part": b""})
    clock.now += 1
    store.put_document(DocumentKind.DATASET, "B", b"")
    clock.now += 1
    store.create("c", b"", {})
    for name in used:
        clock.now += 1
        if name.isupper():
            store.touch_document(DocumentKind.DATASET, name)
        else:
            store.write(name, 1, b"", {})
    evicted = store.evict((), 3600)
    assert (evicted.never_used, evicted.unused) == (1, 0)
    assert names_in(store, "aBc") == "aBc".replace(goes, "")
    store.create("d", b"", {})


def test_what_was_used_goes_when_nobody_has_used_it_for_long(store: SessionStore, clock: Clock) -> None:
    for name in "abc":
        store.create(name, b"", {})
        store.touch(name, is_used=True)
        clock.now += 1
    with pytest.raises(NoRoom) as full:
        store.evict((), 30)
    assert full.value.retry_after == 27
    clock.now += 27
    store.touch("b")
    evicted = store.evict((), 30)
    assert (evicted.never_used, evicted.unused) == (0, 1)
    assert names_in(store, "abc") == "bc"
    clock.now += 10_000
    store.create("d", b"", {})
    with pytest.raises(NoRoom):
        store.evict(("b", "c", "d"), 30)


def test_where_there_is_room_nothing_goes(store: SessionStore, clock: Clock) -> None:
    store.create("a", b"", {})
    clock.now += 10_000
    assert store.evict((), 30) == Evicted()
    assert names_in(store, "a") == "a"


def test_documents_are_found_until_nobody_wants_them(store: SessionStore, clock: Clock) -> None:
    store.put_document(DocumentKind.DATASET, "mine", b"1")
    store.put_document(DocumentKind.DATASET, "mine", b"2")
    for _ in range(2):
        clock.now += 50
        store.touch_document(DocumentKind.DATASET, "mine")
        assert store.forget_expired(10) == 0
        assert store.document(DocumentKind.DATASET, "mine") == b"2"
    with pytest.raises(UnknownKey):
        store.document(DocumentKind.PROGRAM, "mine")
    clock.now += 61
    assert store.forget_expired(10) == 1
    with pytest.raises(UnknownKey):
        store.document(DocumentKind.DATASET, "mine")
    store.touch_document(DocumentKind.DATASET, "mine")


def test_a_use_that_was_noted_just_now_writes_nothing(store: SessionStore, clock: Clock) -> None:
    store.put_document(DocumentKind.PROGRAM, "p", b"the same")
    for _ in range(9):
        clock.now += 1
        store.put_document(DocumentKind.PROGRAM, "p", b"the same")
    assert store.forget_expired(10) == 0
    clock.now += 55
    assert store.forget_expired(10) == 0


def test_of_many_writers_of_one_version_one_wins(
    open_store: Open, tmp_path: Path, clock: Clock, store: SessionStore
) -> None:
    store.create("a", b"", {})
    outcomes: list[str] = []

    def write(name: str) -> None:
        own = open_store(tmp_path, clock)
        try:
            own.write("a", 1, name.encode(), {"who": name.encode()})
            outcomes.append(name)
        except StaleVersion:
            pass
        finally:
            own.close()

    threads = [threading.Thread(target=write, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = outcomes
    assert store.read("a").state == store.read("a").parts["who"] == winner.encode()


def test_tidying_changes_nothing(store: SessionStore) -> None:
    store.create("a", b"1", {"part": b"2"})
    before = store.read("a")
    store.tidy()
    assert store.read("a") == before


def test_a_store_that_works_passes_its_check(store: SessionStore) -> None:
    store.check()
    assert store.census() == Census(0, 0)


# --- SQLite alone ----------------------------------------------------------------------------------------------------


def sqlite_store(path: Path, max_pages: int | None = None) -> SqliteStore:
    return SqliteStore(
        path, lifetime_seconds=60, busy_timeout_ms=0, max_sessions=100, clock=Clock(), max_pages=max_pages
    )


def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "db", max_pages=30)
    store.create("a", b"first", {})
    with pytest.raises(StoreFull):
        store.write("a", 1, b"x" * 200_000, {"part": b"y"})
    with pytest.raises(StoreFull):
        store.create("b", b"x" * 200_000, {})
    assert (store.read("a").state, store.head("a").version) == (b"first", 1)
    assert store.write("a", 1, b"second", {}).version == 2
    store.close()


def test_a_store_that_another_process_holds_is_busy(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "db")
    store.create("a", b"", {})
    holder = sqlite3.connect(tmp_path / "db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    for parts in ({}, {"part": b""}):
        with pytest.raises(StoreBusy):
            store.write("a", 1, b"", parts)
    assert store.read("a").head.version == 1
    holder.execute("ROLLBACK")
    holder.close()
    store.close()


def test_a_file_that_is_no_database_is_broken(tmp_path: Path) -> None:
    (tmp_path / "db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreBroken):
        sqlite_store(tmp_path / "db")
