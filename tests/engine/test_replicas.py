"""Many seeds at once see what each of them sees alone."""

import numpy as np
import pytest

from engine.batch import batch_of
from engine.errors import EngineError
from engine.experiments import Progress, Replicas, result_of
from engine.experiments.bands import Z, band_of, share_of
from engine.initializers import he
from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec, initial_parameters
from engine.run import RunSpec
from engine.training import Trainer

MODEL = ModelSpec(2, (LayerSpec(5),), 3)


def rows(m: int = 21) -> Batch:
    rng = np.random.default_rng(5)
    return batch_of(MODEL, rng.normal(size=(m, 2)), rng.integers(0, 3, m))


def alone(seed: int, steps: int, optimizer: OptimizerSpec, batch_size: int | None) -> Trainer:
    parameters = initial_parameters(MODEL, he, np.random.default_rng(seed))
    trainer = Trainer(RunSpec(MODEL, optimizer, parameters, rows(), None, batch_size, seed))
    trainer.train(steps)
    return trainer


@pytest.mark.parametrize("batch_size", [None, 8])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_every_seed_has_the_learning_curve_of_a_run_of_its_own(optimizer: str, batch_size: int | None) -> None:
    # 21 rows in batches of 8: the third batch of every epoch is short.
    spec = OptimizerSpec(optimizer)
    experiment = Replicas(MODEL, rows(), (3, 11, 4), 10, spec, batch_size=batch_size)
    result = result_of(experiment.run())
    for number, seed in enumerate(result.seeds):
        last = alone(seed, 10, spec, batch_size).history.points[-1]
        assert last.step == result.step[-1] == 10
        assert last.loss == pytest.approx(result.final_loss[number], rel=1e-9)
        assert result.final_accuracy is not None
        assert last.accuracy == result.final_accuracy[number]


def test_same_seeds_give_the_same_bits() -> None:
    experiment = Replicas(MODEL, rows(), (0, 1, 2), 5)
    assert result_of(experiment.run()) == result_of(experiment.run())


def test_every_step_is_a_pause_at_which_it_can_be_cancelled() -> None:
    course = Replicas(MODEL, rows(), (0, 1), 5).run()
    assert [next(course), next(course)] == [Progress(1, 5), Progress(2, 5)]
    course.close()
    with pytest.raises(StopIteration):
        next(course)


@pytest.mark.parametrize("steps", [1, 2, 99, 100, 101, 1234])
def test_curve_has_the_first_and_the_last_step_and_not_more_points_than_asked_for(steps: int) -> None:
    model = ModelSpec(1, (), 1, "identity", "squared_error")
    batch = Batch(np.ones((1, 1)), np.ones((1, 1)))
    result = result_of(Replicas(model, batch, (0,), steps, points=100).run())
    assert (result.step[0], result.step[-1]) == (1, steps)
    assert len(result.step) == len(result.loss.mean) <= 100
    assert result.accuracy is None


def test_confidence_band_is_the_mean_and_its_error() -> None:
    # 1, 2, 3: mean 2, standard deviation 1, error 1 / sqrt 3.
    band = band_of(np.array([[1.0, 2.0, 3.0]]))
    assert band.mean == [2.0]
    assert band.high == pytest.approx([2 + Z / np.sqrt(3)])
    assert band.low == pytest.approx([2 - Z / np.sqrt(3)])


def test_confidence_interval_of_all_is_not_empty() -> None:
    # Wilson: with n of n the lower end is n / (n + Z^2).
    share = share_of(20, 20)
    assert (share.share, share.high) == (1.0, 1.0)
    assert share.low == pytest.approx(20 / (20 + Z * Z))


def test_rows_that_every_seed_shuffles_for_itself_are_counted() -> None:
    all_rows, in_batches = (Replicas(MODEL, rows(), (0, 1), 5, batch_size=size).values for size in (None, 21))
    assert in_batches - all_rows == 2 * 21 * (2 + 3)


@pytest.mark.overflow_is_the_lesson
def test_seeds_that_diverge_are_counted_and_not_hidden() -> None:
    model = ModelSpec(1, (), 1, "identity", "squared_error")
    batch = Batch(np.full((1, 1), 1e3), np.ones((1, 1)))
    result = result_of(Replicas(model, batch, (0, 1), 400).run())
    assert result.diverged == 2
    assert not np.isfinite(result.loss.mean[-1])


@pytest.mark.parametrize(
    "wrong", [{"steps": 0}, {"seeds": ()}, {"batch_size": 22}, {"points": 1}, {"initializer": "x"}]
)
def test_what_has_no_meaning_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(EngineError):
        Replicas(**{"model": MODEL, "train": rows(), "seeds": (0,), "steps": 3, **wrong})  # type: ignore[arg-type]


def test_half_precision_is_refused_in_words() -> None:
    half = ModelSpec(2, (LayerSpec(5),), 3, dtype="float16")
    with pytest.raises(EngineError, match="float32, float64"):
        Replicas(half, rows(), (0,), 1)
