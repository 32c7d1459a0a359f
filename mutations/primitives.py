"""Primitives with wrong results, a wrong NumPy line, a wrong formula, wrong letters, or another bound call."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from engine.primitives import PRIMITIVES, Array, Call, Primitive
from engine.primitives.products import SUMS_AS_PRODUCTS
from mutations.mutant import Mutant, overwrite

Damage = Callable[[Array], None]


def _scaled(out: Array) -> None:
    np.multiply(out, 1.01, out=out, casting="same_kind")


def _negated(out: Array) -> None:
    np.negative(out, out)


def _one_cell_wrong(out: Array) -> None:
    out[(-1,) * out.ndim] += 1


def _zeroed(out: Array) -> None:
    out.fill(0)


def _shifted(out: Array) -> None:
    """Every number one cell further along the last axis that has more than one."""
    axes = [axis for axis, size in enumerate(out.shape) if size > 1]
    if axes:
        out[...] = np.roll(out, 1, axes[-1])


DAMAGES: dict[str, Damage] = {
    "result scaled by 1.01": _scaled,
    "result negated": _negated,
    "last cell wrong": _one_cell_wrong,
    "result zeroed": _zeroed,
    "result shifted by a cell": _shifted,
}


def mutants() -> Iterator[Mutant]:
    for name, primitive in PRIMITIVES.items():
        for how, damage in DAMAGES.items():
            if damage is not _shifted or primitive.output_letters:
                yield Mutant("primitive", name, how, partial(_damage, primitive, damage))
        if primitive.bind:
            yield Mutant("primitive", name, "bound call scaled", partial(_damage_bound_call, primitive, _scaled))
        yield Mutant("primitive", name, "code scaled", partial(_damage_code, primitive, "code"))
        if primitive.exact:
            yield Mutant("primitive", name, "exact code scaled", partial(_damage_code, primitive, "exact"))
        yield Mutant("primitive", name, "cell scaled", partial(_damage_cell, primitive))
        if len(primitive.output_letters.strip(".")) > 1:
            yield Mutant("primitive", name, "letters of the output reversed", partial(_reverse_letters, primitive))
    for name, primitive in SUMS_AS_PRODUCTS.items():
        for how, damage in DAMAGES.items():
            yield Mutant("primitive by products", name, how, partial(_damage, primitive, damage))


def _damage(primitive: Primitive, damage: Damage) -> None:
    kernel = primitive.kernel

    def damaged(*arrays: Array) -> None:
        kernel(*arrays)
        damage(arrays[-1])

    overwrite(primitive, kernel=damaged)
    if primitive.bind:
        _damage_bound_call(primitive, damage)


def _damage_bound_call(primitive: Primitive, damage: Damage) -> None:
    bind = primitive.bind
    assert bind is not None

    def bind_damaged(*arrays: Array) -> Call:
        call, arguments = bind(*arrays)

        def damaged() -> None:
            call(*arguments)
            damage(arrays[-1])

        return damaged, ()

    overwrite(primitive, bind=bind_damaged)


def _damage_code(primitive: Primitive, face: str) -> None:
    overwrite(primitive, **{face: getattr(primitive, face) + "; {out} = {out} * 1.01"})


def _damage_cell(primitive: Primitive) -> None:
    overwrite(primitive, cell=["*", 1.01, primitive.cell])


def _reverse_letters(primitive: Primitive) -> None:
    inputs, output = primitive.indices.split("->")
    overwrite(primitive, indices=f"{inputs}->{output[::-1]}")
