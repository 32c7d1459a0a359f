"""Known mistakes get their names, alone and in pairs; what is no known mistake gets none."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest

from benchmarks.doctor import judged
from benchmarks.mistaken import BENCH, MODELS, ROUNDINGS, SUSPECTS, answers_of, sent_by, singles
from benchmarks.trials import Trial, pair_trials, single_trials, wrong_trials
from engine.doctor.case import Case, answer_of, case_of
from engine.doctor.conventions import Conventions
from engine.doctor.diagnosis import Diagnosis
from engine.doctor.next_case import cases_to_ask
from engine.doctor.probes import probes
from engine.doctor.suspects import Made
from engine.doctor.verdict import diagnose
from engine.mistakes import MISTAKES
from engine.model import LayerSpec, ModelSpec
from tests.learner import answered, values_of
from tests.thorough import usually

ROWS = Conventions()
# A model, and of how many mistakes one is tried: usually each at one model, a quarter of them where there are two
# hidden layers, and where activation and loss are others.
EACH = {name: (model, 1) for name, model in MODELS.items()}
SOME = {f"{name}, a quarter": (model, 4) for name, model in MODELS.items()}
USUAL = (
    "4-5-2 elu softmax sum",
    "3-5-4-2 leaky_relu tanh identity, a quarter",
    "2-3-2 sigmoid softmax, a quarter",
)
pytestmark = pytest.mark.overflow_is_the_lesson


def once_each(trials: Iterator[Trial], of: int = 1) -> Iterator[Trial]:
    """Every mistake once, wherever it is usually made, or one `of` some; the benchmark tries every layer."""
    seen: set[str] = set()
    for trial in trials:
        id = trial[1][0].id
        if id not in seen:
            seen.add(id)
            if len(seen) % of == 0:
                yield trial


def verdicts(trials: Iterator[Trial]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for label, suspect, answers, cases in trials:
        verdict = judged(diagnose(answers, cases, BENCH, SUSPECTS), suspect)
        found.setdefault(verdict, []).append(f"{label}: {suspect}")
    return found


def diagnosed(cases: Sequence[Case], made: str | Made, **rest: Any) -> Diagnosis:
    suspect = next(s for s in singles(cases) if s[0].id == made) if isinstance(made, str) else (made,)
    answers = answers_of(cases, suspect, lambda value: value)
    assert answers is not None
    return diagnose(answers, cases, BENCH, SUSPECTS)


@pytest.mark.parametrize(("model", "of"), usually(EACH | SOME, *USUAL, arguments=2))
def test_every_mistake_of_a_model_gets_its_name(model: ModelSpec, of: int) -> None:
    found = verdicts(once_each(single_trials(1, ROWS, ROUNDINGS["float64"], {"": model}), of))
    assert found.get("false", []) == [] and found.get("unnamed", []) == []
    assert len(found["right"]) > 10 * len(found.get("undecided", []))


@pytest.mark.parametrize(
    ("rounding", "layout", "of"),
    usually(
        product(["4 decimals", "float32"], ["rows", "columns"], [1, 4]),
        ("4 decimals", "columns", 4),
        arguments=3,
    ),
)
def test_roundings_and_layouts_lead_to_no_false_name(rounding: str, layout: str, of: int) -> None:
    models = {"": MODELS["4-5-3 relu softmax"]}
    found = verdicts(once_each(single_trials(1, Conventions(layout), ROUNDINGS[rounding], models), of))
    assert found.get("false", []) == []
    assert len(found["right"]) >= 0.9 * sum(map(len, found.values()))


def test_two_mistakes_together_get_both_names() -> None:
    found = verdicts(pair_trials(12, {"": MODELS["4-5-3 relu softmax"]}, seed=5))
    assert found.get("false", []) == []
    assert len(found.get("unnamed", [])) <= 1
    assert len(found["right"]) >= 6


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_what_is_no_known_mistake_gets_no_name(rounding: str) -> None:
    found = verdicts(wrong_trials(7, {"": MODELS["4-5-3 relu softmax"]}, ROUNDINGS[rounding]))
    assert set(found) == {"unnamed"}


def test_every_mistake_that_numbers_can_show_is_among_the_suspects_of_some_model() -> None:
    suspects = {s[0].id for model in MODELS.values() for s in singles(probes(model, ROWS))}
    shown = {mistake.id for mistake in MISTAKES.values() if mistake.diagnosable}
    assert shown - suspects == {"inputs_changed", "mask_at_zero"}


def test_a_finding_says_where_and_shows_both_lines() -> None:
    (finding,) = diagnosed(probes(None, ROWS), "mask_missing").mistakes
    assert finding.where == ("dW1", "db1")
    assert (finding.wrong_line, finding.right_line) == ("dz1 = da1", "dz1 = da1 * mask1")
    assert finding.explanation.startswith(MISTAKES["mask_missing"].explanation)


def test_the_rate_of_an_early_update_is_read_off_the_numbers() -> None:
    case = probes(None, ROWS)[0]
    program = SUSPECTS.program(case.program, (Made(MISTAKES["weights_updated_too_early"], (2,)),))
    assert program is not None
    found = diagnose([answered(case, values_of(case, program=program, given={"learning_rate": 0.37}))])
    assert [f.id for f in found.mistakes] == ["weights_updated_too_early"]
    assert found.mistakes[0].numbers == {"learning_rate": pytest.approx(0.37)}


def test_labels_in_any_order_are_found() -> None:
    for model in (None, MODELS["3-5-4-2 leaky_relu tanh identity"]):
        cases = probes(model, ROWS)[:2]
        answers = []
        for seed, case in enumerate(cases):
            order = np.random.default_rng(seed + 11).permutation(case.batch.m)
            answers.append(answered(case, values_of(case, given={"y": case.batch.y[order]})))
        assert [f.id for f in diagnose(answers).mistakes] == ["labels_shuffled"]


def test_gradients_that_add_up_over_the_calls_are_found_also_where_every_case_was_computed_twice() -> None:
    first, second, *_ = probes(None, ROWS)
    for calls in (1, 2):
        one, two = values_of(first), values_of(second)
        sent = {name: two[name] + calls * one[name] for name in two}
        found = diagnose([answered(first, one), answered(second, sent)])
        assert [f.id for f in found.mistakes] == ["gradients_not_reset"]


def test_changed_inputs_are_a_mistake_of_their_own() -> None:
    case = probes(None, ROWS)[0]
    theirs = {name: value.tolist() for name, value in case.parameters.items()}
    after = {**theirs, "W2": (case.parameters["W2"] - 0.1).tolist()}
    results = {name: value.tolist() for name, value in values_of(case).items()}
    found = diagnose([answer_of(case, results, None, after)])
    assert (found.verdict, [f.id for f in found.mistakes]) == ("mistake", ["inputs_changed"])
    assert found.mistakes[0].where == ("W2",)


def test_two_mistakes_that_give_the_same_numbers_are_undecided_and_the_next_case_tells_them_apart() -> None:
    # With two samples a factor 2 and a missing 1/m are the same.
    model = ModelSpec(4, (LayerSpec(5),), 3)
    generic = probes(model, ROWS)[0]
    parameters = {name: value.tolist() for name, value in generic.parameters.items()}
    case = case_of("mine", parameters, generic.batch.x[:2].tolist(), generic.batch.y[:2].tolist(), ROWS, model)
    doubled = answered(case, values_of(case), lambda _, value: 2 * value)
    found = diagnose([doubled], probes(model, ROWS), BENCH, SUSPECTS)
    assert found.verdict == "undecided"
    assert {f.id for f in found.candidates} == {"mean_missing", "factor_two"}
    assert found.ask_next is not None and found.ask_next.name == "generic"
    ask = found.ask_next
    told = diagnose([doubled, answered(ask, values_of(ask), lambda _, value: ask.batch.m * value)])
    assert [f.id for f in told.mistakes] == ["mean_missing"]


@pytest.mark.parametrize(
    ("alone", "together"),
    [
        ("diagonal_jacobian", ("output_slope_on_p_minus_y", "probability_gradient_as_logit_gradient")),
        ("mean_over_classes", ("mean_missing", "mean_over_outputs_too")),
        ("mean_over_outputs_too", ("mean_over_classes", "mean_twice")),
    ],
)
def test_one_mistake_and_two_others_that_are_the_same_calculation_are_named_beside_each_other(
    alone: str, together: tuple[str, str]
) -> None:
    cases = probes(None, ROWS)
    orders = [tuple(Made(MISTAKES[id]) for id in ids) for ids in (together, together[::-1])]
    possible = [pair for pair in orders if SUSPECTS.program(cases[0].program, pair) is not None]
    assert possible
    for made in ((Made(MISTAKES[alone]),), *possible):
        answers = answers_of(cases, made, lambda value: value)
        assert answers is not None
        found = diagnose(answers, cases_to_ask(cases[0].model, ROWS), BENCH, SUSPECTS)
        assert (found.verdict, found.mistakes, found.ask_next) == ("undecided", (), None)
        assert found.alternatives == ((alone,), together)
        assert {finding.id for finding in found.candidates} == {alone, *together}


@pytest.mark.parametrize(
    ("made", "undone", "left"),
    [
        (("bias_averaged_again", (1, 2)), ("bias_not_averaged", (2,)), ["bias_averaged_again"]),
        (("bias_not_averaged", (1, 2)), ("bias_averaged_again", (1,)), ["bias_not_averaged"]),
        (("bias_averaged_again", (1, 2)), ("bias_not_averaged", (1, 2)), []),
        (("bias_summed_over_everything", (1,)), ("bias_gradient_zero", (1,)), ["bias_gradient_zero"]),
    ],
)
def test_a_mistake_that_another_one_undoes_is_not_named(
    made: tuple[str, tuple[int, ...]], undone: tuple[str, tuple[int, ...]], left: list[str]
) -> None:
    cases = probes(None, ROWS)
    pair = tuple(Made(MISTAKES[id], layers) for id, layers in (made, undone))
    answers = answers_of(cases, pair, lambda value: value) or sent_by(cases, (), lambda value: value)
    found = diagnose(answers, cases, BENCH, SUSPECTS)
    assert found.verdict == ("mistake" if left else "correct")
    assert [finding.id for finding in found.mistakes] == left


def test_whichever_two_mistakes_are_made_every_operation_has_all_that_it_reads() -> None:
    program = probes(ModelSpec(3, (LayerSpec(3, "tanh"),), 3), ROWS)[0].program
    made = [suspect[0] for suspect in SUSPECTS.singles(program)]
    later = [each for each in made if each.mistake.family == "products"]
    pairs = ((first, then) for first in made for then in later if first.id != then.id)
    programs = [found for pair in pairs if (found := SUSPECTS.program(program, pair)) is not None]
    assert len(programs) > 500
    for node in (node for found in programs for node in found.nodes):
        assert len(node.inputs) == len(node.primitive.input_letters), node


def test_too_few_numbers_get_no_name_but_a_factor() -> None:
    case = case_of(
        "tiny",
        {"W1": [[0.5]], "b1": [0.25]},
        [[1.0]],
        [[0.125]],
        ROWS,
        ModelSpec(1, (), 1, "identity", "half_squared_error"),
    )
    right = values_of(case)["dW1"]
    found = diagnose([answer_of(case, {"dW1": (2 * right).round(3).tolist()})])
    assert (found.verdict, found.mistakes) == ("unknown", ())
    assert found.pattern is not None and found.pattern.code == "one_factor"


def test_a_mistake_beside_another_slope_at_the_corner_still_gets_its_name() -> None:
    cases = probes(None, ROWS)
    answers = []
    for case in cases:
        program = SUSPECTS.program(case.program, (Made(MISTAKES["sign_turned"]),))
        answers.append(answered(case, values_of(case, program=program, given={"derivative_at_zero1": 1.0})))
    assert [f.id for f in diagnose(answers).mistakes] == ["sign_turned"]


def test_dividing_by_m_at_the_end_hides_no_mistake() -> None:
    case = probes(None, ROWS)[0]
    names = ("dz2", "dW2", "db2", "dz1", "dW1", "db1")
    program = SUSPECTS.program(case.program, (Made(MISTAKES["mask_missing"], (1,)),))
    values = values_of(case, names, program)
    found = diagnose([answered(case, values, lambda n, v: 7 * v if n.startswith("dz") else v)])
    assert [f.id for f in found.mistakes] == ["mask_missing"]
    assert found.mistakes[0].where == ("dz1",)


@pytest.mark.parametrize("other", ["last_sample_only", "mask_missing", "weights_from_z", "bias_gradient_zero"])
def test_gradients_that_add_up_beside_another_mistake_get_both_names_in_either_order(other: str) -> None:
    cases = probes(None, ROWS)[:3]
    beside = next(s for s in singles(cases) if s[0].id == other)[0]
    for pair in ((Made(MISTAKES["gradients_not_reset"]), beside), (beside, Made(MISTAKES["gradients_not_reset"]))):
        answers = answers_of(cases, pair, lambda value: value)
        assert answers is not None
        found = diagnose(answers, cases, BENCH, SUSPECTS)
        assert {f.id for f in found.mistakes} == {"gradients_not_reset", other}


def test_a_free_number_beside_gradients_that_add_up_is_the_usual_one() -> None:
    pair = (Made(MISTAKES["gradients_not_reset"]), Made(MISTAKES["weights_updated_too_early"], (2,)))
    cases = probes(None, ROWS)[:2]
    answers = answers_of(cases, pair, lambda value: value)
    assert answers is not None
    found = diagnose(answers, cases, BENCH, SUSPECTS)
    assert {f.id for f in (*found.mistakes, *found.candidates)} >= {"gradients_not_reset"}


def test_a_reshape_in_place_of_a_transpose_is_found_in_both_layouts() -> None:
    for layout in ("rows", "columns"):
        case = probes(None, Conventions(layout))[0]
        theirs = case.orientation.to_theirs(case.program.tensors["W2"], case.parameters["W2"])
        # As the learner writes it, with the array that lies before them.
        reshaped = theirs.reshape(theirs.T.shape)
        right = values_of(case, ["dz2", "mask1", "dW2", "db2"])
        dz1 = right["dz2"] @ (reshaped if layout == "rows" else reshaped.T) * right["mask1"]
        sent = {"dW2": right["dW2"], "db2": right["db2"], "dW1": case.batch.x.T @ dz1, "db1": dz1.sum(axis=0)}
        found = diagnose([answered(case, sent)]).mistakes
        line = "da1 = dz2 @ W2.reshape(W2.T.shape)" if layout == "rows" else "da1 = dz2 @ W2.T.reshape(W2.shape).T"
        assert [(f.id, f.wrong_line, f.right_line) for f in found] == [
            ("reshape_for_transpose", line, "da1 = dz2 @ W2.T")
        ]


@pytest.mark.parametrize(
    ("label", "seed", "id"),
    [
        ("2-3-2 sigmoid softmax", 30, "output_slope_on_p_minus_y"),
        ("10-10-1 relu sigmoid", 22, "output_slope_on_p_minus_y"),
    ],
)
def test_what_float32_rounds_to_zero_hides_no_name(label: str, seed: int, id: str) -> None:
    cases = probes(MODELS[label], Conventions("columns", "sum"), seed)
    (suspect,) = (s for s in singles(cases) if s[0].id == id)
    answers = answers_of(cases, suspect, ROUNDINGS["float32"])
    assert answers is not None
    assert judged(diagnose(answers, cases, BENCH, SUSPECTS), suspect) == "right"
