"""`backprop-playground store`: look after the session database from outside, also while the server runs."""

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from server.sessions.store.forms import form_of
from server.sessions.store.opening import DATABASE
from server.sessions.store.protocol import StoreRefused
from server.settings import Settings

# How long it waits for a server that writes.
PATIENCE_SECONDS = 60.0


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="backprop-playground store",
        description="Look after the session database. The server may go on meanwhile.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    backup = commands.add_parser(
        "backup",
        help="write a copy of everything that is stored at this moment",
        description="Write a copy of everything that is stored at this moment. To go back to it, stop the server, put "
        f"the copy in the place of {DATABASE} in its data directory, remove {DATABASE}-wal and {DATABASE}-shm, and "
        "start it again.",
    )
    backup.add_argument("file", type=Path, help="the copy, which must not be there yet")
    shrink = commands.add_parser(
        "shrink",
        help="give the room of what was deleted back to the disk, all at once",
        description="Give the room of what was deleted back to the disk, all at once; the server does it little by "
        "little. Until it ends it needs as much room again as everything stored takes, and the server's writes wait.",
    )
    for command in (backup, shrink):
        command.add_argument("--data-dir", type=Path, help="of the server (default: BACKPROP_DATA_DIR, or as it has)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Answers the exit code: 0, or 1 with a sentence that says why it was not done."""
    given = parse_arguments(arguments)
    path = (given.data_dir or Settings().data_dir) / DATABASE
    if not path.is_file():
        return complain(f"There is no session database at {path}. Use --data-dir to say where it is.")
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)) as database:
            form_of(database)
            return back_up(database, given.file) if given.command == "backup" else shrink(database, path)
    except (sqlite3.Error, OSError, StoreRefused) as error:
        return complain(f"That could not be done: {error}. The session database {path} is as it was.")


def back_up(database: sqlite3.Connection, file: Path) -> int:
    """Write a copy that is whole, or none."""
    if file.exists():
        return complain(f"{file} is there already. Choose another name, or move it away.")
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(unfinished)) as copy:
            # In one step: nobody's change falls between two pages of the copy.
            database.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            (found,) = copy.execute("PRAGMA quick_check").fetchone()
            (sessions,) = copy.execute("SELECT count(*) FROM sessions").fetchone()
        if found != "ok":
            return complain(f"The session database is damaged ({found}), so the copy was not kept.")
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    print(f"{file}: {sessions} sessions, {megabytes(file.stat().st_size)}")
    return 0


def shrink(database: sqlite3.Connection, path: Path) -> int:
    """Write the whole file again, without holes."""
    before = size_of(path)
    # From now on the server gives room back by itself, also where the file was made before it did.
    database.execute("PRAGMA auto_vacuum = INCREMENTAL")
    database.execute("VACUUM")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    print(f"{path}: {megabytes(before)} before, {megabytes(size_of(path))} now")
    return 0


def size_of(path: Path) -> int:
    """Of the file and its log."""
    log = path.with_name(f"{path.name}-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


def megabytes(nbytes: int) -> str:
    return f"{nbytes / 1e6:.1f} MB"


def complain(message: str) -> int:
    print(f"backprop-playground store: {message}", file=sys.stderr)
    return 1
