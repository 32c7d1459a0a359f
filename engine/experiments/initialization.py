"""Whether a deep ReLU network begins to learn: He's first weights against Xavier's, on handwritten digits."""

from dataclasses import dataclass

import numpy as np

from engine import initializers
from engine.datasets import make, split
from engine.experiments.bands import Band, band_of
from engine.experiments.ensemble import Ensemble
from engine.experiments.progress import PausingRun, Progress
from engine.experiments.ranges import check_count, check_length, check_number
from engine.experiments.starts import parameters_of
from engine.model import LayerSpec, ModelSpec, OptimizerSpec, batch_of
from engine.primitives import Array
from engine.settings import check_name

CHOICES = ("he", "he_uniform", "xavier", "xavier_uniform", "normal")


@dataclass(frozen=True, slots=True)
class InitializerCurve:
    """The networks of one initializer.

    Parameters
    ----------
    loss : mean over each epoch's batches; ln 10 = 2.303 is guessing.
    final_loss : of the last epoch, by seed.
    """

    initializer: str
    loss: Band
    final_loss: list[float]


@dataclass(frozen=True, slots=True)
class InitializationResult:
    epoch: list[int]
    curves: list[InitializerCurve]


@dataclass(frozen=True, slots=True)
class Initialization:
    """Train deep ReLU networks on the digits with momentum, from several kinds of first weights.

    Parameters
    ----------
    hidden_layers : of `width` units each.
    seeds : networks of every initializer; all initializers see the same rows in the same order.

    Notes
    -----
    In miniature what He et al. 2015, "Delving Deep into Rectifiers", show with 30 layers.
    """

    hidden_layers: int = 30
    width: int = 64
    initializers: tuple[str, ...] = ("he", "xavier")
    epochs: int = 40
    batch_size: int = 32
    learning_rate: float = 0.002
    momentum: float = 0.9
    rows: int = 1437
    seeds: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        check_count("hidden_layers", self.hidden_layers, 1, 50)
        check_count("width", self.width, 1, 256)
        check_length("initializers", self.initializers, len(CHOICES))
        for name in self.initializers:
            check_name("initializers", name, CHOICES)
        check_count("epochs", self.epochs, 1, 1000)
        check_count("rows", self.rows, 10, 1437)
        check_count("batch_size", self.batch_size, 1, self.rows)
        check_number("learning_rate", self.learning_rate, 0, 100)
        check_number("momentum", self.momentum, 0, 1)
        check_count("seeds", self.seeds, 1, 20)

    @property
    def operations(self) -> float:
        parameters = sum(float(np.prod(shape)) for shape in self._model.parameter_shapes.values())
        return 3 * parameters * self.rows * self.epochs * self.seeds * len(self.initializers)

    @property
    def values(self) -> int:
        weights = sum(int(np.prod(shape)) for shape in self._model.parameter_shapes.values())
        rows = 8 * self.batch_size * self.width * self.hidden_layers + self.rows * 74
        return (6 * weights + rows) * self.seeds * len(self.initializers)

    @property
    def _model(self) -> ModelSpec:
        return ModelSpec(64, (LayerSpec(self.width),) * self.hidden_layers, 10, dtype="float32")

    def run(self) -> PausingRun[InitializationResult]:
        model, rng = self._model, np.random.default_rng(self.seed)
        digits = split(make("digits", rng=rng), rng)
        rows = batch_of(model, digits.x_train[: self.rows], digits.y_train[: self.rows])
        seeds = tuple(range(self.seed, self.seed + self.seeds))
        starts = [parameters_of(model, initializers.named(name), seeds) for name in self.initializers]
        parameters = {name: np.concatenate([start[name] for start in starts]) for name in starts[0]}
        numbers = (("learning_rate", self.learning_rate), ("momentum", self.momentum))
        ensemble = Ensemble(
            model,
            OptimizerSpec("momentum", numbers),
            parameters,
            rows,
            ("loss",),
            self.batch_size,
            seeds * len(self.initializers),
        )
        steps = -(-len(rows.x) // self.batch_size)
        epochs: list[Array] = []
        for epoch in range(self.epochs):
            loss = np.zeros(ensemble.replicas)
            for step in range(1, steps + 1):
                ensemble.step()
                loss += ensemble["loss"]
                yield Progress(epoch * steps + step, self.epochs * steps)
            epochs.append(loss / steps)
        table = np.array(epochs).reshape(self.epochs, len(self.initializers), self.seeds)
        curves = [
            InitializerCurve(name, band_of(table[:, number]), table[-1, number].tolist())
            for number, name in enumerate(self.initializers)
        ]
        return InitializationResult(list(range(1, self.epochs + 1)), curves)
