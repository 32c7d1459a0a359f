"""The learning curve in columns."""

from collections.abc import Iterable
from typing import Any

from engine.history import HistoryPoint


def history_columns(points: Iterable[HistoryPoint]) -> dict[str, Any]:
    """Points in columns; what the model or the data do not have is null."""
    points = list(points)
    return {
        "step": [point.step for point in points],
        "loss": [point.loss for point in points],
        "accuracy": [point.accuracy for point in points],
        "held_out_loss": [point.held_out_loss for point in points],
    }
