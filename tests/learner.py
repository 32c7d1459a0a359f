"""A learner's own backward pass, as these tests let it answer the doctor's cases."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from engine.doctor.bench import Bench
from engine.doctor.case import Answer, Case, answer_of
from engine.primitives import Array
from engine.program import Program

BENCH = Bench()
Change = Callable[[str, Array], Any]


def gradients_of(case: Case) -> list[str]:
    """dW1, db1, ...: what a learner sends at least."""
    return [f"d{name}" for name in case.parameters]


def values_of(
    case: Case,
    names: Iterable[str] | None = None,
    program: Program | None = None,
    given: Mapping[str, object] | None = None,
    dtype: str = "float64",
) -> dict[str, Array]:
    """What a program gives for a case, the right one unless another is named."""
    wanted = list(names or gradients_of(case))
    return BENCH.run(program or case.program, case, wanted, given, dtype)


def answered(case: Case, values: Mapping[str, Array], change: Change = lambda _, value: value) -> Answer:
    """These values in the learner's layout, each changed first."""
    theirs = {name: change(name, value) for name, value in values.items()}
    turn, tensors = case.orientation.to_theirs, case.program.tensors
    return answer_of(
        case,
        {
            name: turn(tensors[name], value).tolist() if isinstance(value, np.ndarray) else value
            for name, value in theirs.items()
        },
    )


def rounded(decimals: int) -> Change:
    return lambda _, value: np.round(value, decimals)


def all_right(cases: Sequence[Case], change: Change = lambda _, value: value, **options: Any) -> list[Answer]:
    """Right answers to all cases, each value changed first."""
    return [answered(case, values_of(case, **options), change) for case in cases]
