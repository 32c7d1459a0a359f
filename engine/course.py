"""The course of a run: what its steps are a function of, edit after edit."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from engine.edits import Edit, edited
from engine.run import RunSpec


class Course:
    """A run with its edits, in the order in which they were made.

    Parameters
    ----------
    origin : what the first step would be a function of without any edit.
    """

    def __init__(self, origin: RunSpec, edits: Iterable[Edit] = ()) -> None:
        self._runs = [origin]
        self.edits: tuple[Edit, ...] = ()
        self._measured: tuple[tuple[Edit, ...], int] = (), self._measure()
        for edit in edits:
            self.add(edit)

    @property
    def origin(self) -> RunSpec:
        return self._runs[0]

    @property
    def nbytes(self) -> int:
        """What edits, rows and first parameters take in memory; edits that leave rows as they are share them."""
        if self._measured[0] is not self.edits:
            self._measured = self.edits, self._measure()
        return self._measured[1]

    def _measure(self) -> int:
        batches = {id(batch): batch for run in self._runs for batch in (run.train, run.held_out) if batch is not None}
        parameters = {id(array): array for run in self._runs for array in run.parameters.values()}
        edits = sum(edit.nbytes for edit in self.edits)
        return edits + sum(b.nbytes for b in batches.values()) + sum(array.nbytes for array in parameters.values())

    def bytes_of_edits(self, step: int) -> int:
        """What the edits until a step take in memory, with the rows that they leave."""
        made = zip(self.edits, self._runs[1:], strict=True)
        return sum(bytes_of_edit(edit, run) for edit, run in made if edit.step <= step)

    def add(self, edit: Edit) -> None:
        """Note an edit, at or after the step of the last one.

        Raises
        ------
        EngineError : it cannot be made.
        """
        assert not self.edits or self.edits[-1].step <= edit.step
        self._runs.append(edited(self._runs[-1], edit))
        self.edits = (*self.edits, edit)

    def cut(self, step: int) -> None:
        """Forget the edits that were made after a step."""
        left = bisect_right(self.edits, step, key=_step)
        self.edits, self._runs = self.edits[:left], self._runs[: left + 1]

    def after(self, step: int) -> RunSpec:
        """What the step that comes after so many steps is a function of."""
        return self._runs[bisect_right(self.edits, step, key=_step)]

    def until(self, step: int) -> RunSpec:
        """What the step of that number was a function of; for 0 the origin."""
        return self._runs[bisect_left(self.edits, step, key=_step)]

    def changes_at(self, step: int) -> list[tuple[RunSpec, Edit, RunSpec]]:
        """The edits after so many steps, each between the run before and the run after it."""
        first, end = bisect_left(self.edits, step, key=_step), bisect_right(self.edits, step, key=_step)
        return [(self._runs[n], self.edits[n], self._runs[n + 1]) for n in range(first, end)]

    def next_edit(self, step: int) -> float:
        """The step of the first edit after a step; infinity where there is none."""
        following = bisect_right(self.edits, step, key=_step)
        return self.edits[following].step if following < len(self.edits) else float("inf")


def bytes_of_edit(edit: Edit, after: RunSpec) -> int:
    """What an edit takes in memory, with the rows that it leaves."""
    return edit.nbytes + (0 if edit.rows is None else after.train.nbytes)


def _step(edit: Edit) -> int:
    return edit.step
