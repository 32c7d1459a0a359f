"""Runs with mistakes in them: trained, looked at, edited, stored and written as a script."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from engine.edits import Edit, RowEdit
from engine.errors import EngineError
from engine.experiments import Replicas
from engine.gradient_check import GradientCheck
from engine.injection import mistaken_batch, mistaken_parameters
from engine.mistakes import MISTAKES
from engine.model import DTYPES, Batch, LayerSpec, ModelSpec, OptimizerSpec, program_of, trace_step
from engine.optimizers import OPTIMIZERS
from engine.primitives import Array
from engine.run import RunSpec
from engine.scripts import numpy_script, pytorch_script
from engine.targets import one_hot
from engine.training import Trainer
from engine.vocabulary import STANDARD

MOMENTUM = OptimizerSpec("momentum", (("learning_rate", 0.05),))
INJECTABLE = [id for id, mistake in MISTAKES.items() if mistake.injectable]
CARRYING = [id for id, mistake in MISTAKES.items() if mistake.carries and mistake.injectable]


def model_with(*mistakes: str, **changes: object) -> ModelSpec:
    """A model that can have all of these: square, with L2 and biases."""
    model = ModelSpec(3, (LayerSpec(3, "relu"), LayerSpec(3, "tanh")), 3, l2=0.01)
    return replace(model, mistakes=mistakes, **changes)  # type: ignore[arg-type]


def rows_of(model: ModelSpec, m: int = 10) -> Batch:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(m, model.inputs)).astype(model.dtype)
    return Batch(x, one_hot(np.arange(m) % model.outputs, model.outputs, model.dtype))


def run_of(model: ModelSpec, optimizer: OptimizerSpec = MOMENTUM, batch_size: int | None = 4) -> RunSpec:
    rng = np.random.default_rng(8)
    parameters: Mapping[str, Array] = {
        name: (rng.normal(size=shape) * 0.5).astype(model.dtype) for name, shape in model.parameter_shapes.items()
    }
    return RunSpec(model, optimizer, mistaken_parameters(parameters, model), rows_of(model), None, batch_size, 3)


every_injectable = pytest.mark.parametrize("id", INJECTABLE)


@every_injectable
@pytest.mark.overflow_is_the_lesson
def test_trained_steps_have_the_bits_of_the_steps_that_are_looked_at(id: str) -> None:
    for batch_size in (None, 4):
        trained, looked_at = (Trainer(run_of(model_with(id), batch_size=batch_size)) for _ in range(2))
        trained.train(7)
        for _ in range(7):
            looked_at.step()
        np.testing.assert_array_equal(trained.state, looked_at.state)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("id", ["weights_updated_too_early", "gradients_not_reset", "last_sample_only"])
@pytest.mark.overflow_is_the_lesson
def test_what_needs_more_inputs_or_states_has_the_same_bits_with_every_optimizer(id: str, dtype: str) -> None:
    for optimizer in OPTIMIZERS:
        run = run_of(model_with(id, dtype=dtype), OptimizerSpec(optimizer))
        trained, looked_at = Trainer(run), Trainer(run)
        trained.train(5)
        for _ in range(5):
            looked_at.step()
        np.testing.assert_array_equal(trained.state, looked_at.state, err_msg=optimizer)


@every_injectable
@pytest.mark.overflow_is_the_lesson
def test_mistaken_training_goes_another_way_than_the_right_one(id: str) -> None:
    right, wrong = Trainer(run_of(model_with())), Trainer(run_of(model_with(id)))
    for trainer in (right, wrong):
        trainer.train(3)
    # These show on large logits, or on units at exactly 0, alone.
    is_hidden = id in ("softmax_without_maximum", "softmax_with_global_maximum", "mask_at_zero")
    same = all(np.allclose(wrong.parameters[name], right.parameters[name], rtol=1e-9) for name in right.parameters)
    assert same == is_hidden


@every_injectable
@pytest.mark.overflow_is_the_lesson
def test_restoring_and_stepping_gives_the_bits_of_uninterrupted_steps(id: str) -> None:
    run = run_of(model_with(id))
    whole, stopped = Trainer(run), Trainer(run)
    whole.train(9)
    stopped.train(5)
    restored = Trainer.restore(run, *stopped.snapshot())
    restored.train(4)
    np.testing.assert_array_equal(restored.state, whole.state)


@pytest.mark.parametrize("id", CARRYING)
def test_what_is_carried_is_in_the_checkpoints(id: str) -> None:
    trainer = Trainer(run_of(model_with(id)), checkpoint_every=4)
    trainer.train(10)
    end = trainer.state
    trainer.rewind(6)
    assert any(array.any() for array in trainer.optimizer_state.values())
    trainer.train(4)
    np.testing.assert_array_equal(trainer.state, end)
    carried = {f"W1_{part}" for part in MISTAKES[id].carries}
    assert carried <= set(trainer.optimizer_state)


def test_gradients_that_are_not_reset_are_the_sum_of_all_steps() -> None:
    model = model_with("gradients_not_reset")
    trainer = Trainer(run_of(model, OptimizerSpec("sgd", (("learning_rate", 0.0),)), None))
    first = trainer.step()["dW1"].copy()
    trainer.step()
    np.testing.assert_allclose(trainer.trace()["dW1"], 3 * first, rtol=1e-12)


def test_shuffled_labels_stay_with_their_samples_through_all_epochs() -> None:
    run = run_of(model_with("labels_shuffled"))
    rows = mistaken_batch(run.train, run.model)
    wanted = {tuple(x): tuple(y) for x, y in zip(rows.x, rows.y, strict=True)}
    trainer = Trainer(run)
    for _ in range(6):
        batch = trainer.next_batch()
        assert all(wanted[tuple(x)] == tuple(y) for x, y in zip(batch.x, batch.y, strict=True))
        trainer.step()
    assert any(tuple(y) != wanted[tuple(x)] for x, y in zip(run.train.x, run.train.y, strict=True))


def test_an_edit_keeps_the_mistakes_and_replays_with_them() -> None:
    run = run_of(model_with("mask_missing", "gradients_not_reset"))
    trainer = Trainer(run)
    trainer.train(4)
    trainer.edit(Edit(4, l2=0.1))
    trainer.train(4)
    end = trainer.state
    assert trainer.run.model.mistakes == ("mask_missing", "gradients_not_reset")
    trainer.rewind(2)
    trainer.rewind(8)
    np.testing.assert_array_equal(trainer.state, end)


def test_an_edit_after_which_a_mistake_makes_no_sense_is_refused_and_changes_nothing() -> None:
    trainer = Trainer(run_of(model_with("l2_twice", "momentum_sign")))
    trainer.train(3)
    before = trainer.state
    for edit in (Edit(3, l2=0.0), Edit(3, optimizer=OptimizerSpec("sgd"))):
        with pytest.raises(EngineError) as caught:
            trainer.edit(edit)
        assert caught.value.code == "mistake_makes_no_sense"
    np.testing.assert_array_equal(trainer.state, before)
    trainer.train(2)


@pytest.mark.parametrize(
    ("mistakes", "code", "words"),
    [
        (("mask_mising",), "unknown_name", "mask_missing"),
        (("mask_missing", "mask_missing"), "mistake_twice", "once"),
        (("bias_not_summed",), "mistake_not_injectable", "NumPy"),
    ],
)
def test_model_with_a_mistake_that_no_run_can_have_is_refused(mistakes: tuple[str, ...], code: str, words: str) -> None:
    with pytest.raises(EngineError) as caught:
        model_with(*mistakes)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_model_that_cannot_have_the_mistake_is_refused_in_words() -> None:
    with pytest.raises(EngineError, match="cannot have the mistake mask_missing") as caught:
        program_of(ModelSpec(2, (), 2, mistakes=("mask_missing",)), None)
    assert caught.value.code == "mistake_makes_no_sense"


def test_a_mistake_of_the_update_needs_no_sense_without_one() -> None:
    model = model_with("momentum_sign")
    assert program_of(model, None).fingerprint == program_of(replace(model, mistakes=()), None).fingerprint


def test_mistaken_model_has_no_longer_way() -> None:
    model = model_with("mask_missing")
    assert program_of(model, None, STANDARD.long_way).fingerprint == program_of(model, None).fingerprint


def test_gradient_check_of_a_mistaken_model_differs() -> None:
    model = model_with("weights_from_z")
    run = run_of(model)
    check = GradientCheck(model, run.parameters, run.train)
    assert {check.check(name, place).verdict for name, place in check.cells_of(["W2"])} >= {"differs"}
    assert {check.check(name, place).verdict for name, place in check.cells_of(["b1", "b2"])} == {"agrees"}


def test_trace_of_one_step_has_the_mistake() -> None:
    model = model_with("last_sample_only")
    run = run_of(model)
    trace = trace_step(model, run.parameters, run.train)
    np.testing.assert_array_equal(trace["db3"], trace["dz3"][-1])


def test_experiments_run_without_mistakes() -> None:
    with pytest.raises(EngineError) as caught:
        Replicas(model_with("mask_missing"), rows_of(model_with()), (0, 1), 3)
    assert caught.value.code == "mistakes_in_experiment"


# --- Scripts ---------------------------------------------------------------------------------------------------------


def parameters_by_script(text: str) -> dict[str, Array]:
    names: dict[str, dict[str, Array]] = {}
    exec(text.replace("if len(sys.argv) > 1:", "if False:").replace("print(", "str("), names)  # type: ignore[arg-type]
    return names["parameters"]


@every_injectable
@pytest.mark.overflow_is_the_lesson
def test_numpy_script_has_the_bits_of_the_mistaken_run(id: str) -> None:
    trainer = Trainer(run_of(model_with(id)))
    trainer.train(5)
    found = parameters_by_script(numpy_script(trainer.course, 5))
    for name, array in trainer.parameters.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


def test_numpy_script_has_the_mistaken_rows_after_an_edit_of_the_rows() -> None:
    trainer = Trainer(run_of(model_with("labels_shuffled")))
    trainer.train(3)
    trainer.edit(Edit(3, rows=RowEdit(removed=(1, 4))))
    trainer.train(4)
    found = parameters_by_script(numpy_script(trainer.course, 7))
    for name, array in trainer.parameters.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


def test_pytorch_script_of_a_mistaken_run_is_refused_in_words() -> None:
    trainer = Trainer(run_of(model_with("mask_missing")))
    with pytest.raises(EngineError, match="NumPy script") as caught:
        pytorch_script(trainer.course, 0)
    assert caught.value.code == "script_mistakes"
