"""Generated points: classes in the plane, and numbers that follow from one feature.

Classes take turns row by row, so that they are as balanced as the rows allow: x : (rows, 2) float64 and
y : (rows,) int64. With a number to learn x : (rows, 1) float64 and y : (rows,) float64.
"""

import numpy as np
from numpy.typing import NDArray

Points = tuple[NDArray[np.float64], NDArray[np.int64]]
Numbers = tuple[NDArray[np.float64], NDArray[np.float64]]


def xor(low: float) -> Points:
    """The four corners of the square from `low` to 1, in the order of a truth table. Class 1: inputs differ."""
    x = np.array([[low, low], [low, 1.0], [1.0, low], [1.0, 1.0]])
    return x, np.array([0, 1, 1, 0], dtype=np.int64)


def two_moons(rng: np.random.Generator, rows: int, noise: float) -> Points:
    """Two half circles of radius 1 that reach into each other."""
    y = _labels(rows, 2)
    angle = rng.uniform(0.0, np.pi, rows)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)])
    return _shaken(rng, np.where(y[:, None] == 0, upper, lower), noise), y


def circles(rng: np.random.Generator, rows: int, noise: float) -> Points:
    """A circle of radius 1 around one of radius 1/2."""
    y = _labels(rows, 2)
    radius = np.where(y == 0, 1.0, 0.5)
    return _shaken(rng, _polar(radius, rng.uniform(0.0, 2.0 * np.pi, rows)), noise), y


def three_spirals(rng: np.random.Generator, rows: int, noise: float) -> Points:
    """Three arms that leave the centre a third of a turn apart and wind through three quarters of a turn."""
    y = _labels(rows, 3)
    radius = rng.uniform(0.05, 1.0, rows)
    angle = 2.0 * np.pi * (y / 3.0 + 0.75 * radius)
    return _shaken(rng, _polar(radius, angle), noise), y


def three_blobs(rng: np.random.Generator, rows: int, noise: float) -> Points:
    """Three normal clouds whose centres stand a third of a turn apart on a circle of radius 1, `noise` wide."""
    y = _labels(rows, 3)
    return _shaken(rng, _polar(np.ones(rows), 2.0 * np.pi * (y / 3.0 + 0.25)), noise), y


def line(rng: np.random.Generator, rows: int, noise: float) -> Numbers:
    """y = 2 x + 1 for x from 0 to 10, with `noise` as its standard deviation around the line."""
    x = rng.uniform(0.0, 10.0, (rows, 1))
    return x, _shaken(rng, 2.0 * x[:, 0] + 1.0, noise)


def curve(rng: np.random.Generator, rows: int, noise: float) -> Numbers:
    """y = sin x over one turn, x from -pi to pi, with `noise` as its standard deviation around the curve."""
    x = rng.uniform(-np.pi, np.pi, (rows, 1))
    return x, _shaken(rng, np.sin(x[:, 0]), noise)


def _labels(rows: int, n_classes: int) -> NDArray[np.int64]:
    return np.arange(rows, dtype=np.int64) % n_classes


def _polar(radius: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _shaken(rng: np.random.Generator, x: NDArray[np.float64], noise: float) -> NDArray[np.float64]:
    """Move every number by a normal number of standard deviation `noise`."""
    return x + noise * rng.standard_normal(x.shape)
