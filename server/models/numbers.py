"""Numbers and arrays as JSON, and lists that are bounded before their items are looked at."""

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

# Cells that are looked at in one go, in less than a millisecond; a thread gives way to the others in between.
PIECE = 10_000


def _unsigned(value: float) -> float:
    """The same number, 0.0 for -0.0."""
    return value + 0.0


# Strict: true and "1" are no numbers. Cells are checked in Rust alone, since a batch may hold a hundred thousand.
Cell = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Number = Annotated[Cell, AfterValidator(_unsigned)]
Count = Annotated[int, Field(strict=True)]
# What a session remembers as it was sent has to be a number of JSON that every reader knows exactly.
BatchSize = Annotated[Count, Field(ge=1, le=2**53)]
# The items of a list are looked at until one is wrong.
FIRST_FAULT = Field(fail_fast=True)


def list_at_most(what: str, setting: str, others: int = 0) -> BeforeValidator:
    """Refuses a list that is longer than a setting of the server allows, where the context has the settings.

    Parameters
    ----------
    others : that count too and stand elsewhere.
    """

    def check(value: Any, info: ValidationInfo) -> Any:
        most = None if info.context is None else getattr(info.context, setting)
        if most is not None and isinstance(value, list) and len(value) + others > most:
            raise PydanticCustomError(
                "too_large",
                "Too many {what}: {found}. This server accepts at most {wanted}",
                {"what": what, "found": len(value) + others, "wanted": most, "setting": setting},
            )
        return value

    return BeforeValidator(check)


def _in_pieces(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """The same for a long list, piece by piece: one call would hold up all other threads until its end."""
    if not isinstance(value, list) or len(value) * _cells(value) <= PIECE:
        return check(value)
    size = max(1, PIECE // _cells(value))
    whole: list[Any] = []
    for start in range(0, len(value), size):
        try:
            whole += check(value[start : start + size])
        except ValidationError as error:
            first = error.errors()[0]
            raise ValidationError.from_exception_data(error.title, [_moved(first, start)]) from None
    return whole


def _cells(value: list[Any]) -> int:
    """How many numbers an item has, as the first one has."""
    return len(value[0]) if value and isinstance(value[0], list) and value[0] else 1


def _moved(fault: Any, start: int) -> InitErrorDetails:
    place, *rest = fault["loc"]
    return {"type": fault["type"], "loc": (place + start, *rest), "input": None, "ctx": fault.get("ctx", {})}


IN_PIECES = WrapValidator(_in_pieces)
Vector = Annotated[list[Cell], FIRST_FAULT, IN_PIECES]
Matrix = Annotated[list[Vector], FIRST_FAULT, IN_PIECES]


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
