"""What ready sessions have together in memory."""

import hashlib
import threading
from weakref import WeakValueDictionary

from engine.batch import Batch
from engine.spares import Spares


class Pool:
    """Bound programs, and the rows of every data set once.

    Parameters
    ----------
    most_spare_bytes : of the bound programs that look at sessions.
    """

    def __init__(self, most_spare_bytes: int) -> None:
        self.spares = Spares(most_spare_bytes, threading.Lock())
        self._rows: WeakValueDictionary[bytes, Batch] = WeakValueDictionary()

    def rows(self, batch: Batch) -> Batch:
        """The same rows, which nobody can change from now on, of whichever session had them first."""
        digest = hashlib.blake2b(digest_size=32)
        for array in (batch.x, batch.y):
            array.flags.writeable = False
            digest.update(f"{array.dtype} {array.shape} ".encode() + array.tobytes())
        return self._rows.setdefault(digest.digest(), batch)
