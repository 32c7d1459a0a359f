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


def softplus(z: Array, out: Array) -> None:
    np.exp(z, out)
    np.log1p(out, out)


def logistic(z: Array, out: Array) -> None:
    np.divide(1, 1 + np.exp(-z), out)


SOFTPLUS = Primitive("softplus", softplus, "...->...", "{out} = np.log1p(np.exp({0}))", ["log", ["+", 1, ["exp", A]]])
SOFTPLUS_SLOPE = Primitive(
    "softplus_slope",
    logistic,
    "...->...",
    "{out} = 1 / (1 + np.exp(-{0}))",
    ["/", 1, ["+", 1, ["exp", ["neg", A]]]],
)


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> Case:
    """A network with softplus, an activation that no file of the engine knows."""
    for primitive in (SOFTPLUS, SOFTPLUS_SLOPE):
        monkeypatch.setitem(primitives.PRIMITIVES, primitive.name, primitive)
    monkeypatch.setitem(layers.ACTIVATIONS, "softplus", Activation("softplus", "softplus_slope"))
    return random_case(units=(2, 4, 3, 2), activation="softplus")


def test_model_takes_the_new_activation_and_computes_it(case: Case) -> None:
    trace = case.trace()
    np.testing.assert_allclose(trace["a1"], np.logaddexp(0, trace["z1"]), rtol=1e-14)


def test_its_mask_is_its_slope(case: Case) -> None:
    trace = case.trace()
    np.testing.assert_allclose(trace["mask1"], 1 / (1 + np.exp(-trace["z1"])), rtol=1e-14)


def test_its_gradients_agree_with_differences(case: Case) -> None:
    assert {cell.verdict for cell in cells_checked(case)} == {"agrees"}


def test_its_code_line_stands_in_the_program(case: Case) -> None:
    assert "a1 = np.log1p(np.exp(z1))" in [node.code for node in case.program().nodes]


def test_its_cell_formula_equals_its_values(case: Case) -> None:
    trace = case.trace()
    np.testing.assert_allclose(cells.evaluate(SOFTPLUS, [trace["z2"]]), trace["a2"], rtol=1e-14)


def test_document_for_the_browser_carries_its_faces(case: Case) -> None:
    document = json.loads(json.dumps(dict(case.program().document)))
    assert document["primitives"]["softplus"] == {"indices": "...->...", "cell": SOFTPLUS.cell, "selects": False}


def test_training_program_keeps_it(case: Case) -> None:
    assert "softplus" in {node.op for node in for_training(case.program(), ["loss"]).nodes}


def test_without_the_fixture_the_name_is_unknown() -> None:
    assert "softplus" not in layers.ACTIVATIONS
