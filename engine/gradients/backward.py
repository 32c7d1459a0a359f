"""The gradients collected on the way from the loss to the inputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.program import ProgramBuilder


@dataclass
class Backward:
    """The gradients collected so far, while the walk goes from the loss towards the inputs.

    A gradient is the name of a tensor, or None for the seed dL/dL = 1, which needs no array.
    """

    builder: ProgramBuilder
    active: frozenset[str]
    expected: Mapping[str, int]
    gradients: dict[str, list[str | None]] = field(default_factory=dict)
    layer: int | None = None
    group: tuple[str, ...] = ()

    def upstream(self, tensor: str) -> str | None:
        """The gradient of the loss with respect to a tensor that has received all its parts."""
        (gradient,) = self.gradients[tensor]
        return gradient

    def emit(self, target: str, op: str, *inputs: str | None, share: str = "data", part: str | None = None) -> None:
        """Append the node that computes the gradient of target, or a share of it where target is used twice.

        Parameters
        ----------
        share : what that share is called.
        part : what the node is in its group.
        """
        if target not in self.active:
            return
        name = "d" + target
        if self.expected[target] > 1:
            taken = f"{name}_{share}" in self.builder.tensors
            name = f"{name}_{self._count(target)}" if taken else f"{name}_{share}"
        self.pass_through(target, self.compute(name, op, *inputs, of=target, part=part))

    def pass_through(self, target: str, gradient: str | None) -> None:
        """Give target a gradient that exists already; a tensor used twice gets a visible add."""
        if target not in self.active:
            return
        parts = self.gradients.setdefault(target, [])
        parts.append(gradient)
        if len(parts) > 1 and len(parts) == self.expected[target]:
            total = parts[0]
            for number, part in enumerate(parts[1:], start=2):
                is_last = number == len(parts)
                total = self.compute(
                    f"d{target}" if is_last else f"d{target}_sum{number}", "add", total, part, of=target
                )
            self.gradients[target] = [total]

    def compute(self, output: str, op: str, *inputs: str | None, of: str | None = None, part: str | None = None) -> str:
        """Append a backward node; of names the tensor whose gradient (or share of it) the output is."""
        names = tuple(self.seed if name is None else name for name in inputs)
        role = output if of is None else "d" + self.builder.tensors[of].role + output.removeprefix("d" + of)
        return self.builder.node(
            op, names, output, role, phase="backward", layer=self.layer, group=self.group, of=of, part=part
        )

    @property
    def seed(self) -> str:
        """dL/dL = 1 as a tensor, for walks that need it as a number."""
        return self.builder.scalar("seed")

    def _count(self, target: str) -> int:
        return len(self.gradients.get(target, [])) + 1
