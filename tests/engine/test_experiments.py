"""What the experiments show agrees with what is known about them."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.errors import EngineError
from engine.experiments import (
    BornDead,
    Depth,
    DerivativeAtZero,
    ExactZeros,
    Experiment,
    Initialization,
    result_of,
)
from engine.experiments.exact_zeros import PrecisionZeros
from tests.engine.cases import random_case

EXPERIMENTS: list[Experiment[object]] = [
    BornDead(widths=(2, 3), nets=50),
    DerivativeAtZero(seeds=5, steps=5),
    Depth(layers=3, width=5, seeds=2),
    ExactZeros(hidden=(8,), rows=60),
    Initialization(hidden_layers=2, width=8, epochs=2, rows=100),
]


@pytest.mark.parametrize("width", [1, 2, 3])
def test_share_of_networks_with_three_layers_that_are_born_dead_is_the_exact_one(width: int) -> None:
    # 4^-N (3 - 2^(1-N)); the interval holds it in 19 of 20 cases, and in this one.
    (found,) = result_of(BornDead(layers=3, widths=(width,), nets=4000, seed=1).run()).widths
    assert found.exact == pytest.approx(4.0**-width * (3 - 2 / 2**width))
    assert abs(found.dead.share - found.exact) < 0.03


def test_networks_with_two_layers_are_never_born_dead() -> None:
    # A hidden unit without bias is on for one sign of the input.
    assert [w.dead.count for w in result_of(BornDead(layers=2, widths=(1, 2), nets=1000).run()).widths] == [0, 0]


def test_share_of_networks_with_ten_layers_that_are_born_dead_is_the_measured_one_and_within_its_bound() -> None:
    measured = {2: 0.881, 3: 0.577, 4: 0.297, 5: 0.128, 10: 0.0014}
    for found in result_of(BornDead(layers=10, nets=2000).run()).widths:
        assert abs(found.dead.share - measured[found.width]) < 0.03
        assert found.dead.share <= found.bound


def test_derivative_at_zero_matters_on_xor_because_a_quarter_of_the_units_stand_on_their_corner() -> None:
    result = result_of(DerivativeAtZero(derivatives=(0.0, 1.0), seeds=200, steps=1000).run())
    at_0, at_1, with_bias = result.variants
    assert (at_0.exact_zeros, at_1.exact_zeros, with_bias.exact_zeros) == (0.25, 0.25, 0.0)
    assert at_1.solved.share - at_0.solved.share > 0.05
    assert with_bias.solved.share - at_0.solved.share > 0.05


@pytest.mark.parametrize("seed", range(5))
def test_without_an_exact_zero_the_derivative_at_zero_changes_no_bit(seed: int) -> None:
    at_0, at_1 = (random_case(seed=seed, derivative_at_zero=derivative).trace() for derivative in (0.0, 1.0))
    assert not np.any(at_0["z1"] == 0)
    names = [node.output for node in at_0.program.nodes]
    assert [at_0[name].tobytes() for name in names] == [at_1[name].tobytes() for name in names]


@pytest.fixture(scope="module")
def zeros() -> dict[str, PrecisionZeros]:
    return {found.dtype: found for found in result_of(ExactZeros(rows=1000).run()).precisions}


def test_exact_zeros_in_half_precision_are_as_many_as_the_spacing_of_floats_says(
    zeros: dict[str, PrecisionZeros],
) -> None:
    found = zeros["float16"]
    expected = found.expected * found.zeros.of
    assert expected > 5
    # Poisson: within four standard deviations.
    assert abs(found.zeros.count - expected) < 4 * expected**0.5


def test_exact_zeros_are_rarer_the_finer_the_floats(zeros: dict[str, PrecisionZeros]) -> None:
    assert zeros["float64"].zeros.count == 0
    assert zeros["float32"].zeros.count <= 1
    # Floats have 13 and 29 more bits.
    assert zeros["float32"].expected == pytest.approx(zeros["float16"].expected / 2**13, rel=0.1)
    assert zeros["float64"].expected == pytest.approx(zeros["float32"].expected / 2**29, rel=1e-6)


def test_thirty_layers_begin_to_learn_with_he_and_not_with_xavier() -> None:
    result = result_of(Initialization(epochs=6, seed=0).run())
    he, xavier = result.curves
    assert he.final_loss[0] < 1.5
    assert xavier.final_loss[0] == pytest.approx(math.log(10), abs=0.01)


def test_five_layers_learn_with_both() -> None:
    result = result_of(Initialization(hidden_layers=5, epochs=6, rows=600, learning_rate=0.01).run())
    assert all(curve.final_loss[0] < 1 for curve in result.curves)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: type(experiment).__name__)
def test_same_seed_gives_the_same_result(experiment: Experiment[object]) -> None:
    assert result_of(experiment.run()) == result_of(experiment.run())


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: type(experiment).__name__)
def test_progress_counts_to_its_total(experiment: Experiment[object]) -> None:
    progress = list(experiment.run())
    total = progress[-1].total
    assert [(each.done, each.total) for each in progress] == [(done, total) for done in range(1, total + 1)]
    assert experiment.operations > 0
    assert experiment.values > 0


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (BornDead, {"layers": 1}),
        (BornDead, {"widths": ()}),
        (BornDead, {"widths": (2, 2)}),
        (BornDead, {"nets": 0}),
        (DerivativeAtZero, {"derivatives": (2.0,)}),
        (DerivativeAtZero, {"hidden": 0}),
        (Depth, {"layers": 1001}),
        (Depth, {"activations": ("softsign",)}),
        (Depth, {"layers": 1000, "seeds": 100, "width": 256}),
        (ExactZeros, {"dtypes": ("float8",)}),
        (ExactZeros, {"hidden": ()}),
        (Initialization, {"initializers": ("zeros",)}),
        (Initialization, {"batch_size": 0}),
    ],
)
def test_what_is_out_of_range_is_refused(kind: Callable[..., object], wrong: dict[str, object]) -> None:
    with pytest.raises(EngineError):
        kind(**wrong)
