"""Rows in the order of the file: with a batch of 1, one update a row, as in a calculation by hand."""

import numpy as np
import pytest

from engine.batches import Batches
from engine.edits import Edit, RowEdit
from engine.experiments import Replicas, result_of
from engine.initializers import he
from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec, initial_parameters
from engine.run import RunSpec
from engine.training import Trainer
from tests.test_training import rows_of, run_of

LINEAR = ModelSpec(2, (), 1, "identity", "half_squared_error", bias=False)
HALF = OptimizerSpec("sgd", (("learning_rate", 0.5),))
# Rows (x, y) of a neuron a = x1 w1 + x2 w2, from w = (0, 0) with the rate 1/2: w goes down by (a - y) x / 2.
FIRST, SECOND = ((1.0, 1.0), 1.0), ((1.0, 0.0), 0.0)


def trained(rows: list[tuple[tuple[float, float], float]], steps: int, batch_size: int | None = 1) -> list[float]:
    """The weights of that neuron after so many updates on these rows in their order."""
    x, y = (np.array(column) for column in zip(*rows, strict=True))
    run = RunSpec(
        LINEAR, HALF, {"W1": np.zeros((2, 1))}, Batch(x, y.reshape(-1, 1)), None, batch_size, 0, is_shuffled=False
    )
    trainer = Trainer(run)
    trainer.train(steps)
    weights: list[float] = trainer.parameters["W1"].ravel().tolist()
    return weights


@pytest.mark.parametrize(
    ("rows", "steps", "wanted"),
    [
        # a = 0, a - y = -1: w = (1/2, 1/2); then a = 1/2, a - y = 1/2: w = (1/4, 1/2).
        ([FIRST, SECOND], 2, [0.25, 0.5]),
        # a = 0, a - y = 0: w stays; then a - y = -1.
        ([SECOND, FIRST], 2, [0.5, 0.5]),
        # The second epoch has the same order: a = 3/4, w = (3/8, 5/8); a = 3/8, w1 = 3/8 - 3/16.
        ([FIRST, SECOND], 4, [0.1875, 0.625]),
        # a = 1/2, w1 = 1/4; a = 3/4, w = (1/4 + 1/8, 1/2 + 1/8).
        ([SECOND, FIRST], 4, [0.375, 0.625]),
        # In the middle of the first epoch the second row is still to come.
        ([FIRST, SECOND], 1, [0.5, 0.5]),
        ([SECOND, FIRST], 1, [0.0, 0.0]),
    ],
)
def test_one_update_a_row_depends_on_the_order_of_the_rows_as_by_hand(
    rows: list[tuple[tuple[float, float], float]], steps: int, wanted: list[float]
) -> None:
    assert trained(rows, steps) == wanted


@pytest.mark.parametrize("batch_size", [None, 2, 64])
def test_one_update_of_both_rows_does_not_depend_on_their_order(batch_size: int | None) -> None:
    # The mean of (-1)(1, 1) and 0 (1, 0).
    assert trained([FIRST, SECOND], 1, batch_size) == trained([SECOND, FIRST], 1, batch_size) == [0.25, 0.25]


def test_rows_of_a_sigmoid_unit_one_at_a_time() -> None:
    rate = np.log(3.0) / 2
    model = ModelSpec(1, (), 1, "sigmoid", "binary_cross_entropy", bias=False)
    rows = Batch(np.array([[2.0], [2.0]]), np.array([[1.0], [0.0]]))
    optimizer = OptimizerSpec("sgd", (("learning_rate", rate),))
    trainer = Trainer(RunSpec(model, optimizer, {"W1": np.zeros((1, 1))}, rows, None, 1, 0, is_shuffled=False))
    trainer.train(1)
    # p = 1/2, dz = -1/2: w = rate / 2 * 2 = rate. Then z = 2 rate = ln 3, p = 3/4 = dz: w = rate - rate * 3/4 * 2.
    assert trainer.parameters["W1"].item() == pytest.approx(rate, rel=1e-15)
    trainer.train(1)
    assert trainer.parameters["W1"].item() == pytest.approx(-rate / 2, rel=1e-12)


def test_every_epoch_takes_the_rows_as_they_stand_and_its_last_batch_may_be_short() -> None:
    rows = Batch(np.arange(10.0)[:, None], np.ones((10, 1)))
    batches = Batches(rows, 4, 7, is_shuffled=False)
    for epoch in range(3):
        found = [batches.of(3 * epoch + k).x[:, 0].tolist() for k in (1, 2, 3)]
        assert found == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
        assert [batches.rows_of(3 * epoch + k) for k in (1, 2, 3)] == [4, 4, 2]


def test_epochs_that_began_in_mid_run_begin_with_the_first_row() -> None:
    rows = Batch(np.arange(4.0)[:, None], np.ones((4, 1)))
    batches = Batches(rows, 1, 7, since=5, is_shuffled=False)
    assert [batches.of(step).x.item() for step in range(6, 12)] == [0, 1, 2, 3, 0, 1]


@pytest.mark.parametrize("batch_size", [None, 10, 64])
def test_an_order_of_their_own_makes_no_difference_where_a_batch_is_all_rows(batch_size: int | None) -> None:
    trainer, usual = in_order(batch_size), Trainer(run_of())
    for one in (trainer, usual):
        one.train(30)
    assert (trainer.state == usual.state).all()


def in_order(batch_size: int | None) -> Trainer:
    run = run_of(batch_size)
    return Trainer(
        RunSpec(run.model, run.optimizer, run.parameters, run.train, run.held_out, batch_size, is_shuffled=False)
    )


@pytest.mark.parametrize("batch_size", [1, 3, 10])
@pytest.mark.parametrize("at", [0, 1, 7, 130])
def test_rows_in_order_go_on_after_a_restore_and_a_rewind_with_the_same_bits(batch_size: int, at: int) -> None:
    uninterrupted, interrupted, traced = in_order(batch_size), in_order(batch_size), in_order(batch_size)
    uninterrupted.train(at + 20)
    interrupted.train(at)
    restored = Trainer.restore(interrupted.course.origin, *interrupted.snapshot())
    restored.train(20)
    for _ in range(at + 20):
        traced.step()
    for other in (restored, traced):
        assert (other.state == uninterrupted.state).all()
    for step in (at, 3, at + 20):
        for trainer in (uninterrupted, restored, traced):
            trainer.rewind(step)
        assert (restored.state == uninterrupted.state).all()
        assert (restored.next_batch().x == traced.next_batch().x).all()


def test_another_order_begins_an_epoch_and_the_same_order_does_not() -> None:
    trainer = Trainer(run_of(3))
    trainer.train(5)
    trainer.edit(Edit(5, is_shuffled=True))
    assert trainer.run.order_since == 0
    trainer.edit(Edit(5, is_shuffled=False))
    assert trainer.run.order_since == 5
    rows = trainer.run.train
    seen = [trainer.step()["x"] for _ in range(5)]
    assert np.concatenate(seen).tolist() == [*rows.x.tolist(), *rows.x[:3].tolist()]
    trainer.edit(Edit(10, is_shuffled=True))
    shuffled = np.concatenate([trainer.step()["x"] for _ in range(4)])
    assert shuffled.tolist() == rows.x[np.random.default_rng([0, 0, 10]).permutation(10)].tolist()


def test_a_row_added_in_mid_run_comes_last() -> None:
    trainer = in_order(4)
    trainer.train(2)
    new = rows_of(trainer.run.model, 1, seed=5)
    trainer.edit(Edit(2, rows=RowEdit(added=new)))
    seen = np.concatenate([trainer.step()["x"] for _ in range(3)])
    assert seen.tolist() == [*trainer.course.origin.train.x.tolist(), *new.x.tolist()]


@pytest.mark.parametrize("batch_size", [1, 8])
def test_every_replica_sees_the_rows_in_order_as_a_run_of_its_own(batch_size: int) -> None:
    model = ModelSpec(2, (LayerSpec(5),), 3)
    rows = rows_of(model, 21)
    result = result_of(Replicas(model, rows, (3, 11), 10, batch_size=batch_size, is_shuffled=False).run())
    shuffled = result_of(Replicas(model, rows, (3, 11), 10, batch_size=batch_size).run())
    assert result.final_loss != shuffled.final_loss
    for seed, loss in zip(result.seeds, result.final_loss, strict=True):
        parameters = initial_parameters(model, he, np.random.default_rng(seed))
        trainer = Trainer(RunSpec(model, OptimizerSpec(), parameters, rows, None, batch_size, seed, is_shuffled=False))
        trainer.train(10)
        assert trainer.history.points[-1].loss == pytest.approx(loss, rel=1e-9)
