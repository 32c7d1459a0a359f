"""States kept along a run, so that going back needs only a short replay."""

from collections.abc import Mapping

from engine.primitives import Array


class Checkpoints:
    """At most ``capacity`` states, one every ``interval`` steps from step 0; when full, every second one goes.

    Parameters
    ----------
    start : the state at step 0, which never goes.
    interval : steps between two states at first.
    """

    def __init__(self, start: Array, interval: int = 100, capacity: int = 10) -> None:
        assert interval >= 1 and capacity >= 2
        self.interval = interval
        self.capacity = capacity
        self._states: dict[int, Array] = {0: start}

    @property
    def states(self) -> Mapping[int, Array]:
        """Step -> state, in no order."""
        return self._states

    @property
    def nbytes(self) -> int:
        return sum(state.nbytes for state in self._states.values())

    def wants(self, step: int) -> bool:
        return step % self.interval == 0 and step not in self._states

    def next_wanted(self, step: int) -> int:
        """The first step from this one on at which a state belongs, whether it is there or not."""
        return step + -step % self.interval

    def add(self, step: int, state: Array) -> None:
        """Keep a wanted state; the array must be a copy."""
        self._states[step] = state
        if len(self._states) > self.capacity:
            self.interval *= 2
            self._states = {kept: state for kept, state in self._states.items() if kept % self.interval == 0}

    def nearest(self, step: int) -> tuple[int, Array]:
        """The last state at or before a step."""
        found = max(kept for kept in self._states if kept <= step)
        return found, self._states[found]

    def cut(self, step: int) -> None:
        """Forget the states after a step."""
        self._states = {kept: state for kept, state in self._states.items() if kept <= step}

    @classmethod
    def of(cls, states: Mapping[int, Array], interval: int) -> "Checkpoints":
        """The checkpoints that have these states."""
        checkpoints = cls(states[0], interval)
        checkpoints._states = dict(states)
        return checkpoints
