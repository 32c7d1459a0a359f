"""Evaluates the formula of one output cell, as ``engine/primitives/__init__.py`` describes it."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from engine.primitives import Array, Expr, Primitive

Place = Mapping[str, tuple[int, ...]]


def exp(a: float) -> float:
    return math.inf if a > 709.78 else math.exp(a)


def is_larger(a: float, b: float) -> float:
    """Whether a > b; NaN where one of them is, since there is no answer."""
    return math.nan if math.isnan(a) or math.isnan(b) else float(a > b)


ARITHMETIC: dict[str, Callable[..., float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "neg": lambda a: -a,
    "abs": abs,
    "exp": exp,
    "log": math.log,
    "tanh": math.tanh,
    "sqrt": math.sqrt,
    "trunc": lambda a: a if math.isnan(a) or math.isinf(a) else float(math.trunc(a)),
    ">": is_larger,
    "==": lambda a, b: a == b,
}


OVER_A_LETTER: dict[str, Callable[[list[float]], float]] = {
    "sum": math.fsum,
    "max": lambda terms: float(np.max(terms)),
    # The first of equal ones; NaN where one is NaN, since nothing is the largest then.
    "argmax": lambda terms: math.nan if any(map(math.isnan, terms)) else float(np.argmax(terms)),
}


def sizes_of_letters(primitive: Primitive, inputs: Sequence[Array]) -> dict[str, tuple[int, ...]]:
    """Letter -> its size as (size,), and "..." -> the whole shape."""
    sizes: dict[str, tuple[int, ...]] = {}
    for letters, array in zip(primitive.input_letters, inputs, strict=True):
        if letters == "...":
            sizes["..."] = array.shape
        else:
            sizes.update({letter: (size,) for letter, size in zip(letters, array.shape, strict=True)})
    return sizes


def letters_of(letters: str) -> tuple[str, ...]:
    """ "nk" -> ("n", "k"), and "..." stays one."""
    return (letters,) if letters == "..." else tuple(letters)


def places(letters: Sequence[str], sizes: Mapping[str, tuple[int, ...]]) -> Iterator[dict[str, tuple[int, ...]]]:
    """Every assignment of indices to the letters."""
    for indices in itertools.product(*(np.ndindex(*sizes[letter]) for letter in letters)):
        yield dict(zip(letters, indices, strict=True))


def index(letters: Sequence[str], place: Place) -> tuple[int, ...]:
    """The index of the cell that the letters name at this place."""
    return tuple(itertools.chain.from_iterable(place[letter] for letter in letters))


def reshaped(letters: Sequence[str], place: Place, sizes: Mapping[str, tuple[int, ...]]) -> tuple[int, int]:
    """The index of the cell with the same number in a table turned the other way, counted row by row."""
    (row,), (column,) = (place[letter] for letter in letters)
    (rows,), (columns,) = (sizes[letter] for letter in letters)
    number = row * columns + column
    return divmod(number, rows)


def value(cell: Expr, inputs: Sequence[Array], place: Place, sizes: Mapping[str, tuple[int, ...]]) -> float:
    """The number of the output cell at one place."""
    if isinstance(cell, int | float):
        return cell
    head, *rest = cell
    if head == "at":
        operand, *letters = rest
        return float(inputs[operand][index(letters, place)])
    if head in OVER_A_LETTER:
        letter, term = rest
        return OVER_A_LETTER[head](
            [value(term, inputs, {**place, **inner}, sizes) for inner in places([letter], sizes)]
        )
    if head == "if":
        condition, then, otherwise = rest
        answer = value(condition, inputs, place, sizes)
        return answer if math.isnan(answer) else value(then if answer else otherwise, inputs, place, sizes)
    if head == "reshaped":
        return float(inputs[rest[0]][reshaped(rest[1:], place, sizes)])
    if head == "delta":
        first, second = rest
        return float(place[first] == place[second])
    return ARITHMETIC[head](*(value(part, inputs, place, sizes) for part in rest))


def evaluate(primitive: Primitive, inputs: Sequence[Array]) -> Array:
    """The whole output, cell by cell."""
    sizes = sizes_of_letters(primitive, inputs)
    letters = letters_of(primitive.output_letters) if primitive.output_letters else ()
    output = np.empty(tuple(itertools.chain.from_iterable(sizes[letter] for letter in letters)))
    for place in places(letters, sizes):
        output[index(letters, place)] = value(primitive.cell, inputs, place, sizes)
    return output


def operands_read(cell: Expr) -> set[int]:
    """Which inputs the formula reads at all."""
    if isinstance(cell, int | float):
        return set()
    if cell[0] in ("at", "reshaped"):
        return {cell[1]}
    return set().union(*(operands_read(part) for part in cell[1:] if not isinstance(part, str)))


def operands_that_must_be_positive(cell: Expr) -> set[int]:
    """Which inputs stand under a logarithm, a root or a fraction bar, or limit a size: not every number is allowed."""
    if isinstance(cell, int | float) or cell[0] in ("at", "reshaped"):
        return set()
    own = {
        "log": lambda: operands_read(cell[1]),
        "sqrt": lambda: operands_read(cell[1]),
        "/": lambda: operands_read(cell[2]),
        ">": lambda: _limits(*cell[1:]),
    }.get(cell[0], set)()
    return own.union(*(operands_that_must_be_positive(part) for part in cell[1:] if not isinstance(part, str)))


def _limits(one: Expr, other: Expr) -> set[int]:
    """What is compared with a size, or limits one from below."""
    head = one[0] if isinstance(one, list) else None
    return operands_read({"abs": other, "neg": one}.get(head, 0))


def cells_read(cell: Expr, place: Place, sizes: Mapping[str, tuple[int, ...]]) -> set[tuple[int, tuple[int, ...]]]:
    """(operand, index) of every cell that the formula reads at one place, whatever the values are."""
    if isinstance(cell, int | float):
        return set()
    head, *rest = cell
    if head == "at":
        operand, *letters = rest
        return {(operand, index(letters, place))}
    if head in ("sum", "max", "argmax"):
        letter, term = rest
        return set().union(*(cells_read(term, {**place, **inner}, sizes) for inner in places([letter], sizes)))
    if head == "reshaped":
        return {(rest[0], reshaped(rest[1:], place, sizes))}
    return set().union(*(cells_read(part, place, sizes) for part in rest if not isinstance(part, str)))
