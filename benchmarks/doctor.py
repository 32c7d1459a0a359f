"""Every known mistake made on many random cases and diagnosed again: `python -m benchmarks.doctor [probes]`.

Counts right names, truthful `undecided`, what stayed without a name, and false names, of which there must be none.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from time import process_time

import numpy as np

from engine.doctor.bench import Bench
from engine.doctor.case import Answer, Case, answer_of
from engine.doctor.conventions import Conventions
from engine.doctor.diagnosis import Diagnosis
from engine.doctor.evidence import predicted
from engine.doctor.probes import probes
from engine.doctor.suspects import Suspect, Suspects, ids_of
from engine.doctor.verdict import diagnose
from engine.model import LayerSpec, ModelSpec
from engine.primitives import Array

BENCH, SUSPECTS = Bench(), Suspects()
Change = Callable[[Array], Array]

MODELS: dict[str, ModelSpec] = {
    "4-5-3 relu softmax": ModelSpec(4, (LayerSpec(5),), 3),
    "10-10-1 relu sigmoid": ModelSpec(10, (LayerSpec(10),), 1, "sigmoid", "binary_cross_entropy"),
    "3-5-4-2 leaky_relu tanh identity": ModelSpec(
        3, (LayerSpec(5, "leaky_relu"), LayerSpec(4, "tanh")), 2, "identity", "half_squared_error"
    ),
    "2-3-2 sigmoid softmax": ModelSpec(2, (LayerSpec(3, "sigmoid"),), 2),
    "4-6-5-7-3 relu sigmoid squared_error": ModelSpec(
        4, (LayerSpec(6), LayerSpec(5), LayerSpec(7)), 3, "sigmoid", "squared_error"
    ),
    "4-5-2 elu softmax sum": ModelSpec(4, (LayerSpec(5, "elu"),), 2, reduction="sum"),
}
ROUNDINGS: dict[str, Change] = {
    "float64": lambda value: value,
    "4 decimals": lambda value: np.round(value, 4),
    "float32": lambda value: value.astype(np.float32).astype(float),
}


def answers_of(cases: Sequence[Case], suspect: Suspect, change: Change) -> list[Answer] | None:
    """What code with these mistakes would send for the gradients of all cases; None: it is right in all of them."""
    state: dict[str, Array] = {}
    answers = []
    is_wrong = False
    for case in cases:
        program = SUSPECTS.program(case.program, suspect)
        names = [f"d{name}" for name in case.parameters if program is None or f"d{name}" in program.tensors]
        following = [] if program is None else [(t.name, str(t.of)) for t in program.with_role("state_next")]
        shapes = {name: case.parameters[name.removesuffix("_gradient")].shape for name in state}
        kept = {name: value for name, value in state.items() if value.shape == shapes[name]}
        wanted = [*names, *(name for name, _ in following)]
        made = predicted(BENCH, SUSPECTS, case, suspect, wanted, kept)
        if made is None:
            answers.append(answer_of(case, {}, "ValueError: operands could not be broadcast together"))
            continue
        state = {of: made[name] for name, of in following}
        right = BENCH.run(case.program, case, names)
        is_wrong |= any(not _is_same(made[name], right[name]) for name in names)
        with np.errstate(all="ignore"):
            turned = {
                name: case.orientation.to_theirs(case.program.tensors[name], change(made[name])) for name in names
            }
        answers.append(answer_of(case, {name: _plain(value) for name, value in turned.items()}))
    return answers if is_wrong else None


def _is_same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)


def _are_same(answers: Sequence[Answer], others: Sequence[Answer] | None) -> bool:
    def values(answer: Answer) -> dict[str, Array | None]:
        return {name: sent.values for name, sent in answer.results.items()}

    return others is not None and all(
        a.results.keys() == b.results.keys()
        and all(_is_same(x, y) for x, y in zip(values(a).values(), values(b).values(), strict=True))  # type: ignore[arg-type]
        for a, b in zip(answers, others, strict=True)
    )


def _plain(value: Array) -> object:
    return [_plain(part) for part in value] if value.ndim else (float(value) if np.isfinite(value) else str(value))


def judged(diagnosis: Diagnosis, suspect: Suspect) -> str:
    """right, undecided (the true name is among the candidates, or an empty array gives the same), unnamed, correct or
    false."""
    named = {finding.id for finding in diagnosis.mistakes}
    candidates = {finding.id for finding in diagnosis.candidates}
    wanted = set(ids_of(suspect))
    if named:
        return "right" if named == wanted else "false"
    if candidates:
        return "undecided" if wanted <= candidates else "false"
    # An array that was never filled gives the same zeros as whole numbers that rounded small gradients away.
    if diagnosis.pattern is not None and diagnosis.pattern.code == "all_zero":
        return "undecided"
    return "correct" if diagnosis.verdict == "correct" else "unnamed"


def singles(cases: Sequence[Case]) -> list[Suspect]:
    return list(dict.fromkeys(s for case in cases for s in SUSPECTS.singles(case.program)))


def run(title: str, trials: Iterator[tuple[str, Suspect, list[Answer], Sequence[Case]]]) -> Counter[str]:
    """Diagnose all trials and print what came of them."""
    counts: Counter[str] = Counter()
    notes: dict[str, Counter[str]] = defaultdict(Counter)
    times = []
    for label, suspect, answers, cases in trials:
        start = process_time()
        diagnosis = diagnose(answers, cases, BENCH, SUSPECTS)
        times.append(process_time() - start)
        verdict = judged(diagnosis, suspect)
        counts[verdict] += 1
        if verdict != "right":
            others = "+".join(finding.id for finding in (*diagnosis.mistakes, *diagnosis.candidates))
            notes[verdict][
                f"{label} {'+'.join(ids_of(suspect))} -> {others or (diagnosis.pattern and diagnosis.pattern.code)}"
            ] += 1
    total = sum(counts.values())
    shares = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
    print(
        f"{title}: {total} diagnoses: {shares}; "
        f"median {1e3 * np.median(times):.0f} ms, slowest {1e3 * max(times):.0f} ms of one core"
    )
    for verdict in ("false", "unnamed", "correct", "undecided"):
        for note, count in notes[verdict].most_common(12):
            print(f"    {verdict} {count} x {note}")
    return counts


def single_trials(
    n_probes: int, conventions: Conventions, change: Change, models: dict[str, ModelSpec]
) -> Iterator[tuple[str, Suspect, list[Answer], Sequence[Case]]]:
    for label, model in models.items():
        for seed in range(n_probes):
            cases = probes(model, Conventions(conventions.layout, model.reduction), seed)
            for suspect in singles(cases):
                answers = answers_of(cases, suspect, change)
                if answers is not None:
                    yield label, suspect, answers, cases


def pair_trials(
    n_pairs: int, models: dict[str, ModelSpec], seed: int = 0
) -> Iterator[tuple[str, Suspect, list[Answer], Sequence[Case]]]:
    rng = np.random.default_rng(seed)
    for label, model in models.items():
        cases = probes(model, Conventions("rows", model.reduction), seed)
        pairs = [(a[0], b[0]) for a, b in combinations(singles(cases), 2) if a[0].id != b[0].id]
        for place in rng.permutation(len(pairs))[:n_pairs]:
            for pair in (pairs[place], pairs[place][::-1]):
                if SUSPECTS.program(cases[0].program, pair) is not None:
                    answers = answers_of(cases, pair, lambda value: value)
                    # Where one hides the other, it is the only mistake there is.
                    alone = [answers_of(cases, (made,), lambda value: value) for made in pair]
                    if answers is not None and not any(_are_same(answers, other) for other in alone):
                        yield label, pair, answers, cases
                    break


def wrong_trials(
    n: int, models: dict[str, ModelSpec], change: Change
) -> Iterator[tuple[str, Suspect, list[Answer], Sequence[Case]]]:
    """Submissions that are wrong and no known mistake: random, permuted, scaled, noisy, or with one wrong cell."""
    for label, model in models.items():
        cases = probes(model, Conventions("rows", model.reduction))
        for seed in range(n):
            rng = np.random.default_rng(seed)
            spoil = WRONG[seed % len(WRONG)]
            spoiled = rng.choice([f"d{name}" for name in cases[0].parameters], rng.integers(1, 3), replace=False)
            answers = []
            for case in cases if seed % 2 else cases[:1]:
                right = BENCH.run(case.program, case, [f"d{name}" for name in case.parameters])
                sent = {name: change(spoil(rng, v) if name in spoiled else v).tolist() for name, v in right.items()}
                answers.append(answer_of(case, sent))
            yield label, (), answers, cases


def _one_cell(rng: np.random.Generator, value: Array) -> Array:
    other = value.copy()
    other.flat[rng.integers(value.size)] += 0.5
    return other


WRONG: list[Callable[[np.random.Generator, Array], Array]] = [
    lambda rng, value: rng.normal(size=value.shape),
    lambda rng, value: rng.permutation(value.ravel()).reshape(value.shape) + 0.01,
    lambda rng, value: 0.7 * value,
    lambda rng, value: value + 0.05 * rng.normal(size=value.shape),
    _one_cell,
    lambda rng, value: value**2,
    lambda rng, value: np.abs(value) + 0.1,
]


def main() -> None:
    n_probes = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    for name, change in ROUNDINGS.items():
        for layout in ("rows", "columns"):
            run(f"single, {name}, {layout}", single_trials(n_probes, Conventions(layout), change, MODELS))
    run("pairs", pair_trials(40 * n_probes, MODELS))
    for name, change in ROUNDINGS.items():
        run(f"wrong in no known way, {name}", wrong_trials(70 * n_probes, MODELS, change))


if __name__ == "__main__":
    main()
