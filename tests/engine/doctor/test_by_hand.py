"""A calculation by hand rounds every step and goes on with the rounded numbers: it is judged, and named, by those."""

from itertools import combinations

import numpy as np
import pytest

from benchmarks.doctor import judged
from benchmarks.mistaken import BENCH, MODELS, SUSPECTS, by_hand
from benchmarks.trials import wrong_steps_trials
from engine.doctor.case import Answer, Case, case_of
from engine.doctor.conventions import Conventions
from engine.doctor.diagnosis import Diagnosis
from engine.doctor.probes import probes
from engine.doctor.suspects import Made, Suspect
from engine.doctor.verdict import diagnose
from engine.mistakes import MISTAKES
from engine.model import LayerSpec, ModelSpec
from tests.thorough import usually

pytestmark = pytest.mark.overflow_is_the_lesson
NETWORKS = {
    "2-2-2 sigmoid": ModelSpec(2, (LayerSpec(2, "sigmoid"),), 2, "sigmoid", "half_squared_error"),
    "2-3-1 relu": ModelSpec(2, (LayerSpec(3),), 1, "sigmoid", "binary_cross_entropy"),
    "2-3-3 tanh": ModelSpec(2, (LayerSpec(3, "tanh"),), 3),
    "2-3-2-1 leaky_relu": ModelSpec(
        2, (LayerSpec(3, "leaky_relu"), LayerSpec(2, "tanh")), 1, "identity", "half_squared_error"
    ),
}


def on_paper(model: ModelSpec, m: int = 3) -> Case:
    """A case with numbers of two digits, as in a textbook."""
    rng = np.random.default_rng(4)
    parameters: dict[str, object] = {}
    for layer, (below, above) in enumerate(zip(model.units, model.units[1:], strict=False), start=1):
        parameters[f"W{layer}"] = rng.uniform(-1, 1, (below, above)).round(2).tolist()
        parameters[f"b{layer}"] = rng.uniform(0, 0.5, above).round(2).tolist()
    x = rng.uniform(0, 1, (m, model.inputs)).round(2).tolist()
    is_of_classes = model.loss in ("cross_entropy", "binary_cross_entropy")
    y = [n % 2 for n in range(m)] if is_of_classes else rng.uniform(0, 1, (m, model.outputs)).round(2).tolist()
    return case_of("on paper", parameters, x, y, Conventions(reduction=model.reduction), model)


def verdict(case: Case, suspect: Suspect, decimals: int) -> tuple[str, Diagnosis] | None:
    answer, right = (by_hand(case, made, decimals) for made in (suspect, ()))
    assert right is not None
    if answer is None or _numbers(answer) == _numbers(right):
        return None
    diagnosis = diagnose([answer], [case], BENCH, SUSPECTS)
    return judged(diagnosis, suspect), diagnosis


def _numbers(answer: Answer) -> dict[str, object]:
    return {
        name: None if sent.values is None else np.squeeze(sent.values).tolist() for name, sent in answer.results.items()
    }


@pytest.mark.parametrize("decimals", [3, 4])
@pytest.mark.parametrize("model", [*MODELS.values(), *NETWORKS.values()], ids=[*MODELS, *NETWORKS])
def test_a_right_calculation_is_called_right_in_every_step(model: ModelSpec, decimals: int) -> None:
    case = on_paper(model)
    answer = by_hand(case, (), decimals)
    assert answer is not None
    assert diagnose([answer], [case], BENCH, SUSPECTS).verdict == "correct"


@pytest.mark.parametrize(
    ("model", "decimals"),
    usually(
        {name: (model, 4 - at % 2) for at, (name, model) in enumerate(NETWORKS.items())},
        "2-3-2-1 leaky_relu",
        arguments=2,
    ),
)
def test_a_mistake_in_it_gets_its_name(model: ModelSpec, decimals: int) -> None:
    case = on_paper(model)
    found: dict[str, list[str]] = {"false": [], "unnamed": [], "right": [], "undecided": [], "correct": []}
    for suspect in {s[0].id: s for s in SUSPECTS.singles(case.program)}.values():
        told = verdict(case, suspect, decimals)
        if told is not None:
            found[told[0]].append(suspect[0].id)
    assert found["false"] == []
    # A single number in place of a bias gradient can be too little for a name.
    assert all(MISTAKES[id].family == "biases" for id in found["unnamed"]), found["unnamed"]
    # In a small network two numbers of samples and units are often the same, or one is 2.
    assert len(found["right"]) > 3 * (len(found["undecided"]) + len(found["unnamed"]))


@pytest.mark.parametrize(
    ("id", "layers", "where"),
    [
        ("mask_missing", (1,), ("dz1",)),
        ("output_slope_on_p_minus_y", (), ("dz2",)),
        ("mean_missing", (), ("dz2",)),
        ("weights_from_z", (2,), ("dW2",)),
        ("weights_updated_too_early", (2,), ("da1",)),
    ],
)
def test_only_the_step_in_which_it_is_made_is_wrong_and_the_others_follow(
    id: str, layers: tuple[int, ...], where: tuple[str, ...]
) -> None:
    case = probes(None, Conventions())[0]
    suspect = next(s for s in SUSPECTS.singles(case.program) if (s[0].id, s[0].layers) == (id, layers))
    told = verdict(case, suspect, 4)
    assert told is not None and told[0] == "right"
    (finding,) = told[1].mistakes
    assert finding.where == where
    statuses = {name: each.status for name, each in told[1].cases[0].tensors.items()}
    assert {name for name, status in statuses.items() if status == "wrong"} == set(where)
    assert "follows" in statuses.values() or where[0].startswith("dW")


def test_labels_in_any_order_are_found_by_hand_too() -> None:
    case = probes(None, Conventions())[0]
    order = np.random.default_rng(5).permutation(case.batch.m)
    labels = case.batch.y[order]
    answer = by_hand(case, (), 4, lambda name, value: value + (case.batch.y - labels) / 7 if name == "dz2" else value)
    assert answer is not None
    assert [f.id for f in diagnose([answer], [case], BENCH, SUSPECTS).mistakes] == ["labels_shuffled"]


def test_two_mistakes_in_it_get_both_names() -> None:
    case = probes(None, Conventions())[0]
    ids = ("mean_missing", "mask_missing", "bias_gradient_zero", "reshape_for_transpose")
    first = {s[0].id: s[0] for s in reversed(SUSPECTS.singles(case.program))}
    for pair in combinations([first[id] for id in ids], 2):
        told = verdict(case, pair, 4)
        assert told is not None and told[0] == "right", (pair, told and told[1].mistakes)


def test_another_step_gone_wrong_gets_no_name() -> None:
    models = {name: NETWORKS[name] for name in ("2-3-3 tanh", "2-3-1 relu")}
    for _, _, answers, cases in wrong_steps_trials(5, models):
        found = diagnose(answers, cases, BENCH, SUSPECTS)
        assert (found.mistakes, found.candidates) == ((), ())


def test_an_unrounded_calculation_written_with_few_digits_gets_the_same_name() -> None:
    case = probes(None, Conventions())[0]
    made = Made(MISTAKES["mask_missing"], (1,))
    exact, rounded = (by_hand(case, (made,), decimals) for decimals in (12, 4))
    assert exact is not None and rounded is not None
    assert _numbers(exact) != _numbers(rounded)
    for answer in (exact, rounded):
        assert [f.id for f in diagnose([answer], [case], BENCH, SUSPECTS).mistakes] == ["mask_missing"]
