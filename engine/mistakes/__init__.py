"""Mistakes that people make in a backward pass of their own: one row a mistake, one module a family.

A row holds for every program in which it makes sense. Most rows rewrite the program; some change the batch or the first
parameters, and some carry something from step to step. Nothing here knows a model: parts are found by what the tensors
of a program say of themselves.
"""

from engine.mistakes.catalogue import MISTAKES
from engine.mistakes.fitting import fitted
from engine.mistakes.inputs import CODE_OF_INPUTS, values_of
from engine.mistakes.lines import lines_of
from engine.mistakes.mistake import DataChange, FreeNumber, Mistake, Variant

__all__ = [
    "CODE_OF_INPUTS",
    "MISTAKES",
    "DataChange",
    "FreeNumber",
    "Mistake",
    "Variant",
    "fitted",
    "lines_of",
    "values_of",
]
