"""The data sets: what is in them, how they are split, and what a person's own table may look like."""

from collections.abc import Callable, Sequence
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import DATASETS, About, Dataset, DatasetError, DatasetInfo, Split, make, split
from engine.errors import EngineError

INFOS = [row.info for row in DATASETS.values()]
NAMES = list(DATASETS)
GENERATED = ["two_moons", "circles", "three_blobs", "three_spirals"]


def made(name: str, seed: int = 0, **options: int | float | str) -> Dataset:
    return make(name, rng=np.random.default_rng(seed), **options)


def parts(dataset: Dataset, seed: int = 0, fraction: float = 0.2) -> Split:
    return split(dataset, np.random.default_rng(seed), fraction)


def labelled(x: Sequence[Sequence[float]], labels: str) -> Dataset:
    """Rows with the label a or b."""
    y = np.array(["ab".index(label) for label in labels])
    names = tuple(f"x{column}" for column in range(1, len(x[0]) + 1))
    return Dataset(About("labelled", names, ("a", "b"), "these tests", "free to use"), np.array(x, dtype=np.float64), y)


def refusal(call: Callable[[], object]) -> EngineError:
    with pytest.raises(DatasetError) as caught:
        call()
    return caught.value


# The named sets


def test_the_catalogue_names_all_sets() -> None:
    assert NAMES == ["xor", "two_moons", "circles", "three_blobs", "three_spirals", "iris", "digits", "line", "curve"]


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.name)
def test_a_set_is_what_the_catalogue_says(info: DatasetInfo) -> None:
    dataset = made(info.name)
    assert dataset.about == info.about and info.about.title == info.name
    assert dataset.x.shape == (info.rows, info.about.features)
    assert dataset.x.dtype == np.float64 and np.isfinite(dataset.x).all()
    if info.about.task == "classification":
        assert dataset.y.dtype == np.int64 and sorted(set(dataset.y.tolist())) == list(range(info.about.classes))
    else:
        assert dataset.y.dtype == np.float64 and np.isfinite(dataset.y).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_rows(name: str) -> None:
    np.testing.assert_array_equal(made(name, seed=5).x, made(name, seed=5).x)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_can_change_a_set_for_others(name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        made(name).x[0, 0] = 1.0


def test_xor_is_its_four_points_in_the_order_of_the_guide() -> None:
    dataset = made("xor")
    assert dataset.x.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    assert [dataset.about.class_names[label] for label in dataset.y] == ["A", "B", "B", "A"]


def test_xor_can_stand_at_0_and_1() -> None:
    dataset = made("xor", corners="0/1")
    assert dataset.x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert dataset.y.tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("name", GENERATED)
def test_generated_classes_are_as_balanced_as_the_rows_allow(name: str) -> None:
    counts = np.bincount(made(name, rows=100).y)
    assert counts.sum() == 100 and np.ptp(counts) <= 1


@pytest.mark.parametrize("name", GENERATED)
def test_another_seed_gives_other_points(name: str) -> None:
    assert (made(name, seed=1).x != made(name, seed=2).x).all()


def test_circles_without_noise_have_radius_1_and_one_half() -> None:
    dataset = made("circles", noise=0)
    np.testing.assert_allclose(np.hypot(*dataset.x.T), np.where(dataset.y == 0, 1.0, 0.5), rtol=1e-12)


def test_moons_without_noise_are_half_circles_around_their_centres() -> None:
    dataset = made("two_moons", noise=0)
    centre = np.where(dataset.y[:, None] == 0, [0.0, 0.0], [1.0, 0.5])
    np.testing.assert_allclose(np.hypot(*(dataset.x - centre).T), 1.0, rtol=1e-12)
    assert (dataset.x[dataset.y == 0, 1] >= 0).all() and (dataset.x[dataset.y == 1, 1] <= 0.5).all()


def test_spiral_arms_are_a_third_of_a_turn_apart() -> None:
    dataset = made("three_spirals", noise=0)
    radius, angle = np.hypot(*dataset.x.T), np.arctan2(dataset.x[:, 1], dataset.x[:, 0])
    unwound = (angle / (2 * np.pi) - 0.75 * radius - dataset.y / 3 + 0.5) % 1.0
    np.testing.assert_allclose(unwound, 0.5, atol=1e-12)


def test_blobs_without_noise_are_three_points() -> None:
    dataset = made("three_blobs", noise=0)
    for label in range(3):
        assert np.ptp(dataset.x[dataset.y == label], axis=0).tolist() == [0, 0]


def test_noise_is_the_width_of_a_blob() -> None:
    dataset = made("three_blobs", rows=9999, noise=0.5)
    spread = dataset.x[dataset.y == 1].std(axis=0)
    # 3333 rows: the deviation is known to about 0.5 / sqrt(2 * 3333) = 0.006
    np.testing.assert_allclose(spread, 0.5, atol=0.03)


# Numbers to learn


def test_line_and_curve_learn_one_number_from_one_feature() -> None:
    for name in ("line", "curve"):
        dataset = made(name)
        assert (dataset.about.task, dataset.about.target_name, dataset.about.feature_names) == (
            "regression",
            "y",
            ("x",),
        )
        assert dataset.about.class_names == () and dataset.x.shape == (100, 1) and dataset.y.shape == (100,)


def test_without_noise_they_lie_on_their_line_and_on_their_curve() -> None:
    line, curve = made("line", noise=0), made("curve", noise=0)
    np.testing.assert_allclose(line.y, 2 * line.x[:, 0] + 1, rtol=1e-12)
    np.testing.assert_allclose(curve.y, np.sin(curve.x[:, 0]), rtol=1e-12)
    assert 0 <= line.x.min() < 1 and 9 < line.x.max() <= 10
    assert -np.pi <= curve.x.min() < -3 and 3 < curve.x.max() <= np.pi


@pytest.mark.parametrize("name", ["line", "curve"])
def test_noise_is_the_spread_of_the_target_around_them(name: str) -> None:
    # The same seed gives the same x and the same noise before it is scaled.
    calm, noisy = made(name, rows=9999, noise=0), made(name, rows=9999, noise=0.5)
    np.testing.assert_array_equal(calm.x, noisy.x)
    # 9999 rows: the deviation is known to about 0.5 / sqrt(2 * 9999) = 0.0035
    np.testing.assert_allclose((noisy.y - calm.y).std(), 0.5, atol=0.02)


def numbers(*y: float, fixed_scale: float | None = None) -> Dataset:
    """One feature 0, 1, 2, ... and these numbers to learn, called grade."""
    x = np.arange(len(y), dtype=np.float64)[:, None]
    return Dataset(About("t", ("x",), (), "", "", fixed_scale=fixed_scale, target_name="grade"), x, np.array(y))


def test_a_target_is_standardised_on_the_training_part_alone() -> None:
    dataset = numbers(50.0, 50.5, 47.0, 97.0, 49.5)
    cut = parts(dataset, fraction=0.4)
    assert len(cut.held_out_rows) == 2
    seen = dataset.y[cut.train_rows]
    mean = sum(seen) / 3
    scale = np.sqrt(sum((seen - mean) ** 2) / 3)
    assert cut.target is not None and cut.target.name == "grade"
    np.testing.assert_allclose([cut.target.mean, cut.target.scale], [mean, scale], rtol=1e-12)
    np.testing.assert_allclose(cut.y_train, (seen - mean) / scale, rtol=1e-12)
    np.testing.assert_allclose(cut.y_held_out, (dataset.y[cut.held_out_rows] - mean) / scale, rtol=1e-12)


def test_three_grades_by_hand() -> None:
    # mean 4, deviations -2, 0, 2: variance 8/3
    cut = parts(numbers(2.0, 4.0, 6.0), fraction=0.0)
    assert cut.target is not None and cut.target.mean == 4
    np.testing.assert_allclose(cut.y_train, np.array([-2, 0, 2]) / np.sqrt(8 / 3), rtol=1e-12)


def test_a_constant_target_is_centred_only() -> None:
    # The mean of 150 times 0.1 misses 0.1 by one rounding.
    cut = parts(numbers(*[0.1] * 150))
    assert cut.target is not None and (cut.target.mean, cut.target.scale) == (0.1, 1)
    assert not cut.y_train.any() and not cut.y_held_out.any()


def test_a_target_stays_as_it_is_where_the_scale_is_fixed() -> None:
    cut = parts(numbers(2.0, 4.0, 6.0, fixed_scale=1.0), fraction=0.0)
    assert cut.target is not None and (cut.target.mean, cut.target.scale) == (0, 1)
    assert cut.y_train.tolist() == [2, 4, 6]


@pytest.mark.parametrize(("rows", "fraction", "held_out"), [(5, 0.2, 1), (5, 0.99, 4), (1, 0.99, 0), (10, 0.25, 3)])
def test_rows_with_targets_are_held_out_from_all_of_them_and_one_stays(
    rows: int, fraction: float, held_out: int
) -> None:
    cut = parts(numbers(*range(rows)), fraction=fraction)
    assert (len(cut.y_train), len(cut.y_held_out)) == (rows - held_out, held_out)


def test_which_rows_are_held_out_is_random_and_seeded() -> None:
    dataset = numbers(*range(40))
    one, same, other = (parts(dataset, seed).held_out_rows.tolist() for seed in (1, 1, 2))
    assert one == same != other and one != list(range(8)) and one != list(range(32, 40))


def test_classes_have_no_scale() -> None:
    assert parts(made("iris")).target is None


# The recorded sets


def test_iris_is_fishers_table_and_not_the_two_wrong_rows_of_uci() -> None:
    dataset = made("iris")
    assert dataset.x[34].tolist() == [4.9, 3.1, 1.5, 0.2]  # UCI: 4.9, 3.1, 1.5, 0.1
    assert dataset.x[37].tolist() == [4.9, 3.6, 1.4, 0.1]  # UCI: 4.9, 3.1, 1.5, 0.1
    np.testing.assert_allclose(dataset.x.sum(axis=0), [876.5, 458.6, 563.7, 179.9], rtol=1e-12)
    assert np.bincount(dataset.y).tolist() == [50, 50, 50]


def test_digits_are_the_test_set_of_uci() -> None:
    dataset = made("digits")
    # Counts as the description of the collection gives them.
    assert np.bincount(dataset.y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (dataset.x == np.round(dataset.x)).all() and dataset.x.min() == 0 and dataset.x.max() == 16


def test_a_digit_reads_as_an_image_row_by_row() -> None:
    dataset = made("digits")
    image = dataset.x[0].reshape(dataset.about.image_shape or ())
    # The first one is a 0: dark around, light in the middle.
    assert dataset.y[0] == 0 and image[3:5, 3:5].max() == 0 and image[3:5, 1:3].max() >= 8


@pytest.mark.parametrize("name", ["iris", "digits"])
def test_source_and_licence_stand_beside_recorded_data(name: str) -> None:
    text = (files("engine") / "data" / f"{name}.md").read_text(encoding="utf-8")
    dataset = made(name)
    assert dataset.about.licence in text and "**Source.**" in text
    assert f"10.24432/{dataset.about.source.partition('10.24432/')[2][:6]}" in text


# Refusals of `make`


def test_an_unknown_set_is_answered_with_the_known_ones() -> None:
    error = refusal(lambda: made("moons"))
    assert error.code == "unknown_dataset"
    assert "'moons'" in str(error) and "two_moons, circles" in str(error)


def test_an_unknown_option_is_answered_with_the_known_ones() -> None:
    error = refusal(lambda: made("circles", radius=2))
    assert error.code == "unknown_option" and "'radius'" in str(error) and "rows, noise" in str(error)


def test_a_set_without_options_says_so() -> None:
    assert "no options" in str(refusal(lambda: made("iris", rows=10)))


@pytest.mark.parametrize(
    ("name", "option", "value"),
    [
        ("circles", "rows", 9),
        ("circles", "rows", 10_001),
        ("circles", "rows", 20.0),
        ("circles", "rows", True),
        ("circles", "rows", "20"),
        ("circles", "noise", -0.1),
        ("circles", "noise", float("nan")),
        ("circles", "noise", float("inf")),
        ("circles", "noise", False),
        ("xor", "corners", "0/2"),
        ("xor", "corners", 0),
    ],
)
def test_a_bad_option_is_answered_with_what_was_found_and_wanted(name: str, option: str, value: object) -> None:
    error = refusal(lambda: make(name, rng=np.random.default_rng(0), **{option: value}))  # type: ignore[arg-type]
    assert error.code == "bad_option"
    assert repr(value) in str(error) and str(error.details["wanted"]) in str(error)


# Splitting


@pytest.mark.parametrize("name", NAMES)
def test_scaled_rows_lead_back_to_the_raw_ones(name: str) -> None:
    dataset, cut = made(name), parts(made(name))
    raw = dataset.x[cut.train_rows], dataset.x[cut.held_out_rows]
    np.testing.assert_allclose(cut.x_train * cut.scale + cut.mean, raw[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(cut.x_held_out * cut.scale + cut.mean, raw[1], rtol=1e-12, atol=1e-12)
    for y, rows in ((cut.y_train, cut.train_rows), (cut.y_held_out, cut.held_out_rows)):
        y = y if cut.target is None else y * cut.target.scale + cut.target.mean
        np.testing.assert_allclose(y, dataset.y[rows], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_in_exactly_one_part_and_in_order(name: str) -> None:
    cut = parts(made(name))
    assert sorted([*cut.train_rows, *cut.held_out_rows]) == list(range(len(made(name).y)))
    assert (np.diff(cut.train_rows) > 0).all() and (np.diff(cut.held_out_rows) > 0).all()


@pytest.mark.parametrize("name", ["two_moons", "three_spirals", "iris"])
def test_the_training_part_is_standardised_and_the_held_out_part_only_scaled_alike(name: str) -> None:
    cut = parts(made(name))
    np.testing.assert_allclose(cut.x_train.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(cut.x_train.std(axis=0), 1.0, rtol=1e-12)
    assert (abs(cut.x_held_out.mean(axis=0)) > 1e-6).all()


def test_the_split_takes_its_share_of_every_class() -> None:
    assert np.bincount(parts(made("iris"), fraction=0.3).y_held_out).tolist() == [15, 15, 15]


def test_the_split_is_seeded() -> None:
    one, same, other = (parts(made("iris"), seed) for seed in (1, 1, 2))
    assert one.held_out_rows.tolist() == same.held_out_rows.tolist() != other.held_out_rows.tolist()


def test_xor_stays_untouched_and_whole() -> None:
    dataset = made("xor")
    cut = parts(dataset)
    np.testing.assert_array_equal(cut.x_train, dataset.x)
    assert cut.x_held_out.shape == (0, 2) and cut.y_held_out.shape == (0,)


def test_digits_are_divided_by_16_and_not_shifted() -> None:
    dataset = made("digits")
    cut = parts(dataset)
    np.testing.assert_array_equal(cut.x_train, dataset.x[cut.train_rows] / 16)
    assert cut.mean.tolist() == [0] * 64


def test_a_constant_column_is_centred_to_exactly_zero() -> None:
    # The mean of 150 times 0.1 misses 0.1 by one rounding.
    cut = parts(labelled([[0.1, row] for row in range(150)], "ab" * 75))
    assert cut.scale[0] == 1 and not cut.x_train[:, 0].any() and not cut.x_held_out[:, 0].any()


def test_a_class_with_one_row_is_trained_on() -> None:
    cut = parts(labelled([[1], [2], [3]], "aab"), fraction=0.99)
    assert sorted(cut.y_train.tolist()) == [0, 1]


def test_nothing_is_held_out_at_fraction_zero() -> None:
    assert parts(made("iris"), fraction=0.0).x_train.shape == (150, 4)


@pytest.mark.parametrize("fraction", [-0.1, 1.0, float("nan")])
def test_a_fraction_outside_zero_to_one_is_refused(fraction: float) -> None:
    error = refusal(lambda: parts(made("iris"), fraction=fraction))
    assert error.code == "bad_fraction" and str(fraction) in str(error)


@given(
    rows=st.lists(st.tuples(st.floats(-1e100, 1e100), st.sampled_from("ab")), min_size=3, max_size=20),
    fraction=st.floats(0, 0.99),
)
def test_any_table_of_finite_numbers_can_be_split(rows: list[tuple[float, str]], fraction: float) -> None:
    rows = [*rows, (0.0, "a"), (1.0, "b")]
    table = labelled([[number] for number, _ in rows], "".join(label for _, label in rows))
    with np.errstate(all="raise", under="ignore"):
        cut = parts(table, fraction=fraction)
    assert np.isfinite(cut.x_train).all() and np.isfinite(cut.x_held_out).all()
