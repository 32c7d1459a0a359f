"""Changes in mid-run: a run with its edits is as repeatable as one without."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batches import Batches
from engine.edits import Edit, RowEdit, edited
from engine.errors import EngineError
from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec, trace_step
from engine.primitives import Array
from engine.run import RunSpec
from engine.training import Trainer
from tests.test_training import rows_of, run_of

MODEL = ModelSpec(2, (LayerSpec(5), LayerSpec(4)), 3)
ADAM = OptimizerSpec("adam", (("learning_rate", 0.01),))
MOMENTUM = OptimizerSpec("momentum", (("learning_rate", 0.05),))
W2 = np.linspace(-1, 1, 20).reshape(5, 4)

# What a learner may change, given the step.
EDITS: dict[str, Callable[[int], Edit]] = {
    "rate": lambda step: Edit(step, OptimizerSpec("sgd", (("learning_rate", 0.02),))),
    "adam": lambda step: Edit(step, ADAM),
    "momentum": lambda step: Edit(step, MOMENTUM),
    "l2": lambda step: Edit(step, l2=0.1),
    "no l2": lambda step: Edit(step, l2=0.0),
    "corner": lambda step: Edit(step, activation_numbers=({"derivative_at_zero": 0.5}, None)),
    "weights": lambda step: Edit(step, parameters={"W2": W2.copy()}),
    "all rows": lambda step: Edit(step, batch_size=None),
    "three rows": lambda step: Edit(step, batch_size=3),
    "three rows in order": lambda step: Edit(step, batch_size=3, is_shuffled=False),
    "in order": lambda step: Edit(step, is_shuffled=False),
    "point moved": lambda step: Edit(step, rows=RowEdit((0,), Batch(np.array([[3.0, -1.0]]), np.eye(3)[[1]]))),
    "rows added": lambda step: Edit(step, rows=RowEdit(added=rows_of(MODEL, 3, seed=9))),
    "row removed": lambda step: Edit(step, rows=RowEdit(removed=(1,))),
}


def trained(steps: int, edits: dict[int, str], batch_size: int | None = None, by: int = 1) -> Trainer:
    """A run that was edited at these steps, trained in pieces."""
    trainer = Trainer(run_of(batch_size, MODEL), checkpoint_every=5)
    while True:
        if trainer.taken in edits:
            trainer.edit(EDITS[edits[trainer.taken]](trainer.taken))
        if trainer.taken == steps:
            return trainer
        nearest = min([steps, *(step for step in edits if step > trainer.taken)])
        trainer.train(min(by, nearest - trainer.taken))


def assert_same(one: Trainer, other: Trainer) -> None:
    assert one.taken == other.taken
    assert (one.state == other.state).all()
    assert one.history.points == other.history.points
    assert one.program.fingerprint == other.program.fingerprint
    assert (one.next_batch().x == other.next_batch().x).all()


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("batch_size", [None, 4])
def test_after_an_edit_restore_and_k_steps_equal_k_uninterrupted_steps(name: str, batch_size: int | None) -> None:
    for at in (7, 12, 30):
        whole = trained(30, {12: name}, batch_size)
        part = trained(at, {12: name} if at >= 12 else {}, batch_size)
        restored = Trainer.restore(part.course.origin, *part.snapshot(), edits=part.course.edits)
        assert_same(restored, part)
        if at < 12:
            restored.train(12 - at)
            restored.edit(EDITS[name](12))
        restored.train(30 - restored.taken)
        assert_same(restored, whole)


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("batch_size", [None, 4])
def test_a_rewind_across_an_edit_makes_it_again(name: str, batch_size: int | None) -> None:
    whole = trained(40, {12: name, 25: "rate"}, batch_size, by=7)
    for step in (40, 11, 12, 13, 24, 25, 26, 0, 40):
        whole.rewind(step)
        fresh = trained(step, {at: what for at, what in {12: name, 25: "rate"}.items() if at <= step}, batch_size)
        assert (whole.state == fresh.state).all(), step
        assert (whole.trace().vector == fresh.trace().vector).all()


pieces = st.lists(
    st.one_of(
        st.tuples(st.just("train"), st.integers(1, 15)),
        st.tuples(st.just("edit"), st.sampled_from(sorted(EDITS))),
        st.tuples(st.just("rewind"), st.floats(0, 1)),
        st.tuples(st.just("restore"), st.just(0)),
    ),
    max_size=14,
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(pieces=pieces, batch_size=st.sampled_from([None, 4]))
def test_any_run_is_a_function_of_its_origin_its_edits_and_its_step(
    pieces: list[tuple[str, float]], batch_size: int | None
) -> None:
    trainer = Trainer(run_of(batch_size, MODEL), checkpoint_every=4)
    for kind, value in pieces:
        match kind:
            case "train":
                trainer.train(int(value))
            case "edit":
                trainer.edit(EDITS[str(value)](trainer.taken))
            case "rewind":
                trainer.rewind(int(value * trainer.furthest))
            case "restore":
                trainer = Trainer.restore(trainer.course.origin, *trainer.snapshot(), edits=trainer.course.edits)
    fresh = Trainer(run_of(batch_size, MODEL))
    for edit in trainer.course.edits:
        if edit.step <= trainer.taken:
            fresh.train(edit.step - fresh.taken)
            fresh.edit(edit)
    fresh.train(trainer.taken - fresh.taken)
    assert (fresh.state == trainer.state).all()
    assert (fresh.trace().vector == trainer.trace().vector).all()


def test_an_edit_after_a_rewind_cuts_the_future() -> None:
    trainer = trained(40, {12: "l2", 25: "rate"})
    trainer.rewind(20)
    assert trainer.furthest == 40
    trainer.edit(Edit(20, l2=0.3))
    assert (trainer.taken, trainer.furthest) == (20, 20)
    assert [edit.step for edit in trainer.course.edits] == [12, 20]
    assert max(trainer.checkpoints.states) <= 20
    assert trainer.history.points[-1].step == 20
    with pytest.raises(EngineError, match="steps 0 to 20"):
        trainer.rewind(21)


def test_stepping_after_a_rewind_keeps_the_future_with_its_edits() -> None:
    trainer = trained(40, {25: "adam"})
    end = trainer.state
    trainer.rewind(20)
    trainer.train(20)
    assert (trainer.state == end).all()
    assert trainer.run.optimizer == ADAM


def test_an_edit_that_cannot_be_made_changes_nothing() -> None:
    trainer = trained(20, {})
    trainer.rewind(10)
    before = trainer.state
    with pytest.raises(EngineError):
        trainer.edit(Edit(10, rows=RowEdit(removed=(99,))))
    assert (trainer.furthest, trainer.course.edits) == (20, ())
    assert (trainer.state == before).all()


def test_the_next_step_sees_the_edit() -> None:
    trainer = trained(10, {})
    trainer.edit(Edit(10, MOMENTUM, l2=0.2, batch_size=None, parameters={"W2": W2}))
    trace = trainer.trace()
    assert (trace["W2"] == W2).all()
    assert float(trace["l2"]) == 0.2 and float(trace["learning_rate"]) == 0.05
    assert (trace["W2_velocity"] == 0).all()
    alone = trace_step(trainer.run.model, trainer.parameters, trainer.run.train, MOMENTUM)
    assert (trace.vector == alone.vector).all()


def test_numbers_of_the_same_optimizer_keep_what_it_remembers() -> None:
    trainer = trained(10, {0: "momentum"})
    velocity = trainer.optimizer_state["W1_velocity"]
    assert (velocity != 0).any()
    trainer.edit(Edit(10, replace(MOMENTUM, settings=(("learning_rate", 1e-3), ("momentum", 0.5)))))
    assert (trainer.optimizer_state["W1_velocity"] == velocity).all()


def test_the_clock_of_a_new_optimizer_starts_with_it() -> None:
    # With the clock of the run, the first step of Adam would be divided by 1 - 0.9^11 in place of 1 - 0.9.
    trainer = trained(10, {10: "adam"})
    trace = trainer.step()
    assert float(trace["one_minus_beta1_to_t"]) == pytest.approx(0.1)
    step = np.abs(trace["W1_step"])
    np.testing.assert_allclose(step[trace["dW1"] != 0], 0.01, rtol=1e-4)
    assert float(trainer.trace()["one_minus_beta1_to_t"]) == pytest.approx(0.19)


def test_epochs_begin_anew_when_they_would_not_fit_any_more() -> None:
    run = run_of(4, MODEL)
    for edit in (Edit(7, batch_size=5), Edit(7, rows=RowEdit(removed=(0,)))):
        after = edited(run, edit)
        assert after.order_since == 7
        batches = Batches(after.train, after.batch_size, after.seed, after.order_since)
        epoch = np.concatenate([batches.of(8 + k).x for k in range(batches.per_epoch)])
        assert sorted(map(tuple, epoch)) == sorted(map(tuple, after.train.x))
        assert sum(batches.rows_of(8 + k) for k in range(batches.per_epoch)) == after.train.m
    moved = edited(run, Edit(7, rows=RowEdit((0,), run.train.sample(1))))
    assert moved.order_since == 0


def test_rows_change_then_go_then_come() -> None:
    rows = Batch(np.arange(8.0).reshape(4, 2), np.eye(3)[[0, 1, 2, 0]])
    run = replace(run_of(model=MODEL), train=rows)
    new = Batch(np.array([[9.0, 9.0]]), np.eye(3)[[2]])
    after = edited(run, Edit(0, rows=RowEdit((3,), new, (0, 1), new))).train
    assert after.x.tolist() == [[4, 5], [9, 9], [9, 9]]
    assert after.y.argmax(axis=1).tolist() == [2, 2, 2]
    assert rows.x[3].tolist() == [6, 7]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit(0, l2=-1.0), "l2 is -1.0"),
        (Edit(0, activation_numbers=({"derivative_at_zero": 2.0}, None)), "from 0 to 1"),
        (Edit(0, activation_numbers=({"derivative_at_zero": 1.0},)), "each of the 2 hidden layers"),
        (Edit(0, batch_size=0), "at least 1"),
        (Edit(0, rows=RowEdit(removed=(10,))), "samples 0 to 9"),
        (Edit(0, rows=RowEdit(removed=tuple(range(10)))), "No sample would be left"),
    ],
)
def test_what_has_no_meaning_is_refused(edit: Edit, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        Trainer(run_of(model=MODEL)).edit(edit)


def parameters_after(edit: Edit, dtype: str) -> dict[str, Array]:
    trainer = Trainer(run_of(model=replace(MODEL, dtype=dtype)))
    trainer.train(3)
    trainer.edit(edit)
    trainer.train(3)
    return trainer.parameters


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_edits_keep_the_precision_of_the_run(dtype: str) -> None:
    for array in parameters_after(Edit(3, ADAM, l2=0.1), dtype).values():
        assert array.dtype == dtype


def test_a_run_does_not_know_its_edits_before_they_are_made() -> None:
    run: RunSpec = run_of(model=MODEL)
    trainer = Trainer(run)
    trainer.train(5)
    trainer.edit(Edit(5, l2=0.1))
    trainer.rewind(4)
    assert trainer.run is run
