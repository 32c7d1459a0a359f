"""What follows from a program alone lies with it, and goes when it goes."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from engine.program import Program

T = TypeVar("T")
P = ParamSpec("P")
# Of one program: numbers of rows that were met, tensors that somebody asked for. The first of them goes.
MOST = 64


def derived(make: Callable[Concatenate[Program, P], T]) -> Callable[Concatenate[Program, P], T]:
    """Make something of a program once; its other arguments are given by place."""

    @wraps(make)
    def known(program: Program, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (make, *args)
        found: T | None = program.derived.get(key)
        if found is None:
            for first in list(program.derived)[: 1 - MOST]:
                program.derived.pop(first, None)
            found = program.derived[key] = make(program, *args, **kwargs)
        return found

    return known
