"""What a request may ask for: the sizes in the settings, refused in words before anything is allocated."""

import math
from collections.abc import Sequence

from engine.layout import layout_of
from engine.model import ModelSpec
from engine.program import Program
from server.problems import Problem
from server.settings import Settings

# Reading a number of a list takes as long as computing with so many.
VALUES_PER_NUMBER = 10


def at_most(what: str, found: int, wanted: int, setting: str) -> None:
    """Raise a 422 when there are more of something than a setting allows; only its params name the setting."""
    if found > wanted:
        raise Problem(
            422,
            "too_large",
            f"Too many {what}: {found}. This server accepts at most {wanted}.",
            what=what,
            found=found,
            wanted=wanted,
            setting=setting,
        )


def check_model(model: ModelSpec, settings: Settings) -> None:
    """Inputs, layers, units and parameters of a model."""
    at_most("inputs", model.inputs, settings.max_inputs, "max_inputs")
    at_most("layers, output included", model.depth, settings.max_layers, "max_layers")
    for units in model.units[1:]:
        at_most("units in a layer", units, settings.max_units_per_layer, "max_units_per_layer")
    at_most("parameters", parameters_in(model), settings.max_parameters, "max_parameters")


def parameters_in(model: ModelSpec) -> int:
    """How many weights and biases a model has."""
    return sum(math.prod(shape) for shape in model.parameter_shapes.values())


def values_to_read(*arrays: Sequence[object]) -> int:
    """What it costs to make arrays of lists, or of lists of lists that are as long as the first, in numbers touched."""
    return VALUES_PER_NUMBER * sum(
        len(array) * (len(array[0]) if array and isinstance(array[0], list) else 1) for array in arrays
    )


def check_rows(rows: int, settings: Settings) -> None:
    """Rows of a batch or a data set."""
    at_most("rows", rows, settings.max_rows, "max_rows")


def values_per_trace(program: Program, m: int, settings: Settings) -> int:
    """How many numbers a trace of this program on m rows holds; refused when there are too many."""
    return check_values(layout_of(program, m).size, settings)


def check_values(size: int, settings: Settings) -> int:
    """The same, where the size is known."""
    at_most("numbers in a trace", size, settings.max_values_per_trace, "max_values_per_trace")
    return size
