"""Whether a database still lies where it was opened, and what brings it back."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

LOG = "-wal"
BESIDE = (LOG, "-shm")


class OpenedFiles:
    """The files of an open database. Removing them removes their names alone: their contents can still be read.

    Parameters
    ----------
    path : of the database.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._log = os.fspath(path), os.fspath(path) + LOG
        self._files = self._found()

    def is_kept(self) -> bool:
        """Whether the next process that opens the database finds everything that was written."""
        return self._found() == self._files

    def _found(self) -> tuple[object, object]:
        return _identity(self._path), _identity(self._log)

    def bring_back(self, connection: sqlite3.Connection) -> None:
        """Let the next process that opens the database find everything that was written.

        If its file is gone, it is written again from the one that is still open. If another file has taken its place,
        that one stays: somebody has put it there.

        Raises
        ------
        OSError, sqlite3.Error : that cannot be done now.
        """
        path = Path(self._path)
        if path.exists():
            # The log may be gone alone; without it the file must hold everything.
            if _identity(self._path) == self._files[0]:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        copy = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            with closing(sqlite3.connect(copy)) as written:
                connection.backup(written)
            with _alone(path.with_name(f"{path.name}.lock")):
                if not path.exists():
                    for ending in BESIDE:
                        path.with_name(path.name + ending).unlink(missing_ok=True)
                    copy.rename(path)
        finally:
            copy.unlink(missing_ok=True)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While no other process does the same."""
    try:
        import fcntl
    except ImportError:
        # Where there is no such lock, files that are open cannot be removed either.
        yield
        return
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            with suppress(OSError):
                path.unlink()
