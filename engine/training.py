"""Taking the steps of a run: one after the other, back in time, and to and from a snapshot."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.batches import Batches
from engine.checkpoints import Checkpoints
from engine.course import Course
from engine.edits import Edit, carried, edited
from engine.errors import EngineError
from engine.history import History, HistoryPoint
from engine.injection import mistaken_batch
from engine.layout import layout_of
from engine.model import Batch
from engine.primitives import Array
from engine.program import Program
from engine.run import RunSpec
from engine.spares import Spares
from engine.trace import Trace
from engine.workbench import ProgramKind, Read, Workbench
from engine.workspace import Workspace


class Trainer:
    """Takes the steps of a run.

    Nothing but the run, its edits and the number of steps decides the state. After n steps the state is that behind
    the edits of step n; a checkpoint is that before them, as the step left it.

    Parameters
    ----------
    checkpoint_every : steps between two checkpoints at first.
    spares : where what only looks at the state is taken from; None: what this run alone has bound.
    """

    def __init__(self, run: RunSpec, checkpoint_every: int = 100, spares: Spares | None = None) -> None:
        self._spares = Spares() if spares is None else spares
        self.course = Course(run)
        self.taken = 0
        self.furthest = 0
        self._run = run
        self._bench = Workbench(run, self._spares)
        self._batches = _batches_of(run)
        # Where the next step is computed already, as long as nothing has changed the state or what it is a function of.
        self._ahead: Workspace | None = None
        self._next_edit = self.course.next_edit(0)
        self.history = History(has_accuracy=self._bench.has_accuracy, has_held_out=self._bench.has_held_out)
        self.checkpoints = Checkpoints(self._bench.state, checkpoint_every)

    @property
    def run(self) -> RunSpec:
        """What the next step is a function of."""
        return self._run

    @property
    def nbytes(self) -> int:
        """What it takes in memory: rows, bound programs, checkpoints and learning curve."""
        data = self.course.nbytes + self._batches.nbytes
        return data + self._bench.nbytes + self.checkpoints.nbytes + self.history.nbytes

    @property
    def program(self) -> Program:
        """The whole program of a step."""
        return self._bench.program

    @property
    def state(self) -> Array:
        """A copy of everything that a step changes, as one vector."""
        return self._bench.state

    @property
    def parameters(self) -> dict[str, Array]:
        """Copies of the weights and biases, name -> array."""
        return {name: self._bench.values[name].copy() for name in self.run.model.parameter_shapes}

    @property
    def optimizer_state(self) -> dict[str, Array]:
        """Copies of what the optimizer remembers, name -> array."""
        return {tensor.name: self._bench.values[tensor.name].copy() for tensor in self.program.with_role("state")}

    @property
    def values_per_step(self) -> int:
        """How many numbers the whole program of a step holds."""
        return layout_of(self.program, self._batches.size).size

    def program_of_kind(self, kind: ProgramKind) -> Program:
        """The whole program of a step, or that of the long way."""
        return self._bench.program_of_kind(kind)

    def values_of_a_sample(self, kind: ProgramKind) -> int:
        """How many numbers a step of one row alone holds."""
        return layout_of(self.program_of_kind(kind), 1).size

    def values_of_the_long_way(self) -> int:
        """How many numbers the expanded program of the next step holds."""
        return layout_of(self._bench.program_of_kind("expanded"), self.next_rows).size

    @property
    def sees_all_rows(self) -> bool:
        """Whether the batch of every step is all rows to train on, as they stand."""
        return self._batches.is_constant and self._batches.rows is self._run.train

    @property
    def steps_per_epoch(self) -> int:
        return self._batches.per_epoch

    @property
    def next_rows(self) -> int:
        """How many rows the next step will see."""
        return self._batches.rows_of(self.taken + 1)

    def next_batch(self) -> Batch:
        """The rows that the next step will see."""
        return self._batches.of(self.taken + 1)

    def next_places(self) -> NDArray[np.intp]:
        """Where these stand in all rows to train on, from 0."""
        return self._batches.places_of(self.taken + 1)

    def trace(self, sample: int | None = None, *, kind: ProgramKind = "plain") -> Trace:
        """The step that would come next, without taking it.

        Parameters
        ----------
        sample : a row of its batch, to compute on that row alone (m = 1); None for the whole batch.

        Raises
        ------
        EngineError : no such row.
        """
        if sample is None and kind == "plain":
            return self._computed().kept()
        batch = self.next_batch()
        return self._bench.workspace(kind, batch if sample is None else batch.sample(sample), self._clock).trace()

    def trace_samples(self, rows: Sequence[int], kind: ProgramKind = "plain") -> Array:
        """The same for single rows of its batch, each alone: (rows, values), a vector of a trace each.

        Raises
        ------
        EngineError : no such row.
        """
        return self._bench.trace_samples(kind, self.next_batch().samples(rows), self._clock)

    def step(self) -> Trace:
        """Take one step and answer everything that happened in it."""
        trace = self._computed().kept()
        self.take()
        return trace

    def take(self) -> None:
        """Take one step."""
        workspace = self._computed()
        if self.history.wants(self.taken + 1):
            self.history.append(self.point_of(workspace, self._bench.held_out_loss()))
        self._commit(workspace)

    def _computed(self) -> Workspace:
        """The workspace in which everything of the next step is computed."""
        workspace = self._bench.workspace("plain", self.next_batch(), self._clock)
        if workspace is not self._ahead:
            workspace.run()
            self._ahead = workspace
        return workspace

    def train(self, steps: int, every: int | None = None) -> list[HistoryPoint]:
        """Take many steps.

        Parameters
        ----------
        every : answer one point every so many steps, and the last one; None: none.
        """
        points: list[HistoryPoint] = []
        self._ahead = None
        end = self.taken + steps
        with np.errstate(all="ignore"):
            while self.taken < end:
                asked = end + 1 if every is None else min(end, self.taken + 1 + -self.taken % every)
                recorded = self.history.next_wanted(self.taken + 1)
                self._advance(min(asked, recorded, end + 1) - 1)
                if self.taken < end:
                    point = self._watched_step()
                    if self.taken == asked:
                        points.append(point)
        return points

    def point_of(self, values: Workspace | Trace, held_out_loss: float | None = None) -> HistoryPoint:
        """What the next step sees before its update, of its values."""
        accuracy = float(values["accuracy"]) if self._bench.has_accuracy else None
        return HistoryPoint(self.taken + 1, float(values["loss"]), accuracy, held_out_loss)

    def rewind(self, step: int) -> None:
        """Go to the state after that many steps, back or forward, as far as the run has been; the history stays.

        Raises
        ------
        EngineError : the run has not been there.
        """
        self.jump_before(step)
        self.train(step - self.taken)

    def jump_before(self, step: int) -> None:
        """Go to the nearest known state at or before a step; so many steps of training lead to it from there.

        Raises
        ------
        EngineError : the run has not been there.
        """
        if not 0 <= step <= self.furthest:
            raise EngineError(
                "rewind",
                f"Step {step} is not in the past of this run, which has steps 0 to {self.furthest}.",
                field="step",
                found=step,
                furthest=self.furthest,
            )
        nearest, state = self.checkpoints.nearest(step)
        if not nearest <= self.taken <= step:
            self.taken = nearest
            self._use(self.course.until(nearest))
            self._bench.state = state
            self._pass_edits()

    def copy_before(self, step: int) -> "Trainer":
        """A trainer of its own at the nearest known state at or before a step; this one stays where it is.

        Raises
        ------
        EngineError : the run has not been there.
        """
        copy = Trainer.restore(self.course.origin, *self.snapshot(), self.course.edits, self._spares)
        copy.jump_before(step)
        return copy

    def edit(self, edit: Edit) -> None:
        """Change something from the next step on, which cuts the future that a rewind has left.

        Parameters
        ----------
        edit : made after as many steps as are taken.

        Raises
        ------
        EngineError : it cannot be made; nothing has changed then.
        """
        assert edit.step == self.taken
        # Raises before anything is cut.
        edited(self._run, edit)
        self.course.cut(self.taken)
        self.course.add(edit)
        self.checkpoints.cut(self.taken)
        self.history.cut(self.taken)
        self.furthest = self.taken
        before, after = self._run, self.course.after(self.taken)
        self._move_to(after, carried(self._bench.values, before, after, edit))

    def predict(self, x: Array) -> Array:
        """The output of the last layer for these rows, (rows, inputs) -> (rows, outputs)."""
        return self._bench.predict(x)

    def look(self, x: Array, wanted: Mapping[str, Read]) -> dict[str, Array]:
        """Tensors of the forward pass for these rows, (rows, inputs) -> name -> (rows, units).

        Parameters
        ----------
        wanted : with what is kept of each of some of the rows; of all of them it is put one below the other.
        """
        return self._bench.look(x, wanted)

    @property
    def numbers(self) -> dict[str, int]:
        """What `restore` needs besides arrays."""
        return {
            "taken": self.taken,
            "furthest": self.furthest,
            "history_stride": self.history.stride,
            "checkpoint_interval": self.checkpoints.interval,
        }

    def snapshot(self) -> tuple[dict[str, Array], dict[str, int]]:
        """Everything that `restore` needs besides the run: arrays, and numbers."""
        arrays = {"state": self.state, "history": self.history.table.copy()}
        arrays.update({f"checkpoint/{step}": state for step, state in self.checkpoints.states.items()})
        return arrays, self.numbers

    @classmethod
    def restore(
        cls,
        run: RunSpec,
        arrays: Mapping[str, Array],
        numbers: Mapping[str, int],
        edits: Iterable[Edit] = (),
        spares: Spares | None = None,
    ) -> "Trainer":
        """The trainer whose snapshot this is: k more steps give the same bits as without the break."""
        trainer = cls(run, spares=spares)
        trainer.course = Course(run, edits)
        states = {int(name.split("/")[1]): array for name, array in arrays.items() if name.startswith("checkpoint/")}
        trainer.checkpoints = Checkpoints.of(states, numbers["checkpoint_interval"])
        trainer.history.restore(arrays["history"], numbers["history_stride"])
        trainer.taken, trainer.furthest = numbers["taken"], numbers["furthest"]
        trainer._use(trainer.course.after(trainer.taken))
        trainer._bench.state = arrays["state"]
        return trainer

    def _advance(self, end: int) -> None:
        """Take the steps up to that number and record none of them."""
        while self.taken < end:
            workspace = self._bench.workspace("lean", self.next_batch(), self._clock)
            if self._batches.is_constant:
                stop = int(min(end, self.checkpoints.next_wanted(self.taken + 1), self._next_edit))
                execute, commit, is_clocked = workspace.execute, workspace.commit, self._bench.is_clocked
                for clock in range(self._clock + 1, self._clock + stop - self.taken):
                    execute()
                    commit()
                    if is_clocked:
                        self._bench.tick(workspace, clock)
                self.taken = stop - 1
            workspace.execute()
            self._commit(workspace)

    def _watched_step(self) -> HistoryPoint:
        workspace = self._bench.workspace("watched", self.next_batch(), self._clock)
        workspace.execute()
        point = self.point_of(workspace, self._bench.held_out_loss())
        if self.history.wants(point.step):
            self.history.append(point)
        self._commit(workspace)
        return point

    def _commit(self, workspace: Workspace) -> None:
        workspace.commit()
        self._ahead = None
        self.taken += 1
        self.furthest = max(self.furthest, self.taken)
        if self.checkpoints.wants(self.taken):
            self.checkpoints.add(self.taken, self.state)
        if self.taken == self._next_edit:
            self._pass_edits()

    @property
    def _clock(self) -> int:
        """The number of the next step, counted from the first one of this optimizer."""
        return self.taken + 1 - self._run.optimizer_since

    def _pass_edits(self) -> None:
        """Make the edits of this step again, where there are any."""
        changes = self.course.changes_at(self.taken)
        if changes:
            values: Mapping[str, Array] = self._bench.values
            for before, edit, after in changes:
                values = carried(values, before, after, edit)
            self._move_to(self.course.after(self.taken), values)

    def _move_to(self, run: RunSpec, values: Mapping[str, Array]) -> None:
        self._use(run)
        for name, array in self._bench.values.items():
            array[...] = values.get(name, 0)

    def _use(self, run: RunSpec) -> None:
        """Compute as this run does from now on."""
        self._ahead = None
        self._next_edit = self.course.next_edit(self.taken)
        if run is not self._run:
            self._run = run
            self._bench = Workbench(run, self._spares)
            self._batches = _batches_of(run)


def _batches_of(run: RunSpec) -> Batches:
    return Batches(mistaken_batch(run.train, run.model), run.batch_size, run.seed, run.order_since, run.is_shuffled)
