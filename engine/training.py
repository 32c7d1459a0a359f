"""A run: step after step, back in time, and to and from a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.batches import Batches
from engine.checkpoints import Checkpoints
from engine.errors import EngineError
from engine.gradients import EXPANSIONS
from engine.history import History, Point
from engine.layout import layout_of
from engine.metrics import accuracy
from engine.model import Batch, ModelSpec, OptimizerSpec, program_of, scalars_of
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import for_training, prune
from engine.trace import Trace
from engine.workspace import Workspace

# plain: every node. expanded: every node of the long way, which differs in the last bits and is only looked at.
# watched: the update, the loss and the probabilities. lean: the update alone. These have the bits of plain.
Kind = Literal["plain", "expanded", "watched", "lean"]
WATCHED = ("loss", "p")
ROWS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What a run is a function of.

    Parameters
    ----------
    parameters : name -> initial value, in the model's dtype.
    train, held_out : rows to train on, and rows to judge by; held_out may be None.
    batch_size : rows of a step, or None for all of them in order.
    seed : of the order of the rows.
    """

    model: ModelSpec
    optimizer: OptimizerSpec
    parameters: Mapping[str, Array]
    train: Batch
    held_out: Batch | None = None
    batch_size: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.batch_size is not None and self.batch_size < 1:
            raise EngineError(
                "range",
                f"batch_size is {self.batch_size}; give at least 1, or null for all rows at once.",
                field="batch_size",
                found=self.batch_size,
            )


class Trainer:
    """Takes the steps of a run.

    The state (parameters, and what the optimizer remembers) lies in the workspace that took the last step and is
    copied when another one takes the next. Nothing but the run and the number of steps decides it: an edit of the
    rate or of l2 will be one more argument of the run, logged at its step, at which `_advance` will have to stop.

    Parameters
    ----------
    checkpoint_every : steps between two checkpoints at first.
    """

    def __init__(self, run: Run, checkpoint_every: int = 100) -> None:
        self.run = run
        self.taken = 0
        self.furthest = 0
        self.program = program_of(run.model, run.optimizer)
        self._batches = Batches(run.train, run.batch_size, run.seed)
        self._state_names = tuple(str(tensor.of) for tensor in self.program.with_role("next"))
        self._workspaces: dict[tuple[Kind, int], Workspace] = {}
        self._loaded: dict[tuple[Kind, int], Batch] = {}
        self._has_probabilities = "p" in self.program.tensors
        self._forward = self._forward_workspace(run.held_out)
        self.history = History(has_accuracy=self._has_probabilities, has_held_out=self._forward is not None)
        self._home = self._new_workspace("plain", self._batches.rows_of(1))
        self._home.load(run.parameters)
        self.checkpoints = Checkpoints(self.state, checkpoint_every)

    @property
    def state(self) -> Array:
        """A copy of everything that a step changes, as one vector."""
        return np.concatenate([self._home[name].ravel() for name in self._state_names])

    @property
    def parameters(self) -> dict[str, Array]:
        """Copies of the weights and biases, name -> array."""
        return {name: self._home[name].copy() for name in self.run.model.parameter_shapes}

    @property
    def values_per_step(self) -> int:
        """How many numbers the whole program of a step holds."""
        return layout_of(self.program, self._batches.size).size

    @property
    def steps_per_epoch(self) -> int:
        return self._batches.per_epoch

    def next_batch(self) -> Batch:
        """The rows that the next step will see."""
        return self._batches.of(self.taken + 1)

    def trace(self, sample: int | None = None, *, kind: Kind = "plain") -> Trace:
        """The step that would come next, without taking it.

        Parameters
        ----------
        sample : a row of its batch, to compute on that row alone (m = 1); None for the whole batch.

        Raises
        ------
        EngineError : no such row.
        """
        batch = self.next_batch()
        return self._on(kind, batch if sample is None else batch.sample(sample)).trace()

    def step(self) -> Trace:
        """Take one step and answer everything that happened in it."""
        workspace = self._on("plain", self.next_batch())
        trace = workspace.trace()
        if self.history.wants(self.taken + 1):
            self.history.append(self._point(workspace))
        self._commit(workspace)
        return trace

    def train(self, steps: int, every: int | None = None) -> list[Point]:
        """Take many steps.

        Parameters
        ----------
        every : answer one point every so many steps, and the last one; None: none.
        """
        points: list[Point] = []
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

    def rewind(self, step: int) -> None:
        """Go to the state after that many steps, back or forth, as far as the run has been; the history stays.

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
                f"Step {step} is not in the past of this run; it has steps 0 to {self.furthest}.",
                field="step",
                found=step,
                furthest=self.furthest,
            )
        nearest, state = self.checkpoints.nearest(step)
        if not nearest <= self.taken <= step:
            self._put(state)
            self.taken = nearest

    def predict(self, x: Array) -> Array:
        """The output of the last layer for these rows, (rows, inputs) -> (rows, outputs)."""
        model = self.run.model
        output = self.program.named("a", model.depth)
        assert output is not None
        program = prune(self.program, [output])
        parts = []
        for start in range(0, len(x), ROWS_AT_ONCE):
            rows = x[start : start + ROWS_AT_ONCE]
            workspace = Workspace(program, len(rows), model.dtype)
            workspace.load({"x": rows, **self._values(), **scalars_of(model, None, len(rows))})
            workspace.run()
            parts.append(workspace[output].copy())
        return np.concatenate(parts)

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
    def restore(cls, run: Run, arrays: Mapping[str, Array], numbers: Mapping[str, int]) -> "Trainer":
        """The trainer whose snapshot this is: k more steps give the same bits as without the break."""
        trainer = cls(run)
        states = {int(name.split("/")[1]): array for name, array in arrays.items() if name.startswith("checkpoint/")}
        trainer.checkpoints = Checkpoints.of(states, numbers["checkpoint_interval"])
        trainer.history.restore(arrays["history"], numbers["history_stride"])
        trainer._put(arrays["state"])
        trainer.taken, trainer.furthest = numbers["taken"], numbers["furthest"]
        return trainer

    def _advance(self, end: int) -> None:
        """Take the steps up to that number and record none of them."""
        while self.taken < end:
            workspace = self._on("lean", self.next_batch())
            if self._batches.is_constant:
                stop = min(end, self.checkpoints.next_wanted(self.taken + 1))
                execute, commit = workspace.execute, workspace.commit
                for _ in range(stop - self.taken - 1):
                    execute()
                    commit()
                self.taken = stop - 1
            workspace.execute()
            self._commit(workspace)

    def _watched_step(self) -> Point:
        workspace = self._on("watched", self.next_batch())
        workspace.execute()
        point = self._point(workspace)
        if self.history.wants(point.step):
            self.history.append(point)
        self._commit(workspace)
        return point

    def _point(self, workspace: Workspace) -> Point:
        """What the step that was computed but not committed yet saw."""
        share = accuracy(workspace["p"], workspace["y"]) if self._has_probabilities else None
        held_out_loss = None
        if self._forward is not None:
            self._forward.load(self._values())
            self._forward.run()
            held_out_loss = float(self._forward["loss"])
        return Point(self.taken + 1, float(workspace["loss"]), share, held_out_loss)

    def _commit(self, workspace: Workspace) -> None:
        workspace.commit()
        self.taken += 1
        self.furthest = max(self.furthest, self.taken)
        if self.checkpoints.wants(self.taken):
            self.checkpoints.add(self.taken, self.state)

    def _on(self, kind: Kind, batch: Batch) -> Workspace:
        """The workspace of that kind with this batch in it; the state moves there."""
        key = (kind, batch.m)
        workspace = self._workspaces.get(key)
        if workspace is None:
            workspace = self._workspaces[key] = self._new_workspace(kind, batch.m)
        if self._loaded.get(key) is not batch:
            workspace["x"][...] = batch.x
            workspace["y"][...] = batch.y
            self._loaded[key] = batch
        if workspace is not self._home:
            for name in self._state_names:
                np.copyto(workspace[name], self._home[name])
            self._home = workspace
        return workspace

    def _new_workspace(self, kind: Kind, m: int) -> Workspace:
        model, optimizer = self.run.model, self.run.optimizer
        workspace = Workspace(self.program_of_kind(kind), m, model.dtype)
        workspace.load(scalars_of(model, optimizer, m))
        return workspace

    def program_of_kind(self, kind: Kind) -> Program:
        """The program that a workspace of that kind runs."""
        if kind == "plain":
            return self.program
        if kind == "expanded":
            return program_of(self.run.model, self.run.optimizer, EXPANSIONS)
        return for_training(self.program, WATCHED if kind == "watched" else ())

    def _forward_workspace(self, rows: Batch | None) -> Workspace | None:
        """The program without its backward nodes, with the rows held out in it."""
        if rows is None or rows.m == 0:
            return None
        model = self.run.model
        workspace = Workspace(prune(self.program, ["loss"]), rows.m, model.dtype)
        workspace.load({"x": rows.x, "y": rows.y, **scalars_of(model, None, rows.m)})
        return workspace

    def _values(self) -> dict[str, Array]:
        return {name: self._home[name] for name in self._state_names}

    def _put(self, state: Array) -> None:
        """Make a state, as `state` gives it, the current one."""
        start = 0
        for name in self._state_names:
            array = self._home[name]
            array[...] = state[start : start + array.size].reshape(array.shape)
            start += array.size
