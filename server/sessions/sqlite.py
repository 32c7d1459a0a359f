"""Sessions in one SQLite file."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from server.sessions.store import (
    Head,
    StaleVersion,
    StoreBroken,
    StoreBusy,
    Stored,
    StoreError,
    StoreFull,
    TooManySessions,
    UnknownKey,
)

# A step writes one page: rows of a table without rowids would spill over at 1 KB, and an index on expires_at would be
# written each time, only so that a sweep reads 20,000 sessions in less than its 15 ms.
SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, expires_at REAL NOT NULL, state BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS parts (
    id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, name TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (id, name)
);
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, name TEXT NOT NULL, expires_at REAL NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, name)
);
"""


# Copying the log into the file waits for the disk. `tidy` does it in a thread; left alone, a writer does it at 80 MB.
PRAGMAS = ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "wal_autocheckpoint = 20000")


class SqliteStore:
    """One connection, guarded by a lock, so that any thread may call.

    WAL lets readers go on while one writes; with synchronous NORMAL a killed process loses nothing, a power cut at
    most the last moments. BEGIN IMMEDIATE takes the write lock at once, so that a transaction never fails half way.

    Parameters
    ----------
    lifetime_seconds : an untouched session expires after this time.
    busy_timeout_ms : how long a call waits for another connection that writes.
    max_sessions : most sessions at a time.
    clock : seconds since 1970.
    max_pages : most pages of the file, for tests of a full disk.
    """

    def __init__(
        self,
        path: Path,
        *,
        lifetime_seconds: float,
        busy_timeout_ms: float,
        max_sessions: int,
        clock: Callable[[], float],
        max_pages: int | None = None,
    ) -> None:
        self._lifetime_seconds = lifetime_seconds
        self._max_sessions = max_sessions
        self._clock = clock
        self._lock = threading.RLock()
        with _translated():
            self._connection = sqlite3.connect(
                path, timeout=busy_timeout_ms / 1000, isolation_level=None, check_same_thread=False
            )
            for pragma in PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
            if max_pages is not None:
                self._connection.execute(f"PRAGMA max_page_count = {max_pages}")
            self._connection.executescript(SCHEMA)

    def create(self, session_id: str, state: bytes, parts: Mapping[str, bytes]) -> Head:
        head = Head(1, self._expiry())
        with self._writing() as connection:
            if self._count(connection) >= self._max_sessions:
                self._forget_expired(connection)
                if self._count(connection) >= self._max_sessions:
                    raise TooManySessions(f"{self._max_sessions} sessions are stored")
            connection.execute("INSERT INTO sessions VALUES (?, 1, ?, ?)", (session_id, head.expires_at, state))
            self._put_parts(connection, session_id, parts)
        return head

    def head(self, session_id: str) -> Head:
        with self._lock, _translated():
            row = self._connection.execute(
                "SELECT version, expires_at FROM sessions WHERE id = ? AND expires_at > ?", (session_id, self._clock())
            ).fetchone()
        if row is None:
            raise UnknownKey(session_id)
        return Head(*row)

    def read(self, session_id: str) -> Stored:
        with self._lock, _translated():
            connection = self._connection
            # One transaction: state and parts are of the same version.
            connection.execute("BEGIN")
            try:
                row = connection.execute(
                    "SELECT version, expires_at, state FROM sessions WHERE id = ? AND expires_at > ?",
                    (session_id, self._clock()),
                ).fetchone()
                parts = connection.execute("SELECT name, body FROM parts WHERE id = ?", (session_id,)).fetchall()
            finally:
                connection.execute("ROLLBACK")
        if row is None:
            raise UnknownKey(session_id)
        return Stored(Head(row[0], row[1]), row[2], dict(parts))

    def write(self, session_id: str, version: int, state: bytes, parts: Mapping[str, bytes | None]) -> Head:
        now = self._clock()
        head = Head(version + 1, now + self._lifetime_seconds)
        update = (
            "UPDATE sessions SET version = ?, expires_at = ?, state = ? WHERE id = ? AND version = ? AND expires_at > ?"
        )
        values = (head.version, head.expires_at, state, session_id, version, now)
        if not parts:
            # The one statement is a transaction by itself, which spares two more.
            with self._lock, _translated():
                changed = self._connection.execute(update, values).rowcount
        else:
            with self._writing() as connection:
                changed = connection.execute(update, values).rowcount
                if changed:
                    self._put_parts(connection, session_id, parts)
        if not changed:
            raise StaleVersion(self.head(session_id).version)
        return head

    def together(self) -> AbstractContextManager[object]:
        return self._writing()

    def touch(self, session_id: str) -> Head:
        now = self._clock()
        with self._writing() as connection:
            row = connection.execute(
                "UPDATE sessions SET expires_at = ? WHERE id = ? AND expires_at > ? RETURNING version, expires_at",
                (now + self._lifetime_seconds, session_id, now),
            ).fetchone()
        if row is None:
            raise UnknownKey(session_id)
        return Head(*row)

    def delete(self, session_id: str) -> None:
        with self._writing() as connection:
            deleted = connection.execute(
                "DELETE FROM sessions WHERE id = ? AND expires_at > ?", (session_id, self._clock())
            ).rowcount
        if deleted == 0:
            raise UnknownKey(session_id)

    def put_document(self, kind: str, name: str, body: bytes) -> None:
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", (kind, name, self._expiry(), body)
            )

    def document(self, kind: str, name: str) -> bytes:
        now = self._clock()
        with self._writing() as connection:
            row = connection.execute(
                "UPDATE documents SET expires_at = ? WHERE kind = ? AND name = ? AND expires_at > ? RETURNING body",
                (now + self._lifetime_seconds, kind, name, now),
            ).fetchone()
        if row is None:
            raise UnknownKey(name)
        body: bytes = row[0]
        return body

    def forget_expired(self) -> int:
        with self._writing() as connection:
            return self._forget_expired(connection)

    def tidy(self) -> None:
        with self._lock, _translated():
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def check(self) -> None:
        with self._writing() as connection:
            # A change, so that a read-only or full disk shows; put back with the same number.
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute(f"PRAGMA user_version = {version}")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _expiry(self) -> float:
        return self._clock() + self._lifetime_seconds

    def _forget_expired(self, connection: sqlite3.Connection) -> int:
        now = self._clock()
        connection.execute("DELETE FROM documents WHERE expires_at <= ?", (now,))
        return connection.execute("DELETE FROM sessions WHERE expires_at <= ?", (now,)).rowcount

    @staticmethod
    def _count(connection: sqlite3.Connection) -> int:
        count: int = connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
        return count

    @staticmethod
    def _put_parts(connection: sqlite3.Connection, session_id: str, parts: Mapping[str, bytes | None]) -> None:
        for name, body in parts.items():
            if body is None:
                connection.execute("DELETE FROM parts WHERE id = ? AND name = ?", (session_id, name))
            else:
                connection.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", (session_id, name, body))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which may be a part of a larger one: all or nothing."""
        with self._lock, _translated():
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors, such as a full disk.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except StoreError:
        raise
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        kinds = {sqlite3.SQLITE_FULL: StoreFull, sqlite3.SQLITE_BUSY: StoreBusy, sqlite3.SQLITE_LOCKED: StoreBusy}
        raise kinds.get(code, StoreBroken)(str(error)) from error
