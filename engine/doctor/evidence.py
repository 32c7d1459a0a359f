"""The numbers that were sent, ready to be held against what a suspect would have given."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from engine.doctor.bench import Bench, shape_of
from engine.doctor.closeness import laid_over
from engine.doctor.diagnosis import JudgedCase
from engine.doctor.prediction import predicted
from engine.doctor.suspects import Suspect, Suspects, batches_of
from engine.doctor.witness import Witness
from engine.mistakes import fitted
from engine.mistakes.mistake import FreeNumber
from engine.primitives import Array

# A name needs so many bits of agreement: chance alone would give it to one in 2^16 wrong submissions.
BITS_OF_A_NAME = 16
BITS_OF_A_SECOND_NAME = 12
BITS_OF_A_NUMBER = 16
ORDERS_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Match:
    """A suspect that gives exactly the numbers sent, with what it leaves open."""

    suspect: Suspect
    numbers: Mapping[str, float] = field(default_factory=dict)


class Evidence:
    """All answers of one reading.

    Parameters
    ----------
    witnesses : the answers that hold numbers, ready to be held against suspects.
    """

    def __init__(
        self, bench: Bench, suspects: Suspects, cases: tuple[JudgedCase, ...], witnesses: Sequence[Witness]
    ) -> None:
        self._bench = bench
        self._suspects = suspects
        self.cases = cases
        self.witnesses = witnesses
        self._failed = [case.answer.case for case in cases if case.answer.raised is not None]
        self.bits = sum(witness.bits for witness in self.witnesses)
        # Those that show something wrong first, and of them the one that comes first.
        self.by_weight = sorted(self.witnesses, key=lambda witness: not witness.wrong)

    def fails_too(self, match: Match) -> bool:
        """Whether NumPy refuses the suspect in every case in which the learner's call failed."""
        return all(
            predicted(self._bench, self._suspects, case, match.suspect, [f"d{p}" for p in case.parameters]) is None
            for case in self._failed
        )

    def match(self, suspect: Suspect) -> Generator[None, None, Match | None]:
        """The suspect with its free numbers, if it gives exactly what was sent."""
        if any(made.mistake.carries for made in suspect):
            # The first call has nothing carried over to it.
            return self._carried(suspect) if len(self.witnesses) > 1 else None
        for numbers in self._numbers(suspect):
            yield
            if numbers is not None and all(self._explains(witness, suspect, numbers) for witness in self.by_weight):
                return Match(suspect, numbers) if self._each_matters(suspect, numbers) else None
        return None

    def explains_first(self, suspect: Suspect) -> bool:
        """Whether the suspect gives what is wrong in the first answer."""
        first = self.witnesses[0]
        return not first.wrong or self._explains(first, suspect, {})

    def _each_matters(self, suspect: Suspect, numbers: Mapping[str, float]) -> bool:
        """Whether no one of several mistakes could be left out without a clear difference."""
        return len(suspect) == 1 or all(
            any(self._differ(witness, suspect, (made,), numbers) for witness in self.by_weight) for made in suspect
        )

    def _differ(self, witness: Witness, one: Suspect, other: Suspect, numbers: Mapping[str, float]) -> bool:
        a, b = (witness.predicted(suspect, numbers) for suspect in (one, other))
        if a is None or b is None:
            return a is not b
        return any(witness.is_clearly_other(name, a.values[name], b.values[name]) for name in witness.names)

    def _explains(self, witness: Witness, suspect: Suspect, numbers: Mapping[str, float]) -> bool:
        return any(witness.explains(suspect, numbers, slope) for slope in witness.slopes)

    def _numbers(self, suspect: Suspect) -> Iterator[dict[str, float] | None]:
        """What the suspect leaves open, as each witness has it: one shows its last digits better than another.

        None: that witness shows none.
        """
        free = next((made.mistake.number for made in suspect if made.mistake.number is not None), None)
        if free is None:
            yield {}
            return
        for witness in self.by_weight:
            found = self._fitted(witness, suspect, free)
            numbers = {free.name: found} if found is not None and np.isfinite(found) else None
            yield numbers
            # If the best number for this witness is still far from it, the other witnesses cannot give a better one.
            if numbers is not None and witness.slopes == (None,) and not witness.is_near(suspect, numbers):
                return

    def _fitted(self, witness: Witness, suspect: Suspect, free: FreeNumber) -> float | None:
        """The free number that comes nearest to what this witness has; None: it shows none."""
        submitted = {name: sent.values for name, sent in witness.sent.items() if sent.values is not None}
        if not witness.wrong or not all(np.all(np.isfinite(values)) for values in submitted.values()):
            return None

        def at(value: float) -> Mapping[str, Array]:
            found = witness.predicted(suspect, {free.name: value})
            return {} if found is None else found.values

        usual, other = (witness.predicted(suspect, {free.name: value}) for value in (free.default, free.default + 1))
        if usual is None or other is None:
            return None
        # No number helps where a tensor that does not depend on it is another one.
        fixed = [
            name for name in witness.names if np.array_equal(usual.values[name], other.values[name], equal_nan=True)
        ]
        return fitted(free, at, submitted) if witness.fits(usual, fixed) else None

    def is_in_some_order(self, suspect: Suspect) -> Generator[None, None, bool]:
        """Whether every case is right with its labels in another order, whichever."""
        for witness in self.by_weight:
            if witness.wrong and not (yield from self._fits_in_some_order(witness, suspect)):
                return False
        return True

    def _fits_in_some_order(self, witness: Witness, suspect: Suspect) -> Generator[None, None, bool]:
        """A gradient is a sum over the samples, so what each adds with each label is computed once for all orders."""
        kinds, own = np.unique(witness.case.batch.y, axis=0, return_inverse=True)
        own = own.ravel()
        name = witness.wrong[0]
        values = laid_over(witness.sent[name], witness.right[name].shape)
        if values is None:
            return False
        parts = np.array([[witness.added(name, n, y) for y in kinds] for n in range(len(own))])
        yield
        rows = np.arange(len(own))
        rest = witness.right[name] - parts[rows, own].sum(axis=0)
        # Most orders are told from what was sent by one cell, the one that they change most.
        cell = int(np.argmax(np.ptp(parts, axis=(0, 1))))
        in_cell = parts.reshape(*parts.shape[:2], -1)[:, :, cell]
        wanted = values.flat[cell] - rest.flat[cell]
        most = np.abs(rest).max() + np.abs(parts).max(axis=1).sum(axis=0).max()
        sent, noise = witness.sent[name], witness.prediction({name: np.array(most)}).noise(name)
        near = 2 * (sent.half_unit + (sent.atol + sent.rtol) * most + noise)
        orders = batches_of(witness.case, suspect[0], own[:, None].astype(float))
        while some := [order[:, 0].astype(int) for order in islice(orders, ORDERS_AT_ONCE)]:
            yield
            for place in np.flatnonzero(np.abs(in_cell[rows, some].sum(axis=1) - wanted) <= near):
                yield
                chosen = some[place]
                moved = witness.prediction({name: rest + parts[rows, chosen].sum(axis=0)})
                if witness.is_close(name, moved) and witness.fits(witness.with_labels(kinds[chosen])):
                    return True
        return False

    def _carried(self, suspect: Suspect) -> Match | None:
        """The same for what a call leaves for the next one, whether each case was computed once or twice."""
        return next((Match(suspect) for calls in (1, 2) if self._is_carried(suspect, calls)), None)

    def _is_carried(self, suspect: Suspect, calls: int) -> bool:
        state: dict[str, Array] = {}
        for witness in self.witnesses:
            program = self._suspects.program(witness.case.program, suspect)
            if program is None:
                return False
            following = [(tensor.name, str(tensor.of)) for tensor in program.with_role("state_next")]
            shapes = {name: shape_of(program, witness.case, name) for name in state}
            kept = {name: value for name, value in state.items() if value.shape == shapes[name]}
            for call in range(calls):
                expected = witness.predicted(suspect, kept, [name for name, _ in following])
                if expected is None or (call == 0 and not witness.fits(expected)):
                    return False
                kept = {of: expected.values[name] for name, of in following}
            state = kept
        return True
