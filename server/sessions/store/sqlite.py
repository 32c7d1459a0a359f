"""Sessions in one SQLite file."""

import math
import secrets
import sqlite3
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from server.sessions.store.database import Database, code_of
from server.sessions.store.protocol import Census, DocumentKind, Evicted, Head, NoRoom, StaleVersion, Stored, UnknownKey
from server.sessions.store.space import UNLIMITED, Space

# The use of a document is noted no more often, nor more than ten times in its lifetime: it is written as a whole.
NOTED_SECONDS = 300.0
# As much as a session of a small network takes, with its first checkpoint.
PROBE = b"\0" * 32_000
UPDATE = (
    "UPDATE sessions SET version = ?, expires_at = ?, used_at = ?, is_used = 1, state = ? WHERE id = ? AND version = ?"
)
UNUSED = """
SELECT NULL AS kind, id AS name, used_at FROM sessions WHERE is_used = 0
UNION ALL SELECT kind, name, used_at FROM documents WHERE is_used = 0 ORDER BY used_at
"""
LONG_UNUSED = """
SELECT NULL AS kind, id AS name, used_at FROM sessions WHERE is_used = 1 AND used_at <= :since
UNION ALL SELECT kind, name, used_at FROM documents WHERE is_used = 1 AND used_at <= :since ORDER BY used_at
"""
EXPIRED = """
SELECT NULL AS kind, id AS name FROM sessions WHERE expires_at <= :now
UNION ALL SELECT kind, name FROM documents WHERE expires_at <= :now LIMIT :most
"""
COUNTED = (
    f"SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM documents WHERE kind = '{DocumentKind.DATASET}')"
)


class SqliteStore:
    """See `SessionStore`.

    Parameters
    ----------
    lifetime_seconds : an untouched session may go after this time.
    busy_timeout_ms : how long a call waits for another connection that writes.
    max_sessions : most sessions and own data sets at a time.
    space : how much room there may be taken.
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
        space: Space = UNLIMITED,
        max_pages: int | None = None,
    ) -> None:
        self._lifetime_seconds = lifetime_seconds
        self._max_sessions = max_sessions
        self._clock = clock
        self._space = space
        self._database = Database(path, space, lifetime_seconds, busy_timeout_ms, max_pages)

    # --- sessions -----------------------------------------------------------------------------------------------------

    def create(self, session_id: str, state: bytes, parts: Mapping[str, bytes]) -> Head:
        now = self._clock()
        with self._database.writing() as connection:
            self._check_room(connection)
            return _create(connection, session_id, now, now + self._lifetime_seconds, state, parts)

    def head(self, session_id: str) -> Head:
        with self._database.reading() as connection:
            row = connection.execute("SELECT version, expires_at FROM sessions WHERE id = ?", (session_id,)).fetchone()
        if row is None:
            raise UnknownKey(session_id)
        return Head(*row)

    def size(self, session_id: str) -> int:
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT length(state) + (SELECT coalesce(sum(length(body)), 0) FROM parts WHERE id = :id) "
                "FROM sessions WHERE id = :id",
                {"id": session_id},
            ).fetchone()
        if row is None:
            raise UnknownKey(session_id)
        size: int = row[0]
        return size

    def read(self, session_id: str) -> Stored:
        with self._database.reading_at_once() as connection:
            row = connection.execute(
                "SELECT version, expires_at, state FROM sessions WHERE id = ?", (session_id,)
            ).fetchone()
            parts = connection.execute("SELECT name, body FROM parts WHERE id = ?", (session_id,)).fetchall()
        if row is None:
            raise UnknownKey(session_id)
        return Stored(Head(row[0], row[1]), row[2], dict(parts))

    def write(self, session_id: str, version: int, state: bytes, parts: Mapping[str, bytes | None]) -> Head:
        now = self._clock()
        head = Head(version + 1, now + self._lifetime_seconds)
        values = (head.version, head.expires_at, now, state, session_id, version)
        if not parts:
            changed = self._database.write_one(UPDATE, values)
        else:
            with self._database.writing() as connection:
                changed = connection.execute(UPDATE, values).rowcount
                if changed:
                    _put_parts(connection, session_id, parts)
        if not changed:
            raise StaleVersion(self.head(session_id).version)
        return head

    def together(self) -> AbstractContextManager[object]:
        return self._database.writing()

    def touch(self, session_id: str, *, is_used: bool = False) -> Head:
        now = self._clock()
        with self._database.writing() as connection:
            row = connection.execute(
                "UPDATE sessions SET expires_at = ?, used_at = ?, is_used = max(is_used, ?) WHERE id = ? "
                "RETURNING version, expires_at",
                (now + self._lifetime_seconds, now, is_used, session_id),
            ).fetchone()
        if row is None:
            raise UnknownKey(session_id)
        return Head(*row)

    def delete(self, session_id: str) -> None:
        if (
            self._database.freed(lambda it: it.execute("DELETE FROM sessions WHERE id = ?", (session_id,)).rowcount)
            == 0
        ):
            raise UnknownKey(session_id)

    # --- documents ----------------------------------------------------------------------------------------------------

    def put_document(self, kind: DocumentKind, name: str, body: bytes) -> None:
        now = self._clock()
        # A program never changes.
        if kind is DocumentKind.PROGRAM and self._is_noted(kind, name, now, is_used=False):
            return
        with self._database.writing() as connection:
            self._check_room(connection, is_counted=kind is DocumentKind.DATASET)
            connection.execute(
                "INSERT INTO documents (kind, name, expires_at, body, used_at, is_used) VALUES (?, ?, ?, ?, ?, 0) "
                "ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at, body = excluded.body, "
                "used_at = excluded.used_at",
                (kind, name, now + self._lifetime_seconds, body, now),
            )

    def document(self, kind: DocumentKind, name: str) -> bytes:
        with self._database.reading() as connection:
            row = connection.execute("SELECT body FROM documents WHERE kind = ? AND name = ?", (kind, name)).fetchone()
        if row is None:
            raise UnknownKey(name)
        body: bytes = row[0]
        return body

    def touch_document(self, kind: DocumentKind, name: str) -> None:
        now = self._clock()
        if self._is_noted(kind, name, now, is_used=True):
            return
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE documents SET expires_at = ?, used_at = ?, is_used = 1 WHERE kind = ? AND name = ?",
                (now + self._lifetime_seconds, now, kind, name),
            )

    def _is_noted(self, kind: DocumentKind, name: str, now: float, *, is_used: bool) -> bool:
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT used_at FROM documents WHERE kind = ? AND name = ? AND is_used >= ?", (kind, name, is_used)
            ).fetchone()
        return row is not None and abs(now - row[0]) < min(NOTED_SECONDS, self._lifetime_seconds / 10)

    # --- room ---------------------------------------------------------------------------------------------------------

    def check_room(self) -> None:
        with self._database.reading() as connection:
            self._check_room(connection, is_counted=False)

    def _check_room(self, connection: sqlite3.Connection, *, is_counted: bool = True) -> None:
        """Refuse what is new; `is_counted`: it is one more session or data set."""
        self._database.check_disk()
        if is_counted and _count(connection) >= self._max_sessions:
            raise NoRoom(f"{self._max_sessions} sessions and data sets are stored")
        self._space.check_bytes(self._database.used_bytes(connection))

    def evict(self, spared: Collection[str], unused_seconds: float) -> Evicted:
        now = self._clock()

        def work(connection: sqlite3.Connection) -> Evicted:
            never_used = self._evict(connection, UNUSED, {}, spared)
            unused = self._evict(connection, LONG_UNUSED, {"since": now - unused_seconds}, spared)
            has_room = _count(connection) < self._max_sessions
            if not has_room or self._database.used_bytes(connection) >= self._space.max_bytes:
                first = connection.execute("SELECT min(used_at) FROM sessions").fetchone()[0] or now
                wait = math.ceil(min(max(first + unused_seconds - now, 1), unused_seconds))
                raise NoRoom("everything that is stored was used not long ago", wait)
            return Evicted(never_used, unused)

        return self._database.freed(work)

    def _evict(
        self, connection: sqlite3.Connection, question: str, values: Mapping[str, float], spared: Collection[str]
    ) -> int:
        """Delete as many of the rows that a query finds as have to go; answers how many that were.

        It is some more than the one that is needed, so that the next ones need not look again.
        """
        most = self._max_sessions - max(1, self._max_sessions // 100)
        count, evicted = _count(connection), 0
        for kind, name, _ in connection.execute(question, values).fetchall():
            is_too_large = self._database.used_bytes(connection) > self._space.fewer_bytes
            if not is_too_large and count <= most:
                break
            is_counted = kind != DocumentKind.PROGRAM
            if name not in spared and (is_counted or is_too_large) and _drop(connection, kind, name):
                evicted += 1
                count -= is_counted
        return evicted

    def census(self) -> Census:
        question = "SELECT count(*), coalesce(sum(expires_at <= ?), 0) FROM "
        with self._database.reading_at_once() as connection:
            now = self._clock()
            counts = [connection.execute(question + table, (now,)).fetchone() for table in ("sessions", "documents")]
        (sessions, expired), (documents, expired_documents) = counts
        return Census(sessions + documents, expired + expired_documents, now)

    def forget_expired(self, most: int, now: float | None = None) -> int:
        def work(connection: sqlite3.Connection) -> int:
            until = self._clock() if now is None else now
            expired = connection.execute(EXPIRED, {"now": until, "most": most}).fetchall()
            return sum(_drop(connection, kind, name) for kind, name in expired)

        return self._database.freed(work)

    # --- the file -----------------------------------------------------------------------------------------------------

    def wait_for_others(self, seconds: float) -> None:
        self._database.wait_for_others(seconds)

    def tidy(self) -> None:
        self._database.tidy()

    def check(self) -> None:
        name, now = f"probe-{secrets.token_hex(8)}", self._clock()
        with self._database.writing() as connection:
            self._database.check_disk()
            _create(connection, name, now, now, PROBE, {"part": PROBE})
        self.write(name, 1, PROBE, {})
        self.delete(name)

    def bring_back(self) -> None:
        self._database.bring_back()

    def close(self) -> None:
        self._database.close()


def _create(
    connection: sqlite3.Connection,
    session_id: str,
    now: float,
    expires_at: float,
    state: bytes,
    parts: Mapping[str, bytes],
) -> Head:
    connection.execute("INSERT INTO sessions VALUES (?, 1, ?, ?, 0, ?)", (session_id, expires_at, now, state))
    _put_parts(connection, session_id, parts)
    return Head(1, expires_at)


def _put_parts(connection: sqlite3.Connection, session_id: str, parts: Mapping[str, bytes | None]) -> None:
    for name, body in parts.items():
        if body is None:
            connection.execute("DELETE FROM parts WHERE id = ? AND name = ?", (session_id, name))
        else:
            connection.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", (session_id, name, body))


def _count(connection: sqlite3.Connection) -> int:
    """Sessions and own data sets."""
    count: int = connection.execute(COUNTED).fetchone()[0]
    return count


def _drop(connection: sqlite3.Connection, kind: str | None, name: str) -> bool:
    """Delete a session, or a document of this kind; answers False for one that is damaged, which stays."""
    connection.execute("SAVEPOINT one")
    try:
        if kind is None:
            connection.execute("DELETE FROM sessions WHERE id = ?", (name,))
        else:
            connection.execute("DELETE FROM documents WHERE kind = ? AND name = ?", (kind, name))
    except sqlite3.DatabaseError as error:
        if code_of(error) != sqlite3.SQLITE_CORRUPT:
            raise
        connection.execute("ROLLBACK TO one")
        return False
    finally:
        if connection.in_transaction:
            connection.execute("RELEASE one")
    return True
