"""A database of an older form is brought to the newest one; one of no known form stays as it is, and says why."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from server.cli import main
from server.sessions.store.forms import FORMS, NEWEST, form_of
from server.sessions.store.protocol import Census, DocumentKind, StoreRefused
from server.sessions.store.sqlite import SqliteStore
from tests.recordings import RECORDED, VERSIONS

DATABASE = "sessions.sqlite3"


def store_at(path: Path, now: float = 1000.0) -> SqliteStore:
    return SqliteStore(path, lifetime_seconds=60, busy_timeout_ms=0, max_sessions=9, clock=lambda: now)


def rows_of(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_first_form_becomes_the_newest_and_loses_nothing(version: str, tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    shutil.copy(RECORDED / version / DATABASE, path)
    everything = [
        "SELECT id, version, expires_at, state FROM sessions ORDER BY id",
        "SELECT id, name, body FROM parts ORDER BY id, name",
        "SELECT kind, name, expires_at, body FROM documents ORDER BY kind, name",
    ]
    before = [rows_of(path, question) for question in everything]
    assert all(before)
    for _ in range(2):
        store_at(path).close()
        assert [rows_of(path, question) for question in everything] == before
        assert rows_of(path, "PRAGMA user_version") == [(NEWEST,)]
    assert rows_of(path, "SELECT DISTINCT expires_at - used_at, is_used FROM sessions") == [(60, 1)]
    # Parts go with their session, as before.
    store = store_at(path)
    store.delete(str(before[0][0][0]))
    store.close()
    assert len(rows_of(path, everything[1])) < len(before[1])
    assert rows_of(path, "PRAGMA foreign_key_check") == []
    assert rows_of(path, "PRAGMA integrity_check") == [("ok",)]


def test_the_newest_form_is_made_at_once(tmp_path: Path) -> None:
    store_at(tmp_path / DATABASE).close()
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        assert form_of(connection) == NEWEST == max(FORMS)
        # What sweeps read stands before what may be long.
        assert [row[1] for row in connection.execute("PRAGMA table_info(sessions)")][-1] == "state"
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)


WRONG: dict[str, tuple[Callable[[Path], None], str]] = {
    "a newer one": (lambda path: change(path, f"PRAGMA user_version = {NEWEST + 1}"), "a newer version"),
    "a column more": (lambda path: change(path, "ALTER TABLE sessions ADD COLUMN owner TEXT"), "owner"),
    "a table less": (lambda path: change(path, "DROP TABLE parts"), "parts has the columns of no table"),
    "its number lost": (lambda path: change(path, "PRAGMA user_version = 0"), "form 1"),
    "of another program": (
        lambda path: (path.unlink(), change(path, "CREATE TABLE bookmarks (url TEXT)"))[1],
        "sessions has the columns of no table",
    ),
    "no database": (lambda path: (path.write_bytes(b"no database" * 1000), None)[1], "not a database"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_has_no_known_form_is_refused_at_the_start_and_stays_as_it_is(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / DATABASE
    spoil, said = WRONG[name]
    store_at(path).close()
    spoil(path)
    before = path.read_bytes()
    assert main(["--no-browser", "--port", "0", "--data-dir", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert str(path) in line and said in line and "--data-dir" in line
    assert path.read_bytes() == before


def test_a_way_that_breaks_off_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / DATABASE
    shutil.copy(RECORDED / VERSIONS[0] / DATABASE, path)
    change(path, "CREATE INDEX documents_by_use ON documents (name)")
    before = rows_of(path, "SELECT * FROM sessions ORDER BY id")
    with pytest.raises(Exception, match="documents_by_use"):
        store_at(path)
    assert rows_of(path, "SELECT * FROM sessions ORDER BY id") == before
    assert rows_of(path, "PRAGMA user_version") == [(0,)]
    change(path, "DROP INDEX documents_by_use")
    store = store_at(path)
    assert store.census().all >= len(before)
    store.close()


def test_two_that_start_at_once_do_it_once(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    shutil.copy(RECORDED / VERSIONS[0] / DATABASE, path)
    first, second = store_at(path), store_at(path)
    first.put_document(DocumentKind.DATASET, "mine", b"1")
    assert second.document(DocumentKind.DATASET, "mine") == b"1"
    assert first.census() == second.census() != Census(0, 0)
    first.close()
    second.close()


def test_a_form_that_is_refused_is_named(tmp_path: Path) -> None:
    change(tmp_path / DATABASE, "PRAGMA user_version = 7")
    with pytest.raises(StoreRefused, match="form 7"):
        store_at(tmp_path / DATABASE)
