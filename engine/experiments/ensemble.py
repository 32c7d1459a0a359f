"""Many networks of one model, trained at once."""

from collections.abc import Mapping

import numpy as np

from engine.batches import Batches
from engine.model import Batch, ModelSpec, OptimizerSpec, numbers_at, program_of, scalars_of
from engine.primitives import Array
from engine.rewrites import for_training, replicate, share_buffers, sums_as_products, update_in_place
from engine.workspace import Workspace


class Ensemble:
    """The networks and the steps that they have taken; network k sees the rows that a run with seed k of seeds sees.

    Parameters
    ----------
    parameters : name -> (replicas, ...) first values.
    wanted : tensors that are looked at besides the parameters; of the step taken last, before its update.
    batch_size : rows of a step, or None for all of them, which the networks then share.
    is_shuffled : whether every epoch of every network goes through its batches in an order of its own.
    """

    def __init__(
        self,
        model: ModelSpec,
        optimizer: OptimizerSpec,
        parameters: Mapping[str, Array],
        rows: Batch,
        wanted: tuple[str, ...],
        batch_size: int | None = None,
        seeds: tuple[int, ...] = (),
        is_shuffled: bool = True,
    ) -> None:
        self.replicas = len(next(iter(parameters.values())))
        self.taken = 0
        self._model, self._optimizer, self._rows = model, optimizer, rows
        self._batches: list[Batches] = []
        if batch_size is not None:
            self._batches = [Batches(rows, batch_size, seed, is_shuffled=is_shuffled) for seed in seeds]
        program = for_training(program_of(model, optimizer), wanted)
        self._state = tuple(str(tensor.of) for tensor in program.replacements if not program.parts_of(tensor.name))
        self._program = replicate(
            share_buffers(update_in_place(sums_as_products(program)), wanted),
            self.replicas,
            ("x", "y") if self._batches else (),
        )
        self._workspaces: dict[int, Workspace] = {}
        self._home = self._workspace(self._batches[0].rows_of(1) if self._batches else rows.m)
        self._home.load(parameters)
        if not self._batches:
            self._home.load({"x": rows.x, "y": rows.y})

    def __getitem__(self, name: str) -> Array:
        """(replicas, ...) values of a tensor, which the next step overwrites."""
        return self._home[name]

    def step(self) -> None:
        """Take one step with every network."""
        self.taken += 1
        if self._batches:
            self._next_rows()
        numbers = numbers_at(self._optimizer, self.taken)
        if numbers:
            self._home.load(numbers)
        self._home.run()
        self._home.commit()

    def _next_rows(self) -> None:
        batches = [batches.of(self.taken) for batches in self._batches]
        workspace = self._workspace(batches[0].m)
        if workspace is not self._home:
            for name in self._state:
                np.copyto(workspace[name], self._home[name])
            self._home = workspace
        np.stack([batch.x for batch in batches], out=workspace["x"])
        np.stack([batch.y for batch in batches], out=workspace["y"])

    def _workspace(self, m: int) -> Workspace:
        workspace = self._workspaces.get(m)
        if workspace is None:
            workspace = Workspace(self._program, m, self._model.dtype)
            workspace.load(scalars_of(self._model, self._optimizer, m))
            self._workspaces[m] = workspace
        return workspace
