"""The backward pass: every rule, every group, and whole random networks against differences."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given

from engine.gradients import NODE_RULES, GroupRule, append_backward
from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.model import OptimizerSpec
from engine.primitives import PRIMITIVES, Array
from engine.program import Program, ProgramBuilder
from engine.vocabulary import STANDARD
from engine.workspace import Workspace
from tests import cells
from tests.engine.cases import (
    Case,
    cells_checked,
    for_many_networks,
    gradients,
    largest_relative_difference,
    networks,
    random_case,
)

SIZES = {"n": 3, "i": 4, "j": 2, "k": 5}
# Walks every primitive by itself; an activation and its slope are differentiated together or not at all.
NO_GROUPS = {"activation": STANDARD.rules["activation"]}


# --- One rule at a time ----------------------------------------------------------------------------------------------


def program_around(op: str, same_tensor_in_every_slot: bool = False) -> Program:
    """loss = sum(weights * op(exp(x), ...)) with the gradients of every x that is no scalar."""
    builder = ProgramBuilder({letter: size for letter, size in SIZES.items() if letter != "n"})
    inputs: list[str] = []
    for number, letters in enumerate(PRIMITIVES[op].input_letters):
        axes = ("n", "i") if letters == "..." else tuple(letters)
        if same_tensor_in_every_slot and inputs:
            inputs.append(inputs[0])
        elif axes:
            x = builder.input(f"x{number}", axes, "x")
            # The exponential gives every x a gradient of its own, also where a rule passes one through.
            inputs.append(builder.node("exp", (x,), f"e{number}", "e", phase="forward", layer=None, group=()))
        else:
            is_limit = number in cells.operands_that_must_be_positive(PRIMITIVES[op].cell)
            inputs.append(builder.input(f"x{number}", axes, "limit" if is_limit else "factor"))
    out = builder.node(op, tuple(inputs), "out", "out", phase="forward", layer=None, group=())
    weights = builder.input("weights", builder.tensors[out].axes, "weights")
    weighted = builder.node("multiply", (out, weights), "weighted", "w", phase="forward", layer=None, group=())
    builder.node("sum_all", (weighted,), "loss", "loss", phase="forward", layer=None, group=())
    wanted = [name for name, tensor in builder.tensors.items() if tensor.role == "x"]
    append_backward(builder, "loss", wanted, rules={}, node_rules=STANDARD.node_rules)
    return builder.build()


def gradients_and_differences(program: Program) -> dict[str, tuple[Array, Array]]:
    workspace = Workspace(program, SIZES["n"])
    rng = np.random.default_rng(1)
    workspace.load({name: rng.uniform(-1, 1, workspace[name].shape) for name in program.inputs})
    workspace.load({"seed": 1.0, **{tensor.name: 0.8 for tensor in program.with_role("limit")}})
    trace = workspace.trace()
    found = {}
    for name in [tensor.name for tensor in program.with_role("x")]:
        difference = np.empty(workspace[name].shape)
        for place in np.ndindex(*difference.shape):
            losses = []
            for h in (1e-5, -1e-5):
                workspace[name][place] = trace[name][place] + h
                workspace.run()
                losses.append(float(workspace["loss"]))
            workspace[name][place] = trace[name][place]
            difference[place] = (losses[0] - losses[1]) / 2e-5
        found[name] = (trace["d" + name], difference)
    return found


@pytest.mark.parametrize("op", NODE_RULES)
def test_rule_of_a_primitive_agrees_with_differences(op: str) -> None:
    checked = gradients_and_differences(program_around(op))
    for gradient, difference in checked.values():
        np.testing.assert_allclose(gradient, difference, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("op", ["add", "subtract", "multiply", "dot_rows"])
def test_tensor_in_both_slots_of_a_primitive_gets_the_sum_of_both_gradients(op: str) -> None:
    program = program_around(op, same_tensor_in_every_slot=True)
    ((gradient, difference),) = gradients_and_differences(program).values()
    np.testing.assert_allclose(gradient, difference, rtol=1e-7, atol=1e-8)


def test_tensor_used_twice_gets_a_visible_add() -> None:
    program = program_around("multiply", same_tensor_in_every_slot=True)
    assert [node.op for node in program.nodes if node.output == "de0"] == ["add"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
def test_every_primitive_of_a_forward_pass_has_a_rule_of_its_own_or_of_its_group(
    activation: str, output: str, loss: str
) -> None:
    case = random_case(units=(2, 3, 3, 2), activation=activation, output=(output, loss), l2=0.1)
    assert (case.model.output_activation, case.model.loss) == (output, loss)
    without = {
        node.op
        for node in case.program().nodes
        if node.phase == "forward" and node.op not in NODE_RULES and not STANDARD.rules.keys() & set(node.group)
    }
    assert without == set()


# --- Whole networks --------------------------------------------------------------------------------------------------


@for_many_networks
@given(case=networks())
def test_gradients_of_any_network_agree_with_differences_away_from_kinks(case: Case) -> None:
    assert [cell for cell in cells_checked(case) if cell.verdict == "differs"] == []


# --- Groups and their expansions -------------------------------------------------------------------------------------


def difference_from(rules: Mapping[str, GroupRule], case: Case) -> float:
    found, wanted = gradients(case, case.trace(rules)), gradients(case, case.trace())
    return largest_relative_difference(case, found, wanted)


@for_many_networks
@given(case=networks())
def test_rules_of_groups_agree_with_walking_every_primitive(case: Case) -> None:
    assert difference_from(NO_GROUPS, case) < 1e-12


@for_many_networks
@given(case=networks())
def test_long_way_through_the_probabilities_agrees_with_p_minus_y(case: Case) -> None:
    assert difference_from(STANDARD.long_way, case) < 1e-12


def test_expansion_shows_the_jacobian_and_the_training_program_does_not() -> None:
    case = random_case()
    assert "jacobian" in case.program(STANDARD.long_way).tensors
    assert "jacobian" not in case.program().tensors


def test_jacobian_is_symmetric_and_its_rows_sum_to_zero() -> None:
    jacobian = random_case().trace(STANDARD.long_way)["jacobian"]
    np.testing.assert_array_equal(jacobian, jacobian.transpose(0, 2, 1))
    np.testing.assert_allclose(jacobian.sum(axis=2), 0, atol=1e-15)


@for_many_networks
@given(case=networks(OptimizerSpec()))
def test_l2_adds_lambda_times_the_weight_to_its_gradient_and_nothing_to_dz(case: Case) -> None:
    trace = case.trace()
    for layer in range(1, case.model.depth + 1):
        expected = trace[f"dW{layer}{case.data_gradient_suffix}"] + case.model.l2 * trace[f"W{layer}"]
        np.testing.assert_allclose(trace[f"dW{layer}"], expected, rtol=1e-13, atol=1e-15)


def test_every_gradient_has_the_shape_of_its_tensor() -> None:
    trace = random_case(units=(2, 1, 4, 3), l2=0.1).trace()
    gradients = [tensor for tensor in trace.program.tensors.values() if tensor.of is not None]
    assert gradients
    for tensor in gradients:
        assert trace[tensor.name].shape == trace[str(tensor.of)].shape, tensor.name
