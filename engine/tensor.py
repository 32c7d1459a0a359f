"""The arrays of a program, by what they are."""

from dataclasses import dataclass

# What takes the place of a parameter, and of an optimizer's state, when the step is over.
NEXT_ROLES = ("next", "state_next")


@dataclass(frozen=True, slots=True)
class Tensor:
    """A named array of a program.

    Parameters
    ----------
    axes : one name an axis: "n" counts the samples, "k" as a number in a string the units of layer k.
    role : what it is to its layer ("W", "z", "da", ...) and the key under which the REST API answers it.
    layer : 1..L, or None for what belongs to no layer.
    of : for a gradient, a next value or an optimizer state, the name of the tensor that it belongs to.
    """

    name: str
    axes: tuple[str, ...]
    role: str
    layer: int | None = None
    of: str | None = None
