"""The numbers that an activation or an optimizer takes: their names, defaults and ranges."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that may be changed without changing the computation.

    Parameters
    ----------
    low, high : the smallest and the largest number that it may be; a finite one in any case.
    below : a number that it must stay below.
    above : a number that it must stay above.
    """

    name: str
    default: float
    low: float = -math.inf
    high: float = math.inf
    below: float = math.inf
    above: float = -math.inf

    def check(self, value: float, where: str, field: str) -> None:
        """Refuse a number out of the range.

        Raises
        ------
        EngineError : with the name, the number and the range.
        """
        if not (math.isfinite(value) and self.low <= value <= self.high and self.above < value < self.below):
            raise EngineError("range", f"{self.name}{where} is {value}; give {self._range}.", field=field, found=value)

    @property
    def _range(self) -> str:
        if math.isfinite(self.high):
            return f"a number from {self.low:g} to {self.high:g}"
        if math.isfinite(self.below):
            return f"a number from {self.low:g} to just below {self.below:g}"
        if self.above == 0:
            return "a positive number"
        return "0 or a positive number" if self.low == 0 else "a finite number"


def check_name(field: str, name: str, known: Iterable[str]) -> None:
    """Refuse a name that is not known.

    Raises
    ------
    EngineError : with the names to choose from.
    """
    names = sorted(known)
    if name not in names:
        raise EngineError(
            "unknown_name",
            f"{field} does not know {name!r}; choose one of {', '.join(names) or 'nothing'}.",
            field=field,
            found=name,
            wanted=names,
        )


def check_settings(given: Iterable[tuple[str, float]], known: Iterable[Setting], where: str, field: str) -> None:
    """Refuse names that are not known and numbers out of their range.

    Parameters
    ----------
    where : what follows the name in a sentence, such as " of hidden layer 1".
    field : where the numbers stand in a request, such as "hidden[0]".
    """
    table = {setting.name: setting for setting in known}
    for name, value in given:
        check_name(field, name, table)
        table[name].check(value, where, f"{field}.{name}")


def with_defaults(known: Iterable[Setting], given: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Name -> the given number, or the default."""
    return {**{setting.name: setting.default for setting in known}, **dict(given)}
