"""The arrays of a run: one state, and the workspaces that compute with it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal, TypeVar
from weakref import ReferenceType, ref

import numpy as np

from engine.derived import derived
from engine.model import Batch, numbers_at, program_of, scalars_of
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import for_long_training, for_training, prune, share_buffers, space_out
from engine.run import RunSpec
from engine.samples import Samples
from engine.spares import Spares
from engine.workspace import Workspace
from engine.workspaces import Workspaces

# plain: every node. expanded: every node of the long way, which differs in the last bits and is only looked at.
# watched: the update, the loss and the accuracy. lean: the update alone. Both give bit for bit what plain gives.
ProgramKind = Literal["plain", "expanded", "watched", "lean"]
WATCHED = ("loss", "accuracy")
ROWS_AT_ONCE = 4096
# What is kept of a tensor that is written over again: never a view into it.
Read = Callable[[Array], Array]
T = TypeVar("T")


class Workbench:
    """The state of a run (parameters, and what the optimizer remembers), in one workspace at a time.

    It lies in the workspace that was asked for last, and is copied when another one is asked for.

    Parameters
    ----------
    spares : where what only looks at the state is taken from.
    """

    def __init__(self, run: RunSpec, spares: Spares) -> None:
        self._spares = spares
        self.program = program = program_of(run.model, run.optimizer)
        self._run = run
        self._names = tuple(str(tensor.of) for tensor in self.program.replacements)
        # Weakly: a batch may be a view into the rows of a whole epoch, which are gone when the next one begins.
        self._loaded: dict[Workspace, ReferenceType[Batch]] = {}
        self._scalars: dict[int, Mapping[str, float | Array]] = {}
        # What each kind runs, built when it is needed. Nothing in it leads back here: in a circle the arrays would stay
        # until the collector comes, which counts objects and not bytes.
        programs: dict[str, Callable[[], Program]] = {
            "plain": lambda: program,
            "expanded": lambda: program_of(run.model, run.optimizer, run.model.vocabulary.long_way),
            "watched": lambda: _watched(program),
            "lean": lambda: _lean(program),
        }
        m = run.train.m if run.batch_size is None else min(run.batch_size, run.train.m)
        self._workspaces = Workspaces(run.model, run.optimizer, self._names, programs, "plain", m)
        self._home.load(run.parameters)
        self.is_clocked = bool(numbers_at(run.optimizer, 1))

    @property
    def _home(self) -> Workspace:
        return self._workspaces.home

    @property
    def nbytes(self) -> int:
        """What it takes in memory, without the spares."""
        return self._workspaces.nbytes

    @property
    def has_accuracy(self) -> bool:
        return "accuracy" in self.program.tensors

    @property
    def has_held_out(self) -> bool:
        return self._run.held_out is not None and self._run.held_out.m > 0

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

    def program_of_kind(self, kind: ProgramKind) -> Program:
        """The program that a workspace of that kind runs."""
        return self._workspaces.program(kind)

    def workspace(self, kind: ProgramKind, batch: Batch, step: int) -> Workspace:
        """The workspace of that kind, ready for the step of that number on this batch; the state moves there."""
        workspace = self._workspaces.move_to(kind, batch.m)
        loaded = self._loaded.get(workspace)
        if loaded is None or loaded() is not batch:
            workspace["x"][...] = batch.x
            workspace["y"][...] = batch.y
            self._loaded[workspace] = ref(batch)
        if self.is_clocked:
            self.tick(workspace, step)
        return workspace

    def tick(self, workspace: Workspace, step: int) -> None:
        """Load the numbers of the optimizer that depend on the number of the step."""
        workspace.load(numbers_at(self._run.optimizer, step))

    def trace_samples(self, kind: ProgramKind, batch: Batch, step: int) -> Array:
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
        rows = self._run.held_out
        if rows is None or rows.m == 0:
            return None
        return self._forward(("loss",), {"x": rows.x, "y": rows.y}, lambda workspace: float(workspace["loss"]))

    def predict(self, x: Array) -> Array:
        """The output of the last layer for these rows, (rows, inputs) -> (rows, outputs)."""
        output = self.program.named("a", self._run.model.depth)
        assert output is not None
        return self.look(x, {output: np.copy})[output]

    def look(self, x: Array, wanted: Mapping[str, Read]) -> dict[str, Array]:
        """Tensors of the forward pass for these rows, by the same program without what they do not need.

        Parameters
        ----------
        x : (rows, inputs).
        wanted : tensors whose first axis counts the samples, and that need no target; with what is kept of each of some
            of the rows, which is put one below the other of all of them.
        """
        names = tuple(wanted)
        parts = [
            self._forward(names, {"x": rows}, lambda w: [read(w[name]) for name, read in wanted.items()])
            for rows in ([x] if len(x) <= ROWS_AT_ONCE else np.split(x, range(ROWS_AT_ONCE, len(x), ROWS_AT_ONCE)))
        ]
        if len(parts) > 1:
            parts = [[np.concatenate(found) for found in zip(*parts, strict=True)]]
        return dict(zip(names, parts[0], strict=True))

    def _scalars_of(self, m: int) -> Mapping[str, float | Array]:
        """The numbers of the model and the optimizer for m rows, but those that depend on the step."""
        known = self._scalars.get(m)
        if known is None:
            known = self._scalars[m] = scalars_of(self._run.model, self._run.optimizer, m)
        return known

    def _forward(self, wanted: tuple[str, ...], rows: Mapping[str, Array], read: Callable[[Workspace], T]) -> T:
        """What is read off the nodes up to some tensors, run for these rows."""
        m, dtype = len(rows["x"]), self._run.model.dtype
        key = (Workspace, self.program, wanted, m, dtype)
        forward = self._spares.take(key, lambda: _Forward(Workspace(_up_to(self.program, wanted), m, dtype)))
        workspace = forward.workspace
        forward.load(rows)
        workspace.load(self._scalars_of(m))
        workspace.load(self.values)
        workspace.run()
        found = read(workspace)
        self._spares.put(key, forward)
        return found


class _Forward:
    """A workspace that only looks, and the rows that lie in it already."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._rows: Mapping[str, ReferenceType[Array]] = {}

    @property
    def nbytes(self) -> int:
        return self.workspace.nbytes

    def load(self, rows: Mapping[str, Array]) -> None:
        """Copy rows in, unless they are there: arrays that can be written may have changed since."""
        if all(name in self._rows and self._rows[name]() is array for name, array in rows.items()):
            return
        self.workspace.load(rows)
        is_fixed = not any(array.flags.writeable for array in rows.values())
        self._rows = {name: ref(array) for name, array in rows.items()} if is_fixed else {}


# Programs are the same for all runs that share theirs.
@derived
def _watched(program: Program) -> Program:
    return for_training(program, WATCHED)


@derived
def _lean(program: Program) -> Program:
    return for_long_training(program)


@derived
def _up_to(program: Program, wanted: tuple[str, ...]) -> Program:
    return space_out(share_buffers(prune(program, wanted), wanted))
