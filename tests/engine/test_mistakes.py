"""Promises about every mistake, over networks of every kind."""

import functools
from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest

from engine.gradient_check import GradientCheck
from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.mistakes import MISTAKES, Mistake, Variant, fitted, lines_of, values_of
from engine.model import Batch, OptimizerSpec, scalars_of
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import for_long_training, for_training
from engine.workspace import Workspace
from tests.engine.cases import Case, random_case

every_mistake = pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
SIZES = [(4, 5, 3), (4, 5, 6, 3), (4, 3, 5, 8, 6)]


@functools.cache
def networks_of_every_kind(optimizer: OptimizerSpec | None = None) -> tuple[Case, ...]:
    """Every activation, every output with its loss, both reductions, with and without biases and L2."""
    outputs, activations = list(OUTPUTS), list(ACTIVATIONS)
    n_cases = 2 * max(len(outputs), len(activations))
    return tuple(
        next(
            case
            for attempt in range(1000)
            if is_alive(
                case := random_case(
                    seed=1000 * number + attempt,
                    units=SIZES[number % 3],
                    m=7,
                    activation=activations[number % len(activations)],
                    output=outputs[number % len(outputs)],
                    reduction="sum" if number % 5 == 4 else "mean",
                    l2=0.1 * (number % 2),
                    bias=number % 7 != 6,
                    optimizer=optimizer,
                )
            )
        )
        for number in range(n_cases)
    )


def is_alive(case: Case) -> bool:
    """Whether every layer has a gradient and every layer of gates that can be shut has open ones and shut ones, and
    the last z are of both signs and near enough to each other for a softmax over all of them."""
    trace = case.trace()
    bent = [layer for layer, name in enumerate(case.activations, start=1) if name != "identity"]
    masks = [trace[f"mask{layer}"] for layer in bent if f"mask{layer}" in trace.program.tensors]
    has_gradients = all(np.any(trace[f"dz{layer}"]) for layer in range(1, case.model.depth + 1))
    z = trace[f"z{case.model.depth}"]
    has_both_signs = bool(z.min() < 0 < z.max()) and bool(np.ptp(z) < (8 if "e_sum" in trace.program.tensors else 1e3))
    return has_gradients and has_both_signs and not any(np.all(mask == 0) or np.all(mask == 1) for mask in masks)


SQUARE = random_case(seed=5, units=(4, 4, 4), m=4)
ONE_OUTPUT = random_case(seed=6, units=(4, 5, 1), m=7, output=("sigmoid", "binary_cross_entropy"))
CASES = [*networks_of_every_kind(), SQUARE, ONE_OUTPUT]


def loaded(case: Case, program: Program) -> Workspace:
    workspace = Workspace(program, case.batch.m)
    workspace.load({**values_of(program, case.batch.m), "x": case.batch.x, "y": case.batch.y, **case.parameters})
    workspace.load(scalars_of(case.model, case.optimizer, case.batch.m))
    return workspace


def gradients_of(case: Case, program: Program) -> dict[str, Array]:
    trace = loaded(case, program).trace()
    return {name: trace[name] for name in (f"d{parameter}" for parameter in case.parameters) if name in program.tensors}


def differ(found: Mapping[str, Array], right: Mapping[str, Array]) -> bool:
    """Whether some tensor is missing, has another shape, or holds other numbers."""
    return any(
        name not in found
        or found[name].shape != array.shape
        or not np.allclose(found[name], array, rtol=1e-9, atol=1e-12)
        for name, array in right.items()
    )


def changed(case: Case, mistake: Mistake) -> Case:
    """The case with what a mistake changes of the batch and of the parameters."""
    batch, parameters = case.batch, case.parameters
    if mistake.data is not None:
        batch = Batch(*next(mistake.data.batches(batch.x, batch.y)))
    if mistake.parameters is not None:
        parameters = mistake.parameters(parameters)
    return Case(case.model, parameters, batch, case.optimizer)


# What shows only on special batches, in a second call, or in the arrays that were handed over.
SHOWS_ELSEWHERE = {
    "softmax_without_maximum",
    "softmax_with_global_maximum",
    "gradients_not_reset",
    "momentum_sign",
    "mask_at_zero",
    "inputs_changed",
}

# Four samples of four features and four classes: whichever is counted, it is 4.
ALIKE_IN_A_SQUARE = {"mean_over_features", "mean_over_classes"}


@functools.cache
def right_gradients() -> list[dict[str, Array]]:
    """Of each of the cases."""
    return [gradients_of(case, case.program()) for case in CASES]


@every_mistake
def test_every_variant_runs_in_every_network_and_changes_a_gradient_or_shows_elsewhere(mistake: Mistake) -> None:
    for case, right in zip(CASES, right_gradients(), strict=True):
        for variant in mistake.variants(case.program()):
            wrong = gradients_of(changed(case, mistake), variant.program)
            assert wrong
            if case is SQUARE and mistake.id in ALIKE_IN_A_SQUARE:
                continue
            assert differ(wrong, right) == (mistake.id not in SHOWS_ELSEWHERE), (case.model, variant.layers)


@every_mistake
def test_gradient_check_catches_it_where_its_row_says_so(mistake: Mistake) -> None:
    alike = SQUARE if mistake.id in ALIKE_IN_A_SQUARE else None
    cases = [case for case in CASES if case is not alike and mistake.applies(case.program())]
    if mistake.id == "labels_not_one_hot":
        # A squared error takes any numbers as targets, so its gradients stay those of its loss.
        cases = [case for case in cases if case.model.loss == "cross_entropy"]
    if mistake.id == "momentum_sign":
        assert not cases
        return
    assert cases
    for case in cases:
        program = mistake.rewrite(case.program())
        assert program is not None
        assert is_caught(changed(case, mistake), program) == mistake.caught_by_gradient_check, case.model


def is_caught(case: Case, program: Program) -> bool:
    """Whether a gradient has another shape than its parameter, or differs from the differences of the loss."""
    for name, array in case.parameters.items():
        gradient = f"d{name}"
        if gradient not in program.tensors:
            return True
        sizes = {**program.sizes, "n": case.batch.m}
        if tuple(sizes[axis] for axis in program.tensors[gradient].axes) != array.shape:
            return True
    check = GradientCheck(case.model, case.parameters, case.batch, program=program)
    return any(check.check(name, place).verdict == "differs" for name, place in check.cells_of())


@every_mistake
def test_exact_rewrites_keep_every_bit_of_the_mistaken_steps(mistake: Mistake) -> None:
    cases = networks_of_every_kind(OptimizerSpec("momentum", (("learning_rate", 0.05),)))[::3]
    for case in cases:
        program = mistake.rewrite(case.program())
        if program is None:
            continue
        plain, short, long = (
            loaded(case, made) for made in (program, for_training(program), for_long_training(program))
        )
        for _ in range(3):
            for workspace in (plain, short, long):
                workspace.run()
                workspace.commit()
        for tensor in program.replacements:
            name = str(tensor.of)
            # A NaN has a sign, which says nothing.
            np.testing.assert_array_equal(short[name], plain[name], err_msg=name)
            np.testing.assert_array_equal(long[name], plain[name], err_msg=name)


@every_mistake
def test_its_lines_stand_in_the_programs_or_are_told_by_the_row(mistake: Mistake) -> None:
    optimizer = OptimizerSpec("momentum")
    for case in [*networks_of_every_kind(optimizer)[:6], *CASES]:
        right = case.program()
        wrong = mistake.rewrite(right)
        if wrong is not None:
            wrong_line, right_line = mistake.lines_in(right, wrong)
            assert wrong_line and right_line and wrong_line != right_line
            if mistake.lines is None:
                assert right_line in [node.code for node in right.nodes]


def test_line_of_an_early_update_says_what_was_taken_for_the_weights() -> None:
    right = CASES[0].program()
    wrong = MISTAKES["weights_updated_too_early"].rewrite(right)
    assert wrong is not None
    assert lines_of(right, wrong) == ("da1 = dz2 @ (W2 - (learning_rate * dW2)).T", "da1 = dz2 @ W2.T")


def test_programs_that_are_equal_have_no_wrong_line() -> None:
    assert lines_of(SQUARE.program(), SQUARE.program()) == ("", "")


def test_titles_and_explanations_are_whole_sentences_for_a_reader() -> None:
    for mistake in MISTAKES.values():
        assert mistake.title and not mistake.title.endswith("."), mistake.id
        assert mistake.explanation.endswith("."), mistake.id
        assert not mistake.explanation.startswith(("What ", "Whoever ")), mistake.id


def of(**settings: object) -> Program:
    return random_case(units=(4, 5, 3), m=7, **settings).program()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("id", "program"),
    [
        ("output_slope_on_p_minus_y", of(output=("identity", "squared_error"))),
        ("output_slope_on_p_minus_y", of(output=("sigmoid", "half_squared_error"))),
        ("mean_missing", of(reduction="sum")),
        ("mean_twice", of(reduction="sum")),
        ("mean_over_features", of(reduction="sum")),
        ("mean_over_outputs_too", of(output=("identity", "squared_error"))),
        ("mean_over_classes", random_case(units=(4, 5, 1), output=("identity", "squared_error")).program()),
        ("factor_two", of(output=("identity", "squared_error"))),
        ("slope_taken_at_the_wrong_value", of(activation="relu")),
        ("slope_taken_at_the_wrong_value", of(activation="identity")),
        ("mask_missing", of(activation="identity")),
        ("mask_inverted", of(activation="tanh")),
        ("leaky_backward_only", of(activation="leaky_relu")),
        ("slope_of_sigmoid", of(activation="sigmoid")),
        ("slope_of_tanh", of(activation="tanh")),
        ("mask_at_zero", of(activation="sigmoid")),
        ("mask_from_upstream", of(activation="sigmoid")),
        ("weights_from_z", of(activation="identity")),
        ("softmax_over_the_batch", of(output=("sigmoid", "binary_cross_entropy"))),
        ("labels_not_one_hot", of(output=("sigmoid", "binary_cross_entropy"))),
        ("labels_off_by_one", of(output=("identity", "squared_error"))),
        ("labels_broadcast", of()),
        ("relu_on_the_output", of(output=("relu", "squared_error"))),
        ("bias_gradient_zero", of(bias=False)),
        ("bias_summed_over_everything", of(bias=False)),
        ("l2_forgotten", of()),
        ("l2_on_biases", of(l2=0.1, bias=False)),
        ("l2_over_m", of()),
        ("momentum_sign", of()),
        ("momentum_sign", of(optimizer=OptimizerSpec("adam"))),
        ("hidden_mean_twice", random_case(units=(4, 3)).program()),
        ("weights_updated_too_early", random_case(units=(4, 3)).program()),
        ("mask_missing", random_case(units=(4, 3)).program()),
        ("activation_overwritten", random_case(units=(4, 3)).program()),
        ("reshape_for_transpose", random_case(units=(4, 3)).program()),
        ("weights_not_transposed", of()),
        ("elementwise_for_matmul", of()),
        ("weights_transposed", of(optimizer=OptimizerSpec())),
        ("bias_not_summed", of(optimizer=OptimizerSpec())),
    ],
)
def test_network_that_cannot_have_it_answers_none(id: str, program: Program) -> None:
    assert MISTAKES[id].rewrite(program) is None


@pytest.mark.parametrize("id", ["mask_missing", "weights_transposed", "bias_averaged_again", "weights_from_z"])
def test_mistake_of_a_layer_is_made_in_all_first_and_then_in_each(id: str) -> None:
    case = random_case(units=(4, 5, 6, 3), m=7)
    layers = [variant.layers for variant in MISTAKES[id].variants(case.program())]
    assert layers[0] == tuple(layer for single in layers[1:] for layer in single)
    assert all(len(single) == 1 for single in layers[1:])


def test_mistake_in_one_layer_leaves_the_layers_above_right() -> None:
    case = random_case(units=(4, 5, 6, 3), m=7, activation="sigmoid")
    right = gradients_of(case, case.program())
    (lower,) = [v for v in MISTAKES["mask_missing"].variants(case.program()) if v.layers == (1,)]
    wrong = gradients_of(case, lower.program)
    assert [name for name in right if not np.allclose(wrong[name], right[name])] == ["dW1", "db1"]


FREE = [mistake for mistake in MISTAKES.values() if mistake.number is not None]


@pytest.mark.parametrize("mistake", FREE, ids=[mistake.id for mistake in FREE])
def test_free_number_is_found_from_the_gradients(mistake: Mistake) -> None:
    # With one feature that is 0 in some samples, and no biases, some z are exactly 0.
    inputs, at_the_corner = (1, True) if mistake.id == "mask_at_zero" else (4, False)
    for units in [(inputs, 5, 3), (inputs, 5, 6, 3)]:
        case = random_case(seed=4, units=units, m=7, at_the_corner=at_the_corner)
        program = mistake.rewrite(case.program())
        assert program is not None and mistake.number is not None
        workspace, name = loaded(case, program), mistake.number.name
        wanted_names = [f"d{parameter}" for parameter in reversed(list(case.parameters))]

        def results_at(
            value: float, workspace: Workspace = workspace, name: str = name, names: list[str] = wanted_names
        ) -> dict[str, Array]:
            workspace.load({name: value})
            trace = workspace.trace()
            return {gradient: trace[gradient] for gradient in names}

        for wanted, digits in product([0.003, 0.25, 1.0, 7.5], [16, 6]):
            found = fitted(mistake.number, results_at, {n: a.round(digits) for n, a in results_at(wanted).items()})
            rel, abs = (1e-9, 0) if digits == 16 else (0.02, 1e-4)
            assert found == pytest.approx(wanted, rel=rel, abs=abs), (units, digits)


def test_variant_says_where_and_how() -> None:
    program = random_case(units=(4, 5, 3), activation="tanh").program()
    found = [(v.layers, v.kind) for v in MISTAKES["slope_taken_at_the_wrong_value"].variants(program)]
    assert found == [((1,), "a for z"), ((1,), "z for a")]
    assert all(isinstance(v, Variant) for v in MISTAKES["mask_missing"].variants(program))
