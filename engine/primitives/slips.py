"""What a correct step never does, and a mistaken one may: over another axis, or turned another way."""

import numpy as np

from engine.primitives.primitive import A, Array, Primitive, at


def _subtract_row(a: Array, v: Array, out: Array) -> None:
    np.subtract(a.sum(axis=1, keepdims=True), v, out)


SLIPS = (
    Primitive("same", np.positive, "...->...", "{out} = {0}", A),
    Primitive("twice", lambda a, out: np.multiply(2, a, out), "...->...", "{out} = 2 * {0}", ["*", 2, A]),
    Primitive("zeros", lambda like, out: out.fill(0), "...->...", "{out} = np.zeros_like({0})", 0),
    Primitive("truncate", np.trunc, "...->...", "{out} = np.trunc({0})", ["trunc", A]),
    Primitive(
        "is_positive",
        lambda z, out: np.heaviside(z, z.dtype.type(0), out),
        "...->...",
        "{out} = np.heaviside({0}, 0)",
        ["if", [">", A, 0], 1, 0],
    ),
    Primitive("transpose", lambda w, out: np.copyto(out, w.mT), "ij->ji", "{out} = {0}.T", at(0, "i", "j")),
    # The letters of the result come from the first operand, its numbers from the second: both are W.
    Primitive(
        "reshape_turned",
        lambda like, w, out: np.copyto(out, w.reshape(out.shape)),
        "ij,pq->ji",
        "{out} = {1}.reshape({0}.T.shape)",
        ["reshaped", 1, "j", "i"],
    ),
    Primitive(
        "reshape_like",
        lambda like, w, out: np.copyto(out, w.reshape(out.shape)),
        "ij,pq->ij",
        "{out} = {1}.reshape({0}.shape)",
        ["reshaped", 1, "i", "j"],
    ),
    Primitive(
        "multiply_turned_left",
        lambda a, d, out: np.multiply(a.mT, d, out),
        "ni,in->in",
        "{out} = {0}.T * {1}",
        ["*", at(0, "n", "i"), at(1, "i", "n")],
    ),
    Primitive(
        "multiply_turned_right",
        lambda d, w, out: np.multiply(d, w.mT, out),
        "nj,jn->nj",
        "{out} = {0} * {1}.T",
        ["*", at(0, "n", "j"), at(1, "j", "n")],
    ),
    Primitive(
        "max_all",
        lambda a, out: np.max(a, out=out),
        "...->",
        "{out} = {0}.max()",
        ["max", "...", A],
        selects=True,
    ),
    Primitive("subtract_number", np.subtract, "...,->...", "{out} = {0} - {1}", ["-", A, at(1)]),
    Primitive(
        "max_columns",
        lambda a, out: np.maximum.reduce(a, 0, None, out),
        "nk->k",
        "{out} = {0}.max(axis=0)",
        ["max", "n", at(0, "n", "k")],
        selects=True,
    ),
    Primitive("subtract_columns", np.subtract, "nk,k->nk", "{out} = {0} - {1}", ["-", at(0, "n", "k"), at(1, "k")]),
    Primitive("divide_columns", np.divide, "nk,k->nk", "{out} = {0} / {1}", ["/", at(0, "n", "k"), at(1, "k")]),
    # A column against a flat row: every sample meets every label.
    Primitive(
        "subtract_row",
        _subtract_row,
        "nk,m->nm",
        "{out} = {0}.sum(axis=1, keepdims=True) - {1}",
        ["-", ["sum", "k", at(0, "n", "k")], at(1, "m")],
    ),
)
