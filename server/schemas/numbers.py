"""Numbers and arrays as JSON."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

# Strict: true and "1" are no numbers. Checked in Rust, since a batch may hold a hundred thousand.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True)]
Vector = Annotated[list[Number], Field(fail_fast=True)]
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
