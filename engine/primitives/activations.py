"""Activations with their slopes, and the gate that a slope is to a gradient."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import numpy as np

from engine.primitives.primitive import ZERO, A, Array, B, Call, Primitive, at, kernel_of

_ONE = np.ones(())
_Z_IS_POSITIVE = [">", A, 0]
_EXP_Z = ["exp", A]


@lru_cache(maxsize=64)
def _zeros(size: int, dtype: np.dtype[Any]) -> Array:
    """Zeros that nobody writes to; all share them, so that they do not pass through the caches again and again."""
    zeros: Array = np.zeros(size, dtype)
    zeros.flags.writeable = False
    return zeros


def _bind_gate(da: Array, mask: Array, out: Array) -> Call:
    cells, zero = out.ravel("K"), np.zeros((), out.dtype)
    is_shut = np.empty(out.shape, bool)
    # Half precision has no fast dot product.
    if out.dtype == np.float16 or not np.shares_memory(cells, out):
        return _gate, (da, mask, out, is_shut, zero)
    return _gate_finite, (da, mask, out, is_shut, zero, cells.dot, _zeros(cells.size, cells.dtype))


def _gate_finite(
    da: Array, mask: Array, out: Array, is_shut: Array, zero: Array, dot: Callable[[Array], float], zeros: Array
) -> None:
    np.multiply(da, mask, out)
    # 0 unless a number in out is infinite or NaN, which a product tells at a third of the cost of looking for it.
    if dot(zeros):
        _shut(mask, out, is_shut, zero)


def _gate(da: Array, mask: Array, out: Array, is_shut: Array, zero: Array) -> None:
    np.multiply(da, mask, out)
    _shut(mask, out, is_shut, zero)


def _shut(mask: Array, out: Array, is_shut: Array, zero: Array) -> None:
    # A shut gate gives 0 even for an infinite da, where the plain product would be NaN.
    np.equal(mask, zero, is_shut)
    np.putmask(out, is_shut, zero)


def _bind_relu_slope(z: Array, derivative: Array, out: Array) -> Call:
    cells = z.ravel("K")
    if z.size < 1024 or z.dtype == np.float16 or not np.may_share_memory(cells, z):
        return np.heaviside, (z, derivative, out)
    is_on, is_corner = np.empty_like(z, bool), np.empty_like(z, bool)
    # NaN makes both NaN. A product tells it at half the cost, but its zeros drive other numbers out of the caches.
    is_long = cells.size >= 8192
    probe = partial(np.maximum.reduce, cells) if is_long else partial(cells.dot, _zeros(cells.size, cells.dtype))
    return _relu_slope, (z, derivative, out, is_on, is_corner, np.zeros((), z.dtype), probe)


def _relu_slope(
    z: Array,
    derivative: Array,
    out: Array,
    is_on: Array,
    is_corner: Array,
    zero: Array,
    probe: Callable[[], np.floating[Any]],
) -> None:
    found = probe()
    if found != found:
        np.heaviside(z, derivative, out)
        return
    # What heaviside computes, at a third of its cost on large arrays.
    np.greater(z, zero, is_on)
    if not derivative:
        np.copyto(out, is_on)
        return
    np.equal(z, zero, is_corner)
    np.copyto(out, is_on)
    np.copyto(out, derivative, where=is_corner)


def _bind_leaky_relu(z: Array, slope: Array, out: Array) -> Call:
    return _leaky_relu, (z, slope, out, np.empty(out.shape, bool))


def _leaky_relu(z: Array, slope: Array, out: Array, is_positive: Array) -> None:
    np.greater(z, ZERO, is_positive)
    np.multiply(z, slope, out)
    np.copyto(out, z, where=is_positive)


def _bind_leaky_relu_slope(z: Array, slope: Array, out: Array) -> Call:
    return _leaky_relu_slope, (z, slope, out, np.empty(out.shape, bool))


def _leaky_relu_slope(z: Array, slope: Array, out: Array, is_low: Array) -> None:
    np.less_equal(z, ZERO, is_low)
    np.heaviside(z, _ONE, out)
    np.copyto(out, slope, where=is_low)


def _max_eps_slope(z: Array, eps: Array, derivative: Array, out: Array) -> None:
    np.subtract(z, eps, out)
    np.heaviside(out, derivative, out)


def _bind_elu(z: Array, alpha: Array, out: Array) -> Call:
    return _elu, (z, alpha, out, np.empty(out.shape, bool))


def _elu(z: Array, alpha: Array, out: Array, is_positive: Array) -> None:
    # Above 0 the exponential is not taken, since it would overflow there.
    np.greater(z, ZERO, is_positive)
    np.minimum(z, ZERO, out=out)
    np.expm1(out, out)
    np.multiply(out, alpha, out)
    np.copyto(out, z, where=is_positive)


def _bind_elu_slope(z: Array, alpha: Array, out: Array) -> Call:
    return _elu_slope, (z, alpha, out, np.empty(out.shape, bool))


def _elu_slope(z: Array, alpha: Array, out: Array, is_positive: Array) -> None:
    np.greater(z, ZERO, is_positive)
    np.minimum(z, ZERO, out=out)
    np.exp(out, out)
    np.multiply(out, alpha, out)
    np.copyto(out, _ONE, where=is_positive)


def _bind_sigmoid(z: Array, out: Array) -> Call:
    return sigmoid_into, (z, out, np.empty_like(out))


def sigmoid_into(z: Array, out: Array, denominator: Array) -> None:
    """sigmoid(z); denominator is room for a result on the way, and out may be z itself."""
    # 1 / (1 + exp(-z)) with both exponents at most 0: nothing overflows, and tiny results stay different from 0.
    np.abs(z, denominator)
    np.negative(denominator, denominator)
    np.exp(denominator, denominator)
    np.add(denominator, _ONE, denominator)
    np.minimum(z, ZERO, out=out)
    np.exp(out, out)
    np.divide(out, denominator, out)


def _sigmoid_slope(a: Array, out: Array) -> None:
    np.subtract(_ONE, a, out)
    np.multiply(a, out, out)


def _tanh_slope(a: Array, out: Array) -> None:
    np.multiply(a, a, out)
    np.subtract(_ONE, out, out)


ACTIVATION = (
    Primitive(
        "relu",
        lambda z, out: np.maximum(z, ZERO, out=out),
        "...->...",
        "{out} = np.maximum({0}, 0)",
        ["if", [">", A, 0], A, 0],
        bind=lambda z, out: (partial(np.maximum, z, np.zeros((), z.dtype), out=out), ()),
        in_place=(0,),
    ),
    Primitive(
        "relu_slope",
        kernel_of(_bind_relu_slope),
        "...,->...",
        "{out} = np.heaviside({0}, {1})",
        ["if", [">", A, 0], 1, ["if", ["==", A, 0], at(1), 0]],
        selects=True,
        bind=_bind_relu_slope,
        in_place=(0,),
    ),
    Primitive(
        "leaky_relu",
        kernel_of(_bind_leaky_relu),
        "...,->...",
        "{out} = np.where({0} > 0, {0}, {1} * {0})",
        ["if", _Z_IS_POSITIVE, A, ["*", at(1), A]],
        bind=_bind_leaky_relu,
    ),
    Primitive(
        "leaky_relu_slope",
        kernel_of(_bind_leaky_relu_slope),
        "...,->...",
        "{out} = np.where({0} > 0, 1, {1})",
        ["if", _Z_IS_POSITIVE, 1, at(1)],
        selects=True,
        bind=_bind_leaky_relu_slope,
    ),
    Primitive(
        "max_eps",
        lambda z, eps, out: np.maximum(z, eps, out=out),
        "...,->...",
        "{out} = np.maximum({0}, {1})",
        ["if", [">", A, at(1)], A, at(1)],
        selects=True,
        bind=lambda z, eps, out: (partial(np.maximum, z, eps, out=out), ()),
    ),
    Primitive(
        "max_eps_slope",
        _max_eps_slope,
        "...,,->...",
        "{out} = np.heaviside({0} - {1}, {2})",
        ["if", [">", A, at(1)], 1, ["if", ["==", A, at(1)], at(2), 0]],
        selects=True,
    ),
    Primitive(
        "elu",
        kernel_of(_bind_elu),
        "...,->...",
        "{out} = np.where({0} > 0, {0}, {1} * np.expm1(np.minimum({0}, 0)))",
        ["if", _Z_IS_POSITIVE, A, ["*", at(1), ["-", _EXP_Z, 1]]],
        bind=_bind_elu,
    ),
    Primitive(
        "elu_slope",
        kernel_of(_bind_elu_slope),
        "...,->...",
        "{out} = np.where({0} > 0, 1, {1} * np.exp(np.minimum({0}, 0)))",
        ["if", _Z_IS_POSITIVE, 1, ["*", at(1), _EXP_Z]],
        bind=_bind_elu_slope,
    ),
    Primitive(
        "sigmoid",
        kernel_of(_bind_sigmoid),
        "...->...",
        "{out} = np.exp(np.minimum({0}, 0)) / (1 + np.exp(-np.abs({0})))",
        ["/", 1, ["+", 1, ["exp", ["neg", A]]]],
        bind=_bind_sigmoid,
        in_place=(0,),
    ),
    Primitive("sigmoid_slope", _sigmoid_slope, "...->...", "{out} = {0} * (1 - {0})", ["*", A, ["-", 1, A]]),
    Primitive("tanh", np.tanh, "...->...", "{out} = np.tanh({0})", ["tanh", A], in_place=(0,)),
    Primitive("tanh_slope", _tanh_slope, "...->...", "{out} = 1 - {0} ** 2", ["-", 1, ["*", A, A]]),
    Primitive("identity", np.positive, "...->...", "{out} = {0}.copy()", A),
    Primitive("identity_slope", lambda z, out: out.fill(1), "...->...", "{out} = np.ones_like({0})", 1),
    Primitive(
        "gate",
        kernel_of(_bind_gate),
        "...,...->...",
        "{out} = {0} * {1}",
        ["if", ["==", B, 0], 0, ["*", A, B]],
        exact="{out} = np.where({1} == 0, 0, {0} * {1})",
        bind=_bind_gate,
        in_place=(0,),
    ),
)
