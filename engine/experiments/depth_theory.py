"""What the theory of random networks says about sizes of gradients: of the typical network, not of the mean."""

import math

import numpy as np

from engine.experiments.single_layer import SingleLayer
from engine.layers import ACTIVATIONS
from engine.primitives import Array

EULER_GAMMA = 0.5772156649015329
# z over its standard deviation, with as many points on both sides of a corner at 0 and none on it.
POINTS = np.linspace(-8, 8, 200)
DENSITY = np.exp(-(POINTS**2) / 2)
DENSITY /= DENSITY.sum()
# Activations that are two lines with a corner at 0, and the slope of the lower one.
SLOPES_BELOW = {"relu": 0.0, "leaky_relu": ACTIVATIONS["leaky_relu"].settings[0].default}
# Below it every function here is a line, so a smaller variance changes nothing.
LEAST_VARIANCE = 1e-200


class Theory:
    """Layer after layer of one activation, with all initializers: log10 of |dz| of this layer over that of the next.

    Parameters
    ----------
    width : n, units of every layer.
    factors : (initializers,) standard deviations of the weights.

    Notes
    -----
    The mean square follows q' = n v E[f(sqrt(q) g)^2] and falls on the way back by n v E[f'(sqrt(q) g)^2]. The typical
    square lies below its mean: by E ln S = ln E S - Var S / (2 (E S)^2) for a sum S over the units. ReLU needs neither:
    there S is a chi-square over as many units as are open.
    """

    def __init__(self, activation: str, width: int, factors: Array) -> None:
        self._layer = SingleLayer(activation, 1, len(factors), len(POINTS), "float64")
        self._one = np.ones((len(factors), 1, 1))
        self._width = width
        # n v; the input has variance 1.
        self._gain = width * np.square(factors, dtype=np.float64)
        self._variance = self._gain.copy()
        # log10 of a step for weights of variance 1, where it does not depend on the size of z.
        self._bent = bent_line(width, SLOPES_BELOW[activation]) if activation in SLOPES_BELOW else None
        self._steps: list[Array] = []

    def next(self) -> None:
        """Go up one layer."""
        if self._bent is not None:
            self._steps.append(np.log10(self._gain / self._width) / 2 + self._bent)
            return
        with np.errstate(all="ignore"):
            z = np.sqrt(self._variance)[:, None, None] * POINTS[:, None]
            a, slope = (each[..., 0] for each in self._layer.forward(self._one, z))
            square = np.square(slope)
            mean, mean_square = (square * DENSITY).sum(axis=-1), (square * square * DENSITY).sum(axis=-1)
            below = (3 * mean_square / mean**2 - 1) / (4 * self._width * math.log(10))
            self._steps.append(np.log10(self._gain * mean) / 2 - below)
            self._variance = np.maximum(self._gain * (np.square(a) * DENSITY).sum(axis=-1), LEAST_VARIANCE)

    def sizes(self) -> Array:
        """(layers, initializers) log10 of |dz|, relative to that of the last layer."""
        steps = np.array(self._steps)
        steps[-1] = 0
        return np.cumsum(steps[::-1], axis=0)[::-1]


def bent_line(width: int, slope_below: float) -> float:
    """log10 of a typical gradient behind a layer of ReLU or leaky ReLU over that before it, weights of variance 1.

    Of n units k are open with the chance of a binomial, and then |dz|^2 is a chi-square of k degrees of freedom, whose
    logarithm is digamma(k / 2) + ln 2 on average. Beside it the small slope of the others hardly counts, until all are
    shut: that ends a network of ReLU, which does not count then, and leaves the small slope to leaky ReLU.
    """
    fewest = 0 if slope_below else 1
    chances = [math.comb(width, k) / (2**width - fewest) for k in range(width + 1)]
    logarithms = [_digamma_of_half(k) + math.log(2) for k in range(1, width + 1)]
    all_shut = logarithms[-1] + 2 * math.log(slope_below) if slope_below else 0.0
    typical: float = sum(chance * each for chance, each in zip(chances, [all_shut, *logarithms], strict=True))
    return typical / (2 * math.log(10))


def _digamma_of_half(k: int) -> float:
    """digamma(k / 2)."""
    first = 1 if k % 2 else 2
    start = -EULER_GAMMA - (2 * math.log(2) if k % 2 else 0)
    return start + sum(2 / j for j in range(first, k, 2))
