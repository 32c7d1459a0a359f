"""Which rows each step sees: a function of the seed and the number of the step alone."""

import numpy as np
from numpy.typing import NDArray

from engine.model import Batch


class Batches:
    """The batches of a run over these rows.

    Without a batch size every step sees all rows in order. With one, every epoch goes through the rows once; its last
    batch may be short. If it is shuffled, each epoch has an order of its own,
    ``np.random.default_rng([seed, epoch]).permutation(rows)``; epochs that began in mid-run count from there, and draw
    from ``[seed, epoch, since]``.

    Parameters
    ----------
    rows : all rows to train on.
    batch_size : at least 1, or None.
    seed : at least 0.
    since : how many steps were taken when the first of these epochs began.
    is_shuffled : False takes the rows as they stand, epoch after epoch.
    """

    def __init__(
        self, rows: Batch, batch_size: int | None, seed: int, since: int = 0, is_shuffled: bool = True
    ) -> None:
        self.rows = rows
        self.seed = seed
        self.since = since
        self.size = rows.m if batch_size is None else min(batch_size, rows.m)
        self.is_shuffled = is_shuffled and batch_size is not None
        self.is_constant = not self.is_shuffled and self.size == rows.m
        self.per_epoch = -(-rows.m // self.size)
        self._epoch = -1
        self._ordered = rows
        self._order = np.arange(rows.m)
        # The batch of the last call: another call for the same step gets the same object, which may lie in a workspace.
        self._last: tuple[int, Batch] = (0, rows)

    @property
    def nbytes(self) -> int:
        """What it takes in memory besides the rows themselves: their order of this epoch."""
        return self._order.nbytes + (0 if self._ordered is self.rows else self._ordered.nbytes)

    def rows_of(self, step: int) -> int:
        """How many rows the step of that number sees, counted from 1."""
        is_last = (step - self.since) % self.per_epoch == 0
        return self.rows.m - (self.per_epoch - 1) * self.size if is_last else self.size

    def of(self, step: int) -> Batch:
        """What the step of that number sees, counted from 1; views that stay valid until the next epoch."""
        if self.is_constant:
            return self.rows
        if step != self._last[0]:
            part = self._part(step)
            self._last = step, Batch(self._ordered.x[part], self._ordered.y[part])
        return self._last[1]

    def places_of(self, step: int) -> NDArray[np.intp]:
        """Where in all rows those stand that the step of that number sees."""
        part = slice(self.size) if self.is_constant else self._part(step)
        return self._order[part]

    def _part(self, step: int) -> slice:
        """What the step of that number sees of the rows as its epoch orders them."""
        epoch, position = divmod(step - self.since - 1, self.per_epoch)
        if self.is_shuffled and epoch != self._epoch:
            entropy = [self.seed, epoch, self.since] if self.since else [self.seed, epoch]
            self._order = np.random.default_rng(entropy).permutation(self.rows.m)
            self._ordered = Batch(self.rows.x[self._order], self.rows.y[self._order])
            self._epoch = epoch
        return slice(position * self.size, (position + 1) * self.size)
