"""A program says what it takes in memory, is there once, and goes with the last one that uses it."""

import gc
import tracemalloc
from weakref import ref

import pytest

from engine import model as models
from engine.derived import MOST
from engine.layout import layout_of
from engine.model import LayerSpec, ModelSpec, OptimizerSpec, program_of
from engine.run import RunSpec
from engine.training import Trainer
from engine.workbench import _watched
from tests.engine.cases import random_case

ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "silu", "softplus")
SGD = OptimizerSpec()


MODEL = ModelSpec(3, (LayerSpec(5),), 4)


def forget() -> None:
    """What the engine has at hand goes; what somebody uses stays."""
    for cache in (models._many, models._few, models._cached_expansion):
        cache.cache_clear()


@pytest.mark.parametrize(("layers", "optimizer"), [(1, "sgd"), (3, "adam"), (7, "sgd")])
def test_a_program_says_what_it_takes_with_all_that_is_made_of_it(layers: int, optimizer: str) -> None:
    def used(activation: str) -> object:
        case = random_case(units=(3, *[5] * layers, 4), activation=activation)
        trainer = Trainer(RunSpec(case.model, OptimizerSpec(optimizer), case.parameters, case.batch))
        trainer.train(3)
        trainer.trace()
        trainer.trace_samples([0, 1])
        trainer.predict(case.batch.x)
        return trainer.program

    forget()
    used("gelu")
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    programs = [used(activation) for activation in ACTIVATIONS]
    forget()
    gc.collect()
    measured = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert 0.6 * measured < sum(program.nbytes for program in programs) < 1.8 * measured


def test_those_who_use_a_program_have_the_same_one_and_it_goes_with_the_last() -> None:
    forget()
    program = program_of(MODEL, SGD)
    watched = _watched(program)
    forget()
    assert program_of(MODEL, SGD) is program
    assert _watched(program) is watched
    gone = ref(program), ref(watched)
    forget()
    del program, watched
    assert [one() for one in gone] == [None, None]
    assert program_of(MODEL, SGD).fingerprint


def test_of_one_program_not_everything_is_kept_for_ever() -> None:
    program = program_of(MODEL, SGD)
    first = layout_of(program, 1)
    sizes = [layout_of(program, m).size for m in range(1, MOST + 50)]
    assert sizes == sorted(set(sizes)), "more samples take more room"
    assert len(program.derived) == MOST
    assert layout_of(program, MOST + 49) is layout_of(program, MOST + 49)
    assert layout_of(program, 1) is not first and layout_of(program, 1) == first
