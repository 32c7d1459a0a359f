"""One SQLite file: opened, written as a whole or not at all, and kept small."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from server.sessions.store.forms import NEWEST, bring_to_newest, form_of
from server.sessions.store.opened_files import OpenedFiles
from server.sessions.store.protocol import StoreBroken, StoreBusy, StoreDamaged, StoreError, StoreFull, StoreMoved
from server.sessions.store.reserve import Reserve
from server.sessions.store.space import Space

T = TypeVar("T")
# The log keeps this much room, in which deleting works on a full disk; after a burst it is cut to that.
LOG_BYTES = 4_000_000
# Copying the log into the file waits for the disk. `tidy` does it in a thread; left alone, a writer does it at 80 MB.
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    # Some builds overwrite what is deleted with zeros, through the log: a deletion then needs as much room as it frees.
    "secure_delete = FAST",
    "wal_autocheckpoint = 20000",
    f"journal_size_limit = {LOG_BYTES}",
)
# A file with more free room than this gives some back, this many pages at a time, which takes some milliseconds.
# They fit into the log's own room, since a full disk has no other.
LEAST_FREE_PAGES, LARGEST_FREE_PART, PAGES_AT_A_TIME = 256, 0.1, 900
# A disk with less is full.
LEAST_BYTES = 65_536
FAILED_FILES = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)


class Database:
    """One connection, guarded by a lock, so that any thread may call.

    WAL lets readers go on while one writes; with synchronous NORMAL a killed process loses nothing, a power cut at
    most the last moments. BEGIN IMMEDIATE takes the write lock at once, so that a transaction never fails half way.

    Parameters
    ----------
    lifetime_seconds : of a session that nobody uses.
    busy_timeout_ms : how long a call waits for another connection that writes.
    max_pages : most pages of the file, for tests of a full disk.
    """

    def __init__(
        self, path: Path, space: Space, lifetime_seconds: float, busy_timeout_ms: float, max_pages: int | None
    ) -> None:
        self._path = path
        self._space = space
        self._lock = threading.RLock()
        self._reserve = Reserve(path, space.reserve_bytes)
        try:
            self._open(lifetime_seconds, busy_timeout_ms, max_pages)
        except StoreFull:
            if not self._reserve.give():
                raise
            self._open(lifetime_seconds, busy_timeout_ms, max_pages)

    def _open(self, lifetime_seconds: float, busy_timeout_ms: float, max_pages: int | None) -> None:
        with self._translated():
            self._connection = sqlite3.connect(
                self._path, timeout=busy_timeout_ms / 1000, isolation_level=None, check_same_thread=False
            )
            try:
                # A database that is not ours is not touched.
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
                self._files = OpenedFiles(self._path)
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For questions, each of which sees what was stored when it is asked."""
        with self._lock, self._translated():
            yield self._connection

    @contextmanager
    def reading_at_once(self) -> Iterator[sqlite3.Connection]:
        """For several questions that see the same."""
        with self.reading() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def writing(self, *, is_freeing: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction, which may be a part of a larger one: all or nothing.

        Parameters
        ----------
        is_freeing : it makes room, which may be done to the last byte of the disk.
        """
        with self.reading() as connection:
            if connection.in_transaction:
                yield connection
                return
            with self._acknowledged(is_freeing):
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    # SQLite has rolled back by itself after some errors, such as a full disk.
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise

    def write_one(self, statement: str, values: Sequence[Any]) -> int:
        """One statement, which is a transaction by itself and spares two more; answers how many rows it has changed."""
        with self.reading() as connection, self._acknowledged(is_freeing=False):
            changed: int = connection.execute(statement, values).rowcount
        return changed

    def freed(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The answer of a transaction that makes room; where the disk has none, it uses the reserve kept for that."""

        def done() -> T:
            with self.writing(is_freeing=True) as connection:
                return work(connection)

        return self._with_reserve(done)

    @contextmanager
    def _acknowledged(self, is_freeing: bool) -> Iterator[None]:
        """Everything written inside can be read by the next connection that opens the database; otherwise it raises."""
        if self._connection.in_transaction:
            yield
            return
        if not self._files.is_kept():
            raise StoreMoved(f"{self._path} is not there any more")
        if not is_freeing and self._space.is_used_up(self._path) and not self._reserve.is_there():
            raise StoreFull("what the disk has left is for deleting")
        yield
        if not self._files.is_kept():
            raise StoreBroken("the database was moved away while it was written")

    def check_disk(self) -> None:
        """Refuse what is new where the disk has little room left. Raises StoreFull."""
        self._space.check_disk(self._path)

    def used_bytes(self, connection: sqlite3.Connection) -> int:
        """What all tables take."""
        pages, free = self._pages(connection)
        used: int = (pages - free) * self._page_bytes
        return used

    @staticmethod
    def _pages(connection: sqlite3.Connection) -> tuple[int, int]:
        """How many the file has, and how many of them hold nothing."""
        pages, free = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count"))
        return pages, free

    def wait_for_others(self, seconds: float) -> None:
        with self.reading() as connection:
            connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")

    def tidy(self) -> None:
        # The reserve is there for deleting.
        with suppress(StoreFull):
            self._tidy()
        self._reserve.take()

    def _tidy(self) -> None:
        self._copy_log()
        with self.reading() as connection:
            pages, free = self._pages(connection)
            if free <= max(LEAST_FREE_PAGES, LARGEST_FREE_PART * pages):
                return
            # As a script: it answers rows without columns, of which `execute` takes one, and one page is one row.
            connection.executescript(f"PRAGMA incremental_vacuum({PAGES_AT_A_TIME})")
        self._copy_log()

    def _copy_log(self) -> None:
        """Copy the log into the file, so that the log's own room can be written again."""
        with self.reading() as connection:
            if not self._files.is_kept():
                raise StoreMoved(f"{self._path} is not there any more")
            _, log, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if copied == log and log * self._page_bytes > LOG_BYTES:
                # The next writer starts the log from its beginning, and cuts it.
                connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()

    def _with_reserve(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except StoreFull:
            with suppress(StoreFull):
                self._copy_log()
                return work()
            if not self._reserve.give():
                raise
            with suppress(StoreFull):
                self._copy_log()
            done = work()
            with suppress(StoreFull):
                self._copy_log()
            return done

    def bring_back(self) -> None:
        try:
            with self.reading() as connection:
                self._files.bring_back(connection)
        except OSError as error:
            raise StoreBroken(f"{self._path} cannot be brought back: {error.strerror}") from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise
        except sqlite3.Error as error:
            code = code_of(error)
            is_full = code == sqlite3.SQLITE_FULL or (code in FAILED_FILES and self._has_no_disk_left())
            kinds = {
                sqlite3.SQLITE_BUSY: StoreBusy,
                sqlite3.SQLITE_LOCKED: StoreBusy,
                sqlite3.SQLITE_CORRUPT: StoreDamaged,
            }
            raise (StoreFull if is_full else kinds.get(code, StoreBroken))(str(error)) from error

    def _has_no_disk_left(self) -> bool:
        """Some files that SQLite cannot make or enlarge it reports as broken ones."""
        with suppress(OSError):
            return shutil.disk_usage(self._path.parent).free < LEAST_BYTES
        return False


def code_of(error: sqlite3.Error) -> int:
    """SQLite's own number of an error, without its finer kind."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code
