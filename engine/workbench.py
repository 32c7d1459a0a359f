"""The arrays of a run: one state, and the workspaces that compute with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Literal

import numpy as np

from engine.model import Batch, numbers_at, program_of, scalars_of
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import for_long_training, for_training, prune
from engine.run import Run
from engine.samples import Samples
from engine.spares import Spares
from engine.workspace import Workspace
from engine.workspaces import Workspaces

# plain: every node. expanded: every node of the long way, which differs in the last bits and is only looked at.
# watched: the update, the loss and the accuracy. lean: the update alone. These have the bits of plain.
Kind = Literal["plain", "expanded", "watched", "lean"]
WATCHED = ("loss", "accuracy")
ROWS_AT_ONCE = 4096


class Workbench:
    """The state of a run (parameters, and what the optimizer remembers), in one workspace at a time.

    It lies in the workspace that was asked for last, and is copied when another one is asked for.

    Parameters
    ----------
    spares : where what only looks at the state is taken from.
    """

    def __init__(self, run: Run, spares: Spares) -> None:
        self._spares = spares
        self.program = program_of(run.model, run.optimizer)
        self._run = run
        self._names = tuple(str(tensor.of) for tensor in self.program.replacements)
        self._loaded: dict[Workspace, Batch] = {}
        self._scalars: dict[int, Mapping[str, float | Array]] = {}
        # What each kind runs, built when it is needed.
        programs: dict[str, Callable[[], Program]] = {
            "plain": lambda: self.program,
            "expanded": lambda: program_of(run.model, run.optimizer, run.model.vocabulary.long_way),
            "watched": lambda: for_training(self.program, WATCHED),
            "lean": lambda: for_long_training(self.program),
        }
        held_out = run.held_out
        self._held_out = None if held_out is None or held_out.m == 0 else self._forward(["loss"], held_out.m)
        if self._held_out is not None and held_out is not None:
            self._held_out.load(scalars_of(run.model, None, held_out.m))
            self._held_out.load({"x": held_out.x, "y": held_out.y})
        m = run.train.m if run.batch_size is None else min(run.batch_size, run.train.m)
        self._workspaces = Workspaces(run.model, run.optimizer, self._names, programs, "plain", m)
        self._home.load(run.parameters)
        self.is_clocked = bool(numbers_at(run.optimizer, 1))

    @property
    def _home(self) -> Workspace:
        return self._workspaces.home

    @property
    def has_accuracy(self) -> bool:
        return "accuracy" in self.program.tensors

    @property
    def has_held_out(self) -> bool:
        return self._held_out is not None

    @property
    def state(self) -> Array:
        """A copy of everything that a step changes, as one vector."""
        return np.concatenate([self._home[name].ravel() for name in self._names])

    @state.setter
    def state(self, state: Array) -> None:
        start = 0
        for name in self._names:
            array = self._home[name]
            array[...] = state[start : start + array.size].reshape(array.shape)
            start += array.size

    @property
    def values(self) -> Mapping[str, Array]:
        """Name -> array of everything that a step changes; views that the next commit overwrites."""
        return {name: self._home[name] for name in self._names}

    def program_of_kind(self, kind: Kind) -> Program:
        """The program that a workspace of that kind runs."""
        return self._workspaces.program(kind)

    def workspace(self, kind: Kind, batch: Batch, step: int) -> Workspace:
        """The workspace of that kind, ready for the step of that number on this batch; the state moves there."""
        workspace = self._workspaces.move_to(kind, batch.m)
        if self._loaded.get(workspace) is not batch:
            workspace["x"][...] = batch.x
            workspace["y"][...] = batch.y
            self._loaded[workspace] = batch
        if self.is_clocked:
            self.tick(workspace, step)
        return workspace

    def tick(self, workspace: Workspace, step: int) -> None:
        """Load the numbers of the optimizer that depend on the number of the step."""
        workspace.load(numbers_at(self._run.optimizer, step))

    def trace_samples(self, kind: Kind, batch: Batch, step: int) -> Array:
        """The vectors of the step of that number for every row alone: (rows, values)."""
        run = self._run
        if run.model.mistakes:
            # A mistake may mix samples, or count axes from the first one.
            rows = (batch.sample(row) for row in range(batch.m))
            return np.stack([self.workspace(kind, row, step).trace().vector for row in rows])
        program, dtype = self.program_of_kind(kind), run.model.dtype
        key = (Samples, program, batch.m, dtype)
        samples = self._spares.take(key, partial(Samples, program, batch.m, dtype))
        samples.load({"x": batch.x[:, None], "y": batch.y[:, None], **self.values})
        samples.load(self._scalars_of(1))
        if self.is_clocked:
            samples.load(numbers_at(run.optimizer, step))
        vectors = samples.vectors()
        self._spares.put(key, samples)
        return vectors

    def held_out_loss(self) -> float | None:
        """The loss of the rows that are held out, by the same program without its backward nodes."""
        if self._held_out is None:
            return None
        self._held_out.load(self.values)
        self._held_out.run()
        return float(self._held_out["loss"])

    def predict(self, x: Array) -> Array:
        """The output of the last layer for these rows, (rows, inputs) -> (rows, outputs)."""
        output = self.program.named("a", self._run.model.depth)
        assert output is not None
        return self.look(x, [output])[output]

    def look(self, x: Array, names: Sequence[str]) -> dict[str, Array]:
        """Tensors of the forward pass for these rows, by the same program without what they do not need.

        Parameters
        ----------
        x : (rows, inputs).
        names : tensors whose first axis counts the samples, and that need no target.
        """
        parts: dict[str, list[Array]] = {name: [] for name in names}
        for start in range(0, len(x), ROWS_AT_ONCE):
            rows = x[start : start + ROWS_AT_ONCE]
            key = (Workspace, self.program, tuple(names), len(rows), self._run.model.dtype)
            workspace = self._spares.take(key, partial(self._forward, names, len(rows)))
            workspace.load(self._scalars_of(len(rows)))
            workspace.load({"x": rows, **self.values})
            workspace.run()
            for name in names:
                parts[name].append(workspace[name].copy())
            self._spares.put(key, workspace)
        return {name: found[0] if len(found) == 1 else np.concatenate(found) for name, found in parts.items()}

    def _scalars_of(self, m: int) -> Mapping[str, float | Array]:
        """The numbers of the model and the optimizer for m rows, but those that depend on the step."""
        known = self._scalars.get(m)
        if known is None:
            known = self._scalars[m] = scalars_of(self._run.model, self._run.optimizer, m)
        return known

    def _forward(self, wanted: Iterable[str], m: int) -> Workspace:
        """The nodes up to some tensors, for m rows."""
        return Workspace(prune(self.program, wanted), m, self._run.model.dtype)
