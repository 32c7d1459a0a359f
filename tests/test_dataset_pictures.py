"""The small picture of a data set shows its own samples."""

import numpy as np
import pytest

from engine.datasets import DATASETS, About, Dataset, make, picture_of, telling_features


def made(name: str) -> Dataset:
    return make(name, rng=np.random.default_rng(0))


@pytest.mark.parametrize("name", DATASETS)
def test_every_mark_lies_in_the_square_and_every_class_is_shown(name: str) -> None:
    dataset, picture = made(name), picture_of(made(name))
    assert len(picture.images) == (10 if dataset.about.image_shape else 0)
    for values in (picture.x, picture.y, picture.images):
        assert np.all((values >= 0) & (values <= 1))
    assert len(picture.x) == len(picture.y) <= 120
    if not dataset.about.image_shape:
        assert set(picture.labels) == set(range(dataset.about.classes))


def test_the_corners_of_xor_are_the_corners_of_the_square() -> None:
    picture = picture_of(made("xor"))
    corners = list(zip(picture.x, picture.y, picture.labels, strict=True))
    assert corners == [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]


def test_iris_is_shown_along_the_measures_of_its_petals() -> None:
    dataset = made("iris")
    across, up = telling_features(dataset.x, dataset.y, is_labelled=True)
    assert [dataset.about.feature_names[at] for at in (across, up or 0)] == ["petal length (cm)", "petal width (cm)"]


def test_a_regression_is_shown_along_the_feature_that_goes_with_its_number() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(50, 3))
    y = 3 * x[:, 1] + 0.1 * rng.normal(size=50)
    assert telling_features(x, y, is_labelled=False) == (1, None)
    picture = picture_of(Dataset(About("own", ("a", "b", "c"), (), "", "", target_name="t"), x, y))
    assert np.corrcoef(picture.x, picture.y)[0, 1] > 0.99
    assert len(picture.labels) == 0


def test_each_image_is_the_first_one_of_its_class() -> None:
    dataset = made("digits")
    picture = picture_of(dataset)
    three = dataset.x[np.flatnonzero(dataset.y == 3)[0]].reshape(8, 8)
    np.testing.assert_allclose(picture.images[3] * 16, three)


def test_a_feature_that_never_changes_is_drawn_in_the_middle() -> None:
    x, y = np.array([[2.0], [2.0]]), np.array([0, 1])
    picture = picture_of(Dataset(About("own", ("a",), ("A", "B"), "", ""), x, y))
    assert (picture.x.tolist(), picture.y.tolist()) == ([0.5, 0.5], [0.5, 0.5])
