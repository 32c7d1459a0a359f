"""A person's table, read as the server reads it."""

from typing import Any

from engine.datasets import Dataset
from server.datasets.reading import read
from server.datasets.schemas import OwnTable
from server.settings import Settings

# More than the server takes by default, as some tests of splitting need.
SETTINGS = Settings(max_rows=10_000)


def dataset_of(text: str) -> Dataset:
    """The data set of a table in UTF-8."""
    return read(text.encode(), "own data", SETTINGS)[0]


def understood(table: str | bytes, **wishes: Any) -> tuple[Dataset, dict[str, Any]]:
    """A data set and what was understood of the table: `read`, `columns` and `task`."""
    if not wishes:
        return read(table.encode() if isinstance(table, str) else table, "own data", SETTINGS)
    return read(OwnTable(csv=table, **wishes), "own data", SETTINGS)


def roles(answer: dict[str, Any]) -> dict[str, str]:
    """The role of each column by its name."""
    return {column["name"]: column["role"] for column in answer["columns"]}
