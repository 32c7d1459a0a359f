"""A person's table as cells, and how it is to be used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from engine.datasets.columns import LONGEST_NAME, Column, column_of
from engine.datasets.numerals import Decimal
from engine.datasets.roles import MOST_CLASSES, Role


@dataclass(frozen=True, slots=True)
class Choices:
    """How a table is to be used.

    Attributes
    ----------
    roles : of columns by name, where a person said so
    missing : rows with missing cells are left out, or features take the mean of their column
    part : go on with the first rows and columns and the commonest classes where there are too many
    """

    roles: Mapping[str, Role] = field(default_factory=dict)
    missing: Literal["leave_out", "mean"] = "leave_out"
    part: bool = False
    max_rows: int = 10_000
    max_features: int = 128
    max_classes: int = MOST_CLASSES


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as they were written. `lines` says where each row stands in the file."""

    header: Sequence[str] | None
    cells: Sequence[Sequence[str]]
    lines: Sequence[int]
    decimal: Decimal = "."

    @property
    def names(self) -> list[str]:
        """What the columns are called, in their order."""
        return names_of(self._header)

    @property
    def _header(self) -> Sequence[str]:
        return self.header or [f"x{place}" for place in range(1, len(self.cells[0]) + 1)]

    @property
    def columns(self) -> list[Column]:
        """The columns, read."""
        cells = zip(*self.cells, strict=True)
        return [
            column_of(name, given, words, self.decimal)
            for name, given, words in zip(self.names, self._header, cells, strict=True)
        ]


def names_of(header: Sequence[str]) -> list[str]:
    """A name for every column, no two alike: the header's, or x1, x2, ... by place; a second a is "a (2)"."""
    given_names, names = Names(header), dict[str, None]()
    for place, given in enumerate(header, start=1):
        name = given[:LONGEST_NAME] or f"x{place}"
        if name in names or (name != given and name in given_names):
            name = given_names.unlike(name)
        names[name] = None
        given_names.add(name)
    return list(names)


class Names:
    """Names that are taken. Ten thousand columns may have the same one."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        # From which number on nobody has looked for a name that begins so.
        self._next: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def add(self, name: str) -> None:
        self._taken.add(name)

    def unlike(self, name: str) -> str:
        """A name that nobody has yet, at most as long as a name may be."""
        number = self._next.get(name, 2)
        while (wanted := f"{name[: LONGEST_NAME - len(str(number)) - 3]} ({number})") in self._taken:
            number += 1
        self._next[name] = number + 1
        return wanted
