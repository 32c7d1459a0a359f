"""Which parameters of a test `make test` tries, and which only `make test-all` does.

`make test` runs before every change lands, in minutes. So of what differs in size, language or model alone it tries
some, and each behaviour at least once; the rest is marked `thorough`.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest


def usually(values: Mapping[str, Any] | Iterable[Any], *usual: Any, arguments: int = 1) -> list[Any]:
    """Parameters for `pytest.mark.parametrize`: the usual ones as they are, the others marked `thorough`.

    Of a mapping the keys are the names of the parameters, and `usual` are such names; else they are values. Where a
    test has several `arguments`, each value is a tuple of them.

    Raises
    ------
    ValueError
        when a usual one is not among the values.
    """
    named = dict(values) if isinstance(values, Mapping) else {repr(value): value for value in values}
    always = [name if isinstance(values, Mapping) else repr(name) for name in usual]
    if strange := [name for name in always if name not in named]:
        raise ValueError(f"{', '.join(strange)}: not among {', '.join(named)}")
    return [
        pytest.param(
            *(value if arguments > 1 else (value,)),
            marks=() if name in always else pytest.mark.thorough,
            id=name if isinstance(values, Mapping) else None,
        )
        for name, value in named.items()
    ]


def tried_by_node(name: str) -> pytest.MarkDecorator:
    """For a browser test whose behaviour `tests/js/<name>.test.js` tries with the page's own modules.

    `make test` has it from there; `make test-all` tries it in a real browser too.

    Raises
    ------
    FileNotFoundError
        when there is no such file.
    """
    (Path(__file__).parent / "js" / f"{name}.test.js").resolve(strict=True)
    return pytest.mark.thorough
