"""One layer forward and back, for many networks at once: what a network of any depth repeats."""

import numpy as np

from engine.gradients import append_backward
from engine.layers import ACTIVATIONS, append_activation, append_affine, append_input
from engine.primitives import Array
from engine.program import SAMPLE_AXIS, Program, ProgramBuilder
from engine.rewrites import only, replicate, sums_as_products
from engine.settings import with_defaults
from engine.workspace import Workspace


class SingleLayer:
    """a = f(x @ W) and, back from da, dz and dx, where every network has weights of its own and m inputs.

    Parameters
    ----------
    width : inputs and units of the layer.
    """

    def __init__(self, activation: str, width: int, networks: int, m: int, dtype: str = "float32") -> None:
        program = _program(activation, width)
        forward, backward = (
            Workspace(replicate(sums_as_products(only(program, phase)), networks, OWN), m, dtype)
            for phase in ("forward", "backward")
        )
        settings = with_defaults(ACTIVATIONS[activation].settings, ())
        forward.load({f"{name}1": value for name, value in settings.items()})
        self._forward, self._backward = forward, backward

    def forward(self, weights: Array, x: Array) -> tuple[Array, Array]:
        """a and the slopes, views that the next call overwrites.

        Parameters
        ----------
        weights : (networks, fan_out, fan_in), as they lie in memory.
        x : (networks, m, fan_in)
        """
        return self._run(self._forward, weights, {"x": x}, ("a1", "mask1"))

    def backward(self, weights: Array, mask: Array, da: Array) -> tuple[Array, Array]:
        """dz and dx, views that the next call overwrites."""
        return self._run(self._backward, weights, {"mask1": mask, "da1": da}, ("dz1", "dx"))

    @staticmethod
    def _run(
        workspace: Workspace, weights: Array, inputs: dict[str, Array], outputs: tuple[str, str]
    ) -> tuple[Array, Array]:
        np.copyto(workspace["W1"].mT, weights)
        workspace.load(inputs)
        workspace.run()
        return workspace[outputs[0]], workspace[outputs[1]]


# What one phase takes over from the other, or from another layer, belongs to a network too.
OWN = ("x", "da1", "mask1")


def _program(activation: str, width: int) -> Program:
    builder = ProgramBuilder({"0": width, "1": width})
    x = append_input(builder)
    a = append_activation(builder, append_affine(builder, x, 1, has_bias=False), 1, ACTIVATIONS[activation])
    da = builder.input("da1", (SAMPLE_AXIS, "1"), "da", 1, of=a)
    append_backward(builder, a, [x], upstream=da)
    return builder.build()
