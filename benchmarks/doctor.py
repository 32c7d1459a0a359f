"""Every known mistake made on many random cases and diagnosed again: `python -m benchmarks.doctor [probes [others]]`.

So many probes a mistake, and so many pairs and wrong submissions of each kind, spread over all models. Counts right
names, truthful `undecided`, what stayed without a name, and false names, of which there must be none; and says how long
a diagnosis takes and how long it goes on without letting others work.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from time import process_time

import numpy as np

from benchmarks.mistaken import BENCH, ROUNDINGS, SUSPECTS, models_of_everything
from benchmarks.trials import Trial, pair_trials, right_trials, spread_trials, wrong_steps_trials, wrong_trials
from engine.doctor.diagnosis import Diagnosis
from engine.doctor.suspects import Suspect, ids_of
from engine.doctor.verdict import examine

PROGRESS = 100


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


def run(title: str, trials: Iterator[Trial], wanted: str = "right") -> Counter[str]:
    """Diagnose all trials and print what came of them.

    Parameters
    ----------
    wanted : what `judged` should say; everything else is listed.
    """
    counts: Counter[str] = Counter()
    notes: dict[str, Counter[str]] = defaultdict(Counter)
    times, longest = [], []
    for trial in trials:
        label, suspect, _, _ = trial
        diagnosis, parts = timed(trial)
        times.append(sum(parts))
        longest.append(max(parts))
        verdict = judged(diagnosis, suspect)
        counts[verdict] += 1
        if counts.total() % PROGRESS == 0:
            print(f"{title}, {counts.total()} so far: {dict(counts)}", file=sys.stderr, flush=True)
        if verdict != wanted:
            others = "+".join(finding.id for finding in (*diagnosis.mistakes, *diagnosis.candidates))
            said = others or (diagnosis.pattern and diagnosis.pattern.code)
            notes[verdict][f"{label} {'+'.join(ids_of(suspect))} -> {said}"] += 1
    shares = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
    print(f"{title}: {counts.total()} diagnoses: {shares}")
    print(
        f"    one core: median {np.median(times):.0f} ms, 99 of 100 within {np.quantile(times, 0.99):.0f} ms, slowest "
        f"{max(times):.0f} ms; without a pause: 99 of 100 within {np.quantile(longest, 0.99):.0f} ms, longest "
        f"{max(longest):.0f} ms"
    )
    for verdict in ("false", "unnamed", "correct", "undecided"):
        for note, count in notes[verdict].most_common(20):
            print(f"    {verdict} {count} x {note}", flush=True)
    return counts


def main() -> None:
    probes, others = ([*map(int, sys.argv[1:]), 200, 200])[:2]
    models = models_of_everything()
    each = -(-others // len(models))
    run("without a mistake", right_trials(models), "correct")
    run("one mistake", spread_trials(probes, models))
    run("two mistakes", pair_trials(each, models))
    run("wrong in no known way, by hand", wrong_steps_trials(each, models), "unnamed")
    for name, change in ROUNDINGS.items():
        run(f"wrong in no known way, {name}", wrong_trials(each, models, change), "unnamed")


if __name__ == "__main__":
    main()
