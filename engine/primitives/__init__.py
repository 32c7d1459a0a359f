"""The vocabulary of a step: NumPy operations that a person can check by hand, each with four faces.

indices use einsum letters. A letter that is missing on the right is summed over; ``...`` stands for all axes of an
elementwise operation; an operand without letters is a 0-d array. Axes follow letters: n counts samples.

cell is the formula of one output cell: ``["at", k, letters...]`` is a cell of input k, a number is itself, and
``sum max argmax + - * / neg abs exp log tanh sqrt trunc delta if > ==`` do what they say, and
``["reshaped", k, "j", "i"]`` is the cell of table k that has the number of cell j, i in a table turned the other way,
when both are counted row by row. Asking whether NaN is larger or smaller
has no answer: such a ``>`` is NaN, and so is an ``if`` that depends on it. ``tests/cells.py`` evaluates it, the page
prints it.
"""

from engine.primitives.activations import ACTIVATION
from engine.primitives.affine import AFFINE
from engine.primitives.arithmetic import ARITHMETIC
from engine.primitives.measures import MEASURES
from engine.primitives.primitive import Array, Call, Expr, Kernel, Primitive
from engine.primitives.products import SUMS_AS_PRODUCTS
from engine.primitives.rows import JACOBIAN, ROWS, SUMS
from engine.primitives.slips import SLIPS
from engine.primitives.smooth import SMOOTH

__all__ = ["PRIMITIVES", "SUMS_AS_PRODUCTS", "Array", "Call", "Expr", "Kernel", "Primitive"]

PRIMITIVES: dict[str, Primitive] = {
    primitive.name: primitive
    for primitive in (*AFFINE, *ACTIVATION, *SMOOTH, *ARITHMETIC, *SUMS, *ROWS, *JACOBIAN, *MEASURES, *SLIPS)
}
