"""The case that would tell suspects apart."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from engine.doctor.bench import Bench
from engine.doctor.case import Case
from engine.doctor.conventions import Conventions
from engine.doctor.evidence import Match
from engine.doctor.prediction import predicted
from engine.doctor.probes import STANDARD, probes
from engine.doctor.suspects import Suspects, ids_of
from engine.primitives import Array
from engine.spec import ModelSpec

# Less than this could be rounding by a learner who sends four digits.
CLEARLY = 1e-2


@lru_cache(maxsize=32)
def cases_to_ask(model: ModelSpec, conventions: Conventions) -> tuple[Case, ...]:
    """The cases of a model; then some of the same kinds of layers with sizes that no ratio confuses."""
    sizes = (STANDARD.hidden[0].units, 6, 8, 9)
    hidden = tuple(
        layer if place >= len(sizes) else type(layer)(sizes[place], layer.activation, layer.settings)
        for place, layer in enumerate(model.hidden)
    )
    outputs = model.outputs if model.outputs == 1 else STANDARD.outputs
    fields = {
        name: getattr(model, name) for name in ("output_activation", "loss", "bias", "output_settings", "vocabulary")
    }
    standard = ModelSpec(STANDARD.inputs, hidden, outputs, **fields)
    return (*probes(model, conventions), *probes(standard, conventions))


def next_case(bench: Bench, suspects: Suspects, matches: Sequence[Match], cases: Sequence[Case]) -> Case | None:
    """The first case in which most of these differ; None: in none do they."""
    names = {ids_of(match.suspect): match for match in matches}
    kinds = [_kinds(bench, suspects, case, list(names.values())) for case in cases]
    most = max(kinds, default=1)
    return cases[kinds.index(most)] if most > 1 else None


def _kinds(bench: Bench, suspects: Suspects, case: Case, matches: Sequence[Match]) -> int:
    """How many different answers these suspects would give."""
    found: list[dict[str, Array] | None] = []
    names = [f"d{name}" for name in case.parameters]
    for match in matches:
        answer = predicted(bench, suspects, case, match.suspect, names, match.numbers)
        if not any(_is_same(answer, other) for other in found):
            found.append(answer)
    return len(found)


def _is_same(a: dict[str, Array] | None, b: dict[str, Array] | None) -> bool:
    if a is None or b is None:
        return a is b
    with np.errstate(all="ignore"):
        return all(
            a[name].shape == b[name].shape
            and np.allclose(a[name], b[name], CLEARLY, CLEARLY * np.max(np.abs(b[name]), initial=0.0), equal_nan=True)
            for name in a
        )
