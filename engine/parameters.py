"""The parameters of a model: fresh ones, and those that a caller sent."""

from collections.abc import Mapping

import numpy as np

from engine.arrays import array_of, numbers, shape_error
from engine.errors import EngineError
from engine.initializers import Draw
from engine.primitives import Array
from engine.spec import ModelSpec


def initial_parameters(
    model: ModelSpec, initializer: Draw, rng: np.random.Generator, bias: float = 0.0
) -> dict[str, Array]:
    """Fresh weights, and biases of one constant.

    Returns
    -------
    {"W1": (fan_in, fan_out), "b1": (fan_out,), ...} in the model's dtype
    """
    return {
        name: (initializer(rng, shape) if len(shape) == 2 else np.full(shape, bias)).astype(model.dtype)
        for name, shape in model.parameter_shapes.items()
    }


def given_parameters(model: ModelSpec, parameters: Mapping[str, object]) -> dict[str, Array]:
    """Parameters as sent by a caller, checked against the model.

    Raises
    ------
    EngineError : a missing or unknown name, a wrong shape, weights that fit only transposed, or a number that is not
        finite.
    """
    shapes = model.parameter_shapes
    unknown = [name for name in parameters if name not in shapes]
    missing = [name for name in shapes if name not in parameters]
    if unknown or missing:
        found = ", ".join(parameters) or "nothing"
        raise EngineError(
            "parameters",
            f"This model has the parameters {', '.join(shapes)}; you gave {found}.",
            field="parameters",
            unknown=unknown,
            missing=missing,
        )
    _check_layout(shapes, {name: numbers(f"parameters.{name}", parameters[name]).shape for name in shapes})
    return {name: given_parameter(model, name, parameters[name]) for name in shapes}


def given_parameter(model: ModelSpec, name: str, value: object) -> Array:
    """One parameter as sent by a caller; a bias may be a row or a column, since its numbers are the same ones.

    Raises
    ------
    EngineError : a wrong shape, or a number that is not finite.
    """
    shape, field = model.parameter_shapes[name], f"parameters.{name}"
    array = numbers(field, value)
    is_line = array.shape in ((1, *shape), (*shape, 1))
    return array_of(field, array.ravel() if is_line else array, shape, model.dtype)


def _check_layout(shapes: Mapping[str, tuple[int, ...]], found: Mapping[str, tuple[int, ...]]) -> None:
    """Name all weights that fit only transposed, and not just the first."""
    weights = [name for name, shape in shapes.items() if len(shape) == 2]
    upright = [name for name in weights if found[name] == shapes[name]]
    turned = [name for name in weights if found[name] == shapes[name][::-1]]
    wrong = [name for name in turned if name not in upright]
    # A square matrix fits both ways: where every other one is transposed, it is meant so too.
    names = turned if all(name in turned for name in weights) else wrong
    if wrong:
        raise shape_error(f"parameters.{wrong[0]}", found[wrong[0]], shapes[wrong[0]], names)
