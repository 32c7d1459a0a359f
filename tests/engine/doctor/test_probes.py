"""The doctor's cases tell sizes, gates and numbers apart, whatever the model."""

import numpy as np
import pytest

from engine.doctor.conventions import Conventions
from engine.doctor.probes import L2, NAMES, probes
from engine.gradient_check import corners_of
from engine.model import LayerSpec, ModelSpec
from tests.learner import values_of

MODELS = {
    "standard": ModelSpec(4, (LayerSpec(5),), 3),
    "three hidden": ModelSpec(3, (LayerSpec(5, "leaky_relu"), LayerSpec(4, "elu"), LayerSpec(6)), 2),
    "smooth, one output": ModelSpec(10, (LayerSpec(10, "tanh"),), 1, "sigmoid", "binary_cross_entropy"),
    "numbers": ModelSpec(2, (LayerSpec(3, "max_eps"),), 2, "identity", "half_squared_error"),
    "without bias": ModelSpec(2, (LayerSpec(3),), 2, bias=False),
    "no hidden layer": ModelSpec(4, (), 3),
}
BOTH = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())


def test_the_standard_case_has_sizes_that_no_ratio_confuses() -> None:
    generic = probes(None, Conventions())[0]
    d, h, k = generic.model.units
    m = generic.batch.m
    assert (d, h, k, m) == (4, 5, 3, 7)
    assert len({m / d, m / h, m / k, k, m, 2}) == 6


@BOTH
def test_the_cases_come_in_their_order_and_only_one_has_l2(model: ModelSpec) -> None:
    cases = probes(model, Conventions())
    assert tuple(case.name for case in cases) == NAMES
    assert [case.model.l2 for case in cases] == [L2 if case.name == "L2" else 0 for case in cases]


@BOTH
@pytest.mark.parametrize("name", ["generic", "second batch"])
def test_no_gate_is_near_its_corner_and_every_unit_is_on_and_off(model: ModelSpec, name: str) -> None:
    for seed in range(5):
        case = next(case for case in probes(model, Conventions(), seed) if case.name == name)
        for z, (layer, corner) in corners_of(model).items():
            above = values_of(case, [z])[z] - corner
            assert np.abs(above).min() > 1e-3
            if layer == 1 and model.bias:
                assert (above > 0).any(axis=0).all() and (above < 0).any(axis=0).all()


@BOTH
def test_exact_zeros_are_exact(model: ModelSpec) -> None:
    corner = corners_of(model).get("z1", (1, 0.0))[1]
    case = next(case for case in probes(model, Conventions()) if case.name == "exact zeros")
    assert (values_of(case, ["z1"])["z1"] == corner).any()


@pytest.mark.parametrize("delta", [0.001, 1.0, 30.0])
@pytest.mark.parametrize("output", ["identity", "tanh"])
def test_errors_are_smaller_and_larger_than_the_size_at_which_the_loss_bends(delta: float, output: str) -> None:
    model = ModelSpec(4, (LayerSpec(5),), 2, output, "huber", output_settings=(("delta", delta),))
    for case in probes(model, Conventions()):
        if case.name in ("generic", "second batch", "exact zeros", "L2", "square"):
            shares = np.abs(values_of(case, ["error"])["error"]) / delta
            assert (shares < 0.85).any(axis=1).all() and (shares > 1.15).any(axis=1).all()
            assert np.abs(shares - 1).min() > 0.1


def test_classes_come_in_unequal_numbers() -> None:
    counts = probes(None, Conventions())[0].batch.y.sum(axis=0)
    assert sorted(counts) == [1, 2, 4]


def test_shifted_logits_are_2000_larger_and_give_the_same_probabilities() -> None:
    generic, shifted = (probes(None, Conventions())[place] for place in (0, NAMES.index("shifted logits")))
    before, after = values_of(generic, ["z2", "p"]), values_of(shifted, ["z2", "p"])
    np.testing.assert_allclose(after["z2"] - before["z2"], 2000)
    np.testing.assert_allclose(after["p"], before["p"], rtol=1e-9)


@BOTH
def test_one_row_of_logits_is_1000_above_the_others_where_activations_are_not_bounded(model: ModelSpec) -> None:
    case = probes(model, Conventions())[NAMES.index("one big row")]
    z = values_of(case, [f"z{model.depth}"])[f"z{model.depth}"]
    is_bounded = any(layer.activation == "tanh" for layer in model.hidden)
    highest = np.sort(z.max(axis=1))
    assert is_bounded or highest[-1] - highest[-2] >= 1000


def test_the_square_case_has_one_size_everywhere() -> None:
    case = probes(None, Conventions())[-1]
    assert {*case.model.units, case.batch.m} == {4}


def test_one_output_stays_one_in_the_square_case() -> None:
    case = probes(MODELS["smooth, one output"], Conventions())[-1]
    assert case.model.units == (4, 4, 1)


def test_the_same_seed_gives_the_same_cases_and_another_one_others() -> None:
    first, again, other = (probes(None, Conventions(), seed)[0].parameters["W1"] for seed in (3, 3, 4))
    assert (first == again).all() and not (first == other).all()
