"""How a cell of a tensor is written in a formula, as a small tree of marks that a page prints.

=====================================  =================================================================================
tree                                   written as
=====================================  =================================================================================
``"w"``                                these letters
``["at", tree, k]``                    the tree with the layer k above (null: none) and the places of the cell below
``["at", tree, k, [0, 1]]``            the same with the places of these axes alone, always in this order
``["of", name]``                       the cell of another tensor at the same places
``["derivative", tree, top, bottom]``  top by bottom; the tree is its one name (null: there is none)
``["over", tree, mark]``               a mark above, as in the estimate of m
``["under", tree, mark]``              a lower mark that is no place, as in the largest z
``["power", tree, exponent]``          a base and its exponent
``["less", tree]``                     (1 - tree)
``["log", tree]``                      the logarithm
``["change", tree]``                   what is added to it
``["squared", tree]``                  (tree) to the 2
``["total", tree]``                    the sum of all its cells
=====================================  =================================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.tensor import NEXT_ROLES, Tensor

Symbol = str | list[object]

BETA_1: Symbol = ["under", "\u03b2", "1"]
BETA_2: Symbol = ["under", "\u03b2", "2"]
# Letters of roles and of what belongs to a parameter, where these are not called as they are written.
LETTERS: Mapping[str, Symbol] = {
    "W": "w",
    "z_shifted": ["over", "z", "\u02dc"],
    "e_sum": "S",
    "log_e_sum": ["log", "S"],
    "log_p": ["log", "p"],
    "loss": "L",
    "data_loss": "\u2113",
    "regularization": "R",
    "l2": "\u03bb",
    "learning_rate": "\u03b7",
    "alpha": "\u03b1",
    "beta1": BETA_1,
    "beta2": BETA_2,
    "eps": "\u03b5",
    "momentum": "\u03bc",
    "one_minus_alpha": ["less", "\u03b1"],
    "one_minus_beta1": ["less", BETA_1],
    "one_minus_beta2": ["less", BETA_2],
    "one_minus_beta1_to_t": ["less", ["power", BETA_1, "t"]],
    "one_minus_beta2_to_t": ["less", ["power", BETA_2, "t"]],
    "seed": "1",
    "velocity": "u",
    "average": "m",
    "square_average": "v",
    "average_corrected": ["over", "m", "^"],
    "square_average_corrected": ["over", "v", "^"],
    "direction": "d",
    "root": "s",
    "denominator": "q",
}
# Those that are written without layer and places.
PLACELESS: Mapping[str, Symbol] = {
    "z_max": ["under", "z", "max"],
    "derivative_at_zero": ["under", "d", "0"],
    "delta": "\u03b4",
    "log_p_true": ["under", "ln\u2009p", "\u2217"],
    "square_sum": ["total", ["power", "w", "2"]],
}
# The parts of a gradient differentiate a part of the loss: that of the data, or the penalty.
PARTS_OF_THE_LOSS: Mapping[str, str] = {"data": "\u2113", "l2": "R"}


@dataclass(frozen=True, slots=True)
class Writer:
    """Says how the tensors of a program are written.

    Parameters
    ----------
    tensors : name -> Tensor
    sources : name -> the first of what it is computed from
    """

    tensors: Mapping[str, Tensor]
    sources: Mapping[str, str]

    def symbol_of(self, tensor: Tensor) -> Symbol:
        """How a cell of this tensor is written."""
        role, layer, name = tensor.role, tensor.layer, tensor.name
        if role == "mask":
            return ["derivative", ["at", "mask", layer], self._named("a", layer), self._named("z", layer)]
        if role == "jacobian":
            *above, below = range(len(tensor.axes))
            return ["derivative", None, ["at", "p", None, above], ["at", "z", layer, [below]]]
        if tensor.of is not None:
            return _of_another(name, role, self.tensors[tensor.of])
        if role in ("dp", "dp_sample"):
            return ["derivative", ["at", "dp", None], "L", ["at", "p", None]]
        if role == "sample_loss":
            return ["at", LETTERS["data_loss" if "data_loss" in self.tensors else "loss"], None]
        if role == "W_squared":
            return ["squared", ["of", self.sources[name]]]
        if role == "W_square_sum":
            return ["total", ["of", self.sources[name]]]
        if role in PLACELESS:
            return PLACELESS[role]
        is_of_layer = layer is not None and name == f"{role}{layer}"
        return ["at", LETTERS.get(role, role if is_of_layer else name), layer if is_of_layer else None]

    def _named(self, role: str, layer: int | None) -> Symbol:
        found = (t.name for t in self.tensors.values() if (t.role, t.layer) == (role, layer))
        return ["of", next(found)]


def _of_another(name: str, role: str, of: Tensor) -> Symbol:
    if role in NEXT_ROLES:
        return ["of", of.name]
    if role == "step":
        return ["change", ["of", of.name]]
    if name.startswith(f"{of.name}_"):
        kind = name.removeprefix(f"{of.name}_")
        return ["at", LETTERS[kind], of.layer] if kind in LETTERS else ["at", kind.replace("_", " "), None]
    gradient, part = f"d{'w' if of.role == 'W' else of.role}", name.removeprefix(f"d{of.name}_")
    if part in PARTS_OF_THE_LOSS:
        loss = PARTS_OF_THE_LOSS[part]
        return ["derivative", ["at", ["power", gradient, loss], None], loss, ["of", of.name]]
    return ["derivative", ["at", gradient, of.layer], LETTERS["loss"], ["of", of.name]]
