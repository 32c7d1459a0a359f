"""Whether the derivative that is chosen at the corner of ReLU matters: xor from many seeds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.experiments.bands import Share, share_of
from engine.experiments.ensemble import Ensemble
from engine.experiments.progress import PausingRun, Progress
from engine.experiments.ranges import check_count, check_length, check_number
from engine.experiments.starts import parameters_of
from engine.initializers import he
from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec
from engine.primitives import Array

POINTS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Variant:
    """One choice: the derivative at zero and the first biases.

    Parameters
    ----------
    exact_zeros : share of the hidden pre-activations that are exactly 0 in the first step.
    solved : how many seeds have all four points right in the end.
    """

    derivative_at_zero: float
    bias: float
    exact_zeros: float
    solved: Share


@dataclass(frozen=True, slots=True)
class DerivativeAtZeroResult:
    """The same seeds with every choice."""

    variants: list[Variant]


@dataclass(frozen=True, slots=True)
class DerivativeAtZero:
    """Train 2-H-1 networks on xor with every choice of the derivative, and once with biases that avoid the corner.

    The points stand at 0 and 1, so with zero biases (0, 0) puts every hidden unit on its corner. He weights, a sigmoid
    with binary cross-entropy, all four points in every step, plain gradient descent.

    Parameters
    ----------
    bias : the first biases of the variant that avoids the corner; its derivative is the first one.
    """

    hidden: int = 4
    derivatives: tuple[float, ...] = (0.0, 0.5, 1.0)
    bias: float = 0.01
    seeds: int = 200
    steps: int = 2000
    learning_rate: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        check_count("hidden", self.hidden, 1, 64)
        check_length("derivatives", self.derivatives, 5)
        for derivative in self.derivatives:
            check_number("derivatives", derivative, 0, 1)
        check_number("bias", self.bias, -1, 1)
        check_count("seeds", self.seeds, 1, 10_000)
        check_count("steps", self.steps, 1, 100_000)
        check_number("learning_rate", self.learning_rate, 0, 100)

    @property
    def operations(self) -> float:
        # Networks as small as this cost what calls and memory cost: about 40 multiplications a number.
        return 40.0 * 4 * (4 * self.hidden + 1) * self.steps * self.seeds * (len(self.derivatives) + 1)

    @property
    def values(self) -> int:
        return self.seeds * 4 * (10 * self.hidden + 20)

    def run(self) -> PausingRun[DerivativeAtZeroResult]:
        choices = [*((derivative, 0.0) for derivative in self.derivatives), (self.derivatives[0], self.bias)]
        total = len(choices) * self.steps
        start = parameters_of(self._model(0.0), he, range(self.seed, self.seed + self.seeds))
        variants: list[Variant] = []
        for number, (derivative, bias) in enumerate(choices):
            ensemble = self._ensemble(start, derivative, bias)
            exact_zeros = 0.0
            for step in range(1, self.steps + 1):
                ensemble.step()
                if step == 1:
                    exact_zeros = float(np.mean(ensemble["z1"] == 0))
                yield Progress(number * self.steps + step, total)
            solved = share_of(int(np.count_nonzero(ensemble["accuracy"] == 1)), self.seeds)
            variants.append(Variant(derivative, bias, exact_zeros, solved))
        return DerivativeAtZeroResult(variants)

    def _model(self, derivative: float) -> ModelSpec:
        hidden = LayerSpec(self.hidden, "relu", (("derivative_at_zero", derivative),))
        return ModelSpec(2, (hidden,), 1, "sigmoid", "binary_cross_entropy")

    def _ensemble(self, start: Mapping[str, Array], derivative: float, bias: float) -> Ensemble:
        x = np.array(POINTS)
        y = (x[:, :1] != x[:, 1:]).astype(float)
        biases = {name: np.full_like(start[name], bias) for name in ("b1", "b2")}
        optimizer = OptimizerSpec("sgd", (("learning_rate", self.learning_rate),))
        return Ensemble(self._model(derivative), optimizer, {**start, **biases}, Batch(x, y), ("accuracy", "z1"))
