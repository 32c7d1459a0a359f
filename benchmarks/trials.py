"""Learners of all kinds whose numbers the doctor is tried on: with one mistake, with two, with another, with none."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np

from benchmarks.mistaken import (
    BENCH,
    ROUNDINGS,
    STEPS,
    SUSPECTS,
    Change,
    answers_of,
    are_same,
    by_hand,
    sent_by,
    singles,
)
from engine.batch import Batch
from engine.doctor.case import Answer, Case, answer_of
from engine.doctor.conventions import LAYOUTS, Conventions
from engine.doctor.probes import probes
from engine.doctor.suspects import Suspect, ids_of
from engine.model import ModelSpec
from engine.primitives import Array
from engine.spec import REDUCTIONS

# The model in words, the mistakes made, what was sent, and the cases that were asked.
Trial = tuple[str, Suspect, list[Answer], Sequence[Case]]
Models = dict[str, ModelSpec]
BY_HAND = "by hand"
WAYS = (*ROUNDINGS, BY_HAND)
DECIMALS = 4


def single_trials(n_probes: int, conventions: Conventions, change: Change, models: Models) -> Iterator[Trial]:
    """Every mistake wherever it can be made."""
    for label, model in models.items():
        for seed in range(n_probes):
            cases = probes(model, Conventions(conventions.layout, model.reduction), seed)
            for suspect in singles(cases):
                answers = answers_of(cases, suspect, change)
                if answers is not None:
                    yield label, suspect, answers, cases


def spread_trials(n: int, models: Models) -> Iterator[Trial]:
    """About so many probes a mistake, over all models that can have it, layers, layouts, reductions and roundings."""
    possible: dict[str, list[str]] = defaultdict(list)
    for label, model in models.items():
        for id in dict.fromkeys(s[0].id for s in singles(probes(model, Conventions()))):
            possible[id].append(label)
    turns = {id: -(-n // len(labels)) for id, labels in possible.items()}
    for seed, (label, model) in product(range(max(turns.values())), models.items()):
        rng = np.random.default_rng(seed)
        way = WAYS[seed % len(WAYS)]
        layout, reduction = list(product(LAYOUTS, REDUCTIONS))[seed // len(WAYS) % 4]
        cases = probes(model, Conventions(layout, reduction), seed)
        ways: dict[str, list[Suspect]] = defaultdict(list)
        for suspect in singles(cases):
            ways[suspect[0].id].append(suspect)
        for id in (id for id, turn in turns.items() if seed < turn and label in possible[id] and id in ways):
            suspect = ways[id][rng.integers(len(ways[id]))]
            answers = _answers(cases, suspect, way)
            if answers is not None:
                yield f"{label}, {layout}, {reduction}, {way}, seed {seed}", suspect, answers, cases


def _answers(cases: Sequence[Case], suspect: Suspect, way: str) -> list[Answer] | None:
    """None: the mistake changes none of these numbers."""
    if way != BY_HAND:
        return answers_of(cases, suspect, ROUNDINGS[way])
    # Of seven cases nobody writes every step down.
    written, right = (by_hand(cases[0], made, DECIMALS) for made in (suspect, ()))
    return None if written is None or right is None or are_same([written], [right]) else [written]


def pair_trials(n_pairs: int, models: Models, seed: int = 0) -> Iterator[Trial]:
    """Two mistakes in one code."""
    for number, (label, model) in product(range(n_pairs), models.items()):
        rng = np.random.default_rng([seed, number])
        cases = probes(model, Conventions("rows", model.reduction), seed + number)
        pairs = [(a[0], b[0]) for a, b in combinations(singles(cases), 2) if a[0].id != b[0].id]
        found = (_as_one_code(cases, pairs[place]) for place in rng.permutation(len(pairs)))
        pair, answers = next(filter(None, found))
        yield f"{label}, seed {seed + number}", pair, answers, cases


def _as_one_code(cases: Sequence[Case], pair: Suspect) -> tuple[Suspect, list[Answer]] | None:
    """Two mistakes in an order in which they can be made, and what is sent; None: no more than one of them shows."""
    for made in (pair, pair[::-1]):
        if SUSPECTS.program(cases[0].program, made) is not None:
            answers = answers_of(cases, made, ROUNDINGS["float64"])
            if answers is None:
                return None
            # Where one hides or undoes the other, only one mistake is left, perhaps in fewer layers. Code that stops in
            # a case hides everything there.
            ids = ids_of(pair)
            alone = (answers_of(cases, s, ROUNDINGS["float64"]) for s in singles(cases) if s[0].id in ids)
            return None if any(_are_same_where_told(answers, other) for other in alone) else (made, answers)
    return None


def _are_same_where_told(answers: Sequence[Answer], others: Sequence[Answer] | None) -> bool:
    told = [place for place, answer in enumerate(answers) if answer.raised is None]
    return others is not None and are_same([answers[place] for place in told], [others[place] for place in told])


def wrong_trials(n: int, models: Models, change: Change) -> Iterator[Trial]:
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
            yield f"{label}, seed {seed}", (), answers, cases


def wrong_steps_trials(n: int, models: Models) -> Iterator[Trial]:
    """The same by hand, of all samples or of one: one step is spoiled, and those below follow from it."""
    for label, model in models.items():
        case, *_ = cases = probes(model, Conventions("rows", model.reduction))
        alone = replace(case, batch=Batch(case.batch.x[:1], case.batch.y[:1]))
        for seed in range(n):
            yield f"{label}, seed {seed}", (), [_spoiled(case if seed % 2 else alone, seed)], cases


def _spoiled(case: Case, seed: int) -> Answer:
    rng = np.random.default_rng(seed)
    spoil = WRONG[seed % len(WRONG)]
    backward = [node.output for node in case.program.nodes if node.phase == "backward"]
    place = str(rng.choice([name for name in backward if case.program.tensors[name].role in STEPS]))
    answer = by_hand(case, (), DECIMALS, lambda name, value: spoil(rng, value) if name == place else value)
    assert answer is not None
    return answer


def right_trials(models: Models) -> Iterator[Trial]:
    """Code without a mistake, in both layouts, both reductions and every rounding."""
    for label, model in models.items():
        for layout, reduction in product(LAYOUTS, REDUCTIONS):
            cases = probes(model, Conventions(layout, reduction), seed=1)
            for way in WAYS:
                written = by_hand(cases[0], (), DECIMALS)
                assert written is not None
                answers = [written] if way == BY_HAND else sent_by(cases, (), ROUNDINGS[way])
                yield f"{label}, {layout}, {reduction}, {way}", (), answers, cases


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
