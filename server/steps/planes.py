"""What a network and its units answer over a plane of two features, or along one, as JSON-able data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.datasets import telling_features as features_that_tell
from engine.primitives import Array
from engine.training import Trainer
from engine.workbench import ROWS_AT_ONCE, Read
from server.problems import Problem

Unit = tuple[int, int]


def units_of(names: Sequence[str], trainer: Trainer) -> list[Unit]:
    """(layer, unit) of names like "1:0": layers are counted from 1, units from 0.

    Raises
    ------
    Problem : there is no such unit.
    """
    units = [(int(layer), int(unit)) for layer, unit in (name.split(":") for name in names)]
    sizes = trainer.run.model.units
    for name, (layer, unit) in zip(names, units, strict=True):
        if not (1 <= layer < len(sizes) and unit < sizes[layer]):
            raise Problem(
                422,
                "unknown_unit",
                f"There is no unit {name} in this model; its layers 1 to {len(sizes) - 1} have "
                f"{', '.join(map(str, sizes[1:]))} units, counted from 0.",
                field="unit",
                found=name,
                units=list(sizes[1:]),
            )
    return units


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A grid over two features, or along one; the other features are at their training mean.

    Parameters
    ----------
    y_feature : None for a grid of one row, along x_feature alone.
    x, y : where its columns and rows are; y is empty along one feature.
    means : of all features.
    """

    x_feature: int
    y_feature: int | None
    x: Array
    y: Array
    means: Array

    @property
    def shape(self) -> tuple[int, int]:
        return max(1, len(self.y)), len(self.x)

    def rows(self) -> Iterator[Array]:
        """Its points, row of the grid after row, some at a time: a fine grid of many features is large."""
        height, width = self.shape
        for start in range(0, height * width, ROWS_AT_ONCE):
            points = np.arange(start, min(start + ROWS_AT_ONCE, height * width))
            rows = np.tile(self.means, (len(points), 1))
            rows[:, self.x_feature] = self.x[points % width]
            if self.y_feature is not None:
                rows[:, self.y_feature] = self.y[points // width]
            yield rows

    def look(self, trainer: Trainer, wanted: Mapping[str, Read]) -> dict[str, Array]:
        """What is kept of these tensors, for all of its points."""
        parts = [trainer.look(rows, wanted) for rows in self.rows()]
        if len(parts) == 1:
            return parts[0]
        return {name: np.concatenate([part[name] for part in parts]) for name in wanted}


def second_feature(trainer: Trainer, x_feature: int, y_feature: int | None) -> int | None:
    """The feature that goes upwards: the second one where there is one and nobody wants another.

    Raises
    ------
    Problem : there is no such feature.
    """
    inputs = trainer.run.model.inputs
    second = 1 if y_feature is None and inputs > 1 else y_feature
    for name, feature in (("x_feature", x_feature), ("y_feature", second)):
        if feature is not None and feature >= inputs:
            raise Problem(
                422,
                "unknown_feature",
                f"{name} is {feature}; this model has the features 0 to {inputs - 1}.",
                field=name,
                found=feature,
            )
    return second


def telling_features(trainer: Trainer) -> tuple[int, int | None]:
    """The two features along which the classes differ most, compared with their spread inside a class."""
    rows = trainer.run.train
    labels = rows.y.argmax(axis=1) if rows.y.shape[1] > 1 else (rows.y[:, 0] > 0.5).astype(int)
    return features_that_tell(rows.x, labels, is_labelled=True)


def plane_of(trainer: Trainer, x_feature: int, y_feature: int | None, resolution: int) -> Plane:
    """The grid over these features of the rows to train on.

    Parameters
    ----------
    y_feature : None for a grid of one row.
    """
    rows = trainer.run.train.x
    x = _axis(rows[:, x_feature], resolution)
    y = np.zeros(0) if y_feature is None else _axis(rows[:, y_feature], resolution)
    return Plane(x_feature, y_feature, x, y, rows.mean(axis=0))


def decision_map(trainer: Trainer, plane: Plane, units: Sequence[Unit] = ()) -> dict[str, Any]:
    """The network's answer on a plane, and z and a of some units."""

    def grid(values: Array) -> Array:
        return values.reshape(plane.shape)

    depth = trainer.run.model.depth
    output = _name(trainer, "a", depth)
    # Of each layer its wanted units alone: on a fine grid a wide layer takes hundreds of megabytes.
    columns = {layer: sorted({unit for other, unit in units if other == layer}) for layer, _ in units}
    if depth in columns:
        # These are answered anyway.
        columns[depth] = list(range(trainer.run.model.outputs))
    names = {(role, layer): _name(trainer, role, layer) for layer in columns for role in ("z", "a")}
    kept = {name: _columns_of(columns[layer]) for (_, layer), name in names.items()}
    found = plane.look(trainer, {**kept, output: np.copy})
    return {
        "x_feature": plane.x_feature,
        "y_feature": plane.y_feature,
        "x": plane.x,
        "y": plane.y,
        "probabilities": found[output].reshape(*plane.shape, -1),
        "units": [
            {
                "layer": layer,
                "unit": unit,
                "z": grid(found[names["z", layer]][:, columns[layer].index(unit)]),
                "a": grid(found[names["a", layer]][:, columns[layer].index(unit)]),
            }
            for layer, unit in units
        ],
    }


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a network does in a plane.

    Parameters
    ----------
    outputs : (height, resolution, outputs)
    corners : (2, 2, units): z of the first layer, which is a plane itself, at the plane's corners: low before high, y
        before x; one row along one feature.
    open : by layer, from the second hidden one on, (units, height, resolution): whether the gate lets anything through.
    """

    outputs: Array
    corners: Array
    open: dict[int, Array]


def answers_in(trainer: Trainer, plane: Plane) -> Answers:
    """The network's answer in a plane, and where the gates of its units are open."""
    depth = trainer.run.model.depth
    output, first = _name(trainer, "a", depth), _name(trainer, "z", 1)
    masks = {layer: name for layer in range(2, depth) if (name := trainer.program.named("mask", layer)) is not None}
    found = plane.look(trainer, dict.fromkeys([output, first, *masks.values()], np.copy))
    height, width = plane.shape
    cells = {name: values.reshape(height, width, -1) for name, values in found.items()}
    return Answers(
        cells[output],
        cells[first][:: max(1, height - 1), :: width - 1],
        {layer: np.moveaxis(cells[name] != 0, -1, 0) for layer, name in masks.items()},
    )


def _columns_of(columns: list[int]) -> Read:
    return lambda values: values[:, columns]


def _name(trainer: Trainer, role: str, layer: int) -> str:
    found = trainer.program.named(role, layer)
    assert found is not None
    return found


def _axis(values: Array, resolution: int) -> Array:
    """Evenly from a little before the smallest value to a little beyond the largest."""
    low, high = float(values.min()), float(values.max())
    margin = 0.15 * (high - low) or 1.0
    return np.linspace(low - margin, high + margin, resolution)
