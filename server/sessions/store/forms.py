"""The forms that the tables of a session database have had, and the way from each to the newest.

`PRAGMA user_version` says which one a file has. The first form said nothing: it is known by its tables.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress

from server.sessions.store.protocol import StoreRefused

NEWEST = 2
Columns = Mapping[str, tuple[str, ...]]

# A step writes one page: rows of a table without rowids would spill over at 1 KB, and an index on expires_at would be
# written each time, only so that a sweep reads 20,000 sessions in less than its 15 ms. What a sweep reads stands before
# the state, which may go on over many pages. Sessions that were used stand in no index but that of their ids.
SESSIONS = """
CREATE TABLE {name} (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, expires_at REAL NOT NULL, used_at REAL NOT NULL,
    is_used INTEGER NOT NULL, state BLOB NOT NULL
)"""
NEVER_USED = "CREATE INDEX never_used ON sessions (used_at) WHERE is_used = 0"
PARTS = """
CREATE TABLE parts (
    id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, name TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (id, name)
)"""
DOCUMENTS = """
CREATE TABLE documents (
    kind TEXT NOT NULL, name TEXT NOT NULL, expires_at REAL NOT NULL, body BLOB NOT NULL,
    used_at REAL NOT NULL DEFAULT 0, is_used INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (kind, name)
)"""
DOCUMENTS_BY_USE = "CREATE INDEX documents_by_use ON documents (is_used, used_at, kind, name, expires_at)"

FIRST: Columns = {
    "sessions": ("id", "version", "expires_at", "state"),
    "parts": ("id", "name", "body"),
    "documents": ("kind", "name", "expires_at", "body"),
}
SECOND: Columns = {
    "sessions": ("id", "version", "expires_at", "used_at", "is_used", "state"),
    "parts": FIRST["parts"],
    "documents": (*FIRST["documents"], "used_at", "is_used"),
}
FORMS: Mapping[int, Columns] = {1: FIRST, 2: SECOND}


def bring_to_newest(connection: sqlite3.Connection, lifetime_seconds: float) -> None:
    """Make the tables, or make those of an older form the newest ones: all or nothing.

    Parameters
    ----------
    lifetime_seconds : of a session that nobody uses, from which follows when one of the first form was used last.

    Raises
    ------
    StoreRefused : the file has tables of no form that is known here; it stays as it is.
    """
    # A table whose place another one takes must not take its rows' parts along.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited.
        form = form_of(connection)
        if form == 0:
            _make(connection)
        else:
            for older in range(form, NEWEST):
                STEPS[older](connection, lifetime_seconds)
        connection.execute(f"PRAGMA user_version = {NEWEST}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    if form == 1:
        # Writes the whole file again, so that it can give room back. If that fails now, `store shrink` does it later.
        with suppress(sqlite3.Error):
            connection.execute("VACUUM")


def form_of(connection: sqlite3.Connection) -> int:
    """The form of the tables; 0 where there are none yet.

    Raises
    ------
    StoreRefused : it is none that is known here.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > NEWEST:
        raise StoreRefused(
            f"its tables have form {version}, and this version of the playground knows forms up to {NEWEST}; a newer "
            "version has written them"
        )
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        return 0
    form = max(1, version)
    for table, columns in FORMS[form].items():
        found = tuple(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
        if found != columns:
            raise StoreRefused(
                f"its tables are not those of a session database of form {form}: {table} has the columns "
                f"{', '.join(found) or 'of no table'}, not {', '.join(columns)}"
            )
    return form


def _make(connection: sqlite3.Connection) -> None:
    for statement in (SESSIONS.format(name="sessions"), NEVER_USED, PARTS, DOCUMENTS, DOCUMENTS_BY_USE):
        connection.execute(statement)


def _with_uses(connection: sqlite3.Connection, lifetime_seconds: float) -> None:
    """When each was last used, and whether it ever was: a changed one was; nothing is known of the others."""
    connection.execute(SESSIONS.format(name="newer"))
    connection.execute(
        "INSERT INTO newer SELECT id, version, expires_at, expires_at - ?, 1, state FROM sessions", (lifetime_seconds,)
    )
    connection.execute("DROP TABLE sessions")
    connection.execute("ALTER TABLE newer RENAME TO sessions")
    for column in ("used_at REAL NOT NULL DEFAULT 0", "is_used INTEGER NOT NULL DEFAULT 0"):
        connection.execute(f"ALTER TABLE documents ADD COLUMN {column}")
    connection.execute("UPDATE documents SET used_at = expires_at - ?, is_used = 1", (lifetime_seconds,))
    for statement in (NEVER_USED, DOCUMENTS_BY_USE):
        connection.execute(statement)


# From a form to the next one.
STEPS: Mapping[int, Callable[[sqlite3.Connection, float], None]] = {1: _with_uses}
