"""Sums with their gradients, and operations of each sample's row with that sample's number.

Axes in front of the ones that a primitive names count replicas, so a kernel counts its axes from the last one.
"""

import numpy as np

from engine.primitives.primitive import A, Array, Call, Primitive, at, kernel_of


def _bind_sum_all(a: Array, out: Array) -> Call:
    # The sum of float16 numbers is kept in float16 and stalls; a dot product is kept in float32.
    if a.dtype == np.float16:
        flat = a.reshape(*out.shape, -1)
        return flat.dot, (np.ones(flat.shape[-1], a.dtype), out)
    return np.add.reduce, (a, tuple(range(out.ndim, a.ndim)), None, out)


def _bind_sum_rows(a: Array, out: Array) -> Call:
    if a.dtype == np.float16:
        return a.dot, (np.ones(a.shape[-1], a.dtype), out)
    # Of few columns, whose order is the same, the sum is taken column by column at half the cost of a reduction.
    columns = a.shape[-1]
    if not 2 <= columns <= 4:
        return np.add.reduce, (a, -1, None, out)
    return _column_by_column, (np.add, a[..., 0], [a[..., column] for column in range(1, columns)], out)


def _bind_max_rows(a: Array, out: Array) -> Call:
    # As with the sum.
    columns = a.shape[-1]
    if not 2 <= columns <= 4:
        return np.maximum.reduce, (a, -1, None, out)
    return _column_by_column, (np.maximum, a[..., 0], [a[..., column] for column in range(1, columns)], out)


def _column_by_column(both: np.ufunc, first: Array, others: list[Array], out: Array) -> None:
    for column in others:
        first = both(first, column, out=out)


def _bind_softmax_jacobian(p: Array, q: Array, out: Array) -> Call:
    return _softmax_jacobian, (p[..., :, None], q[..., None, :], np.eye(p.shape[-1], dtype=p.dtype), out)


def _softmax_jacobian(p: Array, q: Array, identity: Array, out: Array) -> None:
    np.subtract(identity, q, out)
    np.multiply(p, out, out)


def _select_rows(a: Array, chosen: Array, d: Array, out: Array) -> None:
    out.fill(0)
    np.copyto(out, d[..., None], where=a == chosen[..., None])


SUMS = (
    Primitive(
        "sum_all",
        kernel_of(_bind_sum_all),
        "...->",
        "{out} = {0}.sum()",
        ["sum", "...", A],
        bind=_bind_sum_all,
    ),
    Primitive("spread", lambda d, like, out: np.copyto(out, d), ",...->...", "{out} = np.full_like({1}, {0})", at(0)),
    Primitive(
        "sum_rows",
        kernel_of(_bind_sum_rows),
        "nk->n",
        "{out} = {0}.sum(axis=1)",
        ["sum", "k", at(0, "n", "k")],
        bind=_bind_sum_rows,
    ),
    Primitive(
        "spread_rows",
        lambda d, like, out: np.copyto(out, d[..., None]),
        "n,nk->nk",
        "{out} = np.full_like({1}, {0}[:, None])",
        at(0, "n"),
    ),
)

ROWS = (
    Primitive(
        "max_rows",
        kernel_of(_bind_max_rows),
        "nk->n",
        "{out} = {0}.max(axis=1)",
        ["max", "k", at(0, "n", "k")],
        selects=True,
        bind=_bind_max_rows,
    ),
    Primitive(
        "select_rows",
        _select_rows,
        "nk,n,n->nk",
        "{out} = np.where({0} == {1}[:, None], {2}[:, None], 0)",
        ["if", ["==", at(0, "n", "k"), at(1, "n")], at(2, "n"), 0],
        selects=True,
    ),
    Primitive(
        "subtract_rows",
        lambda a, v, out: np.subtract(a, v[..., None], out),
        "nk,n->nk",
        "{out} = {0} - {1}[:, None]",
        ["-", at(0, "n", "k"), at(1, "n")],
        bind=lambda a, v, out: (np.subtract, (a, v[..., None], out)),
        in_place=(0,),
    ),
    Primitive(
        "multiply_rows",
        lambda a, v, out: np.multiply(a, v[..., None], out),
        "nk,n->nk",
        "{out} = {0} * {1}[:, None]",
        ["*", at(0, "n", "k"), at(1, "n")],
        bind=lambda a, v, out: (np.multiply, (a, v[..., None], out)),
        in_place=(0,),
    ),
    Primitive(
        "divide_rows",
        lambda a, v, out: np.divide(a, v[..., None], out),
        "nk,n->nk",
        "{out} = {0} / {1}[:, None]",
        ["/", at(0, "n", "k"), at(1, "n")],
        bind=lambda a, v, out: (np.divide, (a, v[..., None], out)),
        in_place=(0,),
    ),
    Primitive(
        "dot_rows",
        np.vecdot,
        "nk,nk->n",
        "{out} = ({0} * {1}).sum(axis=1)",
        ["sum", "k", ["*", at(0, "n", "k"), at(1, "n", "k")]],
        exact="{out} = np.vecdot({0}, {1})",
    ),
)

# The long way through softmax.
JACOBIAN = (
    Primitive(
        "softmax_jacobian",
        kernel_of(_bind_softmax_jacobian),
        "nk,nj->nkj",
        "{out} = {0}[:, :, None] * (np.eye({0}.shape[1]) - {1}[:, None, :])",
        ["*", at(0, "n", "k"), ["-", ["delta", "k", "j"], at(1, "n", "j")]],
        exact="{out} = {0}[:, :, None] * (np.eye({0}.shape[1], dtype={0}.dtype) - {1}[:, None, :])",
        bind=_bind_softmax_jacobian,
    ),
    Primitive(
        "jacobian_product",
        lambda d, jacobian, out: np.einsum("...nk,...nkj->...nj", d, jacobian, out=out),
        "nk,nkj->nj",
        "{out} = np.einsum('nk,nkj->nj', {0}, {1})",
        ["sum", "k", ["*", at(0, "n", "k"), at(1, "n", "k", "j")]],
    ),
)
