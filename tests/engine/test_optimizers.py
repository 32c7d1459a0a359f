"""Optimizers: what the first steps are, what is remembered, and that no way of running changes a bit."""

from dataclasses import replace

import numpy as np
import pytest

from engine.model import LayerSpec, ModelSpec, OptimizerSpec, numbers_at, program_of, scalars_of
from engine.optimizers import OPTIMIZERS
from engine.primitives import Array
from engine.rewrites import for_training, join_update
from engine.run import RunSpec
from engine.training import Trainer
from engine.workspace import Workspace
from tests.engine.cases import Case, random_case

every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)
every_dtype = pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
ADAMS = ["adam", "adamw"]


def case_of(name: str, dtype: str = "float64", **settings: float) -> Case:
    return random_case(activation="tanh", dtype=dtype, optimizer=OptimizerSpec(name, tuple(settings.items())))


def trainer_of(case: Case, batch_size: int | None = None) -> Trainer:
    assert case.optimizer is not None
    return Trainer(
        RunSpec(case.model, case.optimizer, case.parameters, case.batch, None, batch_size), checkpoint_every=4
    )


def with_gradients(gradients: list[float], name: str, **settings: float) -> Array:
    """The weight, from 1, after steps in which its gradient is exactly these numbers."""
    # a = w x with x = 1 and half the squared error: the gradient is w - y.
    model = ModelSpec(1, (), 1, "identity", "half_squared_error", bias=False)
    optimizer = OptimizerSpec(name, tuple(settings.items()))
    workspace = Workspace(program_of(model, optimizer), 1)
    workspace.load({"W1": 1.0, "x": 1.0})
    for step, gradient in enumerate(gradients, start=1):
        workspace.load({"y": workspace["W1"] - gradient, **scalars_of(model, optimizer, 1, step)})
        workspace.run()
        workspace.commit()
    return workspace["W1"]


# --- What a step is --------------------------------------------------------------------------------------------------


def test_momentum_begins_with_the_gradient_and_keeps_nine_tenths_of_its_velocity() -> None:
    # velocities 2, then 0.9 * 2 + 4 = 5.8: 1 - 0.1 * 7.8
    np.testing.assert_allclose(with_gradients([2, 4], "momentum", learning_rate=0.1), 0.22, rtol=1e-14)


def test_nesterov_looks_ahead_by_one_more_push() -> None:
    # gradient + 0.9 velocity: 2 + 0.9 * 2 = 3.8, then 4 + 0.9 * 5.8 = 9.22: 1 - 0.1 * 13.02
    np.testing.assert_allclose(with_gradients([2, 4], "nesterov", learning_rate=0.1), -0.302, rtol=1e-13)


def test_rmsprop_divides_by_the_root_of_a_running_average() -> None:
    # averages 0.01 * 4 and 0.99 * 0.04 + 0.01 * 16
    expected = 1 - 0.1 * (2 / np.sqrt(0.04) + 4 / np.sqrt(0.1996))
    np.testing.assert_allclose(with_gradients([2, 4], "rmsprop", learning_rate=0.1, eps=0), expected, rtol=1e-13)


@pytest.mark.parametrize("gradient", [1e-3, 2.0, -500.0])
def test_first_step_of_adam_is_the_rate_whatever_the_size_of_the_gradient(gradient: float) -> None:
    # Corrected, the averages are g and g^2, so the direction is g / |g|.
    expected = 1 - 0.1 * np.sign(gradient)
    np.testing.assert_allclose(with_gradients([gradient], "adam", learning_rate=0.1, eps=0), expected, rtol=1e-13)


def test_second_step_of_adam_corrects_both_averages_by_its_number() -> None:
    average = (0.9 * 0.1 * 2 + 0.1 * 4) / (1 - 0.9**2)
    square_average = (0.999 * 0.001 * 4 + 0.001 * 16) / (1 - 0.999**2)
    expected = 0.9 - 0.1 * average / np.sqrt(square_average)
    np.testing.assert_allclose(with_gradients([2, 4], "adam", learning_rate=0.1, eps=0), expected, rtol=1e-12)


def test_eps_of_adam_stands_outside_the_root() -> None:
    np.testing.assert_allclose(with_gradients([2], "adam", learning_rate=0.1, eps=2), 1 - 0.1 * 2 / 4, rtol=1e-13)


def test_adamw_shrinks_weights_and_biases_by_rate_times_decay_before_its_step() -> None:
    case = case_of("adamw", learning_rate=0.1, weight_decay=0.5)
    trace = case.trace()
    for name, before in case.parameters.items():
        expected = before - 0.1 * 0.5 * before - trace[f"{name}_step"]
        np.testing.assert_allclose(trace[f"{name}_next"], expected, rtol=1e-13)


def test_adamw_without_decay_is_adam() -> None:
    adam, adamw = case_of("adam").trace(), case_of("adamw", weight_decay=0).trace()
    np.testing.assert_array_equal(adam["W1_next"], adamw["W1_next"])


@every_optimizer
def test_rate_of_zero_moves_nothing(name: str) -> None:
    trace = case_of(name, learning_rate=0).trace()
    np.testing.assert_array_equal(trace["W1_next"], trace["W1"])


# --- What is remembered ----------------------------------------------------------------------------------------------


@every_optimizer
def test_every_state_belongs_to_a_parameter_has_its_shape_and_begins_at_zero(name: str) -> None:
    case = case_of(name)
    trace = case.trace()
    for state in trace.program.with_role("state"):
        assert trace[state.name].shape == case.parameters[str(state.of)].shape
        assert not trace[state.name].any()


@every_optimizer
def test_every_state_and_every_parameter_has_a_next_value(name: str) -> None:
    program = case_of(name).program()
    changing = {tensor.of for tensor in program.replacements}
    states = {tensor.name for tensor in program.with_role("state")}
    assert changing == states | {"W1", "b1", "W2", "b2"}


@every_optimizer
def test_every_parameter_has_the_same_sequence_of_nodes(name: str) -> None:
    program = case_of(name).program()
    update = [node for node in program.nodes if node.phase == "update"]
    joined = [node for node in join_update(program).nodes if node.phase == "update"]
    assert len(joined) * 4 == len(update)


@every_optimizer
@every_dtype
def test_training_program_has_the_bits_of_the_plain_one(name: str, dtype: str) -> None:
    case = case_of(name, dtype)
    plain, lean = case.workspace(), case.workspace(for_training(case.program()))
    for _ in range(3):
        for workspace in (plain, lean):
            workspace.run()
            workspace.commit()
    for tensor in case.program().replacements:
        assert plain[str(tensor.of)].tobytes() == lean[str(tensor.of)].tobytes()


@pytest.mark.parametrize("batch_size", [None, 2])
@every_optimizer
@every_dtype
def test_training_has_the_bits_of_single_steps(name: str, dtype: str, batch_size: int | None) -> None:
    trained, stepped = (trainer_of(case_of(name, dtype), batch_size) for _ in range(2))
    trained.train(11)
    for _ in range(11):
        stepped.step()
    assert trained.state.tobytes() == stepped.state.tobytes()


@pytest.mark.parametrize("batch_size", [None, 2])
@every_optimizer
@every_dtype
def test_restored_run_goes_on_with_the_bits_of_the_uninterrupted_one(
    name: str, dtype: str, batch_size: int | None
) -> None:
    case = case_of(name, dtype)
    assert case.optimizer is not None
    trainer = trainer_of(case, batch_size)
    trainer.train(7)
    restored = Trainer.restore(trainer.run, *trainer.snapshot())
    trainer.train(6)
    restored.train(6)
    assert trainer.state.tobytes() == restored.state.tobytes()


@every_optimizer
def test_rewound_run_repeats_itself(name: str) -> None:
    trainer = trainer_of(case_of(name))
    trainer.train(13)
    after = trainer.state
    for step in (6, 0, 9):
        trainer.rewind(step)
        trainer.train(13 - step)
        assert trainer.state.tobytes() == after.tobytes()


@every_optimizer
def test_fingerprint_stays_when_only_the_numbers_of_the_optimizer_change(name: str) -> None:
    case = case_of(name)
    numbers = tuple((setting.name, 0.125) for setting in OPTIMIZERS[name].settings)
    assert program_of(case.model, OptimizerSpec(name, numbers)).fingerprint == case.program().fingerprint


# --- The number of the step ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ADAMS)
@pytest.mark.parametrize("step", [1, 2, 1000])
def test_bias_corrections_are_one_minus_beta_to_the_number_of_the_step(name: str, step: int) -> None:
    numbers = scalars_of(case_of(name).model, OptimizerSpec(name), 1, step)
    assert numbers["one_minus_beta1_to_t"] == 1 - 0.9**step
    assert numbers["one_minus_beta2_to_t"] == 1 - 0.999**step


@pytest.mark.parametrize("name", ADAMS)
def test_looking_at_the_next_step_uses_its_number(name: str) -> None:
    trainer = trainer_of(case_of(name))
    trainer.train(5)
    assert float(trainer.trace()["one_minus_beta1_to_t"]) == 1 - 0.9**6
    assert float(trainer.trace(0)["one_minus_beta1_to_t"]) == 1 - 0.9**6


@every_optimizer
def test_every_number_of_an_optimizer_has_a_value(name: str) -> None:
    model = ModelSpec(2, (LayerSpec(3),), 2)
    program = program_of(model, OptimizerSpec(name))
    scalars = {tensor for tensor in program.inputs if program.tensors[tensor].axes == ()}
    assert scalars <= set(scalars_of(model, OptimizerSpec(name), 1))
    assert bool(numbers_at(OptimizerSpec(name), 1)) == (name in ADAMS)


def test_sample_view_of_an_optimizer_changes_no_state() -> None:
    trainer = trainer_of(case_of("adam"))
    trainer.train(3)
    before = trainer.state
    trainer.trace(1)
    assert trainer.state.tobytes() == before.tobytes()


@every_optimizer
def test_every_optimizer_lowers_the_loss(name: str) -> None:
    case = replace(random_case(units=(2, 8, 3), m=12), optimizer=OptimizerSpec(name, (("learning_rate", 0.01),)))
    trainer = trainer_of(case)
    before = float(trainer.trace()["loss"])
    trainer.train(60)
    assert float(trainer.trace()["loss"]) < before
