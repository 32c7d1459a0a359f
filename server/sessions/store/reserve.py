"""A little room that is taken beforehand, so that deleting works where the disk has none."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


class Reserve:
    """A file without meaning beside the database.

    Parameters
    ----------
    database : of which it is the reserve.
    nbytes : its size; 0: there is none.
    """

    def __init__(self, database: Path, nbytes: int) -> None:
        self._path = database.with_name(f"{database.name}-reserve")
        self._nbytes = nbytes

    def is_there(self) -> bool:
        """Whether deleting can have it."""
        with suppress(OSError):
            # One that could be written only in part gives too little.
            return self._path.stat().st_size >= self._nbytes
        return False

    def take(self) -> None:
        """Have the room again, as soon as there is some: what was deleted gives it first."""
        with suppress(OSError):
            if self._nbytes == 0 or self.is_there():
                return
            if shutil.disk_usage(self._path.parent).free < 1.5 * self._nbytes:
                return
            # Not zeros, which some disks store without taking room for them.
            self._path.write_bytes(os.urandom(self._nbytes))

    def give(self) -> bool:
        """Let others have the room; answers whether there was some."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
