"""Cases that tell mistakes apart: sizes that cannot be mistaken for each other, and the corners of the arithmetic."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.batch import Batch, batch_of
from engine.doctor.bench import Bench
from engine.doctor.case import Case
from engine.doctor.conventions import Conventions, orientation_of
from engine.errors import EngineError
from engine.gradient_check import corners_of
from engine.primitives import Array
from engine.spec import LayerSpec, ModelSpec

# The order in which they are to be answered in one process: a call may remember the one before.
NAMES = ("generic", "second batch", "exact zeros", "shifted logits", "one big row", "L2", "square")
STANDARD = ModelSpec(4, (LayerSpec(5),), 3)
SQUARE = 4
L2 = 0.1
SHIFT = BIG = 1000.0
# No pre-activation lies nearer to a corner, so that roundings cannot open or shut a gate.
MARGIN = 1e-3
ATTEMPTS = 60


def probes(model: ModelSpec | None, conventions: Conventions, seed: int = 0) -> list[Case]:
    """The cases for a model, in the order of NAMES.

    Parameters
    ----------
    model : None: 4-5-3 with relu and softmax.
    """
    model = replace(model or STANDARD, mistakes=(), reduction=conventions.reduction, l2=0.0, dtype="float64")
    rng = np.random.default_rng(seed)
    maker = _Maker(model, rng)
    generic = maker.case()
    other = _Maker(_square(model), rng).case(SQUARE)
    batches = {
        "generic": generic,
        "second batch": maker.second_batch(generic),
        "exact zeros": maker.exact_zeros(),
        "shifted logits": _shifted(model, generic),
        "one big row": _one_big_row(model, generic),
        "L2": generic,
    }
    orientation = orientation_of(conventions)
    cases = [
        Case(name, replace(model, l2=L2) if name == "L2" else model, setup.parameters, setup.batch, orientation)
        for name, setup in batches.items()
    ]
    return [*cases, Case("square", _square(model), other.parameters, other.batch, orientation)]


def batch_size_for(model: ModelSpec) -> int:
    """The smallest m from 7 that fewest ratios of sizes could be mistaken for: 7 for 4-5-3."""

    def collisions(m: int) -> int:
        numbers = [1.0, 2.0, *(float(units) for units in dict.fromkeys(model.units)), float(m)]
        ratios = [m / units for units in dict.fromkeys(model.units) if units > 1]
        everything = [*numbers, *ratios, *(1 / number for number in (*numbers[1:], *ratios))]
        return len(everything) - len({round(number, 9) for number in everything})

    return min(range(7, 14), key=lambda m: (collisions(m), m))


@dataclass(frozen=True, slots=True)
class _Setup:
    parameters: Mapping[str, Array]
    batch: Batch


class _Maker:
    """Draws parameters and batches of one model."""

    def __init__(self, model: ModelSpec, rng: np.random.Generator) -> None:
        self._model = model
        self._rng = rng
        self._bench = Bench()
        self._corners = corners_of(model)

    def case(self, m: int | None = None) -> _Setup:
        """Every unit on and off somewhere, no pre-activation near a corner, unequal counts of the classes."""
        m = m or batch_size_for(self._model)

        def drawn() -> Iterator[_Setup]:
            while True:
                batch = Batch(self._inputs(m), self._targets(m))
                yield _Setup(self._parameters(batch), batch)

        return self._best(drawn())

    def second_batch(self, first: _Setup) -> _Setup:
        """The same parameters with other rows."""
        m = first.batch.m
        rows = (Batch(self._inputs(m), self._targets(m)) for _ in iter(int, 1))
        return self._best(_Setup(first.parameters, batch) for batch in rows)

    def exact_zeros(self) -> _Setup:
        """Some pre-activations of the first layer exactly at its corner; all numbers are sums of powers of two."""
        m = batch_size_for(self._model)
        corner = self._corners.get("z1", (1, 0.0))[1]

        def drawn() -> Iterator[_Setup]:
            while True:
                x = self._rng.integers(-4, 5, (m, self._model.inputs)) / 2
                # Where the corner is no sum of powers of two, a row of zeros still hits it.
                x[0] = 0 if corner else x[0]
                batch = Batch(x, self._targets(m))
                parameters = dict(self._parameters(batch))
                parameters["W1"] = np.round(parameters["W1"] * 4) / 4
                if "b1" in parameters:
                    parameters["b1"] = self._through_the_corner(x, parameters, corner)
                yield _Setup(parameters, batch)

        return self._best(drawn(), at_corners=True)

    def _through_the_corner(self, x: Array, parameters: Mapping[str, Array], corner: float) -> Array:
        z = self._values("z1", {**parameters, "b1": np.zeros_like(parameters["b1"])}, Batch(x, self._targets(len(x))))
        rows = self._rng.integers(0, 1 if corner else len(x), z.shape[1])
        return np.asarray(corner - z[rows, np.arange(z.shape[1])])

    def _best(self, setups: Iterable[_Setup], *, at_corners: bool = False) -> _Setup:
        """The first that has every unit on and off and nothing near a corner, or the best of many."""
        best: tuple[int, _Setup] | None = None
        for _, drawn in zip(range(ATTEMPTS), setups, strict=False):
            setup = self._around_the_bend(drawn)
            faults = self._faults(setup, at_corners=at_corners)
            if best is None or faults < best[0]:
                best = faults, setup
            if faults == 0:
                break
        assert best is not None
        return best[1]

    def _around_the_bend(self, setup: _Setup) -> _Setup:
        """Where the loss bends at some size of an error: targets that leave smaller and larger ones, to both sides."""
        if self._model.output.bend is None:
            return setup
        name, number = self._model.output.bend
        size, y = self._model.layer_settings[-1][number], setup.batch.y
        is_small = np.indices(y.shape).sum(axis=0) % 2 == 0
        shares = np.where(is_small, self._rng.uniform(0.2, 0.8, y.shape), self._rng.uniform(1.2, 2.5, y.shape))
        errors = size * shares * self._rng.choice([-1, 1], y.shape)
        moved = y + self._values(name, setup.parameters, setup.batch) - errors
        digits = max(2, 2 - int(np.floor(np.log10(size))))
        return _Setup(setup.parameters, Batch(setup.batch.x, np.round(moved, digits)))

    def _faults(self, setup: _Setup, *, at_corners: bool) -> int:
        faults = 0
        for z, (layer, corner) in self._corners.items():
            above = self._values(z, setup.parameters, setup.batch) - corner
            on = (above > 0).any(axis=0) & (above < 0).any(axis=0)
            near = (np.abs(above) < MARGIN) & ~((above == 0) & (layer == 1) & at_corners)
            faults += int(np.count_nonzero(~on)) + int(np.count_nonzero(near))
            if at_corners and layer == 1:
                faults += 10 * int(not (above == 0).any())
        return faults

    def _values(self, name: str, parameters: Mapping[str, Array], batch: Batch) -> Array:
        case = Case("", self._model, parameters, batch)
        return self._bench.run(case.program, case, [name])[name]

    def _inputs(self, m: int) -> Array:
        return np.asarray(np.round(self._rng.normal(size=(m, self._model.inputs)), 2))

    def _parameters(self, batch: Batch) -> dict[str, Array]:
        """Weights of about 0.6 N(0, 1), less where many are summed; every bias lies between two of its samples."""
        parameters = {
            name: self._weights(shape) if len(shape) == 2 else np.zeros(shape)
            for name, shape in self._model.parameter_shapes.items()
        }
        for layer in range(1, self._model.depth + 1 if self._model.bias else 0):
            z = self._values(f"z{layer}", parameters, batch)
            parameters[f"b{layer}"] = self._biases(z, layer)
        return parameters

    def _weights(self, shape: tuple[int, ...]) -> Array:
        scale = 0.6 * min(1.0, (8 / shape[0]) ** 0.5)
        return np.asarray(np.round(self._rng.normal(size=shape) * scale, 2 if scale > 0.2 else 4))

    def _biases(self, z: Array, layer: int) -> Array:
        if f"z{layer}" not in self._corners or len(z) < 2:
            return np.asarray(np.round(0.3 * self._rng.normal(size=z.shape[1]), 2))
        _, corner = self._corners[f"z{layer}"]
        ordered = np.sort(z, axis=0)
        # On for a third to two thirds of the samples.
        below = self._rng.integers(len(z) // 3, max(len(z) // 3 + 1, 2 * len(z) // 3), z.shape[1]) - 1
        below = np.maximum(below, 0)
        unit = np.arange(z.shape[1])
        return np.asarray(np.round(corner - (ordered[below, unit] + ordered[below + 1, unit]) / 2, 2))

    def _targets(self, m: int) -> Array:
        """What the loss takes: any numbers, classes in unequal counts, or rows of 0 and 1."""
        outputs = self._model.outputs
        if _is_taken(self._model, np.full((m, outputs), -1.5)):
            return np.round(self._rng.normal(size=(m, outputs)), 2)
        classes = self._classes(m, max(outputs, 2))
        if outputs > 1 and _is_taken(self._model, classes):
            return _rows(self._model, classes)
        return np.asarray(self._rng.integers(0, 2, (m, outputs)) if outputs > 1 else classes[:, None], float)

    def _classes(self, m: int, classes: int) -> Array:
        """Every class, where there are rows enough, and no two equally often: 1, 2, 4 of 7 rows."""
        shares = 2.0 ** np.arange(classes)
        counts = np.maximum(1, np.floor(m * shares / shares.sum())).astype(int)
        counts[-1] = max(1, m - int(counts[:-1].sum()))
        return np.asarray(self._rng.permutation(np.repeat(np.arange(classes), counts)[:m]))


def _is_taken(model: ModelSpec, y: Array) -> bool:
    try:
        _rows(model, y)
    except EngineError:
        return False
    return True


def _rows(model: ModelSpec, y: Array) -> Array:
    return batch_of(model, np.zeros((len(y), model.inputs)), y).y


def _square(model: ModelSpec) -> ModelSpec:
    """The same kinds of layers with as many rows as inputs and units; one output stays one."""
    hidden = tuple(replace(layer, units=SQUARE) for layer in model.hidden)
    return replace(model, inputs=SQUARE, hidden=hidden, outputs=1 if model.outputs == 1 else SQUARE)


def _shifted(model: ModelSpec, setup: _Setup) -> _Setup:
    """All logits larger by 2000, which changes no probability of a softmax."""
    return _Setup(_with_logits_moved(model, setup, np.full(model.outputs, 2 * SHIFT)), setup.batch)


def _with_logits_moved(model: ModelSpec, setup: _Setup, by: Array) -> dict[str, Array]:
    """The parameters with so much added to the logits; without biases, in proportion to the sum of the layer below."""
    parameters = dict(setup.parameters)
    last = f"b{model.depth}"
    if last in parameters:
        parameters[last] = parameters[last] + by
        return parameters
    case = Case("", model, setup.parameters, setup.batch)
    below = "x" if model.depth == 1 else f"a{model.depth - 1}"
    sums = Bench().run(case.program, case, [below])[below].sum(axis=1)
    parameters[f"W{model.depth}"] = parameters[f"W{model.depth}"] + by / max(float(np.abs(sums).max()), MARGIN)
    return parameters


def _with_large_weights(model: ModelSpec, setup: _Setup, highest: Array) -> dict[str, Array]:
    """Last weights so large that two samples' largest logits are about 1000 apart, where activations are bounded."""
    gap = float(highest[-1] - highest[0])
    factor = 2.0 ** np.ceil(np.log2(BIG / gap)) if gap > 0 else 1.0
    last = {f"W{model.depth}", f"b{model.depth}"}
    return {name: value * factor if name in last else value for name, value in setup.parameters.items()}


def _one_big_row(model: ModelSpec, setup: _Setup) -> _Setup:
    """One sample whose largest logit is about 1000 above everybody else's, and whose class that logit names."""
    last = f"z{model.depth}"
    case = Case("", model, setup.parameters, setup.batch)
    x = setup.batch.x.copy()
    bench = Bench()

    def stretched(row: int, factor: float) -> Array:
        moved = x.copy()
        moved[row] = np.round(x[row] * factor, 2)
        return moved

    def logits(rows: Array) -> Array:
        return bench.run(case.program, replace(case, batch=Batch(rows, setup.batch.y)), [last])[last]

    def above(row: int, factor: float) -> float:
        z = logits(stretched(row, factor))
        return float(z[row].max() - np.delete(z, row, axis=0).max(initial=0.0))

    # Whatever a layer does to large numbers, one row in one direction has large logits, if any has.
    factors = [sign * 2.0**power for power in range(17) for sign in (1, -1)]
    choices = ((row, factor) for factor in factors for row in range(len(x)))
    row, factor = next((choice for choice in choices if above(*choice) >= BIG), (None, 1.0))
    if row is None:
        return _Setup(_with_large_weights(model, setup, np.sort(logits(x).max(axis=1))), setup.batch)
    x = stretched(row, factor)
    y = setup.batch.y.copy()
    if _is_taken(model, np.eye(model.outputs)[[0]]) and not _is_taken(model, np.full((1, model.outputs), -1.5)):
        y[row] = np.eye(model.outputs)[logits(x)[row].argmax()]
    return _Setup(setup.parameters, Batch(x, y))
