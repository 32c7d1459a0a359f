"""How often a pre-activation is exactly 0, by precision: only there the derivative at zero is a choice."""

from dataclasses import dataclass

import numpy as np

from engine.datasets import make, split
from engine.experiments.bands import Share, share_of
from engine.experiments.progress import PausingRun, Progress
from engine.experiments.ranges import check_count, check_length
from engine.initializers import he
from engine.model import LayerSpec, ModelSpec, program_of, scalars_of
from engine.primitives import Array
from engine.rewrites import prune
from engine.settings import check_name
from engine.spec import DTYPES
from engine.workspace import Workspace

ROWS_AT_ONCE = 50
# Of the density of z near 0, which is counted in this neighbourhood.
NEAR = 0.02


@dataclass(frozen=True, slots=True)
class PrecisionZeros:
    """One precision.

    Parameters
    ----------
    zeros : of the hidden pre-activations.
    expected : their share by theory: the density of z at 0 times the mean distance of the floats near the bias.
    """

    dtype: str
    zeros: Share
    expected: float


@dataclass(frozen=True, slots=True)
class ExactZerosResult:
    precisions: list[PrecisionZeros]


@dataclass(frozen=True, slots=True)
class ExactZeros:
    """Send the handwritten digits through fresh ReLU networks in several precisions and count exact zeros.

    He weights, biases uniform within 1 / sqrt(fan_in), the same for all precisions.

    Parameters
    ----------
    rows : digits that are sent through.
    """

    hidden: tuple[int, ...] = (256, 256, 256)
    dtypes: tuple[str, ...] = ("float16", "float32", "float64")
    rows: int = 1437
    seed: int = 0

    def __post_init__(self) -> None:
        check_length("dtypes", self.dtypes, len(DTYPES))
        for dtype in self.dtypes:
            check_name("dtypes", dtype, DTYPES)
        check_count("hidden", len(self.hidden), 1, 10)
        for units in self.hidden:
            check_count("hidden", units, 1, 512)
        check_count("rows", self.rows, 1, 1437)

    @property
    def operations(self) -> float:
        model = self._model("float64")
        products = sum(float(np.prod(shape)) for shape in model.parameter_shapes.values()) * self.rows
        # Half precision is computed number by number.
        return products * sum(10.0 if dtype == "float16" else 1.0 for dtype in (*self.dtypes, "float64"))

    @property
    def values(self) -> int:
        weights = sum(int(np.prod(shape)) for shape in self._model("float64").parameter_shapes.values())
        return 2 * weights + ROWS_AT_ONCE * 5 * sum(self.hidden)

    def run(self) -> PausingRun[ExactZerosResult]:
        rng = np.random.default_rng(self.seed)
        model = self._model("float64")
        parameters = {
            name: he(rng, (shape[0], shape[1])) if len(shape) == 2 else _bias(rng, model, name)
            for name, shape in model.parameter_shapes.items()
        }
        digits = split(make("digits", rng=rng), rng)
        x = digits.x_train[: self.rows]
        dtypes = [*self.dtypes, *(["float64"] if "float64" not in self.dtypes else [])]
        parts = -(-len(x) // ROWS_AT_ONCE)
        zeros = dict.fromkeys(dtypes, 0)
        near = [0] * len(self.hidden)
        for number, dtype in enumerate(dtypes):
            for part in range(parts):
                rows = x[part * ROWS_AT_ONCE : (part + 1) * ROWS_AT_ONCE]
                for layer, z in enumerate(self._pre_activations(dtype, parameters, rows)):
                    zeros[dtype] += int(np.count_nonzero(z == 0))
                    if dtype == "float64":
                        near[layer] += int(np.count_nonzero(np.abs(z) < NEAR))
                yield Progress(number * parts + part + 1, len(dtypes) * parts)
        of = len(x) * sum(self.hidden)
        return ExactZerosResult(
            [
                PrecisionZeros(dtype, share_of(zeros[dtype], of), self._expected(dtype, parameters, near, of))
                for dtype in self.dtypes
            ]
        )

    def _model(self, dtype: str) -> ModelSpec:
        return ModelSpec(64, tuple(LayerSpec(units) for units in self.hidden), 10, dtype=dtype)

    def _pre_activations(self, dtype: str, parameters: dict[str, Array], rows: Array) -> list[Array]:
        model = self._model(dtype)
        names = [f"z{layer}" for layer in range(1, len(self.hidden) + 1)]
        workspace = Workspace(prune(program_of(model, None), names), len(rows), dtype)
        workspace.load({"x": rows, **parameters, **scalars_of(model, None, len(rows))})
        workspace.run()
        return [workspace[name] for name in names]

    def _expected(self, dtype: str, parameters: dict[str, Array], near: list[int], of: int) -> float:
        total = 0.0
        for layer, count in enumerate(near, start=1):
            with np.errstate(under="ignore"):
                spacing = np.spacing(np.abs(parameters[f"b{layer}"]).astype(dtype)).astype(np.float64)
            total += count / (2 * NEAR) * float(spacing.mean())
        return total / of


def _bias(rng: np.random.Generator, model: ModelSpec, name: str) -> Array:
    limit = 1 / np.sqrt(model.units[int(name[1:]) - 1])
    return rng.uniform(-limit, limit, model.parameter_shapes[name])
