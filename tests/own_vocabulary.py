"""A vocabulary with one row more in every table: names that no file of the engine, the server or the page knows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from engine.datasets import About, Dataset, DatasetInfo, DatasetRow
from engine.gradients import Backward, named_part
from engine.initializers import Draw, Initializer
from engine.layers import Activation
from engine.losses import Output, TorchLoss
from engine.losses.output import targets
from engine.mistakes import Mistake, Variant
from engine.mistakes.draft import Draft
from engine.optimizers import Optimizer, Update
from engine.primitives import Array, Primitive
from engine.program import Node, Program, ProgramBuilder, part_of
from engine.settings import Setting
from engine.targets import NUMBERS
from engine.vocabulary import STANDARD

A, B = ["at", 0, "..."], ["at", 1, "..."]
_TOP = ["+", 1, ["*", ["at", 1], ["abs", A]]]


def _bend(z: Array, rate: Array, out: Array) -> None:
    np.divide(z, 1 + rate * np.abs(z), out)


def _bend_slope(z: Array, rate: Array, out: Array) -> None:
    np.divide(1, (1 + rate * np.abs(z)) ** 2, out)


def _log_cosh(a: Array, out: Array) -> None:
    np.log(np.cosh(a), out)


PRIMITIVES = (
    Primitive("bend", _bend, "...,->...", "{out} = {0} / (1 + {1} * np.abs({0}))", ["/", A, _TOP]),
    Primitive(
        "bend_slope",
        _bend_slope,
        "...,->...",
        "{out} = 1 / (1 + {1} * np.abs({0})) ** 2",
        ["/", 1, ["*", _TOP, _TOP]],
    ),
    Primitive(
        "log_cosh",
        _log_cosh,
        "...->...",
        "{out} = np.log(np.cosh({0}))",
        ["log", ["/", ["+", ["exp", A], ["exp", ["neg", A]]], 2]],
    ),
)

BEND = Activation(
    "bend",
    "bend_slope",
    (Setting("rate", 1.0, low=0, high=2),),
    ("rate",),
    ("rate",),
    torch="{z} / (1 + {rate} * {z}.abs())",
)


def _append_log_cosh(builder: ProgramBuilder, z: str, layer: int) -> str:
    """loss = sum_k log cosh(z - y), which is a square near 0 and straight far from it."""

    def node(op: str, inputs: tuple[str, ...], name: str, part: str | None = None) -> str:
        return builder.node(op, inputs, name, name, phase="forward", layer=None, group=("log_cosh",), part=part)

    a = builder.node(
        "identity", (z,), f"a{layer}", "a", phase="forward", layer=layer, group=("log_cosh",), part="activation"
    )
    error = node("subtract", (a, targets(builder, layer)), "error", "error")
    return node("sum_rows", (node("log_cosh", (error,), "output_loss"),), "sample_loss", "sample_loss")


def _log_cosh_rule(walk: Backward, chunk: Sequence[Node]) -> None:
    """dL/dz = tanh(z - y) / m."""
    z, mean = named_part(chunk, "activation").inputs[0], part_of(chunk, "mean")
    difference = named_part(chunk, "error").output
    if mean is None:
        walk.emit(z, "tanh", difference)
    else:
        walk.emit(z, "divide_by", walk.compute("tanh_error", "tanh", difference), mean.inputs[1], part="mean")


LOG_COSH = Output(
    _append_log_cosh,
    "log_cosh",
    NUMBERS,
    {"log_cosh": _log_cosh_rule},
    torch=TorchLoss("torch.log(torch.cosh(outputs - y)).sum(dim=1)"),
)


def _append_crawl(builder: ProgramBuilder, parameter: str, gradient: str) -> None:
    """W_next = W - learning_rate * dW / 2."""
    update = Update(builder, parameter, "crawl")
    update.step(update.node("half", "half_gradient", gradient))


CRAWL = Optimizer((Setting("learning_rate", 0.1, low=0),), _append_crawl, torch=("SGD", "lr={learning_rate} / 2"))


def _stripes(numbers: Mapping[str, float]) -> Draw:
    def draw(_rng: np.random.Generator, shape: tuple[int, int]) -> Array:
        rows, columns = np.indices(shape)
        return np.where((rows + columns) % 2, -numbers["size"], numbers["size"])

    return draw


STRIPES = Initializer(_stripes, (Setting("size", 0.25, low=0, high=1),))


def _ramp(_rng: np.random.Generator, _options: Mapping[str, Any]) -> Dataset:
    x = np.linspace(-1, 1, 9)[:, None]
    return Dataset(RAMP_INFO.about, x, 2 * x[:, 0])


RAMP_INFO = DatasetInfo(About("ramp", ("x",), (), "made here", "free to use", target_name="y"), 9)


def _update_doubled(program: Program) -> Iterator[Variant]:
    """Every step of the update is taken twice as far."""
    draft, steps = Draft(program), program.with_role("step")
    for step in steps:
        draft.then(step.name, "once", "twice")
    if steps:
        yield Variant(draft.build())


STEP_TOO_LONG = Mistake(
    "step_too_long",
    "carrying",
    "Step too long",
    "The step is taken twice.",
    _update_doubled,
    diagnosable=False,
    caught_by_gradient_check=False,
    is_in_update=True,
)

OWN = STANDARD.with_rows(
    activations={"bend": BEND},
    outputs={("identity", "log_cosh"): LOG_COSH},
    optimizers={"crawl": CRAWL},
    initializers={"stripes": STRIPES},
    datasets={"ramp": DatasetRow(RAMP_INFO, _ramp)},
    mistakes={"step_too_long": STEP_TOO_LONG},
    primitives={primitive.name: primitive for primitive in PRIMITIVES},
)

# A session that needs them all.
SESSION: dict[str, Any] = {
    "model": {
        "inputs": 1,
        "hidden": [{"units": 3, "activation": "bend", "rate": 0.5}],
        "output": {"units": 1, "activation": "identity"},
        "loss": "log_cosh",
    },
    "optimizer": {"name": "crawl", "learning_rate": 0.2},
    "initializer": {"name": "stripes", "size": 0.5, "bias": 0.1},
    "dataset": {"name": "ramp"},
    "seed": 1,
}
