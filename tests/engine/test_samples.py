"""Samples that are computed together, each alone, have the bits of runs of their own."""

import itertools
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest

from engine.errors import EngineError
from engine.kept import Kept
from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.mistakes import MISTAKES
from engine.model import LayerSpec, ModelSpec, OptimizerSpec
from engine.optimizers import OPTIMIZERS
from engine.primitives import Array
from engine.run import RunSpec
from engine.spares import Spares
from engine.training import Trainer
from engine.workbench import ProgramKind
from tests.engine.cases import Case, random_case

KINDS: tuple[ProgramKind, ...] = ("plain", "expanded")
DTYPES = ("float64", "float32", "float16")


def trainer_of(case: Case, steps: int = 3) -> Trainer:
    trainer = Trainer(RunSpec(case.model, case.optimizer or OptimizerSpec(), case.parameters, case.batch))
    trainer.train(steps)
    return trainer


def check_bits(trainer: Trainer, rows: list[int], kind: ProgramKind) -> None:
    together = trainer.trace_samples(rows, kind)
    alone = [trainer.trace(row, kind=kind).vector for row in rows]
    # A shut gate may give 0 or -0, which no answer tells apart.
    np.testing.assert_array_equal(together, alone)
    assert together.dtype == alone[0].dtype


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str, dtype: str, kind: ProgramKind) -> None:
    case = random_case(units=(3, 9, 5, 4), activation=activation, dtype=dtype, l2=0.01, m=6)
    check_bits(trainer_of(case), [0, 5, 2], kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("output", OUTPUTS, ids=" ".join)
def test_every_output(output: tuple[str, str], dtype: str, kind: ProgramKind) -> None:
    case = random_case(units=(4, 8, 3), output=output, dtype=dtype, m=6)
    check_bits(trainer_of(case), [0, 1, 2, 3, 4, 5], kind)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer(optimizer: str, dtype: str) -> None:
    case = random_case(dtype=dtype, optimizer=OptimizerSpec(optimizer), reduction="sum", bias=False)
    check_bits(trainer_of(case), [4, 0], "plain")


@pytest.mark.parametrize("units", [(1, 2), (1, 1, 1, 2), (64, 32, 10), (20, 33, 17)], ids=str)
def test_layers_of_all_widths(units: tuple[int, ...]) -> None:
    check_bits(trainer_of(random_case(units=units, m=20)), list(range(17)), "plain")


INJECTABLE = [name for name, mistake in MISTAKES.items() if mistake.injectable]


def mistaken_trainers(mistake: str) -> Iterator[Trainer]:
    """Of the models among these that can have the mistake."""
    for width, activation, (output, loss) in itertools.product((4, 3), ACTIVATIONS, OUTPUTS):
        case = random_case(units=(3, width, 3), m=3, output=(output, loss))
        with suppress(EngineError):
            model = ModelSpec(3, (LayerSpec(width, activation),), 3, output, loss, l2=0.01, mistakes=(mistake,))
            yield Trainer(RunSpec(model, OptimizerSpec("momentum"), case.parameters, case.batch))


@pytest.mark.parametrize("mistake", INJECTABLE)
def test_every_mistake(mistake: str) -> None:
    check_bits(next(mistaken_trainers(mistake)), [0, 2], "plain")


def test_numbers_that_are_not_finite_stay_with_their_sample() -> None:
    case = random_case(m=3)
    case.batch.x[1] = 1e308
    vectors = trainer_of(case, 0).trace_samples([0, 1, 2])
    assert [bool(np.isfinite(vector).all()) for vector in vectors] == [True, False, True]


@pytest.mark.parametrize("rows", [[5], [0, 5], [-1]])
def test_a_row_that_is_not_in_the_batch_is_refused(rows: list[int]) -> None:
    with pytest.raises(EngineError, match="There is no sample"):
        trainer_of(random_case(m=5)).trace_samples(rows)


def test_runs_that_share_spares_do_not_see_each_others_numbers() -> None:
    spares = Spares()
    cases = [
        random_case(seed=seed, optimizer=OptimizerSpec("momentum", (("learning_rate", 0.1 * seed),))) for seed in (1, 2)
    ]
    first, second = (
        Trainer(RunSpec(case.model, case.optimizer or OptimizerSpec(), case.parameters, case.batch), spares=spares)
        for case in cases
    )
    seen: list[Array] = []
    for trainer in (first, second, first):
        trainer.train(2)
        check_bits(trainer, [0, 1], "plain")
        np.testing.assert_array_equal(trainer.predict(cases[0].batch.x), _alone(trainer).predict(cases[0].batch.x))
        seen.append(trainer.trace_samples([0, 1]))
    assert not np.array_equal(seen[0], seen[1])


def _alone(trainer: Trainer) -> Trainer:
    return Trainer.restore(trainer.course.origin, *trainer.snapshot(), trainer.course.edits)


def test_spares_are_kept_by_bytes_and_the_one_unused_longest_goes_first() -> None:
    spares = Spares(Kept(100))
    made: list[str] = []

    def use(name: str) -> None:
        def bind() -> Array:
            made.append(name)
            return np.zeros(40, "int8")

        spares.put(name, spares.take(name, bind))

    for name in "ababcba":
        use(name)
    # a and b fit, c pushes a out, which then pushes c out.
    assert made == ["a", "b", "c", "a"]
