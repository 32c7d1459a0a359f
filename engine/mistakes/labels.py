"""Mistakes in what the network is given: its labels, and its first weights."""

import math
from collections.abc import Iterator, Mapping
from itertools import permutations

import numpy as np

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.mistake import DataChange, Mistake, Variant, unchanged
from engine.primitives import Array
from engine.program import Program

# More orders of the labels than this are not tried.
MOST_ORDERS = 5040


def _has_classes(program: Program) -> bool:
    return Anatomy(program).is_softmax


def _where_there_are_classes(program: Program) -> Iterator[Variant]:
    if _has_classes(program):
        yield Variant(program)


def _not_one_hot(x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    yield x, np.repeat(np.argmax(y, axis=1)[:, None], y.shape[1], axis=1).astype(y.dtype)


def _off_by_one(x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    # NumPy takes index -1 for the last class; labels that start at 1 end beyond it.
    yield x, np.roll(y, -1, axis=1)
    if y.shape[1] > 2:
        yield x, np.roll(y, 1, axis=1)


def _shuffled(x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    """One order that differs, then all others where they are few."""
    if len(np.unique(y, axis=0)) < 2:
        return
    rng = np.random.default_rng(0)
    first = next(order for _ in iter(int, 1) if np.any(y[order := rng.permutation(len(y))] != y))
    yield x, y[first]
    if _n_orders(y) > MOST_ORDERS:
        return
    kinds, numbers = np.unique(y, axis=0, return_inverse=True)
    for numbered in _orders(tuple(numbers.ravel().tolist())):
        other = kinds[list(numbered)]
        if np.any(other != y) and np.any(other != y[first]):
            yield x, other


def _n_orders(y: Array) -> int:
    """In how many ways these rows can stand that can be told apart."""
    _, counts = np.unique(y, axis=0, return_counts=True)
    return math.factorial(len(y)) // math.prod(math.factorial(int(count)) for count in counts)


def _orders(numbers: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every order of numbers of which some are equal, each once."""
    if len(set(numbers)) == len(numbers):
        yield from permutations(numbers)
        return
    if len(numbers) < 2:
        yield numbers
        return
    for number in sorted(set(numbers)):
        place = numbers.index(number)
        for rest in _orders(numbers[:place] + numbers[place + 1 :]):
            yield (number, *rest)


def _all_zero(parameters: Mapping[str, Array]) -> dict[str, Array]:
    return {name: np.zeros_like(array) for name, array in parameters.items()}


ROWS = (
    Mistake(
        "weights_all_zero",
        "labels",
        "All weights start at zero",
        "With all weights 0 the hidden units get no gradient, or all the same, and never differ. Start from small "
        "random weights; the biases may be 0.",
        unchanged,
        silent=False,
        caught_by_gradient_check=False,
        parameters=_all_zero,
        lines=("W = np.zeros((fan_in, fan_out))", "W = rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / fan_in)"),
    ),
    Mistake(
        "labels_not_one_hot",
        "labels",
        "Labels not turned into one-hot rows",
        "The class number was subtracted from every probability. Turn each label into a row with a single 1 at its "
        "class: np.eye(K)[y].",
        _where_there_are_classes,
        silent=False,
        data=DataChange(_has_classes, _not_one_hot),
        lines=("p_minus_y = p - y[:, None]", "p_minus_y = p - np.eye(K)[y]"),
    ),
    Mistake(
        "labels_shuffled",
        "labels",
        "The samples shuffled without their labels",
        "Every sample has the label of another one, so there is nothing to learn but how common each class is. "
        "Shuffle both with one order: order = rng.permutation(m); x, y = x[order], y[order].",
        unchanged,
        silent=False,
        caught_by_gradient_check=False,
        data=DataChange(lambda program: True, _shuffled, is_any_order=True),
        lines=("x = x[order]", "x, y = x[order], y[order]"),
    ),
    Mistake(
        "labels_off_by_one",
        "labels",
        "Labels off by one",
        "The classes count from 0 here, and your labels are shifted by one, so each sample is taught its neighbour's "
        "class. Check the smallest and the largest label.",
        _where_there_are_classes,
        silent=False,
        caught_by_gradient_check=False,
        data=DataChange(_has_classes, _off_by_one),
        lines=("y = np.eye(K)[labels - 1]", "y = np.eye(K)[labels]"),
    ),
)
