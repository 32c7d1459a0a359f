"""The affine layer and its gradients.

Axes in front of the ones that a primitive names count replicas; a kernel counts its axes from the last one, and chooses
its call by how its arrays lie in memory.
"""

import numpy as np

from engine.primitives.primitive import Array, Call, Primitive, at, kernel_of


def _bind_product(a: Array, b: Array, out: Array) -> Call:
    """The cheapest call that computes out = a @ b."""
    if out.ndim > 2:
        return _bind_products(a, b, out)
    # dot writes the same bits as matmul and costs a third of the call, but wants out in C order.
    return (a.dot, (b, out)) if out.flags.c_contiguous else (b.T.dot, (a.T, out.T))


def _bind_products(a: Array, b: Array, out: Array) -> Call:
    """The same for replicas, where the last axis of all lies slowest within each: out.T = b.T @ a.T."""
    left, right, below = b.mT, a.mT, out.mT
    if right.ndim == 2 and left.flags.c_contiguous and below.flags.c_contiguous:
        # What all replicas share is multiplied once for all of them.
        return left.reshape(-1, left.shape[-1]).dot, (right, below.reshape(-1, below.shape[-1]))
    return np.matmul, (left, right, below)


def _bind_sum_samples(d: Array, out: Array) -> Call:
    # The sum of float16 numbers is kept in float16 and stalls: 2048 + 1 is 2048. A dot product is kept in float32.
    if d.dtype == np.float16:
        ones = np.ones(d.shape[-2], d.dtype)
        return (ones.dot, (d, out)) if d.ndim == 2 else (np.matmul, (ones, d, out))
    return np.add.reduce, (d, -2, None, out)


AFFINE = (
    Primitive(
        "matmul",
        kernel_of(_bind_product),
        "ni,ij->nj",
        "{out} = {0} @ {1}",
        ["sum", "i", ["*", at(0, "n", "i"), at(1, "i", "j")]],
        bind=_bind_product,
    ),
    Primitive(
        "matmul_transposed_left",
        lambda a, d, out: kernel_of(_bind_product)(a.mT, d, out),
        "ni,nj->ij",
        "{out} = {0}.T @ {1}",
        ["sum", "n", ["*", at(0, "n", "i"), at(1, "n", "j")]],
        bind=lambda a, d, out: _bind_product(a.mT, d, out),
    ),
    Primitive(
        "matmul_transposed_right",
        lambda d, w, out: kernel_of(_bind_product)(d, w.mT, out),
        "nj,ij->ni",
        "{out} = {0} @ {1}.T",
        ["sum", "j", ["*", at(0, "n", "j"), at(1, "i", "j")]],
        bind=lambda d, w, out: _bind_product(d, w.mT, out),
    ),
    Primitive(
        "add_bias",
        lambda a, b, out: np.add(a, b[..., None, :], out),
        "nj,j->nj",
        "{out} = {0} + {1}",
        ["+", at(0, "n", "j"), at(1, "j")],
        bind=lambda a, b, out: (np.add, (a, b[..., None, :] if b.ndim > 1 else b, out)),
        in_place=(0,),
    ),
    Primitive(
        "sum_samples",
        kernel_of(_bind_sum_samples),
        "nj->j",
        "{out} = {0}.sum(axis=0)",
        ["sum", "n", at(0, "n", "j")],
        bind=_bind_sum_samples,
    ),
)
