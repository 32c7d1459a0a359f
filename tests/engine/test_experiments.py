"""What the experiments show agrees with what is known about them."""

import pytest

from engine.experiments import BornDead, DerivativeAtZero, result_of


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


@pytest.mark.parametrize("experiment", [BornDead(widths=(2,), nets=50), DerivativeAtZero(seeds=5, steps=5)])
def test_same_seed_gives_the_same_result(experiment: BornDead | DerivativeAtZero) -> None:
    assert result_of(experiment.run()) == result_of(experiment.run())  # type: ignore[arg-type]
