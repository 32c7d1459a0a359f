"""First parameters of many networks."""

from collections.abc import Sequence

import numpy as np

from engine.initializers import Draw
from engine.model import ModelSpec, initial_parameters
from engine.primitives import Array


def parameters_of(model: ModelSpec, initializer: Draw, seeds: Sequence[int], bias: float = 0.0) -> dict[str, Array]:
    """Name -> (seeds, ...): for each seed what a single network of that seed begins with."""
    stacked = {name: np.empty((len(seeds), *shape), model.dtype) for name, shape in model.parameter_shapes.items()}
    for number, seed in enumerate(seeds):
        for name, value in initial_parameters(model, initializer, np.random.default_rng(seed), bias).items():
            stacked[name][number] = value
    return stacked
