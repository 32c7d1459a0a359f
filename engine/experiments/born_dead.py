"""Networks that answer the same to every input before they have learnt anything."""

import math
from dataclasses import dataclass

import numpy as np

from engine.experiments.bands import Share, share_of
from engine.experiments.progress import PausingRun, Progress
from engine.experiments.ranges import check_count, check_length
from engine.model import LayerSpec, ModelSpec, program_of, scalars_of
from engine.rewrites import prune, replicate
from engine.workspace import Workspace

# Both rays of the input line, with two points on each, since a dead network with biases is constant and not zero.
INPUTS = ((-2.0,), (-1.0,), (1.0,), (2.0,))
WEIGHTS_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class BornDeadWidth:
    """The networks of one width.

    Parameters
    ----------
    dead : how many answer with a constant.
    bound : what the share cannot exceed, 1 - (1 - 2^-N)^(L-1).
    exact : the share itself where it is known, for up to 3 layers.
    """

    width: int
    dead: Share
    bound: float
    exact: float | None


@dataclass(frozen=True, slots=True)
class BornDeadResult:
    widths: list[BornDeadWidth]


@dataclass(frozen=True, slots=True)
class BornDead:
    """Count dead ReLU networks with one input and zero biases.

    Parameters
    ----------
    layers : affine layers L, the last one without ReLU.
    widths : units N of every hidden layer.
    nets : of every width.

    Notes
    -----
    Lu, Shin, Su and Karniadakis, "Dying ReLU and initialization", arXiv 1903.06733.
    """

    layers: int = 10
    widths: tuple[int, ...] = (2, 3, 4, 5, 10)
    nets: int = 2000
    seed: int = 0

    def __post_init__(self) -> None:
        check_count("layers", self.layers, 2, 100)
        check_length("widths", self.widths, 20)
        for width in self.widths:
            check_count("widths", width, 1, 64)
        check_count("nets", self.nets, 1, 100_000)

    @property
    def operations(self) -> float:
        # What small networks cost is mostly drawing their weights: about 20 multiplications a number.
        return float(sum(self.nets * self.layers * width * (20 * width + 4 * len(INPUTS)) for width in self.widths))

    @property
    def values(self) -> int:
        return self._nets_at_once(max(self.widths)) * self.layers * max(self.widths) ** 2

    def run(self) -> PausingRun[BornDeadResult]:
        at_once = self._nets_at_once(max(self.widths))
        chunks = [min(at_once, self.nets - start) for start in range(0, self.nets, at_once)]
        widths: list[BornDeadWidth] = []
        for place, width in enumerate(self.widths):
            rng = np.random.default_rng([self.seed, self.layers, width])
            dead = 0
            for number, nets in enumerate(chunks, start=1):
                dead += self._count_dead(width, nets, rng)
                yield Progress(place * len(chunks) + number, len(self.widths) * len(chunks))
            bound = 1 - (1 - 2.0**-width) ** (self.layers - 1)
            widths.append(BornDeadWidth(width, share_of(dead, self.nets), bound, exact_share(width, self.layers)))
        return BornDeadResult(widths)

    def _nets_at_once(self, width: int) -> int:
        return min(self.nets, 1000, max(1, WEIGHTS_AT_ONCE // (self.layers * width**2)))

    def _count_dead(self, width: int, nets: int, rng: np.random.Generator) -> int:
        model = ModelSpec(1, (LayerSpec(width),) * (self.layers - 1), 1, "identity", "half_squared_error")
        program = prune(program_of(model, None), [f"a{self.layers}"])
        workspace = Workspace(replicate(program, nets), len(INPUTS))
        workspace.load({"x": np.array(INPUTS), **scalars_of(model, None, len(INPUTS))})
        for name, shape in model.parameter_shapes.items():
            if len(shape) == 2:
                workspace[name][...] = rng.normal(0.0, math.sqrt(2 / shape[0]), (nets, *shape))
        workspace.run()
        answers = workspace[f"a{self.layers}"][..., 0]
        return int(np.count_nonzero(np.ptp(answers, axis=-1) == 0))


def exact_share(width: int, layers: int) -> float | None:
    """The probability itself, where a closed form is known: none with 2 layers, 4^-N (3 - 2^(1-N)) with 3."""
    if layers == 2:
        return 0.0
    return 4.0**-width * (3 - 2.0 ** (1 - width)) if layers == 3 else None
