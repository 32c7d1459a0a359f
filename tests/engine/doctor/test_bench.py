"""What is computed for one suspect is kept for the next ones, up to a limit."""

import gc
import weakref

import numpy as np

from engine.doctor.bench import Bench
from engine.doctor.conventions import Conventions
from engine.doctor.probes import probes
from engine.model import ModelSpec


def test_the_same_cases_sent_again_and_again_are_not_all_kept() -> None:
    bench, kept = Bench(most_values=10_000), []
    for _ in range(40):
        case = probes(ModelSpec(2, (), 2), Conventions())[0]
        bench.run(case.program, case, ["dW1"])
        kept.append(weakref.ref(case.batch.x))
    del case
    gc.collect()
    assert sum(ref() is not None for ref in kept) < len(kept)


def test_after_it_has_forgotten_the_numbers_are_the_same() -> None:
    case = probes(ModelSpec(2, (), 2), Conventions())[0]
    bench = Bench(most_values=0)
    first, again = (bench.run(case.program, case, ["dW1"])["dW1"] for _ in range(2))
    np.testing.assert_array_equal(first, again)
