"""One activation on its way up and down many layers: numbers near 1, and the logarithms of their true size."""

import math

import numpy as np

from engine.experiments.single_layer import SingleLayer
from engine.primitives import Array

# Inputs up to this size may be scaled, and the layer's answer scales with them (tanh: within a rounding of float32).
SCALES_UP_TO = {"relu": math.inf, "leaky_relu": math.inf, "identity": math.inf, "tanh": 1e-4, "sigmoid": 0.0}


class LayerPass:
    """The layers of one activation with all initializers, one after the other.

    Parameters
    ----------
    scales_up_to : as in SCALES_UP_TO.
    factors : (initializers,) what the weights are multiplied by.

    Attributes
    ----------
    a, dz : (layers + 1, seeds, initializers) logarithms; row 0 of a is the input's, row 0 of dz means nothing.
    """

    def __init__(self, layer: SingleLayer, scales_up_to: float, factors: Array, layers: int) -> None:
        self._layer = layer
        self._scales_up_to = scales_up_to
        self._factors = factors[:, None]
        self._slopes: list[Array] = []
        self._layers = layers

    def start(self, x: Array) -> None:
        self._x = x.copy()
        self._scale = np.zeros(x.shape[:2])
        self.a, self.dz = (np.zeros((self._layers + 1, *x.shape[:2])) for _ in range(2))
        self.a[0] = _log_size(x)

    def forward(self, layer: int, weights: Array) -> None:
        with np.errstate(all="ignore"):
            a, slope = self._layer.forward(weights, self._x * self._factors)
            self._slopes.append(slope.copy())
            size = _log_size(a)
            self.a[layer] = size + self._scale
            scale = self._scale_after(self.a[layer])
            # Where all units are 0 there is nothing to scale.
            factor = np.where(np.isfinite(size), 10.0 ** (self._scale - scale), 1.0)
            np.multiply(a, factor[..., None], out=self._x, casting="same_kind")
            self._scale = scale

    def _scale_after(self, size: Array) -> Array:
        """log10 of what the numbers at hand have to be multiplied by to be the true ones."""
        target = 1.0 if self._scales_up_to == math.inf else self._scales_up_to
        is_free = np.isfinite(size) & (size < (math.log10(self._scales_up_to) if self._scales_up_to else -math.inf))
        return np.where(is_free, size - math.log10(target or 1.0), 0.0)

    def turn(self, gradient: Array) -> None:
        self._x = gradient.copy()
        self._scale[:] = 0.0

    def backward(self, layer: int, weights: Array) -> None:
        with np.errstate(all="ignore"):
            dz, dx = self._layer.backward(weights, self._slopes.pop(), self._x)
            self.dz[layer] = _log_size(dz) + self._scale
            np.multiply(dx, self._factors, out=self._x)
            size = _log_size(self._x)
            size[~np.isfinite(size)] = 0
            self._x *= (10**-size)[..., None].astype(np.float32)
            self._scale += size


def _log_size(values: Array) -> Array:
    """log10 of the root mean square over the last axis."""
    with np.errstate(all="ignore"):
        largest = np.abs(values).max(axis=-1, keepdims=True)
        scaled = values / np.where(largest > 0, largest, 1)
        size: Array = np.log10(np.sqrt(np.mean(np.square(scaled, dtype=np.float64), axis=-1)) * largest[..., 0])
    return size
