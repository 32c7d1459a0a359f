"""What a name says, and how the playground calls it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """What a name says.

    Attributes
    ----------
    kind : "W", "b", "z", "a", "mask", "delta", "p", "x", "y", "loss", "theta" or "V"
    layer : the number that was written; None: none was
    place : "hidden" or "output" where a word says so
    is_indexed : the number stands in plain brackets, so that it may count from 0
    """

    kind: str
    layer: int | None = None
    place: str | None = None
    is_gradient: bool = False
    is_next: bool = False
    is_indexed: bool = False

    def canonical(self, layers: int) -> str | None:
        """The name in the playground, for a network of so many layers with weights; None: there is no such tensor."""
        kind, mark, end = self.kind, "d" if self.is_gradient else "", "_next" if self.is_next else ""
        if kind == "delta":
            kind, mark = "z", "d"
        if kind in ("theta", "V"):
            kind = "W"
        if kind in ("x", "y", "loss"):
            return f"{mark}{kind}{end}" if self.layer in (None, 0) and (not mark or kind == "x") else None
        layer = self.layer
        if layer is None:
            layer = layers if self.place == "output" else 1
        if kind == "a" and layer == 0:
            return f"{mark}x{end}"
        if kind == "p" or (kind == "a" and self.place == "output"):
            return f"{mark}p{end}" if self.layer in (None, layers) else None
        if not 1 <= layer <= layers or (end and kind not in ("W", "b")):
            return None
        return f"{mark}{kind}{layer}{end}"


def depth_of(names: Iterator[Name]) -> int | None:
    """How many layers names speak of; None: they do not say."""
    deepest, hidden, has_hidden = 0, 0, False
    for name in names:
        if name.kind in ("W", "b", "z", "mask", "delta", "theta"):
            deepest = max(deepest, name.layer or 0)
        if name.kind == "a" or name.place == "hidden":
            has_hidden = has_hidden or name.place == "hidden"
            deepest = max(deepest, name.layer or 0)
            hidden = max(hidden, name.layer or 1) if name.place == "hidden" else hidden
    if has_hidden:
        deepest = max(deepest, hidden + 1)
    return deepest or None
