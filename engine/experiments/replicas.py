"""The same training from many seeds: how much of what one run shows is chance."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine import initializers
from engine.errors import EngineError
from engine.experiments.bands import Band, Share, band_of, share_of
from engine.experiments.ensemble import Ensemble
from engine.experiments.progress import PausingRun, Progress
from engine.experiments.ranges import check_count
from engine.experiments.starts import parameters_of
from engine.layout import layout_of
from engine.model import Batch, ModelSpec, OptimizerSpec, program_of
from engine.primitives import Array
from engine.settings import check_name

# Half precision has no fast matrix product.
DTYPES = ("float64", "float32")


@dataclass(frozen=True, slots=True)
class ReplicasResult:
    """The learning curves of all seeds together.

    Parameters
    ----------
    step : from 1; the points of the bands.
    loss, accuracy : of each step's batch before its update; accuracy is None where the model gives no classes.
    final_loss, final_accuracy : by seed.
    solved : how many seeds got every row of their last batch right; None where the model gives no classes.
    diverged : how many have a last loss that is not finite.
    """

    seeds: list[int]
    step: list[int]
    loss: Band
    accuracy: Band | None
    final_loss: list[float]
    final_accuracy: list[float] | None
    solved: Share | None
    diverged: int


@dataclass(frozen=True, slots=True, eq=False)
class Replicas:
    """Train one model from several seeds; seed k begins and sees its rows as a run with that seed does.

    Parameters
    ----------
    seeds : of the first weights and of the order of the rows.
    batch_size : rows of a step, or None for all.
    is_shuffled : whether every epoch goes through its batches in an order of its own; False: as the rows stand.
    points : of the curves, at most.
    """

    model: ModelSpec
    train: Batch
    seeds: tuple[int, ...]
    steps: int
    optimizer: OptimizerSpec = OptimizerSpec()  # noqa: RUF009
    initializer: str = "he"
    initializer_numbers: Mapping[str, float] = field(default_factory=dict)
    bias: float = 0.0
    batch_size: int | None = None
    points: int = 100
    is_shuffled: bool = True

    def __post_init__(self) -> None:
        if self.model.mistakes:
            raise EngineError(
                "mistakes_in_experiment",
                "Experiments compute many networks at once and round differently from a session, so they run without "
                "mistakes. Leave model.mistakes out, or begin a session with it.",
                field="model.mistakes",
                found=list(self.model.mistakes),
            )
        check_name("model.dtype", self.model.dtype, DTYPES)
        check_count("steps", self.steps, 1, 1_000_000)
        check_count("points", self.points, 2, 1000)
        check_count("seeds", len(self.seeds), 1, 10_000)
        if self.batch_size is not None:
            check_count("batch_size", self.batch_size, 1, self.train.m)
        self._draw()

    def _draw(self) -> initializers.Draw:
        known = self.model.vocabulary.initializers
        return initializers.named(self.initializer, self.initializer_numbers, known)

    @property
    def operations(self) -> float:
        parameters = sum(float(np.prod(shape)) for shape in self.model.parameter_shapes.values())
        return 3 * parameters * (self.batch_size or self.train.m) * self.steps * len(self.seeds)

    @property
    def values(self) -> int:
        program = program_of(self.model, self.optimizer)
        # Every seed that goes through the rows in an order of its own holds them in that order.
        is_copied = self.batch_size is not None and self.is_shuffled
        shuffled = self.train.x.size + self.train.y.size if is_copied else 0
        return (layout_of(program, self.batch_size or self.train.m).size + shuffled) * len(self.seeds)

    def run(self) -> PausingRun[ReplicasResult]:
        parameters = parameters_of(self.model, self._draw(), self.seeds, self.bias)
        tells_classes = self.model.output.tells_classes
        wanted = ("loss", "accuracy") if tells_classes else ("loss",)
        ensemble = Ensemble(
            self.model,
            self.optimizer,
            parameters,
            self.train,
            wanted,
            self.batch_size,
            self.seeds,
            self.is_shuffled,
        )
        steps: list[int] = []
        losses: list[Array] = []
        accuracies: list[Array] = []
        every = max(1, -(-(self.steps - 1) // (self.points - 1)))
        for step in range(1, self.steps + 1):
            ensemble.step()
            if (step - 1) % every == 0 or step == self.steps:
                steps.append(step)
                losses.append(ensemble["loss"].copy())
                if tells_classes:
                    accuracies.append(ensemble["accuracy"].copy())
            yield Progress(step, self.steps)
        last = losses[-1]
        return ReplicasResult(
            list(self.seeds),
            steps,
            band_of(np.array(losses)),
            band_of(np.array(accuracies)) if tells_classes else None,
            last.astype(float).tolist(),
            accuracies[-1].tolist() if tells_classes else None,
            share_of(int(np.count_nonzero(accuracies[-1] == 1)), len(last)) if tells_classes else None,
            int(np.count_nonzero(~np.isfinite(last))),
        )
