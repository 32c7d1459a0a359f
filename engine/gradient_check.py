"""Compares gradients with differences of the loss, cell by cell, and knows what it cannot judge: a kink."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.errors import EngineError
from engine.mistakes import values_of
from engine.model import Batch, ModelSpec, program_of, scalars_of
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import prune
from engine.settings import check_name
from engine.trace import Trace
from engine.workspace import Workspace

Verdict = Literal["agrees", "differs", "skipped"]
CellIndex = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kink:
    """A cell that stands on another side of a corner at w - h than at w + h, so that the difference belongs to neither
    side.

    Parameters
    ----------
    tensor : the z of a layer, where the slope of its activation jumps, or what the loss bends at.
    unit, sample : from 0.
    below, above : the cell at w - h and at w + h.
    """

    tensor: str
    layer: int
    unit: int
    sample: int
    below: float
    above: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a parameter (or of x) with its gradient by the program and by differences.

    Parameters
    ----------
    h : half of the distance between the two places at which the loss was computed, as they were rounded.
    allowed : |analytic - numeric| up to which both are called equal.
    places, below, above : these two places, and the loss at them.
    kink : the first one on the way; the cell is then not judged.
    """

    name: str
    place: CellIndex
    value: float
    analytic: float
    numeric: float
    h: float
    allowed: float
    places: tuple[float, float]
    below: float
    above: float
    kink: Kink | None

    @property
    def difference(self) -> float:
        return abs(self.analytic - self.numeric)

    @property
    def relative_error(self) -> float:
        """|analytic - numeric| / max(|analytic|, |numeric|); 0 where both are 0."""
        size = max(abs(self.analytic), abs(self.numeric))
        return self.difference / size if size else 0.0

    @property
    def verdict(self) -> Verdict:
        if self.kink is not None:
            return "skipped"
        return "agrees" if self.difference <= self.allowed else "differs"


@dataclass(frozen=True, slots=True)
class Moved:
    """The loss with one number moved.

    Parameters
    ----------
    value : where the number was put, as it was rounded.
    masks_differ : whether some unit stands on another side of its corner than before.
    """

    value: float
    loss: float
    masks_differ: bool


def best_h(dtype: str) -> float:
    """The step of least error where the loss and its third derivative are of one size: (3 u)^(1/3).

    A central difference is off by h^2 / 6 of the third derivative, and by u / h of the loss that rounds it.
    """
    return float(np.cbrt(3 * _roundoff(dtype)))


def corners_of(model: ModelSpec) -> dict[str, tuple[int, float]]:
    """Name of z -> its layer and where its activation has a corner, for the layers whose activation has one."""
    corners: dict[str, tuple[int, float]] = {}
    found = [*(activation.corner for activation in model.activations), model.output.corner]
    for layer, (corner, numbers) in enumerate(zip(found, model.layer_settings, strict=True), start=1):
        if corner is not None:
            corners[f"z{layer}"] = layer, numbers[corner] if isinstance(corner, str) else corner
    return corners


def _kinks_of(model: ModelSpec) -> dict[str, tuple[int, tuple[float, ...]]]:
    """The same with all places of each tensor, and what the loss bends at."""
    places: dict[str, tuple[int, tuple[float, ...]]] = {}
    for z, (layer, corner) in corners_of(model).items():
        places[z] = layer, (corner,)
    if model.output.bend is not None:
        tensor, name = model.output.bend
        size = model.layer_settings[-1][name]
        places[tensor] = model.depth, (-size, size)
    return places


class GradientCheck:
    """The gradients of a model on a batch, and its forward pass to compute differences with.

    Parameters
    ----------
    h : the step, times max(1, |value|); None: `best_h`.
    program : another program of the same model, for example one with a mistake in it.
    trace : the step where it is computed already, by any program: what is checked is then its gradients.
    """

    def __init__(
        self,
        model: ModelSpec,
        parameters: Mapping[str, Array],
        batch: Batch,
        h: float | None = None,
        program: Program | None = None,
        trace: Trace | None = None,
    ) -> None:
        if h is not None and not 0 < h < np.inf:
            raise EngineError("range", f"h is {h}; give a positive number.", field="h", found=h)
        program = program or (program_of(model, None) if trace is None else trace.program)
        numbers = {**values_of(program, batch.m), **scalars_of(model, None, batch.m)}
        values = {"x": batch.x, "y": batch.y, **parameters, **numbers}
        if trace is None:
            whole = Workspace(program, batch.m, model.dtype)
            whole.load(values)
            trace = whole.trace()
        self._masked, self._corners = corners_of(model), _kinks_of(model)
        self._forward = Workspace(prune(program, ["loss", *self._corners]), batch.m, model.dtype)
        self._forward.load(values)
        self._forward.run()
        self._sides = {z: self._side(z) for z in self._corners}
        self._gradients = {name: trace["d" + name] for name in ("x", *parameters)}
        self._dtype = model.dtype
        self.h = best_h(model.dtype) if h is None else h
        self.loss = float(trace["loss"])
        self.m = batch.m

    @property
    def names(self) -> tuple[str, ...]:
        """What can be checked: the parameters."""
        return tuple(name for name in self._gradients if name != "x")

    @property
    def values_per_pass(self) -> int:
        """How many numbers one forward pass computes; a cell takes two."""
        return self._forward.vector.size

    def cells_of(self, names: Iterable[str] | None = None) -> "Cells":
        """Every cell of these tensors ("x" may be one of them), each tensor once; of all parameters without names.

        Raises
        ------
        EngineError : an unknown name.
        """
        names = self.names if names is None else tuple(dict.fromkeys(names))
        for name in names:
            check_name("parameters_to_check", name, self._gradients)
        return Cells({name: self._gradients[name].shape for name in names})

    def check(self, name: str, place: CellIndex, h: float | None = None) -> Cell:
        """Compare one cell; the step is h times max(1, |value|)."""
        return self.nudge(name, place, self.step_of(name, place, h))

    def step_of(self, name: str, place: CellIndex, h: float | None = None) -> float:
        """How far `check` moves a cell."""
        return (self.h if h is None else h) * max(1.0, abs(float(self._forward[name][place])))

    def nudge(self, name: str, place: CellIndex, step: float) -> Cell:
        """Compare one cell by moving it to both sides by exactly this step."""
        cells = self._forward[name]
        value = cells[place]
        above, loss_above, z_above = self._at(name, place, float(value) + step)
        below, loss_below, z_below = self._at(name, place, float(value) - step)
        cells[place] = value
        # The change that arrives is not quite the one that was added: the places are rounded too.
        width = above - below
        numeric = (loss_above - loss_below) / width if width else 0.0
        analytic = float(self._gradients[name][place])
        return Cell(
            name,
            place,
            float(value),
            analytic,
            numeric,
            width / 2,
            self._allowed(max(abs(analytic), abs(numeric)), step),
            (below, above),
            loss_below,
            loss_above,
            self._kink(z_below, z_above),
        )

    def kinks(self, name: str, place: CellIndex, step: float) -> list[Kink]:
        """Every cell that stands on another side of its corner when the cell is moved by this step to one side."""
        cells = self._forward[name]
        value = cells[place]
        above, below = (self._at(name, place, float(value) + way * step)[2] for way in (1, -1))
        cells[place] = value
        return list(self._kinks(below, above))

    def at(self, name: str, place: CellIndex, value: float) -> Moved:
        """The loss with one cell at another value, the others as they are."""
        cells = self._forward[name]
        before = cells[place]
        rounded, loss, z = self._at(name, place, value)
        cells[place] = before
        return Moved(rounded, loss, any(kink.tensor in self._masked for kink in self._kinks(z, z)))

    def best_h_of(self, name: str, place: CellIndex) -> float | None:
        """The step of least error for one cell, (3 u |f| / |f'''|)^(1/3), with f''' by a difference of its own.

        None where a corner is near or the third derivative is 0: a larger step is then never worse.
        """
        cells = self._forward[name]
        value = cells[place]
        step = np.float64(_roundoff(self._dtype) ** 0.2) * max(1.0, abs(float(value)))
        found = [self._at(name, place, float(value + k * step)) for k in (2, 1, -1, -2)]
        cells[place] = value
        with np.errstate(all="ignore"):
            third = float((found[0][1] - 2 * found[1][1] + 2 * found[2][1] - found[3][1]) / (2 * step**3))
        if self._kink(found[3][2], found[0][2]) is not None or not np.isfinite(third) or third == 0:
            return None
        return float(np.cbrt(3 * _roundoff(self._dtype) * abs(self.loss) / abs(third)))

    def _at(self, name: str, place: CellIndex, value: float) -> tuple[float, float, dict[str, Array]]:
        """The value as it was rounded, the loss there, and every tensor that has a corner."""
        cells = self._forward[name]
        with np.errstate(over="ignore", under="ignore"):
            cells[place] = value
        self._forward.run()
        return float(cells[place]), float(self._forward["loss"]), {z: self._forward[z].copy() for z in self._corners}

    def _side(self, z: str, values: Array | None = None) -> Array:
        cells = self._forward[z] if values is None else values
        return np.asarray(sum(np.sign(cells - place) for place in self._corners[z][1]))

    def _kink(self, below: Mapping[str, Array], above: Mapping[str, Array]) -> Kink | None:
        return next(self._kinks(below, above), None)

    def _kinks(self, below: Mapping[str, Array], above: Mapping[str, Array]) -> Iterator[Kink]:
        for z, (layer, _) in self._corners.items():
            here = self._sides[z]
            moved = (self._side(z, below[z]) != here) | (self._side(z, above[z]) != here)
            for row, column in np.argwhere(moved):
                sample, unit = int(row), int(column)
                yield Kink(z, layer, unit, sample, float(below[z][sample, unit]), float(above[z][sample, unit]))

    def _allowed(self, size: float, step: float) -> float:
        # 1e-7 is what is called good in float64; where numbers are coarser, so is what differences can tell.
        u = _roundoff(self._dtype)
        relative = float(np.clip(1000 * u ** (2 / 3), 1e-7, 0.5))
        return relative * size + max(1.0, abs(self.loss)) * (relative / 10 + 10 * u / step)


class Cells:
    """The cells of some tensors, one after the other: x may have millions, and few of them are looked at.

    Parameters
    ----------
    shapes : by name.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self._shapes = shapes

    def __len__(self) -> int:
        return sum(math.prod(shape) for shape in self._shapes.values())

    def __getitem__(self, index: int) -> tuple[str, CellIndex]:
        for name, shape in self._shapes.items():
            if index < (size := math.prod(shape)):
                return name, tuple(map(int, np.unravel_index(index, shape)))
            index -= size
        raise IndexError(index)

    def __contains__(self, cell: tuple[str, CellIndex]) -> bool:
        name, place = cell
        shape = self._shapes.get(name, ())
        return len(place) == len(shape) and all(0 <= at < size for at, size in zip(place, shape, strict=True))


def spread(cells: Cells, most: int) -> list[tuple[str, CellIndex]]:
    """At most so many of the cells, evenly spread."""
    if len(cells) <= most:
        return [cells[index] for index in range(len(cells))]
    return [cells[index] for index in np.linspace(0, len(cells) - 1, most).round().astype(int)]


def worst_of(cells: Iterable[Cell]) -> Cell | None:
    """The judged cell that differs most, measured by what is allowed; None where none was judged."""
    judged = [cell for cell in cells if cell.kink is None and np.isfinite(cell.difference)]
    return max(judged, key=lambda cell: cell.difference / cell.allowed, default=None)


def _roundoff(dtype: str) -> float:
    """The unit roundoff u: what a rounding changes, relative to the number."""
    return float(np.finfo(dtype).eps) / 2
