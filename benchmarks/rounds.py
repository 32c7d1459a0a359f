"""Times several functions beside each other, so that a busy machine slows all of them alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import thread_time

ROUNDS = 60
ROUND_SECONDS = 0.004


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of the processor that a call of each function takes, one number a round."""

    rounds: Mapping[str, list[float]]

    def best(self, name: str) -> float:
        """Seconds of a call in the quietest round."""
        return min(self.rounds[name])

    def ratio(self, name: str, to: str) -> float:
        """The median over the rounds of one function's time to another's in the same round."""
        return median(a / b for a, b in zip(self.rounds[name], self.rounds[to], strict=True))


def take_turns(functions: Mapping[str, Callable[[], object]]) -> Times:
    """Time the functions in turns; each is called so often that a turn takes a few milliseconds."""
    calls = {name: max(1, int(ROUND_SECONDS / _seconds(function, 20))) for name, function in functions.items()}
    rounds: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name, function in functions.items():
            rounds[name].append(_seconds(function, calls[name]))
    return Times(rounds)


def _seconds(function: Callable[[], object], calls: int) -> float:
    start = thread_time()
    for _ in range(calls):
        function()
    return (thread_time() - start) / calls
