"""Measured data that travels with the engine. The text beside each file says where it comes from."""

from functools import cache
from importlib.resources import files

import numpy as np

from engine.datasets.about import About
from engine.datasets.dataset import Dataset

CC_BY = "CC BY 4.0"
IRIS_SOURCE = (
    "R. A. Fisher (1936), The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (2), 179-188; "
    "UCI Machine Learning Repository, doi.org/10.24432/C56C76, with its two known errors corrected"
)
DIGITS_SOURCE = (
    "E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, test set; "
    "UCI Machine Learning Repository, doi.org/10.24432/C50P49"
)
IRIS = About(
    "iris",
    ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
    ("setosa", "versicolor", "virginica"),
    IRIS_SOURCE,
    CC_BY,
)
DIGITS = About(
    "digits",
    tuple(f"pixel {row},{column}" for row in range(1, 9) for column in range(1, 9)),
    tuple("0123456789"),
    DIGITS_SOURCE,
    CC_BY,
    image_shape=(8, 8),
    fixed_scale=16.0,
)


@cache
def iris() -> Dataset:
    """Four lengths of 150 iris flowers of three species."""
    x, labels = _read("iris.csv")
    y = np.array([IRIS.class_names.index(label) for label in labels], dtype=np.int64)
    return Dataset(IRIS, x, y)


@cache
def digits() -> Dataset:
    """1797 handwritten digits as 8x8 images; a pixel is a count from 0 to 16."""
    x, labels = _read("digits.csv")
    return Dataset(DIGITS, x, np.array(labels, dtype=np.int64))


def _read(file_name: str) -> tuple[np.ndarray, list[str]]:
    """Numbers (rows, features) and labels of a packaged file: a header, then rows whose last cell is the label."""
    lines = (files("engine") / "data" / file_name).read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split(",") for line in lines]
    return np.array([row[:-1] for row in cells], dtype=np.float64), [row[-1] for row in cells]
