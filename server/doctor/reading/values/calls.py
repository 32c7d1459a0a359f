"""What programs do to a printed array, and arrays that they fill: .T, .reshape(1, 3), np.zeros((2, 3))."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.doctor.reading.text.errors import Unreadable
from server.doctor.reading.text.tokens import Token
from server.doctor.reading.values.numbers import Nested, cells_of, nested, shape_of, turned

_HARMLESS = frozenset(
    ("astype", "tolist", "numpy", "detach", "cpu", "copy", "float", "double", "item", "clone", "data")
)
MOST_AXES, MOST_METHODS = 5, 10


def after_method(value: Nested, method: str, end: int) -> Nested:
    """A printed array with .T or .reshape(1, 3) behind it; everything else would change it in a way nobody knows."""
    name, _, rest = method[1:].partition("(")
    if name == "T":
        return turned(value)
    if name == "ctranspose":
        return [[cell] for cell in value] if len(shape_of(value) or ()) == 1 else turned(value)
    if name == "reshape" and (sizes := re.findall(r"-?[0-9]+", rest)[:MOST_AXES]) and all(len(s) < 8 for s in sizes):
        cells = list(cells_of(value))
        known = math.prod(abs(int(size)) for size in sizes if size != "-1")
        shape = tuple(int(size) if size != "-1" else len(cells) // max(1, known) for size in sizes)
        if math.prod(shape) == len(cells) and shape_of(value) is not None and cells:
            return nested(cells, shape)
    elif name in ("flatten", "ravel") and shape_of(value) is not None:
        return list(cells_of(value))
    elif name in _HARMLESS:
        return value
    raise Unreadable("value", end, found=method)


@dataclass(slots=True)
class Room:
    """How many numbers np.zeros(...) may still stand for in a text: a few letters can ask for any number of them."""

    left: int


def filled(tokens: Sequence[Token], room: Room) -> Nested | None:
    """The numbers of np.zeros((1, 3)) and ones; None: more than there is room for, or no matrix."""
    sizes = [int(number) for token in tokens if token.kind in ("number", "pair") for number in _whole(token)]
    count = math.prod(sizes[:3])
    if not sizes or len(sizes) > 2 or not 0 < count <= room.left:
        return None
    room.left -= count
    return nested(["0" if "zeros" in tokens[0].text.lower() else "1"] * count, tuple(sizes))


def _whole(token: Token) -> list[str]:
    numbers = token.text.split(",")
    return numbers if all(number.isdigit() and len(number) < 7 for number in numbers) else ["0"]
