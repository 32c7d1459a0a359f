"""A row in a vocabulary is all that the engine needs: every face shows it, and nothing global has changed."""

import io
import sys
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest

from engine import initializers
from engine.batch import batch_of
from engine.datasets import make, split
from engine.edits import Edit
from engine.errors import EngineError
from engine.experiments.progress import result_of
from engine.experiments.replicas import Replicas
from engine.gradient_check import GradientCheck
from engine.model import LayerSpec, ModelSpec, OptimizerSpec, initial_parameters, program_of
from engine.primitives import PRIMITIVES
from engine.run import RunSpec
from engine.scripts import numpy_script, pytorch_script
from engine.training import Trainer
from engine.vocabulary import STANDARD
from tests import cells
from tests.own_vocabulary import OWN
from tests.own_vocabulary import PRIMITIVES as OWN_PRIMITIVES

MODEL = ModelSpec(1, (LayerSpec(3, "bend", (("rate", 0.5),)),), 1, "identity", "log_cosh", vocabulary=OWN)
CRAWL = OptimizerSpec("crawl", (("learning_rate", 0.2),), OWN)


@pytest.fixture
def run() -> RunSpec:
    rng = np.random.default_rng(0)
    rows = split(make("ramp", rng=rng, known=OWN.datasets), rng, 0)
    draw = initializers.named("stripes", {"size": 0.5}, OWN.initializers)
    return RunSpec(MODEL, CRAWL, initial_parameters(MODEL, draw, rng, 0.1), batch_of(MODEL, rows.x_train, rows.y_train))


def test_the_program_computes_with_the_rows(run: RunSpec) -> None:
    trace = Trainer(run).trace()
    z = trace["z1"]
    np.testing.assert_allclose(trace["a1"], z / (1 + 0.5 * np.abs(z)), rtol=1e-14)
    error = trace["a2"] - run.train.y
    np.testing.assert_allclose(trace["loss"], np.log(np.cosh(error)).sum() / run.train.m, rtol=1e-14)
    np.testing.assert_allclose(trace["W1_next"], trace["W1"] - 0.2 * trace["dW1"] / 2, rtol=1e-14)
    assert np.abs(trace["W1"]).tolist() == [[0.5] * 3]


def test_the_gradients_agree_with_differences(run: RunSpec) -> None:
    check = GradientCheck(MODEL, run.parameters, run.train)
    assert {check.check(*cell).verdict for cell in check.cells_of()} == {"agrees"}


def test_lines_and_formulas_of_its_operations_stand_in_the_document(run: RunSpec) -> None:
    program = program_of(MODEL, CRAWL)
    assert "a1 = z1 / (1 + rate1 * np.abs(z1))" in [node.code for node in program.nodes]
    assert {primitive.name for primitive in OWN_PRIMITIVES} <= set(program.document["primitives"])
    trace = Trainer(run).trace()
    for node in program.nodes:
        found = cells.evaluate(node.primitive, [trace[name] for name in node.inputs])
        np.testing.assert_allclose(trace[node.output], found, rtol=1e-12, atol=1e-15, err_msg=node.output)


def test_a_numpy_script_has_the_bits_of_a_run_with_them(run: RunSpec) -> None:
    trainer = Trainer(run)
    trainer.train(4)
    trainer.edit(Edit(4, activation_numbers=({"rate": 1.5},)))
    trainer.train(3)
    script = numpy_script(trainer.course, 7)
    assert "rate1 = 1.5" in script
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["network.py"])
        exec(compile(script, "network.py", "exec"), names)
    assert {name: value.tobytes() for name, value in names["parameters"].items()} == {
        name: value.tobytes() for name, value in trainer.parameters.items()
    }


def test_a_pytorch_script_asks_the_rows(run: RunSpec) -> None:
    script = pytorch_script(Trainer(run).course, 0)
    for line in (
        "a1 = z1 / (1 + self.rate1 * z1.abs())",
        "losses = torch.log(torch.cosh(outputs - y)).sum(dim=1)",
        "optimizer = torch.optim.SGD(network.parameters(), lr=0.2 / 2)",
    ):
        assert line in script


def test_many_networks_at_once_learn_with_them(run: RunSpec) -> None:
    last = result_of(Replicas(MODEL, run.train, (1, 2), 5, CRAWL, "stripes", {"size": 0.5}, bias=0.1).run())
    single = Trainer(run)
    points = single.train(5, every=1)
    assert last.final_loss == pytest.approx([points[-1].loss] * 2, rel=1e-12)
    assert last.accuracy is None


def test_a_mistake_is_a_row_too() -> None:
    assert [id for id in OWN.mistakes if id not in STANDARD.mistakes] == ["step_too_long"]


def test_the_standard_vocabulary_knows_none_of_them() -> None:
    assert not {primitive.name for primitive in OWN_PRIMITIVES} & set(PRIMITIVES)
    for make_it in (
        lambda: ModelSpec(1, (LayerSpec(3, "bend"),), 1, "identity", "half_squared_error"),
        lambda: ModelSpec(1, (), 1, "identity", "log_cosh"),
        lambda: OptimizerSpec("crawl"),
        lambda: initializers.named("stripes"),
        lambda: make("ramp", rng=np.random.default_rng(0)),
    ):
        with pytest.raises(EngineError):
            make_it()
