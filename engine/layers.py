"""Layers append their forward nodes: an affine map, then an activation with its slope."""

from dataclasses import dataclass

from engine.program import SAMPLE_AXIS, ProgramBuilder


@dataclass(frozen=True, slots=True)
class Activation:
    """An elementwise function and its slope, as primitives.

    Parameters
    ----------
    op : a = op(z).
    slope : mask = slope(z, *scalars), the local derivative f'(z).
    slope_scalars : numbers that the slope takes besides z, with their defaults, as {"derivative_at_zero": 0}.
    """

    op: str
    slope: str
    slope_scalars: tuple[tuple[str, float], ...] = ()


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation("relu", "relu_slope", (("derivative_at_zero", 0.0),)),
    "identity": Activation("identity", "identity_slope"),
}


def append_affine(builder: ProgramBuilder, a: str, layer: int, *, has_bias: bool) -> str:
    """z = a @ W + b, (n, fan_in) -> (n, fan_out); returns the name of z."""
    above, below = str(layer - 1), str(layer)
    w = builder.input(f"W{layer}", (above, below), "W", layer)
    if not has_bias:
        return builder.node("matmul", (a, w), f"z{layer}", "z", phase="forward", layer=layer, group=("affine",))
    b = builder.input(f"b{layer}", (below,), "b", layer)
    aw = builder.node("matmul", (a, w), f"aW{layer}", "aW", phase="forward", layer=layer, group=("affine",))
    return builder.node("add_bias", (aw, b), f"z{layer}", "z", phase="forward", layer=layer, group=("affine",))


def append_activation(builder: ProgramBuilder, z: str, layer: int, activation: Activation) -> str:
    """a = f(z) and mask = f'(z); returns the name of a."""
    group = ("activation",)
    a = builder.node(activation.op, (z,), f"a{layer}", "a", phase="forward", layer=layer, group=group)
    scalars = tuple(builder.scalar(name, layer) for name, _ in activation.slope_scalars)
    builder.node(activation.slope, (z, *scalars), f"mask{layer}", "mask", phase="forward", layer=layer, group=group)
    return a


def append_input(builder: ProgramBuilder) -> str:
    """The batch x, (n, inputs)."""
    return builder.input("x", (SAMPLE_AXIS, "0"), "x")
