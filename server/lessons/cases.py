"""Which mistakes of the catalogue a check of the gradients finds in a step, and which it tells from one another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.mistakes import Mistake
from engine.primitives import Array
from engine.vocabulary import Vocabulary
from server.problems import Problem
from server.settings import Settings
from server.steps.schemas import TraceRequest
from server.steps.stateless import trace_of

Gradients = Mapping[str, Array]
# As stage.wrong says it: two numbers of this size are both 0 to a difference of losses.
SAME, NOTHING = 1e-4, 1e-9
# A reader tells two gradients apart that differ somewhere by as much of the larger number.
SEEN = 0.05
OTHERS = 2


@dataclass(frozen=True, slots=True)
class Case:
    """A mistake in a step.

    Parameters
    ----------
    id : of the catalogue.
    tensors : the gradients in which the check finds it, from the first layer upwards.
    options : it and others, by their ids; the numbers of each are other than its own.
    """

    id: str
    tensors: tuple[str, ...]
    options: tuple[str, ...]


def cases_of(body: Mapping[str, Any], settings: Settings, vocabulary: Vocabulary) -> tuple[Case, ...]:
    """All of them, the most frequent first.

    Parameters
    ----------
    body : of POST /trace, a step without a mistake.
    """
    right = _gradients(body, (), settings, vocabulary)
    found: dict[str, Gradients] = {}
    for id, mistake in vocabulary.mistakes.items():
        if not _can_be_checked(mistake):
            continue
        try:
            gradients = _gradients(body, (id,), settings, vocabulary)
        except (EngineError, Problem):
            continue
        if all(np.all(np.isfinite(values)) for values in gradients.values()) and wrong_in(gradients, right, SAME):
            found[id] = gradients
    return tuple(_cases(found, right))


def wrong_in(found: Gradients, right: Gradients, share: float) -> tuple[str, ...]:
    """The gradients of which a number differs by more than such a share of the larger one."""
    return tuple(name for name in right if _differ(found[name], right[name], share))


def _differ(one: Array, other: Array, share: float) -> bool:
    largest = np.maximum(np.abs(one), np.abs(other))
    return bool(np.any((np.abs(one - other) > share * largest) & (largest > NOTHING)))


def _can_be_checked(mistake: Mistake) -> bool:
    """Whether one step shows it, and its own numbers do."""
    is_elsewhere = mistake.data or mistake.parameters or mistake.carries or mistake.is_in_update
    return mistake.injectable and mistake.caught_by_gradient_check and not is_elsewhere


def _gradients(
    body: Mapping[str, Any], mistakes: tuple[str, ...], settings: Settings, vocabulary: Vocabulary
) -> Gradients:
    request = TraceRequest.model_validate({**body, "model": {**body["model"], "mistakes": mistakes}})
    trace = trace_of(request, settings, vocabulary, expand=False).trace
    program = trace.program
    layers = range(1, len(program.with_role("W")) + 1)
    names = [program.named(role, layer) for layer in layers for role in ("dW", "db")]
    return {name: trace[name] for name in names if name is not None}


def _cases(found: Mapping[str, Gradients], right: Gradients) -> Iterator[Case]:
    tensors = {id: wrong_in(gradients, right, SAME) for id, gradients in found.items()}
    ids = list(found)
    for at, id in enumerate(ids):
        # Beginning behind itself, so that each is an option of some others.
        others = [other for other in (*ids[at + 1 :], *ids[:at]) if wrong_in(found[other], found[id], SEEN)]
        alike = [other for other in others if tensors[other] == tensors[id]]
        unlike = [other for other in others if tensors[other] != tensors[id]]
        chosen = {id, *[*alike[:1], *unlike, *alike[1:]][:OTHERS]}
        if len(chosen) > 1:
            yield Case(id, tensors[id], tuple(sorted(chosen)))
