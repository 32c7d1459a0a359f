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


def he_uniform(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Uniform weights with the variance of `he`, 2 / fan_in.

    Parameters
    ----------
    shape : (fan_in, fan_out)

    Returns
    -------
    W : (fan_in, fan_out) float64, between -sqrt(6 / fan_in) and sqrt(6 / fan_in).
    """
    return _uniform(rng, math.sqrt(6 / shape[0]), shape)


def xavier_uniform(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """Uniform weights with the variance of `xavier`, 2 / (fan_in + fan_out).

    Parameters
    ----------
    shape : (fan_in, fan_out)

    Returns
    -------
    W : (fan_in, fan_out) float64, between -sqrt(6 / (fan_in + fan_out)) and its opposite.

    Notes
    -----
    Glorot and Bengio 2010, eq. 16.
    """
    return _uniform(rng, math.sqrt(6 / sum(shape)), shape)


def _uniform(rng: np.random.Generator, limit: float, shape: tuple[int, int]) -> Array:
    return rng.uniform(-limit, limit, shape)


def constant(value: float) -> Initializer:
    """All weights the same number: every hidden unit stays the same as its neighbours."""
    return lambda _rng, shape: np.full(shape, value)


NAMES = ("he", "he_uniform", "xavier", "xavier_uniform", "normal", "constant", "zeros")


def named(name: str, std: float = 0.01, value: float = 0.1) -> Initializer:
    """The initializer of that name.

    Parameters
    ----------
    std : of normal. value : of constant.

    Raises
    ------
    EngineError : unknown name, a std that is not a positive number, or a value that is not finite.
    """
    if name == "constant":
        if not math.isfinite(value):
            raise EngineError("range", f"value is {value}; give a finite number.", field="value", found=value)
        return constant(value)
    if name == "normal":
        if not (std > 0 and math.isfinite(std)):
            raise EngineError("range", f"std is {std}; give a positive number.", field="std", found=std)
        return normal(std)
    table: dict[str, Initializer] = {
        "he": he,
        "he_uniform": he_uniform,
        "xavier": xavier,
        "xavier_uniform": xavier_uniform,
        "zeros": zeros,
    }
    if name not in table:
        raise EngineError(
            "unknown_name",
            f"There is no initializer called {name!r}; choose one of {', '.join(NAMES)}.",
            field="initializer",
            found=name,
            wanted=list(NAMES),
        )
    return table[name]
