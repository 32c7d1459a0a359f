"""The page evaluates and prints the signs of the engine's formulas by one table of its own."""

import re
from collections.abc import Iterator
from pathlib import Path

from engine.primitives import PRIMITIVES, Expr

SIGNS = Path("static/js/trace/formula/signs.js").read_text()
# What binding a formula to a cell takes away, and the question, which is no operation on numbers.
OF_BINDING = {"at", "reshaped", "delta", "if"}


def test_every_sign_of_a_formula_has_a_row_in_the_page() -> None:
    rows = set(re.findall(r'^  "?([^\s":]+)"?: \{ value:', SIGNS, re.MULTILINE))
    assert {"+", ">", "sum"} < rows
    used = {sign for primitive in PRIMITIVES.values() for sign in _signs(primitive.cell)}
    assert used - OF_BINDING <= rows


def _signs(expr: Expr) -> Iterator[str]:
    if isinstance(expr, list | tuple):
        yield expr[0]
        for part in expr[1:]:
            yield from _signs(part)
