"""The workspaces of one model, of a single network or of many at once, and the one state that moves between them."""

from collections.abc import Callable, Mapping

import numpy as np

from engine.model import ModelSpec, OptimizerSpec, scalars_of
from engine.program import Program
from engine.workspace import Workspace


class Workspaces:
    """One workspace for every program and number of rows, made when it is first asked for.

    The state (what a step changes) lies in the workspace that was asked for last, and is copied when another one is
    asked for.

    Parameters
    ----------
    names : the tensors of the state.
    programs : kind -> makes the program that a workspace of that kind runs.
    kind, m : of the workspace in which the state lies at first.
    """

    def __init__(
        self,
        model: ModelSpec,
        optimizer: OptimizerSpec,
        names: tuple[str, ...],
        programs: Mapping[str, Callable[[], Program]],
        kind: str,
        m: int,
    ) -> None:
        self._model, self._optimizer, self._names, self._programs = model, optimizer, names, programs
        self._built: dict[str, Program] = {}
        self._workspaces: dict[tuple[str, int], Workspace] = {}
        # What all of them take in memory.
        self.nbytes = 0
        self.home = self._of(kind, m)

    def program(self, kind: str) -> Program:
        """The program that a workspace of that kind runs."""
        program = self._built.get(kind)
        if program is None:
            program = self._built[kind] = self._programs[kind]()
        return program

    def move_to(self, kind: str, m: int) -> Workspace:
        """The workspace of that kind for m rows, where the state then lies."""
        workspace = self._workspaces.get((kind, m)) or self._of(kind, m)
        if workspace is not self.home:
            for name in self._names:
                np.copyto(workspace[name], self.home[name])
            self.home = workspace
        return workspace

    def _of(self, kind: str, m: int) -> Workspace:
        workspace = Workspace(self.program(kind), m, self._model.dtype)
        workspace.load(scalars_of(self._model, self._optimizer, m))
        self._workspaces[kind, m] = workspace
        self.nbytes += workspace.nbytes
        return workspace
