"""Where the parts of a program are: found by role, layer and phase, and by who reads what."""

from functools import cached_property, lru_cache

import numpy as np

from engine.primitives import Array, Kernel
from engine.program import Node, Program

# Pre-activations at which slopes are compared: none of them a corner.
_GRID = np.array([-2.5, -1.1, -0.4, 0.3, 0.9, 2.2])


class Anatomy:
    """What is what in a program of one step."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def makers(self) -> dict[str, Node]:
        """Tensor -> the node that makes it."""
        return {node.output: node for node in self.program.nodes}

    @cached_property
    def depth(self) -> int:
        return max((tensor.layer or 0 for tensor in self.program.with_role("W")), default=0)

    @property
    def layers(self) -> tuple[int, ...]:
        return tuple(range(1, self.depth + 1))

    @property
    def hidden(self) -> tuple[int, ...]:
        return self.layers[:-1]

    def named(self, role: str, layer: int | None = None) -> str:
        """The tensor with this role in this layer, which must be there."""
        name = self.program.named(role, layer)
        assert name is not None, f"no {role} in layer {layer}"
        return name

    def has(self, role: str, layer: int | None = None) -> bool:
        return self.program.named(role, layer) is not None

    def a(self, layer: int) -> str:
        """What a layer gives; of layer 0, x."""
        return self.named("x") if layer == 0 else self.named("a", layer)

    def da(self, layer: int) -> str | None:
        """The gradient of what a layer gives; of layer 0, dx."""
        return self.program.named("dx") if layer == 0 else self.program.named("da", layer)

    @property
    def y(self) -> str:
        return self.named("y")

    def weights_product(self, layer: int) -> Node:
        """The node that makes the gradient of the weights from the data alone, whatever is done to it afterwards."""
        data = self.program.named("dW_data", layer)
        return self._first_of("dW", layer) if data is None else self.makers[data]

    def bias_sum(self, layer: int) -> Node:
        """The same for the gradient of the biases."""
        return self._first_of("db", layer)

    def _first_of(self, role: str, layer: int) -> Node:
        """The node that makes what a tensor was before anything else was done to it."""
        tensors = self.program.tensors
        made = (node for node in self.program.nodes if tensors[node.output].layer == layer)
        return next(node for node in made if f"{tensors[node.output].role}_".startswith(f"{role}_"))

    def gate(self, layer: int) -> Node | None:
        """The node that multiplies a gradient by the slope of a layer's activation, where there is one."""
        mask, dz = self.program.named("mask", layer), self.program.named("dz", layer)
        if mask is None or dz is None or mask not in self.makers[dz].inputs or not self.bends(layer):
            return None
        return self.makers[dz]

    @property
    def gated(self) -> tuple[int, ...]:
        """The layers whose gradient is multiplied by a slope, the identity's left out."""
        return tuple(layer for layer in self.layers if self.gate(layer) is not None)

    @property
    def gated_hidden(self) -> tuple[int, ...]:
        return tuple(layer for layer in self.gated if layer < self.depth)

    @property
    def is_fused(self) -> bool:
        """Whether activation and loss of the last layer have one gradient, p - y."""
        return self.da(self.depth) is None and self.has("dz", self.depth)

    @property
    def is_softmax(self) -> bool:
        return self.has("e_sum", self.depth)

    @property
    def is_probability(self) -> bool:
        return self.a(self.depth) == "p"

    @property
    def start(self) -> str:
        """The first gradient of the backward pass: dz of the last layer where it is fused, else da."""
        return self.da(self.depth) or self.named("dz", self.depth)

    @cached_property
    def division(self) -> Node | None:
        """The node of the backward pass that divides by the number of samples; None: the loss is a sum."""
        m = self.program.named("m")
        return next((node for node in self.program.nodes if node.phase == "backward" and m in node.inputs), None)

    @property
    def difference(self) -> Node | None:
        """The node whose result a - y the gradients begin with."""
        pair = (self.a(self.depth), self.y)
        found = [node for node in self.program.nodes if node.inputs == pair and node.phase != "measure"]
        return next((node for node in found if node.phase == "backward"), found[0] if found else None)

    @property
    def has_update(self) -> bool:
        return bool(self.program.replacements)

    def is_square(self, layer: int) -> bool:
        """Whether a layer has as many units as the one below."""
        return self.program.sizes[str(layer)] == self.program.sizes[str(layer - 1)]

    # --- What an activation is like, read off its kernels -------------------------------------------------------------

    def slope(self, layer: int) -> Node:
        """The node that makes the slope of a layer's activation."""
        return self.makers[self.named("mask", layer)]

    def activation(self, layer: int) -> Node:
        return self.makers[self.a(layer)]

    def reads_a(self, layer: int) -> bool:
        """Whether the slope is computed from a, as that of the sigmoid."""
        return self.slope(layer).inputs[0] == self.a(layer)

    def slopes(self, layer: int) -> Array:
        """The slope of a layer's activation at some z."""
        z = _GRID if not self.reads_a(layer) else self._values(self.activation(layer), _GRID)
        return self._values(self.slope(layer), z)

    def slopes_at_a(self, layer: int) -> Array:
        """The same where the slope is taken at f(z) in place of z, or at f(f(z)) in place of f(z)."""
        activation, a = self.activation(layer), self._values(self.activation(layer), _GRID)
        return self._values(self.slope(layer), self._values(activation, a) if self.reads_a(layer) else a)

    def bends(self, layer: int) -> bool:
        """Whether the activation has a slope to speak of: that of the identity is 1 everywhere."""
        return self.has("mask", layer) and bool(np.any(self.slopes(layer) != 1))

    def is_step(self, layer: int) -> bool:
        """Whether the slope is 0 or 1, as that of relu."""
        slopes = self.slopes(layer)
        return set(slopes) == {0.0, 1.0}

    def _values(self, node: Node, z: Array) -> Array:
        """An elementwise operation at some places, with small numbers for what else it takes."""
        roles = (self.program.tensors[name].role for name in node.inputs[1:])
        numbers = tuple(0.0 if role == "derivative_at_zero" else 0.01 for role in roles)
        return np.array(_on_the_grid(node.primitive.kernel, numbers, tuple(z)))


@lru_cache(maxsize=256)
def _on_the_grid(kernel: Kernel, numbers: tuple[float, ...], z: tuple[float, ...]) -> tuple[float, ...]:
    cells = np.array(z)
    out = np.empty_like(cells)
    with np.errstate(all="ignore"):
        kernel(cells, *(np.array(number) for number in numbers), out)
    return tuple(out.tolist())
