"""Elementwise arithmetic, with itself, with another tensor, or with one number."""

import numpy as np

from engine.primitives.primitive import A, Array, B, Call, Primitive, at, kernel_of

_ONE, _TWO = np.ones(()), np.full((), 2.0)


def _half_scale(factor: Array, a: Array, out: Array) -> None:
    np.multiply(factor, a, out)
    np.divide(out, 2, out)


def _negative_ratio(a: Array, b: Array, out: Array) -> None:
    np.divide(a, b, out)
    np.negative(out, out)


def _ratio_or_zero(a: Array, b: Array, out: Array) -> None:
    np.divide(a, b, out)
    out[a == 0] = 0


def _negative_ratio_or_zero(a: Array, b: Array, out: Array) -> None:
    _ratio_or_zero(a, b, out)
    np.negative(out, out)


def _log1p_exp_neg_abs(z: Array, out: Array) -> None:
    np.abs(z, out)
    np.negative(out, out)
    np.exp(out, out)
    np.log1p(out, out)


def _log1p_exp_neg_abs_slope(z: Array, out: Array) -> None:
    np.abs(z, out)
    np.exp(out, out)
    np.add(out, _ONE, out)
    np.divide(np.sign(z), out, out)
    np.negative(out, out)


def _bind_huber(error: Array, delta: Array, out: Array) -> Call:
    return _huber, (error, delta, out, np.empty_like(out), np.empty_like(out))


def _huber(error: Array, delta: Array, out: Array, size: Array, half: Array) -> None:
    # With c = min(|e|, delta) both branches are c (|e| - c / 2), and no square overflows.
    np.abs(error, size)
    np.minimum(size, delta, out=out)
    np.divide(out, _TWO, half)
    np.subtract(size, half, size)
    np.multiply(out, size, out)


def _clip(a: Array, limit: Array, out: Array) -> None:
    np.minimum(a, limit, out=out)
    np.maximum(out, -limit, out=out)


_EXP_NEG_ABS = ["exp", ["neg", ["abs", A]]]

ARITHMETIC = (
    Primitive("add", np.add, "...,...->...", "{out} = {0} + {1}", ["+", A, B], in_place=(0, 1)),
    Primitive("subtract", np.subtract, "...,...->...", "{out} = {0} - {1}", ["-", A, B], in_place=(0, 1)),
    Primitive("multiply", np.multiply, "...,...->...", "{out} = {0} * {1}", ["*", A, B], in_place=(0, 1)),
    Primitive("divide", np.divide, "...,...->...", "{out} = {0} / {1}", ["/", A, B], in_place=(0, 1)),
    Primitive("negative", np.negative, "...->...", "{out} = -{0}", ["neg", A], in_place=(0,)),
    Primitive("square", np.square, "...->...", "{out} = {0} ** 2", ["*", A, A], in_place=(0,)),
    Primitive("exp", np.exp, "...->...", "{out} = np.exp({0})", ["exp", A], in_place=(0,)),
    Primitive("log", np.log, "...->...", "{out} = np.log({0})", ["log", A]),
    Primitive("scale", np.multiply, ",...->...", "{out} = {0} * {1}", ["*", at(0), B], in_place=(1,)),
    Primitive("half_scale", _half_scale, ",...->...", "{out} = {0} * {1} / 2", ["/", ["*", at(0), B], 2]),
    Primitive("divide_by", np.divide, "...,->...", "{out} = {0} / {1}", ["/", A, at(1)], in_place=(0,)),
    Primitive("negative_ratio", _negative_ratio, "...,...->...", "{out} = -{0} / {1}", ["neg", ["/", A, B]]),
    # Slopes of y log p, which is 0 for every p where y is 0, also for a p that is 0.
    Primitive(
        "ratio_or_zero",
        _ratio_or_zero,
        "...,...->...",
        "{out} = {0} / {1}",
        ["if", ["==", A, 0], 0, ["/", A, B]],
        exact="{out} = np.divide({0}, {1}, np.zeros_like({0}), where={0} != 0)",
    ),
    Primitive(
        "negative_ratio_or_zero",
        _negative_ratio_or_zero,
        "...,...->...",
        "{out} = -{0} / {1}",
        ["if", ["==", A, 0], 0, ["neg", ["/", A, B]]],
        exact="{out} = -np.divide({0}, {1}, np.zeros_like({0}), where={0} != 0)",
    ),
    Primitive("half", lambda a, out: np.divide(a, _TWO, out), "...->...", "{out} = {0} / 2", ["/", A, 2]),
    Primitive("one_minus", lambda a, out: np.subtract(_ONE, a, out), "...->...", "{out} = 1 - {0}", ["-", 1, A]),
    Primitive("square_root", np.sqrt, "...->...", "{out} = np.sqrt({0})", ["sqrt", A], in_place=(0,)),
    Primitive("add_number", np.add, "...,->...", "{out} = {0} + {1}", ["+", A, at(1)], in_place=(0,)),
    # What the logarithm of a sigmoid adds to min(z, 0): at most ln 2, and the exponential cannot overflow.
    Primitive(
        "log1p_exp_neg_abs",
        _log1p_exp_neg_abs,
        "...->...",
        "{out} = np.log1p(np.exp(-np.abs({0})))",
        ["log", ["+", 1, _EXP_NEG_ABS]],
    ),
    Primitive(
        "log1p_exp_neg_abs_slope",
        _log1p_exp_neg_abs_slope,
        "...->...",
        "{out} = -np.sign({0}) / (1 + np.exp(np.abs({0})))",
        [
            "if",
            [">", A, 0],
            ["/", -1, ["+", 1, ["exp", A]]],
            ["if", ["==", A, 0], 0, ["/", 1, ["+", 1, ["exp", ["neg", A]]]]],
        ],
        selects=True,
    ),
    Primitive(
        "huber",
        kernel_of(_bind_huber),
        "...,->...",
        "{out} = np.where(np.abs({0}) > {1}, {1} * (np.abs({0}) - {1} / 2), {0} ** 2 / 2)",
        [
            "if",
            [">", ["abs", A], at(1)],
            ["*", at(1), ["-", ["abs", A], ["/", at(1), 2]]],
            ["/", ["*", A, A], 2],
        ],
        exact="{out} = np.minimum(np.abs({0}), {1}) * (np.abs({0}) - np.minimum(np.abs({0}), {1}) / 2)",
        bind=_bind_huber,
    ),
    Primitive(
        "clip",
        _clip,
        "...,->...",
        "{out} = np.clip({0}, -{1}, {1})",
        ["if", [">", A, at(1)], at(1), ["if", [">", ["neg", at(1)], A], ["neg", at(1)], A]],
        selects=True,
    ),
)
