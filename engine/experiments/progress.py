"""How far an experiment has come, and the form that all experiments have."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

Result_co = TypeVar("Result_co", covariant=True)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of so many equal parts are done."""

    done: int
    total: int


# An experiment under way: each `next` takes one part, `close` cancels it.
PausingRun = Generator[Progress, None, T]


class Experiment(Protocol[Result_co]):
    """What is asked for. `run` is a pure function of it that pauses after every part; closing it there cancels it."""

    @property
    def operations(self) -> float:
        """About how many multiplications it takes."""
        ...

    @property
    def values(self) -> int:
        """About how many numbers it holds at once."""
        ...

    def run(self) -> Generator[Progress, None, Result_co]: ...


def result_of(run: PausingRun[T]) -> T:
    """The result of an experiment, without looking at its progress."""
    while True:
        try:
            next(run)
        except StopIteration as end:
            result: T = end.value
            return result
