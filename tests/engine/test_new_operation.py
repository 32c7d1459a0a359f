"""A new operation is one primitive and one gradient rule: everything else shows it without being told."""

import json

import numpy as np
import pytest

from engine import layers, primitives
from engine.layers import Activation
from engine.primitives import Array, Primitive
from engine.rewrites import for_training
from tests import cells
from tests.engine.cases import Case, cells_checked, random_case

A = ["at", 0, "..."]


def softsign(z: Array, out: Array) -> None:
    np.divide(z, 1 + np.abs(z), out)


def softsign_slope(z: Array, out: Array) -> None:
    np.divide(1, np.square(1 + np.abs(z)), out)


ONE_AND_SIZE = ["+", 1, ["abs", A]]
SOFTSIGN = Primitive("softsign", softsign, "...->...", "{out} = {0} / (1 + np.abs({0}))", ["/", A, ONE_AND_SIZE])
SOFTSIGN_SLOPE = Primitive(
    "softsign_slope",
    softsign_slope,
    "...->...",
    "{out} = 1 / (1 + np.abs({0})) ** 2",
    ["/", 1, ["*", ONE_AND_SIZE, ONE_AND_SIZE]],
)


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> Case:
    """A network with softsign, an activation that no file of the engine knows."""
    for primitive in (SOFTSIGN, SOFTSIGN_SLOPE):
        monkeypatch.setitem(primitives.PRIMITIVES, primitive.name, primitive)
    monkeypatch.setitem(layers.ACTIVATIONS, "softsign", Activation("softsign", "softsign_slope"))
    return random_case(units=(2, 4, 3, 2), activation="softsign")


def test_model_takes_the_new_activation_and_computes_it(case: Case) -> None:
    trace = case.trace()
    np.testing.assert_allclose(trace["a1"], trace["z1"] / (1 + np.abs(trace["z1"])), rtol=1e-14)


def test_its_mask_is_its_slope(case: Case) -> None:
    trace = case.trace()
    np.testing.assert_allclose(trace["mask1"], (1 + np.abs(trace["z1"])) ** -2.0, rtol=1e-14)


def test_its_gradients_agree_with_differences(case: Case) -> None:
    assert {cell.verdict for cell in cells_checked(case)} == {"agrees"}


def test_its_code_line_stands_in_the_program(case: Case) -> None:
    assert "a1 = z1 / (1 + np.abs(z1))" in [node.code for node in case.program().nodes]


def test_its_cell_formula_equals_its_values(case: Case) -> None:
    trace = case.trace()
    np.testing.assert_allclose(cells.evaluate(SOFTSIGN, [trace["z2"]]), trace["a2"], rtol=1e-14)


def test_document_for_the_browser_carries_its_faces(case: Case) -> None:
    document = json.loads(json.dumps(dict(case.program().document)))
    assert document["primitives"]["softsign"] == {"indices": "...->...", "cell": SOFTSIGN.cell, "selects": False}


def test_training_program_keeps_it(case: Case) -> None:
    assert "softsign" in {node.op for node in for_training(case.program(), ["loss"]).nodes}


def test_without_the_fixture_the_name_is_unknown() -> None:
    assert "softsign" not in layers.ACTIVATIONS
