"""The numbers that were sent, ready to be held against what a suspect would have given."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.batch import Batch
from engine.doctor.bench import Bench
from engine.doctor.case import Case
from engine.doctor.compare import Comparison, is_close
from engine.doctor.corners import Corners
from engine.doctor.diagnosis import JudgedCase
from engine.doctor.patterns import FAULTS
from engine.doctor.suspects import Suspect, Suspects, batches_of, given_of
from engine.mistakes import fitted
from engine.primitives import Array
from engine.program import Program

# A name needs so many bits of agreement: chance alone would give it to one in 2^16 wrong submissions.
BITS_OF_A_NAME = 16
BITS_OF_A_SECOND_NAME = 12
BITS_OF_A_NUMBER = 16
MOST_BITS_OF_A_CELL = 16
# At a corner a learner's slope may be any of these.
SLOPES_AT_A_CORNER = (None, 1.0, 0.0, 0.5)


@dataclass(frozen=True, slots=True)
class Match:
    """A suspect that gives exactly the numbers sent, with what it leaves open."""

    suspect: Suspect
    numbers: Mapping[str, float] = field(default_factory=dict)


class Witness:
    """One answer, and how roundings may have moved it."""

    def __init__(self, bench: Bench, judged: JudgedCase) -> None:
        self.answer = judged.answer
        self.case = judged.answer.case
        self.sent = judged.answer.results
        self.names = tuple(self.sent)
        self.wrong = tuple(name for name, each in judged.tensors.items() if each.status in (*FAULTS, "follows"))
        self.right = {name: each.right for name, each in judged.tensors.items() if each.right is not None}
        self._noise = Comparison(bench, self.case.program, self.answer).noise
        self.slopes = SLOPES_AT_A_CORNER if Corners(bench, self.case).are_hit else (None,)

    def fits(self, expected: Mapping[str, Array], names: Sequence[str] | None = None) -> bool:
        """Whether these are the numbers sent."""
        return all(name in expected and self.is_close(name, expected[name]) for name in names or self.names)

    def is_close(self, name: str, expected: Array) -> bool:
        noise = self._noise[name]
        if noise:
            largest, usual = _largest(expected), _largest(self.right[name])
            noise *= max(1.0, largest / usual if usual else 1.0)
        return is_close(self.sent[name], expected, noise)

    def is_unchanged(self, name: str, expected: Array) -> bool:
        """Whether this is the right tensor, as far as the digits sent can show."""
        return not self.is_clearly_other(name, expected, self.right[name], 1.0)

    def is_clearly_other(self, name: str, a: Array, b: Array, times: float = 8.0) -> bool:
        """Whether two tensors are further apart than so many times what the digits sent can show."""
        if a.shape != b.shape:
            return True
        sent = self.sent[name]
        with np.errstate(all="ignore"):
            allowed = times * (sent.half_unit + sent.atol * _largest(b) + sent.rtol * np.abs(b))
            return not np.all((np.abs(a - b) <= allowed) | (a == b) | (np.isnan(a) & np.isnan(b)))

    @property
    def bits(self) -> float:
        """How much the wrong tensors say: the more cells and digits, the less is chance."""
        return sum(self._bits_of(name) for name in self.wrong)

    def _bits_of(self, name: str) -> float:
        sent = self.sent[name]
        if sent.values is None:
            return 0.0
        values = sent.values[np.isfinite(sent.values)]
        if len(values) < sent.values.size:
            return MOST_BITS_OF_A_CELL
        spread = 2 * max(_largest(values), _largest(self.right[name]))
        finest = sent.half_unit + sent.atol * spread + self._noise[name] + 1e-300
        return float(values.size * np.clip(np.log2(max(spread, 1e-300) / finest), 0, MOST_BITS_OF_A_CELL))


class Evidence:
    """All answers of one reading."""

    def __init__(self, bench: Bench, suspects: Suspects, cases: Sequence[JudgedCase]) -> None:
        self._bench = bench
        self._suspects = suspects
        self.witnesses = [Witness(bench, case) for case in cases if case.answer.results]
        self._failed = [case.answer.case for case in cases if case.answer.raised is not None]
        self.bits = sum(witness.bits for witness in self.witnesses)
        # Those that show something wrong first, and of them the one that comes first.
        self.by_weight = sorted(self.witnesses, key=lambda witness: not witness.wrong)

    def predicted(
        self,
        witness: Witness,
        suspect: Suspect,
        numbers: Mapping[str, float] | None = None,
        names: Sequence[str] | None = None,
        slope: float | None = None,
        state: Mapping[str, Array] | None = None,
    ) -> dict[str, Array] | None:
        """What a suspect would have given for these names (all that were sent); None: nothing."""
        return predicted(
            self._bench,
            self._suspects,
            witness.case,
            suspect,
            names or witness.names,
            {**(numbers or {}), **(state or {})},
            slope,
        )

    def fails_too(self, match: Match) -> bool:
        """Whether NumPy refuses the suspect in every case in which the learner's call failed."""
        return all(
            predicted(self._bench, self._suspects, case, match.suspect, [f"d{p}" for p in case.parameters], {}) is None
            for case in self._failed
        )

    def match(self, suspect: Suspect) -> Match | None:
        """The suspect with its free numbers, if it gives exactly what was sent."""
        if any(made.mistake.carries for made in suspect):
            return self._carried(suspect)
        for numbers in self._numbers(suspect):
            if all(self._explains(witness, suspect, numbers) for witness in self.by_weight):
                return Match(suspect, numbers) if self._each_matters(suspect, numbers) else None
        return None

    def _each_matters(self, suspect: Suspect, numbers: Mapping[str, float]) -> bool:
        """Whether no one of several mistakes could be left out without a clear difference."""
        return len(suspect) == 1 or all(
            any(self._differ(witness, suspect, (made,), numbers) for witness in self.by_weight) for made in suspect
        )

    def _differ(self, witness: Witness, one: Suspect, other: Suspect, numbers: Mapping[str, float]) -> bool:
        a, b = (self.predicted(witness, suspect, numbers) for suspect in (one, other))
        if a is None or b is None:
            return a is not b
        return any(witness.is_clearly_other(name, a[name], b[name]) for name in witness.names)

    def _explains(self, witness: Witness, suspect: Suspect, numbers: Mapping[str, float]) -> bool:
        for slope in witness.slopes:
            expected = self.predicted(witness, suspect, numbers, slope=slope)
            if expected is not None and witness.fits(expected):
                return True
        return False

    def _numbers(self, suspect: Suspect) -> Iterator[dict[str, float]]:
        """What the suspect leaves open, as each witness has it: one shows its last digits better than another."""
        free = next((made.mistake.number for made in suspect if made.mistake.number is not None), None)
        if free is None:
            yield {}
            return
        for witness in self.by_weight:
            submitted = {name: sent.values for name, sent in witness.sent.items() if sent.values is not None}

            def at(value: float, witness: Witness = witness) -> dict[str, Array]:
                return self.predicted(witness, suspect, {free.name: value}) or {}

            if not witness.wrong or not at(free.default):
                continue
            if not all(np.all(np.isfinite(values)) for values in submitted.values()):
                continue
            found = fitted(free, at, submitted)
            if found is not None and np.isfinite(found):
                yield {free.name: found}

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
        parts = np.array([[self._added(witness, name, n, y) for y in kinds] for n in range(len(own))])
        yield
        rows = np.arange(len(own))
        alone = parts[rows, own].sum(axis=0)
        for order in batches_of(witness.case, suspect[0], own[:, None].astype(float)):
            chosen = order[:, 0].astype(int)
            yield
            if not witness.fits({name: witness.right[name] - alone + parts[rows, chosen].sum(axis=0)}, (name,)):
                continue
            program = self._suspects.pruned(witness.case.program, witness.names)
            if witness.fits(self._bench.run(program, witness.case, witness.names, {"y": kinds[chosen]})):
                return True
        return False

    def _added(self, witness: Witness, name: str, row: int, y: Array) -> Array:
        """What one sample with this label adds to a tensor."""
        case = replace(witness.case, batch=Batch(witness.case.batch.x[row : row + 1], y[None]))
        program = self._suspects.pruned(case.program, (name,))
        return self._bench.run(program, case, (name,), {"m": float(witness.case.batch.m)})[name]

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
            kept = {name: value for name, value in state.items() if value.shape == _shape(witness.case, program, name)}
            for call in range(calls):
                names = (*witness.names, *(name for name, _ in following))
                expected = self.predicted(witness, suspect, names=names, state=kept)
                if expected is None or (call == 0 and not witness.fits(expected)):
                    return False
                kept = {of: expected[name] for name, of in following}
            state = kept
        return True


def predicted(
    bench: Bench,
    suspects: Suspects,
    case: Case,
    suspect: Suspect,
    names: Sequence[str],
    numbers: Mapping[str, object],
    slope: float | None = None,
) -> dict[str, Array] | None:
    """What a suspect would give for a case; None where NumPy refuses it or a name cannot be computed."""
    program = suspects.program(case.program, suspect)
    if program is None or any(name not in program.tensors for name in names):
        return None
    given = given_of(program, case, suspect)
    if given is None:
        return None
    if slope is not None:
        given |= {tensor.name: slope for tensor in program.with_role("derivative_at_zero")}
    carried = {tensor.name: 0.0 for tensor in program.with_role("state")}
    needed = program if carried else suspects.pruned(program, names)
    try:
        return bench.run(needed, case, names, {**given, **carried, **numbers})
    except ValueError:
        # NumPy refuses shapes that only some numbers of samples stretch onto each other.
        return None


def _shape(case: Case, program: Program, name: str) -> tuple[int, ...]:
    sizes = {**program.sizes, "n": case.batch.m}
    return tuple(sizes[axis] for axis in program.tensors[name].axes)


def _largest(values: Array | None) -> float:
    if values is None:
        return 0.0
    finite = np.abs(values[np.isfinite(values)])
    return float(np.max(finite, initial=0.0))
