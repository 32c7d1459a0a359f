"""What a small picture of a data set shows: some of its samples in a plane, or an image of each class."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.datasets.dataset import Dataset

# More marks could not be told apart on a picture of the size of a thumb.
MOST_MARKS = 120


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Samples in the square from 0 to 1, or images.

    Attributes
    ----------
    x, y : (n,) across and up; of a regression y is the number to learn; empty where there are images
    labels : (n,) of the same samples; empty where there are none
    images : (classes, height, width), from 0 to 1; empty where a sample is no image
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    labels: NDArray[np.int64]
    images: NDArray[np.float64]


def picture_of(dataset: Dataset) -> Picture:
    """The picture of a data set: its samples along the two features that tell the most."""
    nothing, no_labels, no_images = np.zeros(0), np.zeros(0, np.int64), np.zeros((0, 0, 0))
    is_labelled = dataset.about.task == "classification"
    if dataset.about.image_shape is not None and is_labelled:
        firsts = np.unique(dataset.y, return_index=True)[1]
        images = dataset.x[firsts].reshape(-1, *dataset.about.image_shape)
        return Picture(nothing, nothing, no_labels, images / max(1e-300, float(images.max())))
    # Evenly over all of them: many sets have one class after the other.
    rows = np.unique(np.linspace(0, len(dataset.y) - 1, MOST_MARKS).astype(int))
    across, up = telling_features(dataset.x, dataset.y, is_labelled=is_labelled)
    if not is_labelled:
        up_values: NDArray[np.float64] = dataset.y.astype(float)
    else:
        up_values = np.zeros(len(dataset.y)) if up is None else dataset.x[:, up]
    labels = dataset.y[rows].astype(np.int64) if is_labelled else no_labels
    return Picture(_inside(dataset.x[:, across])[rows], _inside(up_values)[rows], labels, no_images)


def telling_features(
    x: NDArray[np.float64], y: NDArray[np.int64] | NDArray[np.float64], *, is_labelled: bool
) -> tuple[int, int | None]:
    """Two features in the order of their columns, the second one None where there is one only.

    With labels those along which the classes differ most, compared with their spread inside a class; with numbers
    those that go with the number most closely.
    """
    centred = x - x.mean(axis=0)
    if is_labelled:
        own = [x[y == label] for label in np.unique(y)]
        between = sum(len(rows) * (rows.mean(axis=0) - x.mean(axis=0)) ** 2 for rows in own)
        inside = sum(((rows - rows.mean(axis=0)) ** 2).sum(axis=0) for rows in own)
    else:
        between = ((centred * (y - y.mean())[:, None]).sum(axis=0)) ** 2
        inside = (centred**2).sum(axis=0)
    score = np.divide(between, inside, out=np.zeros(x.shape[1]), where=np.asarray(inside) > 0)
    # The best first, of equal ones the one that stands first.
    ranked = np.argsort(-score, kind="stable")
    if not is_labelled:
        return int(ranked[0]), None
    best = sorted(ranked[:2].tolist())
    return best[0], best[1] if len(best) > 1 else None


def _inside(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """From the smallest at 0 to the largest at 1; in the middle where all are equal."""
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
