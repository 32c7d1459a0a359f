"""How large activations and gradients are from layer to layer of a very deep network."""

import math
from dataclasses import dataclass

import numpy as np

from engine.experiments.depth_theory import Theory
from engine.experiments.layer_pass import SCALES_UP_TO, LayerPass
from engine.experiments.progress import PausingRun, Progress
from engine.experiments.ranges import check_count, check_length
from engine.experiments.single_layer import SingleLayer
from engine.primitives import Array
from engine.settings import check_name

# Standard deviation of the weights of a square layer of this width.
INITIALIZERS = {
    "xavier": lambda width: math.sqrt(1 / width),
    "he": lambda width: math.sqrt(2 / width),
    "normal": lambda width: 0.01,
}
MOST_VALUES = 20_000_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """log10 of a root mean square over the units, one number a layer; minus infinity where all units are 0."""

    median: list[float]
    tenth: list[float]
    ninetieth: list[float]


@dataclass(frozen=True, slots=True)
class DepthCurve:
    """One activation with one initializer.

    Parameters
    ----------
    a : sizes of the activations.
    dz : sizes of the gradients, relative to that of the last layer.
    dW : sizes of the weights' gradients of one sample, a times dz, relative to that of the last layer.
    theory : of dz in a typical network, as the theory of random networks has it.
    """

    activation: str
    initializer: str
    a: Sizes
    dz: Sizes
    dW: Sizes
    theory: list[float]


@dataclass(frozen=True, slots=True)
class DepthResult:
    layer: list[int]
    curves: list[DepthCurve]


@dataclass(frozen=True, slots=True)
class Depth:
    """Send one random input forward and one random gradient back through square layers without biases.

    Every combination of activation and initializer sees the same normal numbers, times its own factor. Logarithms are
    kept and numbers are scaled layer by layer, so that a thousand layers neither vanish nor overflow.

    Parameters
    ----------
    seeds : networks of every combination, of which the median is taken.
    points : layers that are answered, at most.
    """

    layers: int = 100
    width: int = 100
    activations: tuple[str, ...] = ("sigmoid", "tanh", "relu")
    initializers: tuple[str, ...] = ("xavier", "he", "normal")
    seeds: int = 20
    seed: int = 0
    points: int = 200

    def __post_init__(self) -> None:
        check_count("layers", self.layers, 1, 1000)
        check_count("width", self.width, 1, 256)
        check_length("activations", self.activations, len(SCALES_UP_TO))
        check_length("initializers", self.initializers, len(INITIALIZERS))
        for activation in self.activations:
            check_name("activations", activation, SCALES_UP_TO)
        for initializer in self.initializers:
            check_name("initializers", initializer, INITIALIZERS)
        check_count("seeds", self.seeds, 1, 200)
        check_count("points", self.points, 2, 1000)
        # The slopes of all layers are kept for the way back.
        one = self.layers * self.width * len(self.activations) * len(self.initializers)
        check_count("seeds", self.seeds, 1, max(1, MOST_VALUES // one))

    @property
    def operations(self) -> float:
        combinations = len(self.activations) * len(self.initializers)
        # Drawing a normal number costs about as much as 30 multiplications.
        return 2.0 * self.layers * self.seeds * self.width**2 * (combinations + 30)

    @property
    def values(self) -> int:
        slopes = self.layers * self.seeds * self.width * len(self.activations) * len(self.initializers)
        return slopes + self.seeds * self.width**2 * (1 + 2 * len(self.activations))

    def run(self) -> PausingRun[DepthResult]:
        factors = np.array([INITIALIZERS[name](self.width) for name in self.initializers], np.float32)
        passes = [
            LayerPass(SingleLayer(name, self.width, self.seeds, len(factors)), SCALES_UP_TO[name], factors, self.layers)
            for name in self.activations
        ]
        theories = [Theory(name, self.width, factors) for name in self.activations]
        rng = np.random.default_rng([self.seed, 0])
        x = rng.standard_normal((self.seeds, 1, self.width), np.float32)
        gradient = rng.standard_normal((self.seeds, 1, self.width), np.float32)
        weights = np.empty((self.seeds, self.width, self.width), np.float32)
        for each in passes:
            each.start(np.broadcast_to(x, (self.seeds, len(factors), self.width)))
        for layer in range(1, self.layers + 1):
            self._draw(layer, weights)
            for each in passes:
                each.forward(layer, weights)
            for theory in theories:
                theory.next()
            yield Progress(layer, 2 * self.layers)
        for each in passes:
            each.turn(np.broadcast_to(gradient, (self.seeds, len(factors), self.width)))
        for layer in range(self.layers, 0, -1):
            self._draw(layer, weights)
            for each in passes:
                each.backward(layer, weights)
            yield Progress(2 * self.layers - layer + 1, 2 * self.layers)
        return self._result(passes, theories)

    def _draw(self, layer: int, weights: Array) -> None:
        # Drawn again on the way back: a thousand layers of weights would not fit into memory.
        np.random.default_rng([self.seed, layer]).standard_normal(dtype=np.float32, out=weights)

    def _result(self, passes: list[LayerPass], theories: list[Theory]) -> DepthResult:
        shown = np.unique(np.linspace(1, self.layers, min(self.points, self.layers)).round().astype(int))
        curves = []
        with np.errstate(invalid="ignore"):
            for activation, each, theory in zip(self.activations, passes, theories, strict=True):
                expected = theory.sizes()[shown - 1]
                dz = _relative(each.dz[1:])
                dW = _relative(each.a[:-1] + each.dz[1:])
                for number, initializer in enumerate(self.initializers):
                    a, z, w = (sizes_of(table[shown - 1, :, number]) for table in (each.a[1:], dz, dW))
                    curves.append(DepthCurve(activation, initializer, a, z, w, expected[:, number].tolist()))
        return DepthResult(shown.tolist(), curves)


def _relative(logarithms: Array) -> Array:
    """To the last row; minus infinity where that is minus infinity itself."""
    return np.where(np.isfinite(logarithms[-1]), logarithms - logarithms[-1], -np.inf)


def sizes_of(logarithms: Array) -> Sizes:
    """(layers, seeds) -> the median and the tenths by rank."""
    ordered = np.sort(logarithms, axis=1)
    seeds = ordered.shape[1]
    ranks = ((seeds - 1) // 2, (seeds - 1) // 10, seeds - 1 - (seeds - 1) // 10)
    return Sizes(*(ordered[:, rank].tolist() for rank in ranks))
