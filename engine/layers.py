"""Layers append their forward nodes: an affine map, then an activation with its slope."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.primitives import Array, Primitive
from engine.program import SAMPLE_AXIS, ProgramBuilder
from engine.settings import Setting


@dataclass(frozen=True, slots=True)
class Activation:
    """An elementwise function and its slope, as primitives.

    Parameters
    ----------
    op : a = op(z, *numbers).
    slope : mask = slope(z or a, *numbers), the local derivative f'(z).
    settings : the numbers of both.
    op_takes, slope_takes : which of them each takes, by name and in order.
    slope_of : what the slope is computed from: "a" where that is cheaper.
    corner : the z where the slope (or for elu how it changes) jumps, a number or the name of one; None: nowhere.
    torch : a in PyTorch, a template over {z} and the settings; None: PyTorch has no such thing.
    torch_at_corner : the same with derivative_at_zero as the slope at the corner, where PyTorch's own is 0.
    """

    op: str
    slope: str
    settings: tuple[Setting, ...] = ()
    op_takes: tuple[str, ...] = ()
    slope_takes: tuple[str, ...] = ()
    slope_of: Literal["z", "a"] = "z"
    corner: float | str | None = None
    torch: str | None = None
    torch_at_corner: str | None = None


# Any number between the slopes at both sides of a corner is a subgradient there.
DERIVATIVE_AT_ZERO = Setting("derivative_at_zero", 0.0, low=0, high=1)

ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(
        "relu",
        "relu_slope",
        (DERIVATIVE_AT_ZERO,),
        (),
        ("derivative_at_zero",),
        corner=0.0,
        torch="torch.relu({z})",
        torch_at_corner="torch.where({z} == 0, {derivative_at_zero} * {z}, torch.relu({z}))",
    ),
    "leaky_relu": Activation(
        "leaky_relu",
        "leaky_relu_slope",
        (Setting("negative_slope", 0.01),),
        ("negative_slope",),
        ("negative_slope",),
        corner=0.0,
        torch="F.leaky_relu({z}, {negative_slope})",
    ),
    "max_eps": Activation(
        "max_eps",
        "max_eps_slope",
        (Setting("eps", 0.01), DERIVATIVE_AT_ZERO),
        ("eps",),
        ("eps", "derivative_at_zero"),
        corner="eps",
        torch="torch.where({z} > {eps}, {z}, {eps})",
        torch_at_corner="torch.where({z} == {eps}, {eps} + {derivative_at_zero} * ({z} - {eps}), "
        "torch.where({z} > {eps}, {z}, {eps}))",
    ),
    "elu": Activation(
        "elu",
        "elu_slope",
        (Setting("alpha", 1.0, low=0),),
        ("alpha",),
        ("alpha",),
        corner=0.0,
        torch="F.elu({z}, {alpha})",
    ),
    "sigmoid": Activation("sigmoid", "sigmoid_slope", slope_of="a", torch="torch.sigmoid({z})"),
    "bipolar_sigmoid": Activation(
        "bipolar_sigmoid", "bipolar_sigmoid_slope", slope_of="a", torch="2 * torch.sigmoid({z}) - 1"
    ),
    "tanh": Activation("tanh", "tanh_slope", slope_of="a", torch="torch.tanh({z})"),
    # PyTorch takes z itself above a threshold, which is 20 where nothing else is said.
    "softplus": Activation("softplus", "sigmoid", torch="F.softplus({z}, threshold=50)"),
    "silu": Activation("silu", "silu_slope", torch="F.silu({z})"),
    "gelu": Activation("gelu", "gelu_slope", torch='F.gelu({z}, approximate="tanh")'),
    "identity": Activation("identity", "identity_slope", torch="{z}"),
}


def values_of(activation: Activation, z: Array, primitives: Mapping[str, Primitive]) -> Array:
    """a of each z, with the numbers at their defaults; of the shape of z."""
    defaults = {setting.name: setting.default for setting in activation.settings}
    a = np.empty_like(z)
    primitives[activation.op].kernel(z, *(np.array(defaults[name]) for name in activation.op_takes), a)
    return a


def append_affine(builder: ProgramBuilder, a: str, layer: int, *, has_bias: bool) -> str:
    """z = a @ W + b, (n, fan_in) -> (n, fan_out); returns the name of z."""
    above, below = str(layer - 1), str(layer)

    def node(op: str, inputs: tuple[str, str], role: str, part: str) -> str:
        return builder.node(
            op, inputs, f"{role}{layer}", role, phase="forward", layer=layer, group=("affine",), part=part
        )

    w = builder.input(f"W{layer}", (above, below), "W", layer)
    if not has_bias:
        return node("matmul", (a, w), "z", "product")
    b = builder.input(f"b{layer}", (below,), "b", layer)
    return node("add_bias", (node("matmul", (a, w), "aW", "product"), b), "z", "bias")


def append_activation(
    builder: ProgramBuilder,
    z: str,
    layer: int,
    activation: Activation,
    output: str | None = None,
    group: tuple[str, ...] = ("activation",),
) -> str:
    """a = f(z) and mask = f'(z); returns the name of a, which is a{layer} unless another one is given."""

    def node(op: str, of: str, takes: tuple[str, ...], name: str, role: str, part: str) -> str:
        numbers = tuple(builder.scalar(number, layer) for number in takes)
        return builder.node(op, (of, *numbers), name, role, phase="forward", layer=layer, group=group, part=part)

    a = node(activation.op, z, activation.op_takes, output or f"a{layer}", "a", "activation")
    slope_of = a if activation.slope_of == "a" else z
    node(activation.slope, slope_of, activation.slope_takes, f"mask{layer}", "mask", "slope")
    return a


def append_input(builder: ProgramBuilder) -> str:
    """The batch x, (n, inputs)."""
    return builder.input("x", (SAMPLE_AXIS, "0"), "x")
