"""Which version of the playground this is."""

from functools import cache
from importlib.metadata import version


@cache
def own_version() -> str:
    """As pyproject.toml says, "0.1.0"."""
    return version("backprop-playground")
