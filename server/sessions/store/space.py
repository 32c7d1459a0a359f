"""How much room on the disk the sessions may take."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from server.sessions.store.protocol import NoRoom, StoreFull


@dataclass(frozen=True, slots=True)
class Space:
    """Limits of what new sessions and data sets may take. Those that are there go on beyond them.

    Parameters
    ----------
    max_bytes : most of everything that is stored, together.
    min_free_bytes : of the disk, which stay for those that are there already.
    reserve_bytes : kept for deleting where the disk is full.
    """

    max_bytes: int = sys.maxsize
    min_free_bytes: int = 0
    reserve_bytes: int = 0

    @property
    def fewer_bytes(self) -> int:
        """Far enough below `max_bytes` that the next few find room too."""
        return self.max_bytes - self.max_bytes // 100

    def check_bytes(self, used: int) -> None:
        """Refuse more if the bytes in use are too many. Raises NoRoom."""
        if used >= self.max_bytes:
            raise NoRoom(f"{used} bytes are stored, and {self.max_bytes} may be")

    def check_disk(self, path: Path) -> None:
        """Refuse more where the disk of this file has little room left. Raises StoreFull."""
        free = self._free(path) if self.min_free_bytes else sys.maxsize
        if free < self.min_free_bytes:
            raise StoreFull(
                f"the disk has {free} bytes left, of which new sessions take none below {self.min_free_bytes}"
            )

    def is_used_up(self, path: Path) -> bool:
        """Whether the disk of this file has less left than what is kept for deleting."""
        return self.reserve_bytes > 0 and self._free(path) < self.reserve_bytes

    @staticmethod
    def _free(path: Path) -> int:
        try:
            return shutil.disk_usage(path.parent).free
        except OSError:
            # Whether the directory is there is not asked here.
            return sys.maxsize


UNLIMITED = Space()
