"""Initial weights. Everything random takes a generator."""

import math
from collections.abc import Callable

import numpy as np

from engine.errors import EngineError
from engine.primitives import Array

Initializer = Callable[[np.random.Generator, tuple[int, int]], Array]


def he(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Normal weights that keep the mean square of ReLU activations constant with depth.

    Parameters
    ----------
    shape : (fan_in, fan_out)

    Returns
    -------
    W : (fan_in, fan_out) float64, zero mean, variance 2 / fan_in.

    Notes
    -----
    He et al. 2015, "Delving Deep into Rectifiers", eq. 10.
    """
    return rng.normal(0.0, math.sqrt(2 / shape[0]), shape)


def xavier(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Normal weights of variance 2 / (fan_in + fan_out).

    Parameters
    ----------
    shape : (fan_in, fan_out)

    Returns
    -------
    W : (fan_in, fan_out) float64

    Notes
    -----
    Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", eq. 12.
    """
    return rng.normal(0.0, math.sqrt(2 / sum(shape)), shape)


def normal(std: float) -> Initializer:
    """Normal weights of zero mean and the given standard deviation."""
    return lambda rng, shape: rng.normal(0.0, std, shape)


def zeros(_rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """All weights 0: every hidden unit stays the same as its neighbours."""
    return np.zeros(shape)


NAMES = ("he", "xavier", "normal", "zeros")


def named(name: str, std: float = 0.01) -> Initializer:
    """The initializer of that name.

    Raises
    ------
    EngineError : unknown name, or a std that is not a positive number.
    """
    if name == "normal":
        if not (std > 0 and math.isfinite(std)):
            raise EngineError("range", f"std is {std}; give a positive number.", field="std", found=std)
        return normal(std)
    table: dict[str, Initializer] = {"he": he, "xavier": xavier, "zeros": zeros}
    if name not in table:
        raise EngineError(
            "unknown_name",
            f"There is no initializer called {name!r}; choose one of {', '.join(NAMES)}.",
            field="initializer",
            found=name,
            wanted=list(NAMES),
        )
    return table[name]
