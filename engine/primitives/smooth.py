"""Activations without a corner, beyond sigmoid and tanh, with their slopes."""

import numpy as np

from engine.primitives.activations import sigmoid_into
from engine.primitives.primitive import ZERO, A, Array, Call, Expr, Primitive, kernel_of

_ONE, _TWO = np.ones(()), np.full((), 2.0)
# Of gelu. Python's own numbers, which an array of any precision rounds to its own.
_CUBE_SHARE = 0.044715
_ROOT = (8 / np.pi) ** 0.5
# Farther out the sigmoid in gelu is 0 or 1 in every precision, and in the lower ones the cube would overflow.
_FAR = 30


def _bipolar_sigmoid(z: Array, out: Array) -> None:
    # 2 sigmoid(z) - 1 without the difference, so that a small z keeps its digits.
    np.divide(z, _TWO, out)
    np.tanh(out, out)


def _bipolar_sigmoid_slope(a: Array, out: Array) -> None:
    np.multiply(a, a, out)
    np.subtract(_ONE, out, out)
    np.divide(out, _TWO, out)


def _bind_softplus(z: Array, out: Array) -> Call:
    return _softplus, (z, out, np.empty_like(out))


def _softplus(z: Array, out: Array, rest: Array) -> None:
    # log(1 + exp(z)), where nothing overflows and a tiny result keeps its digits.
    np.abs(z, rest)
    np.negative(rest, rest)
    np.exp(rest, rest)
    np.log1p(rest, rest)
    np.maximum(z, ZERO, out=out)
    np.add(out, rest, out)


def _bind_silu(z: Array, out: Array) -> Call:
    return _silu, (z, out, np.empty_like(out))


def _silu(z: Array, out: Array, p: Array) -> None:
    sigmoid_into(z, p, out)
    np.multiply(z, p, out)


def _bind_silu_slope(z: Array, out: Array) -> Call:
    return _silu_slope, (z, out, np.empty_like(out), np.empty_like(out))


def _silu_slope(z: Array, out: Array, p: Array, q: Array) -> None:
    # p (1 + z (1 - p)) with 1 - p = sigmoid(-z): the difference would lose the digits that z makes large again.
    sigmoid_into(z, p, out)
    np.negative(z, q)
    sigmoid_into(q, q, out)
    np.multiply(z, q, out)
    np.add(_ONE, out, out)
    np.multiply(p, out, out)


def _gelu_bend(z: Array, near: Array, v: Array) -> None:
    """v = sqrt(8 / pi) (near + 0.044715 near^3), where near is z, but not farther from 0 than it matters."""
    np.clip(z, -_FAR, _FAR, out=near)
    np.multiply(near, near, v)
    np.add(v, 1 / _CUBE_SHARE, v)
    np.multiply(v, near, v)
    np.multiply(v, _CUBE_SHARE * _ROOT, v)


def _bind_gelu(z: Array, out: Array) -> Call:
    return _gelu, (z, out, np.empty_like(out))


def _gelu(z: Array, out: Array, p: Array) -> None:
    # (1 + tanh(v / 2)) / 2 is sigmoid(v), which keeps its digits where tanh is near -1.
    _gelu_bend(z, out, p)
    sigmoid_into(p, p, out)
    np.multiply(z, p, out)


def _bind_gelu_slope(z: Array, out: Array) -> Call:
    return _gelu_slope, (z, out, *(np.empty_like(out) for _ in range(3)))


def _gelu_slope(z: Array, out: Array, near: Array, p: Array, q: Array) -> None:
    # p (1 + z v' (1 - p)) with p = sigmoid(v) and 1 - p = sigmoid(-v).
    _gelu_bend(z, near, p)
    np.negative(p, q)
    sigmoid_into(p, p, out)
    sigmoid_into(q, q, out)
    np.multiply(near, near, out)
    np.add(out, 1 / (3 * _CUBE_SHARE), out)
    np.multiply(out, 3 * _CUBE_SHARE * _ROOT, out)
    np.multiply(out, near, out)
    np.multiply(out, q, out)
    np.add(_ONE, out, out)
    np.multiply(p, out, out)


def _sigmoid(z: Expr) -> Expr:
    return ["/", 1, ["+", 1, ["exp", ["neg", z]]]]


_EXACT_SIGMOID = "np.exp(np.minimum({0}, 0)) / (1 + np.exp(-np.abs({0})))"
_V: Expr = ["*", _ROOT, ["+", A, ["*", _CUBE_SHARE, ["*", ["*", A, A], A]]]]
_V_SLOPE: Expr = ["*", _ROOT, ["+", 1, ["*", 3 * _CUBE_SHARE, ["*", A, A]]]]
_V_CODE = f"(8 / np.pi) ** 0.5 * ({{0}} + {_CUBE_SHARE} * {{0}} ** 3)"
_NEAR = f"np.clip({{0}}, -{_FAR}, {_FAR})"
_V_EXACT = f"({_NEAR} * {_NEAR} + 1 / {_CUBE_SHARE}) * {_NEAR} * ({_CUBE_SHARE} * (8 / np.pi) ** 0.5)"
_V_SLOPE_CODE = f"(8 / np.pi) ** 0.5 * (1 + 3 * {_CUBE_SHARE} * {{0}} ** 2)"
_V_SLOPE_EXACT = f"({_NEAR} * {_NEAR} + 1 / (3 * {_CUBE_SHARE})) * (3 * {_CUBE_SHARE} * (8 / np.pi) ** 0.5)"


def _exact_sigmoid(z: str) -> str:
    return _EXACT_SIGMOID.replace("{0}", z)


SMOOTH = (
    Primitive(
        "bipolar_sigmoid", _bipolar_sigmoid, "...->...", "{out} = np.tanh({0} / 2)", ["-", ["*", 2, _sigmoid(A)], 1]
    ),
    Primitive(
        "bipolar_sigmoid_slope",
        _bipolar_sigmoid_slope,
        "...->...",
        "{out} = (1 - {0} ** 2) / 2",
        ["/", ["-", 1, ["*", A, A]], 2],
    ),
    # Its slope is the sigmoid.
    Primitive(
        "softplus",
        kernel_of(_bind_softplus),
        "...->...",
        "{out} = np.maximum({0}, 0) + np.log1p(np.exp(-np.abs({0})))",
        ["+", ["if", [">", A, 0], A, 0], ["log", ["+", 1, ["exp", ["neg", ["abs", A]]]]]],
        bind=_bind_softplus,
    ),
    Primitive(
        "silu",
        kernel_of(_bind_silu),
        "...->...",
        "{out} = {0} / (1 + np.exp(-{0}))",
        ["*", A, _sigmoid(A)],
        exact=f"{{out}} = {{0}} * ({_EXACT_SIGMOID})",
        bind=_bind_silu,
    ),
    Primitive(
        "silu_slope",
        kernel_of(_bind_silu_slope),
        "...->...",
        "{out} = (1 + {0} / (1 + np.exp({0}))) / (1 + np.exp(-{0}))",
        ["*", _sigmoid(A), ["+", 1, ["*", A, _sigmoid(["neg", A])]]],
        exact=f"{{out}} = {_EXACT_SIGMOID} * (1 + {{0}} * ({_exact_sigmoid('-{0}')}))",
        bind=_bind_silu_slope,
    ),
    Primitive(
        "gelu",
        kernel_of(_bind_gelu),
        "...->...",
        f"{{out}} = {{0}} / 2 * (1 + np.tanh({_V_CODE} / 2))",
        ["*", ["/", A, 2], ["+", 1, ["tanh", ["/", _V, 2]]]],
        exact=f"{{out}} = {{0}} * ({_exact_sigmoid(f'({_V_EXACT})')})",
        bind=_bind_gelu,
    ),
    Primitive(
        "gelu_slope",
        kernel_of(_bind_gelu_slope),
        "...->...",
        f"{{out}} = (1 + {{0}} * {_V_SLOPE_CODE} / (1 + np.exp({_V_CODE}))) / (1 + np.exp(-{_V_CODE}))",
        ["*", _sigmoid(_V), ["+", 1, ["*", ["*", A, _V_SLOPE], _sigmoid(["neg", _V])]]],
        exact=f"{{out}} = {_exact_sigmoid(f'({_V_EXACT})')} * "
        f"(1 + {_V_SLOPE_EXACT} * {_NEAR} * ({_exact_sigmoid(f'(-({_V_EXACT}))')}))",
        bind=_bind_gelu_slope,
    ),
)
