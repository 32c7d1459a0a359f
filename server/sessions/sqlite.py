"""Sessions in one SQLite file."""

import math
import secrets
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from server.sessions.forms import NEWEST, bring_to_newest, form_of
from server.sessions.place import Place
from server.sessions.space import UNLIMITED, Space
from server.sessions.store import (
    Census,
    Evicted,
    Head,
    Kind,
    NoRoom,
    StaleVersion,
    StoreBroken,
    StoreBusy,
    Stored,
    StoreError,
    StoreFull,
    StoreMoved,
    UnknownKey,
)

# Copying the log into the file waits for the disk. `tidy` does it in a thread; left alone, a writer does it at 80 MB.
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "wal_autocheckpoint = 20000",
)
# The use of a document is noted no more often, nor more than ten times in its lifetime: it is written as a whole.
NOTED_SECONDS = 300.0
# As much as a session of a small network takes, with its first checkpoint.
PROBE = b"\0" * 32_000
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


class SqliteStore:
    """One connection, guarded by a lock, so that any thread may call.

    WAL lets readers go on while one writes; with synchronous NORMAL a killed process loses nothing, a power cut at
    most the last moments. BEGIN IMMEDIATE takes the write lock at once, so that a transaction never fails half way.

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
        self._path = path
        self._lock = threading.RLock()
        with _translated():
            self._connection = sqlite3.connect(
                path, timeout=busy_timeout_ms / 1000, isolation_level=None, check_same_thread=False
            )
            try:
                # What is not ours is not touched.
                is_newest = form_of(self._connection) == NEWEST
                if not is_newest:
                    # Said before the first table is made: rows that went leave room that `tidy` gives back.
                    self._connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
                for pragma in PRAGMAS:
                    self._connection.execute(f"PRAGMA {pragma}")
                if max_pages is not None:
                    self._connection.execute(f"PRAGMA max_page_count = {max_pages}")
                if not is_newest:
                    bring_to_newest(self._connection, lifetime_seconds)
                (self._page_bytes,) = self._connection.execute("PRAGMA page_size").fetchone()
                # Reading makes the log.
                self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                self._place = Place(path)
            except BaseException:
                self._connection.close()
                raise

    def create(self, session_id: str, state: bytes, parts: Mapping[str, bytes]) -> Head:
        now = self._clock()
        with self._writing() as connection:
            self._check_room(connection)
            return self._create(connection, session_id, now, now + self._lifetime_seconds, state, parts)

    def head(self, session_id: str) -> Head:
        with self._lock, _translated():
            row = self._connection.execute(
                "SELECT version, expires_at FROM sessions WHERE id = ?", (session_id,)
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
                    "SELECT version, expires_at, state FROM sessions WHERE id = ?", (session_id,)
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
            "UPDATE sessions SET version = ?, expires_at = ?, used_at = ?, is_used = 1, state = ? "
            "WHERE id = ? AND version = ?"
        )
        values = (head.version, head.expires_at, now, state, session_id, version)
        if not parts:
            # The one statement is a transaction by itself, which spares two more.
            with self._lock, _translated(), self._in_place():
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

    def touch(self, session_id: str, *, is_used: bool = False) -> Head:
        now = self._clock()
        with self._writing() as connection:
            row = connection.execute(
                "UPDATE sessions SET expires_at = ?, used_at = ?, is_used = max(is_used, ?) WHERE id = ? "
                "RETURNING version, expires_at",
                (now + self._lifetime_seconds, now, is_used, session_id),
            ).fetchone()
        if row is None:
            raise UnknownKey(session_id)
        return Head(*row)

    def delete(self, session_id: str) -> None:
        with self._writing() as connection:
            deleted = connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,)).rowcount
        if deleted == 0:
            raise UnknownKey(session_id)

    def put_document(self, kind: Kind, name: str, body: bytes) -> None:
        now = self._clock()
        expiry = now + self._lifetime_seconds
        # A program never changes.
        if kind is Kind.PROGRAM and self._is_noted(kind, name, now, is_used=False):
            return
        with self._writing() as connection:
            self._check_room(connection, kind is Kind.DATASET)
            connection.execute(
                "INSERT INTO documents (kind, name, expires_at, body, used_at, is_used) VALUES (?, ?, ?, ?, ?, 0) "
                "ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at, body = excluded.body, "
                "used_at = excluded.used_at",
                (kind, name, expiry, body, now),
            )

    def document(self, kind: Kind, name: str) -> bytes:
        with self._lock, _translated():
            row = self._connection.execute(
                "SELECT body FROM documents WHERE kind = ? AND name = ?", (kind, name)
            ).fetchone()
        if row is None:
            raise UnknownKey(name)
        body: bytes = row[0]
        return body

    def touch_document(self, kind: Kind, name: str) -> None:
        now = self._clock()
        if self._is_noted(kind, name, now, is_used=True):
            return
        with self._writing() as connection:
            connection.execute(
                "UPDATE documents SET expires_at = ?, used_at = ?, is_used = 1 WHERE kind = ? AND name = ?",
                (now + self._lifetime_seconds, now, kind, name),
            )

    def check_room(self) -> None:
        with self._lock, _translated():
            self._check_room(self._connection, is_counted=False)

    def evict(self, spared: Collection[str], unused_seconds: float) -> Evicted:
        now = self._clock()
        with self._writing() as connection:
            never_used = self._evict(connection, UNUSED, {}, spared)
            unused = self._evict(connection, LONG_UNUSED, {"since": now - unused_seconds}, spared)
            if not self._has_room(connection):
                first = connection.execute("SELECT min(used_at) FROM sessions").fetchone()[0] or now
                wait = math.ceil(min(max(first + unused_seconds - now, 1), unused_seconds))
                raise NoRoom("all that is stored was used not long ago", wait)
        return Evicted(never_used, unused)

    def census(self) -> Census:
        question = "SELECT count(*), coalesce(sum(expires_at <= ?), 0) FROM "
        with self._lock, _translated():
            counts = [
                self._connection.execute(question + table, (self._clock(),)).fetchone()
                for table in ("sessions", "documents")
            ]
        return Census(*(sum(column) for column in zip(*counts, strict=True)))

    def forget_expired(self, most: int) -> int:
        with self._writing() as connection:
            expired = connection.execute(EXPIRED, {"now": self._clock(), "most": most}).fetchall()
            return sum(self._drop(connection, kind, name) for kind, name in expired)

    def wait_for_others(self, seconds: float) -> None:
        with self._lock, _translated():
            self._connection.execute(f"PRAGMA busy_timeout = {math.ceil(1000 * seconds)}")

    def tidy(self) -> None:
        with self._lock, _translated():
            self._check_place()
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def check(self) -> None:
        name, now = f"probe-{secrets.token_hex(8)}", self._clock()
        with self._writing() as connection:
            self._space.check_disk(self._path)
            self._create(connection, name, now, now, PROBE, {"part": PROBE})
        self.write(name, 1, PROBE, {})
        self.delete(name)

    def bring_back(self) -> None:
        try:
            with self._lock, _translated():
                self._place.bring_back(self._connection)
        except OSError as error:
            raise StoreBroken(f"{self._path} cannot be brought back: {error.strerror}") from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _create(
        self,
        connection: sqlite3.Connection,
        session_id: str,
        now: float,
        expires_at: float,
        state: bytes,
        parts: Mapping[str, bytes],
    ) -> Head:
        connection.execute("INSERT INTO sessions VALUES (?, 1, ?, ?, 0, ?)", (session_id, expires_at, now, state))
        self._put_parts(connection, session_id, parts)
        return Head(1, expires_at)

    def _is_noted(self, kind: Kind, name: str, now: float, *, is_used: bool) -> bool:
        with self._lock, _translated():
            row = self._connection.execute(
                "SELECT used_at FROM documents WHERE kind = ? AND name = ? AND is_used >= ?", (kind, name, is_used)
            ).fetchone()
        return row is not None and abs(now - row[0]) < min(NOTED_SECONDS, self._lifetime_seconds / 10)

    def _check_room(self, connection: sqlite3.Connection, is_counted: bool = True) -> None:
        """Refuse what is new; `is_counted`: it is one more session or data set."""
        self._space.check_disk(self._path)
        if is_counted and self._count(connection) >= self._max_sessions:
            raise NoRoom(f"{self._max_sessions} sessions and data sets are stored")
        self._space.check_bytes(self._used_bytes(connection))

    def _has_room(self, connection: sqlite3.Connection) -> bool:
        return self._count(connection) < self._max_sessions and self._used_bytes(connection) < self._space.max_bytes

    def _used_bytes(self, connection: sqlite3.Connection) -> int:
        pages, free = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count"))
        used: int = (pages - free) * self._page_bytes
        return used

    @staticmethod
    def _count(connection: sqlite3.Connection) -> int:
        count: int = connection.execute(
            "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM documents WHERE kind = ?)", (Kind.DATASET,)
        ).fetchone()[0]
        return count

    def _evict(
        self, connection: sqlite3.Connection, question: str, values: Mapping[str, float], spared: Collection[str]
    ) -> int:
        """Delete of what a question finds as much as has to go; answers how many it were.

        It is some more than the one that is needed, so that the next ones need not look again.
        """
        most = self._max_sessions - max(1, self._max_sessions // 100)
        count, evicted = self._count(connection), 0
        for kind, name, _ in connection.execute(question, values).fetchall():
            is_too_large = self._used_bytes(connection) > self._space.fewer_bytes
            if not is_too_large and count <= most:
                break
            is_counted = kind != Kind.PROGRAM
            if name not in spared and (is_counted or is_too_large) and self._drop(connection, kind, name):
                evicted += 1
                count -= is_counted
        return evicted

    @staticmethod
    def _drop(connection: sqlite3.Connection, kind: str | None, name: str) -> bool:
        connection.execute("SAVEPOINT one")
        try:
            if kind is None:
                connection.execute("DELETE FROM sessions WHERE id = ?", (name,))
            else:
                connection.execute("DELETE FROM documents WHERE kind = ? AND name = ?", (kind, name))
        except sqlite3.DatabaseError as error:
            if _code_of(error) not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR):
                raise
            connection.execute("ROLLBACK TO one")
            return False
        finally:
            if connection.in_transaction:
                connection.execute("RELEASE one")
        return True

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
            with self._in_place():
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
    def _in_place(self) -> Iterator[None]:
        """What is written inside is acknowledged only where the next one who opens the database finds it."""
        if self._connection.in_transaction:
            yield
            return
        self._check_place()
        yield
        if not self._place.is_kept():
            raise StoreBroken("the database was moved away while it was written")

    def _check_place(self) -> None:
        if not self._place.is_kept():
            raise StoreMoved(f"{self._path} is not there any more")


def _code_of(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except StoreError:
        raise
    except sqlite3.Error as error:
        kinds = {sqlite3.SQLITE_FULL: StoreFull, sqlite3.SQLITE_BUSY: StoreBusy, sqlite3.SQLITE_LOCKED: StoreBusy}
        raise kinds.get(_code_of(error), StoreBroken)(str(error)) from error
