"""Many networks of one model, trained at once."""

from collections.abc import Mapping

import numpy as np

from engine.batches import Batches
from engine.model import Batch, ModelSpec, OptimizerSpec, numbers_at, program_of
from engine.primitives import Array
from engine.rewrites import for_training, replicate, share_buffers, sums_as_products, update_in_place
from engine.workspace import Workspace
from engine.workspaces import Workspaces


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
        self._optimizer = optimizer
        self._batches: list[Batches] = []
        if batch_size is not None:
            self._batches = [Batches(rows, batch_size, seed, is_shuffled=is_shuffled) for seed in seeds]
        program = for_training(program_of(model, optimizer), wanted)
        state = tuple(str(tensor.of) for tensor in program.replacements if not program.parts_of(tensor.name))
        in_place = share_buffers(update_in_place(sums_as_products(program)), wanted)
        program = replicate(in_place, self.replicas, ("x", "y") if self._batches else ())
        m = self._batches[0].rows_of(1) if self._batches else rows.m
        self._workspaces = Workspaces(model, optimizer, state, {"replicas": lambda: program}, "replicas", m)
        self._home.load(parameters)
        if not self._batches:
            self._home.load({"x": rows.x, "y": rows.y})

    @property
    def _home(self) -> Workspace:
        return self._workspaces.home

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
        workspace = self._workspaces.move_to("replicas", batches[0].m)
        np.stack([batch.x for batch in batches], out=workspace["x"])
        np.stack([batch.y for batch in batches], out=workspace["y"])
