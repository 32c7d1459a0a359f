"""The vocabulary of a step: NumPy operations that a person can check by hand, each with four faces.

indices use einsum letters. A letter that is missing on the right is summed over; ``...`` stands for all axes of an
elementwise operation; an operand without letters is a 0-d array. Axes follow letters: n counts samples.

cell is the formula of one output cell: ``["at", k, letters...]`` is a cell of input k, a number is itself, and
``sum max + - * / neg exp log delta if > ==`` do what they say. ``tests/cells.py`` evaluates it, the page prints it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Expr = list[Any] | float
Kernel = Callable[..., object]
Call = tuple[Callable[..., object], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Primitive:
    """One NumPy operation.

    Parameters
    ----------
    kernel : ``kernel(*inputs, out)`` writes the result into out.
    indices : einsum letters, inputs -> output.
    code : the NumPy line, a template over the input names {0}, {1}, ... and {out}.
    cell : the formula of one output cell.
    selects : whether *which* cells feed the output depends on their values (a maximum, a comparison).
    bind : a cheaper call of the same arithmetic on fixed arrays: ``bind(*inputs, out) -> (callable, arguments)``.
    """

    name: str
    kernel: Kernel
    indices: str
    code: str
    cell: Expr
    selects: bool = False
    bind: Callable[..., Call] | None = None

    @property
    def input_letters(self) -> list[str]:
        return self.indices.split("->")[0].split(",")

    @property
    def output_letters(self) -> str:
        return self.indices.split("->")[1]

    def call(self, *inputs: Array, out: Array) -> Call:
        """The callable and its arguments that compute out from these very arrays."""
        return self.bind(*inputs, out) if self.bind else (self.kernel, (*inputs, out))


def _at(operand: int, *letters: str) -> Expr:
    return ["at", operand, *letters]


_A, _B = _at(0, "..."), _at(1, "...")
_ZERO = np.zeros(())


def _gate(da: Array, mask: Array, out: Array) -> None:
    _gate_bound(da, mask, out, np.empty(out.shape, bool))


def _gate_bound(da: Array, mask: Array, out: Array, is_shut: Array) -> None:
    # A shut gate gives 0 even for an infinite da, where the plain product would be NaN.
    np.multiply(da, mask, out)
    np.equal(mask, _ZERO, is_shut)
    np.copyto(out, _ZERO, where=is_shut)


def _half_scale(factor: Array, a: Array, out: Array) -> None:
    np.multiply(factor, a, out)
    np.divide(out, 2, out)


def _negative_ratio(a: Array, b: Array, out: Array) -> None:
    np.divide(a, b, out)
    np.negative(out, out)


def _softmax_jacobian(p: Array, q: Array, out: Array) -> None:
    np.multiply(p[:, :, None], np.eye(p.shape[1]) - q[:, None, :], out)


def _select_rows(a: Array, chosen: Array, d: Array, out: Array) -> None:
    np.multiply(a == chosen[:, None], d[:, None], out)


def _table(*primitives: Primitive) -> dict[str, Primitive]:
    return {primitive.name: primitive for primitive in primitives}


PRIMITIVES: dict[str, Primitive] = _table(
    # Affine layer and its gradients. dot writes the same bits as matmul and costs a third of the call.
    Primitive(
        "matmul",
        lambda a, w, out: a.dot(w, out),
        "ni,ij->nj",
        "{out} = {0} @ {1}",
        ["sum", "i", ["*", _at(0, "n", "i"), _at(1, "i", "j")]],
        bind=lambda a, w, out: (a.dot, (w, out)),
    ),
    Primitive(
        "matmul_transposed_left",
        lambda a, d, out: a.T.dot(d, out),
        "ni,nj->ij",
        "{out} = {0}.T @ {1}",
        ["sum", "n", ["*", _at(0, "n", "i"), _at(1, "n", "j")]],
        bind=lambda a, d, out: (a.T.dot, (d, out)),
    ),
    Primitive(
        "matmul_transposed_right",
        lambda d, w, out: d.dot(w.T, out),
        "nj,ij->ni",
        "{out} = {0} @ {1}.T",
        ["sum", "j", ["*", _at(0, "n", "j"), _at(1, "i", "j")]],
        bind=lambda d, w, out: (d.dot, (w.T, out)),
    ),
    Primitive("add_bias", np.add, "nj,j->nj", "{out} = {0} + {1}", ["+", _at(0, "n", "j"), _at(1, "j")]),
    Primitive(
        "sum_samples",
        lambda d, out: np.add.reduce(d, 0, None, out),
        "nj->j",
        "{out} = {0}.sum(axis=0)",
        ["sum", "n", _at(0, "n", "j")],
        bind=lambda d, out: (np.add.reduce, (d, 0, None, out)),
    ),
    # Activations and their slopes.
    Primitive(
        "relu",
        lambda z, out: np.maximum(z, _ZERO, out=out),
        "...->...",
        "{out} = np.maximum({0}, 0)",
        ["if", [">", _A, 0], _A, 0],
        bind=lambda z, out: (partial(np.maximum, z, np.zeros((), z.dtype), out=out), ()),
    ),
    Primitive(
        "relu_slope",
        np.heaviside,
        "...,->...",
        "{out} = np.heaviside({0}, {1})",
        ["if", [">", _A, 0], 1, ["if", ["==", _A, 0], _at(1), 0]],
        selects=True,
    ),
    Primitive("identity", np.positive, "...->...", "{out} = {0}.copy()", _A),
    Primitive("identity_slope", lambda z, out: out.fill(1), "...->...", "{out} = np.ones_like({0})", 1),
    Primitive(
        "gate",
        _gate,
        "...,...->...",
        "{out} = {0} * {1}",
        ["if", ["==", _B, 0], 0, ["*", _A, _B]],
        bind=lambda da, mask, out: (_gate_bound, (da, mask, out, np.empty(out.shape, bool))),
    ),
    # Elementwise arithmetic.
    Primitive("add", np.add, "...,...->...", "{out} = {0} + {1}", ["+", _A, _B]),
    Primitive("subtract", np.subtract, "...,...->...", "{out} = {0} - {1}", ["-", _A, _B]),
    Primitive("multiply", np.multiply, "...,...->...", "{out} = {0} * {1}", ["*", _A, _B]),
    Primitive("divide", np.divide, "...,...->...", "{out} = {0} / {1}", ["/", _A, _B]),
    Primitive("negative", np.negative, "...->...", "{out} = -{0}", ["neg", _A]),
    Primitive("square", np.square, "...->...", "{out} = {0} ** 2", ["*", _A, _A]),
    Primitive("exp", np.exp, "...->...", "{out} = np.exp({0})", ["exp", _A]),
    Primitive("log", np.log, "...->...", "{out} = np.log({0})", ["log", _A]),
    Primitive("scale", np.multiply, ",...->...", "{out} = {0} * {1}", ["*", _at(0), _B]),
    Primitive("half_scale", _half_scale, ",...->...", "{out} = {0} * {1} / 2", ["/", ["*", _at(0), _B], 2]),
    Primitive("divide_by", np.divide, "...,->...", "{out} = {0} / {1}", ["/", _A, _at(1)]),
    Primitive("negative_ratio", _negative_ratio, "...,...->...", "{out} = -{0} / {1}", ["neg", ["/", _A, _B]]),
    # Sums, and their gradients: a copy of d for every cell that was summed.
    Primitive(
        "sum_all",
        lambda a, out: np.add.reduce(a, None, None, out),
        "...->",
        "{out} = {0}.sum()",
        ["sum", "...", _A],
        bind=lambda a, out: (np.add.reduce, (a, None, None, out)),
    ),
    Primitive("spread", lambda d, like, out: np.copyto(out, d), ",...->...", "{out} = np.full_like({1}, {0})", _at(0)),
    Primitive(
        "sum_rows",
        lambda a, out: np.add.reduce(a, 1, None, out),
        "nk->n",
        "{out} = {0}.sum(axis=1)",
        ["sum", "k", _at(0, "n", "k")],
        bind=lambda a, out: (np.add.reduce, (a, 1, None, out)),
    ),
    Primitive(
        "spread_rows",
        lambda d, like, out: np.copyto(out, d[:, None]),
        "n,nk->nk",
        "{out} = np.full_like({1}, {0}[:, None])",
        _at(0, "n"),
    ),
    # Rows: an operation of each sample's row with that sample's number.
    Primitive(
        "max_rows",
        lambda a, out: np.maximum.reduce(a, 1, None, out),
        "nk->n",
        "{out} = {0}.max(axis=1)",
        ["max", "k", _at(0, "n", "k")],
        selects=True,
        bind=lambda a, out: (np.maximum.reduce, (a, 1, None, out)),
    ),
    Primitive(
        "select_rows",
        _select_rows,
        "nk,n,n->nk",
        "{out} = ({0} == {1}[:, None]) * {2}[:, None]",
        ["if", ["==", _at(0, "n", "k"), _at(1, "n")], _at(2, "n"), 0],
        selects=True,
    ),
    Primitive(
        "subtract_rows",
        lambda a, v, out: np.subtract(a, v[:, None], out),
        "nk,n->nk",
        "{out} = {0} - {1}[:, None]",
        ["-", _at(0, "n", "k"), _at(1, "n")],
        bind=lambda a, v, out: (np.subtract, (a, v[:, None], out)),
    ),
    Primitive(
        "multiply_rows",
        lambda a, v, out: np.multiply(a, v[:, None], out),
        "nk,n->nk",
        "{out} = {0} * {1}[:, None]",
        ["*", _at(0, "n", "k"), _at(1, "n")],
        bind=lambda a, v, out: (np.multiply, (a, v[:, None], out)),
    ),
    Primitive(
        "divide_rows",
        lambda a, v, out: np.divide(a, v[:, None], out),
        "nk,n->nk",
        "{out} = {0} / {1}[:, None]",
        ["/", _at(0, "n", "k"), _at(1, "n")],
        bind=lambda a, v, out: (np.divide, (a, v[:, None], out)),
    ),
    Primitive(
        "dot_rows",
        np.vecdot,
        "nk,nk->n",
        "{out} = ({0} * {1}).sum(axis=1)",
        ["sum", "k", ["*", _at(0, "n", "k"), _at(1, "n", "k")]],
    ),
    # The long way through softmax.
    Primitive(
        "softmax_jacobian",
        _softmax_jacobian,
        "nk,nj->nkj",
        "{out} = {0}[:, :, None] * (np.eye({0}.shape[1]) - {1}[:, None, :])",
        ["*", _at(0, "n", "k"), ["-", ["delta", "k", "j"], _at(1, "n", "j")]],
    ),
    Primitive(
        "jacobian_product",
        lambda d, jacobian, out: np.einsum("nk,nkj->nj", d, jacobian, out=out),
        "nk,nkj->nj",
        "{out} = np.einsum('nk,nkj->nj', {0}, {1})",
        ["sum", "k", ["*", _at(0, "n", "k"), _at(1, "n", "k", "j")]],
    ),
)
