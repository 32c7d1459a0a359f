"""float16: what stays in it, what is kept in float32, and that long sums do not stall."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec
from engine.optimizers import OPTIMIZERS
from engine.precision import wide_tensors
from engine.primitives import PRIMITIVES
from engine.rewrites import for_training
from tests.engine.cases import Case, for_many_networks, networks, random_case

ADAM = OptimizerSpec("adam")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_forward_and_backward_pass_stay_in_float16(optimizer: str) -> None:
    case = random_case(dtype="float16", optimizer=OptimizerSpec(optimizer), l2=0.1)
    workspace = case.workspace()
    passes = [node.output for node in case.program().nodes if node.phase in ("forward", "backward")]
    after = [f"{name}_next" for name in case.parameters]
    assert {workspace[name].dtype.name for name in (*passes, *case.parameters, *after)} == {"float16"}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_an_optimizer_remembers_and_computes_with_is_kept_in_float32(optimizer: str) -> None:
    case = random_case(dtype="float16", optimizer=OptimizerSpec(optimizer))
    workspace = case.workspace()
    states = [tensor.name for tensor in case.program().with_role("state")]
    after = [f"{name}_next" for name in states]
    steps = [f"{name}_step" for name in case.parameters]
    assert {workspace[name].dtype.name for name in (*states, *after, *steps, "learning_rate")} == {"float32"}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_same_tensors_are_wide_in_the_training_program(optimizer: str) -> None:
    program = random_case(optimizer=OptimizerSpec(optimizer)).program()
    lean = for_training(program, ["accuracy"])
    joined = {part for name in wide_tensors(lean) for part in lean.parts_of(name)}
    assert (wide_tensors(lean) | joined) & set(program.tensors) == wide_tensors(program)


@for_many_networks
@given(case=networks(ADAM, "float16"))
def test_every_number_of_a_trace_is_the_one_that_was_computed(case: Case) -> None:
    workspace = case.workspace()
    trace = workspace.trace()
    assert trace.vector.dtype == "float32"
    for name in case.program().tensors:
        np.testing.assert_array_equal(trace[name], workspace[name])


@for_many_networks
@given(case=networks(OptimizerSpec(), "float16"))
def test_float16_agrees_with_float64_to_its_precision(case: Case) -> None:
    parameters = {name: value.astype("float64") for name, value in case.parameters.items()}
    batch = Batch(case.batch.x.astype("float64"), case.batch.y.astype("float64"))
    exact = Case(replace(case.model, dtype="float64"), parameters, batch).trace()
    np.testing.assert_allclose(case.trace()["loss"], exact["loss"], rtol=0.03, atol=0.03)


@pytest.mark.parametrize(
    ("op", "shape", "inputs"),
    [("sum_samples", (1,), (4096, 1)), ("sum_rows", (1,), (1, 4096)), ("sum_all", (), (4096,))],
)
def test_sum_of_4096_ones_does_not_stall_at_2048(op: str, shape: tuple[int, ...], inputs: tuple[int, ...]) -> None:
    out = np.empty(shape, "float16")
    PRIMITIVES[op].kernel(np.ones(inputs, "float16"), out)
    np.testing.assert_array_equal(out, np.full(shape, 4096))


def test_running_average_that_moves_by_a_thousandth_does_not_stand_still() -> None:
    # In float16 the next number after 1 is 1.00098, so 0.999 + 0.001 * 1.3 would stay at 1.
    model = ModelSpec(1, (), 1, "identity", "half_squared_error", bias=False, dtype="float16")
    one = np.ones((1, 1), "float16")
    case = Case(model, {"W1": one}, Batch(one, one - np.float16(1.3)), ADAM)
    workspace = case.workspace()
    workspace.load({"W1_square_average": 1.0})
    workspace.run()
    np.testing.assert_allclose(workspace["W1_square_average_next"], 0.999 + 0.001 * 1.3**2, rtol=1e-4)


def test_overflow_beyond_65504_shows_as_infinity() -> None:
    model = ModelSpec(1, (LayerSpec(1, "identity"),), 1, "identity", "half_squared_error", bias=False, dtype="float16")
    big = np.full((1, 1), 300, "float16")
    case = Case(model, {"W1": big, "W2": big}, Batch(big, big))
    assert np.isinf(case.trace()["loss"])
