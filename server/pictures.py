"""Pictures of learning as JSON-able data: what a network does in a plane, and its gates on all rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.metrics import is_dead, share_on
from engine.primitives import Array
from engine.training import Trainer
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


def decision_map(
    trainer: Trainer, x_feature: int, y_feature: int | None, resolution: int, units: Sequence[Unit] = ()
) -> dict[str, Any]:
    """The network's answer on a grid over two features, and z and a of some units; the other features at their mean.

    Parameters
    ----------
    y_feature : None for a grid of one row, along x_feature alone.
    """
    rows = trainer.run.train.x
    x = _axis(rows[:, x_feature], resolution)
    y = np.zeros(0) if y_feature is None else _axis(rows[:, y_feature], resolution)
    height = 1 if y_feature is None else resolution
    grid = np.tile(rows.mean(axis=0), (height * resolution, 1))
    grid[:, x_feature] = np.tile(x, height)
    if y_feature is not None:
        grid[:, y_feature] = np.repeat(y, resolution)

    def name(role: str, layer: int) -> str:
        found = trainer.program.named(role, layer)
        assert found is not None
        return found

    def plane(values: Array) -> Array:
        return values.reshape(height, resolution)

    output = name("a", trainer.run.model.depth)
    names = [output, *(name(role, layer) for layer in sorted({layer for layer, _ in units}) for role in ("z", "a"))]
    found = trainer.look(grid, list(dict.fromkeys(names)))
    return {
        "x_feature": x_feature,
        "y_feature": y_feature,
        "x": x,
        "y": y,
        "probabilities": found[output].reshape(height, resolution, -1),
        "units": [
            {
                "layer": layer,
                "unit": unit,
                "z": plane(found[name("z", layer)][:, unit]),
                "a": plane(found[name("a", layer)][:, unit]),
            }
            for layer, unit in units
        ],
    }


def gates_document(trainer: Trainer) -> dict[str, Any]:
    """For every hidden unit the share of all rows to train on for which its gate lets a gradient through."""
    train, depth = trainer.run.train, trainer.run.model.depth
    names = {layer: trainer.program.named("mask", layer) for layer in range(1, depth)}
    masks = {layer: name for layer, name in names.items() if name is not None}
    found = trainer.look(train.x, list(masks.values())) if masks else {}
    return {
        "step": trainer.taken + 1,
        "rows": train.m,
        "layers": [
            {"layer": layer, "share_on": share_on(found[name]), "is_dead": is_dead(found[name])}
            for layer, name in masks.items()
        ],
    }


def _axis(values: Array, resolution: int) -> Array:
    """Evenly from a little before the smallest value to a little beyond the largest."""
    low, high = float(values.min()), float(values.max())
    margin = 0.15 * (high - low) or 1.0
    return np.linspace(low - margin, high + margin, resolution)
