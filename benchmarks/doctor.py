"""Every known mistake made on many random cases and diagnosed again:
`python -m benchmarks.doctor [probes [others [seen]]]`.

`probes` is the number of probes a mistake, `others` that of pairs and wrong submissions of each kind, spread over all
models. `seen` is a number of trials of each mistake to leave out, since another run has had them. Counts right
names, truthful `undecided`, what stayed without a name, false names and diagnoses that failed; of the last two there
must be none: with one the exit code is 1. Says how long a diagnosis takes and how long it goes on without letting
others work. What is not as it should be is printed at once with its seed, and the counts after every fifty.
"""

import sys
import traceback
from collections import Counter
from itertools import islice
from time import process_time

import numpy as np

from benchmarks.mistaken import BENCH, MODELS, ROUNDINGS, SUSPECTS, models_of_everything
from benchmarks.pauses import Pauses, pauses_of
from benchmarks.trials import Trial, pair_trials, right_trials, spread_trials, wrong_steps_trials, wrong_trials
from engine.doctor.diagnosis import Diagnosis
from engine.doctor.suspects import Made, Suspect, ids_of
from engine.doctor.verdict import examine

PROGRESS = 50
# There are so many more of them than of all other trials.
SINGLES_A_TURN = 20


def judged(diagnosis: Diagnosis, suspect: Suspect) -> str:
    """right, undecided (the true name is among the candidates, or an empty array gives the same), unnamed, correct or
    false."""
    named = {finding.id for finding in diagnosis.mistakes}
    wanted = ids_of(suspect)
    if named:
        return "right" if named == set(wanted) else "false"
    if diagnosis.candidates:
        return "undecided" if wanted in diagnosis.alternatives else "false"
    # An array that was never filled gives the same zeros as whole numbers that rounded small gradients away.
    if diagnosis.pattern is not None and diagnosis.pattern.code == "all_zero":
        return "undecided"
    return "correct" if diagnosis.verdict == "correct" else "unnamed"


def timed(trial: Trial) -> tuple[Diagnosis, list[float]]:
    """The diagnosis, and the milliseconds of one core of each part between two pauses."""
    _, _, answers, cases = trial
    course = examine(answers, cases, BENCH, SUSPECTS)
    parts = []
    while True:
        start = process_time()
        try:
            next(course)
        except StopIteration as end:
            parts.append(1e3 * (process_time() - start))
            return end.value, parts
        parts.append(1e3 * (process_time() - start))


class Tally:
    """What came of the trials of one kind.

    Parameters
    ----------
    wanted : what `judged` should say; everything else is printed at once, with what repeats it.
    """

    def __init__(self, title: str, wanted: str = "right") -> None:
        self._title = title
        self._wanted = wanted
        self.counts: Counter[str] = Counter()
        self._times: list[float] = []
        self._longest: list[float] = []

    def add(self, trial: Trial) -> None:
        """Diagnose a trial."""
        label, suspect, _, _ = trial
        try:
            diagnosis, parts = timed(trial)
        except Exception as error:
            verdict, answer = "failed", "".join(traceback.format_exception(error))
        else:
            self._times.append(sum(parts))
            self._longest.append(max(parts))
            verdict, answer = judged(diagnosis, suspect), _answer_text(diagnosis)
        self.counts[verdict] += 1
        if verdict != self._wanted:
            made = " + ".join(_made_text(made) for made in suspect) or "nothing known"
            print(f"    {verdict}: {self._title}, {label}: {made} -> {answer}", flush=True)
        if self.counts.total() % PROGRESS == 0:
            self.print()

    def print(self) -> None:
        """Print the counts and times so far."""
        shares = ", ".join(f"{verdict} {count}" for verdict, count in self.counts.most_common())
        times, longest = np.array(self._times), np.array(self._longest)
        print(
            f"{self._title}: {self.counts.total()} diagnoses: {shares}\n"
            f"    one core: median {np.median(times):.0f} ms, 99 of 100 within {np.quantile(times, 0.99):.0f} ms, "
            f"slowest {times.max():.0f} ms; without a pause: 99 of 100 within {np.quantile(longest, 0.99):.0f} ms, "
            f"longest {longest.max():.0f} ms",
            flush=True,
        )


def _made_text(made: Made) -> str:
    return " ".join(filter(None, [made.id, made.kind, f"in {made.layers}" if made.layers else ""]))


def _answer_text(diagnosis: Diagnosis) -> str:
    ways = diagnosis.alternatives or (tuple(finding.id for finding in diagnosis.mistakes),)
    named = " or ".join(" + ".join(ids) for ids in ways)
    return named or (diagnosis.verdict if diagnosis.pattern is None else diagnosis.pattern.code)


def _print_pauses(pauses: Pauses) -> None:
    print(
        f"a server while it diagnoses {len(pauses.of_loop)} pairs, each in a model that is new to it: its event loop "
        f"stands still for {np.median(pauses.of_loop):.0f} ms of one core at most, the longest time "
        f"{max(pauses.of_loop):.0f} ms; the garbage collector {max(pauses.of_collector):.0f} ms",
        flush=True,
    )


def main() -> int:
    """Measure; the exit code is 1 if any name was false."""
    probes, others, seen = [*map(int, sys.argv[1:]), *(200, 200, 0)[len(sys.argv) - 1 :]]
    models = models_of_everything()
    each = -(-others // len(models))
    kinds = [
        (Tally("without a mistake", "correct"), right_trials(models), 1),
        (Tally("one mistake"), islice(spread_trials(probes, models), seen, None), SINGLES_A_TURN),
        (Tally("two mistakes"), pair_trials(each, models), 1),
        (Tally("wrong in no known way, by hand", "unnamed"), wrong_steps_trials(each, models), 1),
        *(
            (Tally(f"wrong in no known way, {name}", "unnamed"), wrong_trials(each, models, change), 1)
            for name, change in ROUNDINGS.items()
        ),
    ]
    _print_pauses(pauses_of(pair_trials(1, MODELS)))
    # In turns, so that a measurement that is cut short has seen some of everything.
    waiting = kinds
    while waiting:
        taken = [list(islice(trials, turn)) for _, trials, turn in waiting]
        for (tally, _, _), some in zip(waiting, taken, strict=True):
            for trial in some:
                tally.add(trial)
        waiting = [kind for kind, some in zip(waiting, taken, strict=True) if some]
    print("All of it:")
    for tally, _, _ in kinds:
        tally.print()
    return int(any(tally.counts["false"] + tally.counts["failed"] for tally, _, _ in kinds))


if __name__ == "__main__":
    sys.exit(main())
