"""A run is a pure function of its run and the number of steps: watched or not, interrupted or not."""

from itertools import chain

import numpy as np
import pytest

from engine import initializers
from engine.batches import Batches
from engine.checkpoints import Checkpoints
from engine.errors import EngineError
from engine.history import History, HistoryPoint
from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec, batch_of, initial_parameters, trace_step
from engine.run import RunSpec
from engine.training import Trainer

MODEL = ModelSpec(2, (LayerSpec(8),), 3, l2=0.01)


def rows_of(model: ModelSpec, m: int, seed: int = 1) -> Batch:
    rng = np.random.default_rng(seed)
    return batch_of(model, rng.normal(size=(m, model.inputs)), rng.integers(0, model.outputs, m))


def run_of(batch_size: int | None = None, model: ModelSpec = MODEL, rows: int = 10, seed: int = 0) -> RunSpec:
    parameters = initial_parameters(model, initializers.named("he"), np.random.default_rng(0))
    held_out = rows_of(model, 5, seed=2)
    return RunSpec(model, OptimizerSpec(), parameters, rows_of(model, rows), held_out, batch_size, seed)


BATCH_SIZES = [None, 4, 10, 64, 1]


@pytest.mark.parametrize("batch_size", BATCH_SIZES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_training_has_the_same_bits_as_traced_steps(batch_size: int | None, dtype: str) -> None:
    model = ModelSpec(2, (LayerSpec(5), LayerSpec(4)), 3, l2=0.01, dtype=dtype)
    trained, traced = Trainer(run_of(batch_size, model)), Trainer(run_of(batch_size, model))
    trained.train(23)
    for _ in range(23):
        traced.step()
    assert (trained.state == traced.state).all()
    assert trained.history.points == traced.history.points


def test_a_step_is_the_stateless_trace_of_the_same_parameters_and_rows() -> None:
    run = run_of()
    stateless = trace_step(run.model, run.parameters, run.train, run.optimizer)
    trainer = Trainer(run)
    assert (trainer.trace().vector == stateless.vector).all()
    assert (trainer.step().vector == stateless.vector).all()
    assert (trainer.parameters["W1"] == stateless["W1_next"]).all()


def test_looking_at_the_next_step_does_not_take_it() -> None:
    trainer = Trainer(run_of(4))
    trainer.train(3)
    before = trainer.state
    for sample in (None, 0, 1):
        trainer.trace(sample)
        trainer.trace(sample, kind="expanded")
    assert trainer.taken == 3
    assert (trainer.state == before).all()
    assert (trainer.trace().vector == trainer.step().vector).all()


def test_the_batch_gradient_is_the_mean_of_the_sample_gradients() -> None:
    trainer = Trainer(run_of(model=ModelSpec(2, (LayerSpec(8),), 3)))
    of_samples = [trainer.trace(row)["dW1"] for row in range(10)]
    np.testing.assert_allclose(trainer.trace()["dW1"], np.mean(of_samples, axis=0), rtol=1e-12)


def test_the_long_way_gives_the_same_gradient_of_the_logits() -> None:
    trainer = Trainer(run_of())
    np.testing.assert_allclose(trainer.trace(kind="expanded")["dz2"], trainer.trace()["dz2"], rtol=1e-12, atol=1e-15)


def test_a_sample_that_the_batch_does_not_have_is_refused() -> None:
    with pytest.raises(EngineError, match="samples 0 to 9"):
        Trainer(run_of()).trace(10)


@pytest.mark.parametrize("batch_size", BATCH_SIZES)
@pytest.mark.parametrize("at", [0, 1, 7, 130])
def test_restore_and_k_steps_equal_k_uninterrupted_steps(batch_size: int | None, at: int) -> None:
    uninterrupted, interrupted = Trainer(run_of(batch_size)), Trainer(run_of(batch_size))
    uninterrupted.train(at + 20)
    interrupted.train(at)
    restored = Trainer.restore(run_of(batch_size), *interrupted.snapshot())
    restored.train(20)
    assert (restored.state == uninterrupted.state).all()
    assert restored.history.points == uninterrupted.history.points
    for step in (at, 3, at + 20):
        uninterrupted.rewind(step), restored.rewind(step)
        assert (restored.state == uninterrupted.state).all()


@pytest.mark.parametrize("batch_size", [None, 4])
def test_going_back_and_stepping_again_gives_the_same_states_and_keeps_the_future(batch_size: int | None) -> None:
    trainer = Trainer(run_of(batch_size), checkpoint_every=3)
    states = [trainer.state]
    for _ in range(60):
        trainer.train(1)
        states.append(trainer.state)
    history = trainer.history.points
    for step in (59, 0, 17, 18, 19, 60, 1):
        trainer.rewind(step)
        assert trainer.taken == step
        assert (trainer.state == states[step]).all()
    trainer.train(5)
    assert (trainer.state == states[6]).all()
    assert trainer.history.points == history
    assert trainer.furthest == 60


def test_one_cannot_rewind_to_where_the_run_has_not_been() -> None:
    trainer = Trainer(run_of())
    trainer.train(5)
    for step in (-1, 6):
        with pytest.raises(EngineError, match="steps 0 to 5"):
            trainer.rewind(step)


def test_checkpoints_and_history_stay_bounded() -> None:
    trainer = Trainer(run_of(), checkpoint_every=1)
    trainer.train(3000)
    assert len(trainer.checkpoints.states) <= 10
    assert 0 in trainer.checkpoints.states
    assert 256 <= len(trainer.history.points) <= 512
    steps = [point.step for point in trainer.history.points]
    assert steps == list(range(1, 3001, trainer.history.stride))


def test_each_point_is_what_its_step_saw_before_its_update() -> None:
    trainer, watcher = Trainer(run_of(4)), Trainer(run_of(4))
    (first, *_rest, last) = trainer.train(9, every=1)
    traces = [watcher.step() for _ in range(9)]
    assert (first.loss, last.loss) == (float(traces[0]["loss"]), float(traces[8]["loss"]))
    assert (first.step, last.step) == (1, 9)


def test_asked_points_are_evenly_spaced_and_end_with_the_last_step() -> None:
    trainer = Trainer(run_of())
    trainer.train(2)
    assert [point.step for point in trainer.train(10, every=4)] == [5, 9, 12]


def test_the_held_out_loss_is_the_loss_of_those_rows() -> None:
    run = run_of()
    assert run.held_out is not None
    (point,) = Trainer(run).train(1, every=1)
    alone = trace_step(run.model, run.parameters, run.held_out)
    assert point.held_out_loss == float(alone["loss"])


def test_an_epoch_sees_every_row_once_and_no_two_epochs_the_same_order() -> None:
    rows = Batch(np.arange(10.0)[:, None], np.ones((10, 1)))
    batches = Batches(rows, 4, seed=7)
    epochs = [[batches.of(3 * epoch + k).x[:, 0].tolist() for k in (1, 2, 3)] for epoch in range(2)]
    for epoch in epochs:
        assert [len(batch) for batch in epoch] == [4, 4, 2]
        assert sorted(chain.from_iterable(epoch)) == list(range(10))
    assert epochs[0] != epochs[1]
    assert list(chain.from_iterable(epochs[1])) == np.random.default_rng([7, 1]).permutation(10).tolist()


def test_the_batch_of_a_step_does_not_depend_on_which_were_asked_for_before() -> None:
    rows = rows_of(MODEL, 10)
    forward, backward = Batches(rows, 4, 0), Batches(rows, 4, 0)
    ahead = {step: forward.of(step).x.copy() for step in range(1, 9)}
    for step in range(8, 0, -1):
        assert (backward.of(step).x == ahead[step]).all()


@pytest.mark.parametrize("is_shuffled", [True, False])
@pytest.mark.parametrize("batch_size", [None, 4, 10, 64])
def test_the_places_of_a_batch_say_which_rows_it_has(batch_size: int | None, is_shuffled: bool) -> None:
    rows = Batch(np.arange(10.0)[:, None], np.ones((10, 1)))
    batches = Batches(rows, batch_size, seed=7, is_shuffled=is_shuffled)
    for step in (1, 2, 3, 5, 4, 9):
        places = batches.places_of(step)
        np.testing.assert_array_equal(rows.x[places], batches.of(step).x)


def test_a_batch_size_of_nothing_is_refused() -> None:
    with pytest.raises(EngineError, match="at least 1"):
        run_of(0)


def test_prediction_is_the_forward_pass_of_the_trace() -> None:
    trainer = Trainer(run_of())
    assert (trainer.predict(trainer.next_batch().x) == trainer.trace()["p"]).all()


@pytest.mark.overflow_is_the_lesson
def test_a_run_that_diverges_goes_on_with_what_it_has() -> None:
    run = run_of()
    wild = RunSpec(run.model, OptimizerSpec("sgd", (("learning_rate", 1e200),)), run.parameters, run.train)
    trainer = Trainer(wild)
    points = trainer.train(5, every=1)
    assert not np.isfinite(points[-1].loss)
    restored = Trainer.restore(wild, *trainer.snapshot())
    assert np.array_equal(restored.state, trainer.state, equal_nan=True)


def test_a_history_thins_itself_evenly() -> None:
    history = History(capacity=4)
    for step in range(1, 20):
        if history.wants(step):
            assert history.next_wanted(step) == step
            history.append(HistoryPoint(step, loss=0.0))
        else:
            assert history.next_wanted(step) > step
    assert [point.step for point in history.points] == [1, 9, 17]


@pytest.mark.parametrize("break_at", [1, 3, 30, 37, 38, 39, 60, 75])
def test_a_history_that_was_restored_thins_itself_as_one_that_was_not(
    monkeypatch: pytest.MonkeyPatch, break_at: int
) -> None:
    # Memory that nobody has written yet holds anything: here steps that would stay at every thinning.
    monkeypatch.setattr("engine.history.np.empty", lambda shape: np.full(shape, 1e300))
    whole, broken = History(capacity=38), History(capacity=38)
    for step in range(1, 200):
        for history in (whole, broken):
            if history.wants(step):
                history.append(HistoryPoint(step, loss=float(step), accuracy=0.5, held_out_loss=0.5))
        if step == break_at:
            table, stride = broken.table.copy(), broken.stride
            broken = History(capacity=38)
            broken.restore(table, stride)
        assert broken.points == whole.points
        assert [point.step for point in whole.points] == [n for n in range(1, step + 1) if (n - 1) % whole.stride == 0]


def test_checkpoints_thin_themselves_evenly() -> None:
    checkpoints = Checkpoints(np.zeros(1), interval=2, capacity=4)
    for step in range(1, 20):
        if checkpoints.wants(step):
            checkpoints.add(step, np.full(1, float(step)))
    assert sorted(checkpoints.states) == [0, 8, 16]
    assert checkpoints.nearest(15)[0] == 8
