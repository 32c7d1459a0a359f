"""What code with mistakes in it sends for the doctor's cases."""

from collections.abc import Callable, Sequence
from itertools import cycle

import numpy as np

from engine.doctor.bench import Bench
from engine.doctor.case import Answer, Case, answer_of
from engine.doctor.prediction import predicted
from engine.doctor.suspects import Suspect, Suspects, given_of
from engine.model import LayerSpec, ModelSpec
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import beside_given
from engine.vocabulary import STANDARD

BENCH, SUSPECTS = Bench(8_000_000), Suspects(most=20_000)
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
# What is written down in a calculation by hand.
STEPS = ("z", "a", "p", "dz", "da", "dW", "db")


def models_of_everything() -> dict[str, ModelSpec]:
    """A model for each output with its loss, between them with every activation and with one to three hidden layers."""
    activations = cycle(STANDARD.activations)
    sizes = cycle(((4, 5, 3), (3, 6, 5, 2), (5, 4, 6, 3, 2)))
    found = dict(MODELS)
    for (output, loss), row in STANDARD.outputs.items():
        inputs, *units, outputs = next(sizes)
        hidden = tuple(LayerSpec(n, next(activations)) for n in units)
        model = ModelSpec(inputs, hidden, max(outputs, row.least_units), output, loss)
        names = " ".join(layer.activation for layer in hidden)
        found[f"{'-'.join(map(str, model.units))} {names} {output} {loss}"] = model
    return found


def sent_by(cases: Sequence[Case], suspect: Suspect, change: Change) -> list[Answer]:
    """What code with these mistakes, or with none, sends for the gradients of all cases."""
    state: dict[str, Array] = {}
    answers = []
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
        with np.errstate(all="ignore"):
            answers.append(_answer(case, {name: change(made[name]) for name in names}))
    return answers


def answers_of(cases: Sequence[Case], suspect: Suspect, change: Change) -> list[Answer] | None:
    """The same; None: the mistakes change none of these numbers."""
    answers = sent_by(cases, suspect, change)
    return None if are_same(answers, sent_by(cases, (), change)) else answers


def by_hand(
    case: Case, suspect: Suspect, decimals: int, spoil: Callable[[str, Array], Array] = lambda _, value: value
) -> Answer | None:
    """What somebody with these mistakes writes down who goes on with the rounded numbers; None: it cannot be done.

    Parameters
    ----------
    spoil : changes a tensor before it is written down and gone on with.
    """
    program = SUSPECTS.program(case.program, suspect)
    given = None if program is None else given_of(program, case, suspect)
    if program is None or given is None:
        return None
    written: dict[str, Array] = {}
    try:
        for name in _steps(case.program, program):
            before = beside_given(program, written)
            step = BENCH.run(before, case, [name], {**given, **written})[name]
            written[name] = np.round(spoil(name, step), decimals)
    except ValueError:
        return None
    return _answer(case, written)


def _steps(right: Program, program: Program) -> list[str]:
    return [
        node.output
        for node in program.nodes
        if node.output in right.tensors and right.tensors[node.output].role in STEPS
    ]


def _answer(case: Case, values: dict[str, Array]) -> Answer:
    tensors = case.program.tensors
    theirs = {name: case.orientation.to_theirs(tensors[name], value) for name, value in values.items()}
    return answer_of(case, {name: _plain(value) for name, value in theirs.items()})


def are_same(answers: Sequence[Answer], others: Sequence[Answer] | None) -> bool:
    """Whether the same numbers were sent."""

    def values(answer: Answer) -> dict[str, Array | None]:
        return {name: sent.values for name, sent in answer.results.items()}

    return others is not None and all(
        a.results.keys() == b.results.keys()
        and all(_is_same(x, y) for x, y in zip(values(a).values(), values(b).values(), strict=True))
        for a, b in zip(answers, others, strict=True)
    )


def singles(cases: Sequence[Case]) -> list[Suspect]:
    """Every mistake as it can be made in one of these cases."""
    return list(dict.fromkeys(s for case in cases for s in SUSPECTS.singles(case.program) if _has_rows_for(case, s)))


def _has_rows_for(case: Case, suspect: Suspect) -> bool:
    """Whether a case has the rows that a mistake in the data is made of; not all can be made in a second way."""
    program = SUSPECTS.program(case.program, suspect)
    return program is None or given_of(program, case, suspect) is not None


def _is_same(a: Array | None, b: Array | None) -> bool:
    """Whether these are the same to rounding; a sum over the only unit is the same with and without its axis."""
    if a is None or b is None:
        return a is b
    a, b = np.squeeze(a), np.squeeze(b)
    with np.errstate(all="ignore"):
        return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-13, equal_nan=True)


def _plain(value: Array) -> object:
    return [_plain(part) for part in value] if value.ndim else (float(value) if np.isfinite(value) else str(value))
