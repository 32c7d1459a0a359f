"""Every rewrite by its name, and what it keeps. A test goes over them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.program import Program
from engine.rewrites.buffers import share_buffers, space_out, update_in_place
from engine.rewrites.exact import for_long_training, for_training, join_update, prune
from engine.rewrites.given import beside_given, take_as_given
from engine.rewrites.numeric import fold_bias, for_experiments, samples_last, sums_as_products
from engine.rewrites.replicas import per_sample, replicate

# exact: keeps every bit. numeric: changes roundings. asking: changes what is computed, and so what is shown.
RewriteKind = Literal["exact", "numeric", "asking"]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A program made from a program.

    Parameters
    ----------
    apply : as it is used where the loss is looked at besides the parameters.
    """

    kind: RewriteKind
    apply: Callable[[Program], Program]


def _prune(program: Program) -> Program:
    return prune(program, ["loss", *(tensor.name for tensor in program.replacements)])


REWRITES: dict[str, Rewrite] = {
    "prune": Rewrite("exact", _prune),
    "join_update": Rewrite("exact", join_update),
    "update_in_place": Rewrite("exact", update_in_place),
    "share_buffers": Rewrite("exact", lambda program: share_buffers(program, ["loss"])),
    "space_out": Rewrite("exact", space_out),
    "for_training": Rewrite("exact", lambda program: for_training(program, ["loss"])),
    "for_long_training": Rewrite("exact", lambda program: for_long_training(program, ["loss"])),
    "samples_last": Rewrite("numeric", samples_last),
    "sums_as_products": Rewrite("numeric", sums_as_products),
    "fold_bias": Rewrite("numeric", lambda program: fold_bias(samples_last(update_in_place(program)))),
    "for_experiments": Rewrite("numeric", lambda program: for_experiments(program, ["loss"])),
    "replicate": Rewrite("numeric", lambda program: replicate(program, 1)),
    "take_as_given": Rewrite("asking", lambda program: take_as_given(program, ["z1"])),
    "per_sample": Rewrite("asking", lambda program: per_sample(program, 1)),
    "beside_given": Rewrite("asking", lambda program: beside_given(program, ["z1"])),
}
