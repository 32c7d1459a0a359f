"""The affine layer and its gradients."""

import numpy as np

from engine.primitives.primitive import Array, Call, Primitive, at, kernel_of


def _bind_sum_samples(d: Array, out: Array) -> Call:
    # The sum of float16 numbers is kept in float16 and stalls: 2048 + 1 is 2048. A dot product is kept in float32.
    if d.dtype == np.float16:
        return np.ones(len(d), d.dtype).dot, (d, out)
    return np.add.reduce, (d, 0, None, out)


# dot writes the same bits as matmul and costs a third of the call.
AFFINE = (
    Primitive(
        "matmul",
        lambda a, w, out: a.dot(w, out),
        "ni,ij->nj",
        "{out} = {0} @ {1}",
        ["sum", "i", ["*", at(0, "n", "i"), at(1, "i", "j")]],
        bind=lambda a, w, out: (a.dot, (w, out)),
    ),
    Primitive(
        "matmul_transposed_left",
        lambda a, d, out: a.T.dot(d, out),
        "ni,nj->ij",
        "{out} = {0}.T @ {1}",
        ["sum", "n", ["*", at(0, "n", "i"), at(1, "n", "j")]],
        bind=lambda a, d, out: (a.T.dot, (d, out)),
    ),
    Primitive(
        "matmul_transposed_right",
        lambda d, w, out: d.dot(w.T, out),
        "nj,ij->ni",
        "{out} = {0} @ {1}.T",
        ["sum", "j", ["*", at(0, "n", "j"), at(1, "i", "j")]],
        bind=lambda d, w, out: (d.dot, (w.T, out)),
    ),
    Primitive("add_bias", np.add, "nj,j->nj", "{out} = {0} + {1}", ["+", at(0, "n", "j"), at(1, "j")]),
    Primitive(
        "sum_samples",
        kernel_of(_bind_sum_samples),
        "nj->j",
        "{out} = {0}.sum(axis=0)",
        ["sum", "n", at(0, "n", "j")],
        bind=_bind_sum_samples,
    ),
)
