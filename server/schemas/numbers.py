"""Numbers and arrays as JSON."""

from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag


def _unsigned(value: float) -> float:
    """The same number, 0.0 for -0.0."""
    return value + 0.0


# Strict: true and "1" are no numbers. Cells are checked in Rust alone, since a batch may hold a hundred thousand.
Cell = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Number = Annotated[Cell, AfterValidator(_unsigned)]
Count = Annotated[int, Field(strict=True)]
Vector = Annotated[list[Cell], Field(fail_fast=True)]
Matrix = Annotated[list[Vector], Field(fail_fast=True)]


def _kind(value: Any) -> str:
    is_nested = isinstance(value, list) and len(value) > 0 and isinstance(value[0], list)
    return "matrix" if is_nested else "vector"


VectorOrMatrix = Annotated[
    Annotated[Vector, Tag("vector")] | Annotated[Matrix, Tag("matrix")],
    Discriminator(_kind),
]

# Answers: JSON has no infinities, so they are the words "NaN", "Infinity" and "-Infinity".
Value = float | Annotated[str, Field(pattern="^(NaN|-?Infinity)$")]
Values1d = list[Value]
Values2d = list[Values1d]
Values = Value | list[Any]
