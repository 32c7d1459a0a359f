"""Theta: weights with a row for each unit, whose first column is the bias."""

from typing import Any


def parted(theta: Any, layout: str) -> tuple[list[Any], list[Any]]:
    """(bias, weights) of a matrix (units, 1 + inputs), the weights as the layout has them."""
    bias = [row[0] for row in theta]
    weights = [list(row[1:]) for row in theta]
    return bias, weights if layout == "columns" else [list(column) for column in zip(*weights, strict=True)]
