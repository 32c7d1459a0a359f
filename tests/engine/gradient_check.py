"""Compares the gradients of a network with differences of its loss, and knows what it cannot judge: a kink."""

from dataclasses import dataclass

import numpy as np

from engine.layers import ACTIVATIONS
from engine.primitives import Array
from engine.rewrites import prune
from tests.engine.cases import Case

# Central differences are off by h^2 / 6 of the third derivative and by u / h of the loss: least at h of about u^(1/3).
H = 1e-5
RELATIVE = 1e-7
ABSOLUTE = 1e-8


@dataclass(frozen=True)
class Checked:
    """The gradient of one tensor by the program and by differences.

    Parameters
    ----------
    crosses_a_kink : cells that move a unit onto or across its corner between -h and +h, so that the difference belongs
        to neither side.
    """

    program: Array
    difference: Array
    crosses_a_kink: Array
    loss: float

    @property
    def is_wrong(self) -> Array:
        """Cells that were judged and that differ by more than differences themselves are wrong."""
        size = np.maximum(np.abs(self.program), np.abs(self.difference))
        allowed = RELATIVE * size + ABSOLUTE * max(1.0, abs(self.loss))
        wrong: Array = ~self.crosses_a_kink & (np.abs(self.program - self.difference) > allowed)
        return wrong


def corners_of(case: Case) -> dict[str, float]:
    """Name of z -> where its activation has a corner, for the layers whose activation has one."""
    corners: dict[str, float] = {}
    for layer, (name, numbers) in enumerate(zip(case.activations, case.model.layer_settings, strict=True), start=1):
        corner = ACTIVATIONS[name].corner if name in ACTIVATIONS else None
        if corner is not None:
            corners[f"z{layer}"] = numbers[corner] if isinstance(corner, str) else corner
    return corners


def check_gradients(case: Case) -> dict[str, Checked]:
    """Name of a parameter, or "x" -> its gradients, checked cell by cell."""
    trace = case.trace()
    corners = corners_of(case)
    workspace = case.workspace(prune(trace.program, ["loss", *corners]))

    def loss_and_sides() -> tuple[float, list[bytes]]:
        """The loss, and for each unit with a corner on which side of it z is."""
        workspace.run()
        return float(workspace["loss"]), [np.sign(workspace[z] - corner).tobytes() for z, corner in corners.items()]

    checked = {}
    for name in ["x", *case.parameters]:
        cells = workspace[name]
        difference, crosses = np.empty(cells.shape), np.empty(cells.shape, bool)
        for place in np.ndindex(*cells.shape):
            kept = cells[place]
            cells[place] = kept + H
            above, sides_above = loss_and_sides()
            cells[place] = kept - H
            below, sides_below = loss_and_sides()
            cells[place] = kept
            difference[place] = (above - below) / (2 * H)
            crosses[place] = sides_above != sides_below
        checked[name] = Checked(trace["d" + name], difference, crosses, float(trace["loss"]))
    return checked
