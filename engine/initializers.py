"""Initial weights. Everything random takes a generator."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.primitives import Array
from engine.settings import Setting, check_name, check_settings, with_defaults

Draw = Callable[[np.random.Generator, tuple[int, int]], Array]
Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Initializer:
    """How the first weights are made.

    Parameters
    ----------
    draw_of : its numbers -> (generator, (fan_in, fan_out)) -> W (fan_in, fan_out) float64.
    settings : the numbers that it takes.
    """

    draw_of: Callable[[Numbers], Draw]
    settings: tuple[Setting, ...] = ()


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


def normal(std: float) -> Draw:
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


def constant(value: float) -> Draw:
    """All weights the same number: every hidden unit stays the same as its neighbours."""
    return lambda _rng, shape: np.full(shape, value)


INITIALIZERS: dict[str, Initializer] = {
    "he": Initializer(lambda numbers: he),
    "he_uniform": Initializer(lambda numbers: he_uniform),
    "xavier": Initializer(lambda numbers: xavier),
    "xavier_uniform": Initializer(lambda numbers: xavier_uniform),
    "normal": Initializer(lambda numbers: normal(numbers["std"]), (Setting("std", 0.01, low=0, above=0),)),
    "constant": Initializer(lambda numbers: constant(numbers["value"]), (Setting("value", 0.1),)),
    "zeros": Initializer(lambda numbers: zeros),
}


def named(name: str, numbers: Numbers = MappingProxyType({}), known: Mapping[str, Initializer] = INITIALIZERS) -> Draw:
    """What the initializer of that name does with these numbers, and its defaults for the others.

    Raises
    ------
    EngineError : an unknown name, or a number that is unknown or out of its range.
    """
    check_name("initializer", name, known)
    row = known[name]
    check_settings(numbers.items(), row.settings, "", "initializer")
    return row.draw_of(with_defaults(row.settings, numbers.items()))
