"""A mistake that may be made in one layer or in all: its variants."""

from collections.abc import Callable, Iterable, Iterator

from engine.mistakes.anatomy import Anatomy
from engine.mistakes.draft import Draft
from engine.mistakes.mistake import Variant
from engine.program import Program

Edit = Callable[[Draft, Anatomy, int], None]


def in_layers(program: Program, layers: Iterable[int], edit: Edit, kind: str = "") -> Iterator[Variant]:
    """Made in all these layers, then in each one."""
    layers = tuple(layers)
    yield from in_groups(program, [layers, *([(layer,) for layer in layers] if len(layers) > 1 else [])], edit, kind)


def in_gates(program: Program, layers: Iterable[int], edit: Edit, kind: str = "") -> Iterator[Variant]:
    """Made in all hidden layers of these, then in each one of them, then in all of them."""
    layers = tuple(layers)
    depth = Anatomy(program).depth
    hidden = tuple(layer for layer in layers if layer < depth)
    groups = [hidden, *((layer,) for layer in layers), layers]
    yield from in_groups(program, dict.fromkeys(group for group in groups if group), edit, kind)


def in_groups(program: Program, groups: Iterable[tuple[int, ...]], edit: Edit, kind: str = "") -> Iterator[Variant]:
    """Made in each of these groups of layers."""
    anatomy = Anatomy(program)
    for group in groups:
        draft = Draft(program)
        for layer in group:
            edit(draft, anatomy, layer)
        if group:
            yield Variant(draft.build(), group, kind)


def at_the_start(program: Program, edit: Callable[[Draft, Anatomy], None], kind: str = "") -> Iterator[Variant]:
    """Made where the backward pass begins."""
    draft = Draft(program)
    edit(draft, Anatomy(program))
    yield Variant(draft.build(), (), kind)
