"""A run as a NumPy script: the nodes of its program, line by line, with the bits of the run."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from engine.course import Course
from engine.datasets import TargetScale
from engine.injection import changes_rows, mistaken_batch
from engine.mistakes import CODE_OF_INPUTS
from engine.model import constants_of, program_of, scalars_of
from engine.primitives import Array
from engine.program import Program
from engine.rewrites import prune
from engine.run import RunSpec
from engine.scripts.frame import framed
from engine.scripts.literals import literal, number
from engine.scripts.stretches import (
    Stretch,
    check_precision,
    data_lines,
    heading_of,
    row_lines,
    rows_expression,
    stretches_of,
    xy_lines,
)


def numpy_script(course: Course, taken: int, target: TargetScale | None = None) -> str:
    """A script that takes the steps 1 to taken of a run with its edits, and needs nothing but NumPy.

    Parameters
    ----------
    target : of a regression; the script says how to come back to its own unit.

    Raises
    ------
    EngineError : the run computes in float16.
    """
    check_precision(course.origin)
    return framed(course, taken, "NumPy alone", ["import numpy as np"], _body(course, taken, target))


def _body(course: Course, taken: int, target: TargetScale | None) -> Iterator[str]:
    run = course.origin
    yield from ("", "# Overflow gives inf and NaN, which are results like others.", 'np.seterr(all="ignore")', "")
    # A mistake may have changed them.
    yield from data_lines(replace(run, train=mistaken_batch(run.train, run.model)), target)
    yield from ("", "# The parameters before step 1.", *_assignments(run.parameters), *_fresh_states(run))
    for stretch in stretches_of(course, taken):
        for before, edit, after in stretch.changes:
            yield from ("", heading_of(edit))
            if changes_rows(after.model):
                yield from xy_lines(mistaken_batch(after.train, after.model))
            elif edit.rows is not None:
                yield from row_lines(edit.rows)
            yield from _assignments(edit.parameters)
            if before.optimizer.name != after.optimizer.name:
                yield from _fresh_states(after)
        if stretch.first <= stretch.last:
            yield from _loop(stretch)
    yield from ("", f"parameters = dict({', '.join(f'{name}={name}' for name in run.parameters)})")


def _loop(stretch: Stretch) -> Iterator[str]:
    """The steps of a stretch, one NumPy line an operation."""
    run = stretch.run
    program = _program(run)
    dtype, since = run.model.dtype, run.optimizer_since
    yield from ("", f"# Steps {stretch.first} to {stretch.last}.", *_numbers(run, program))
    yield f"for step in range({stretch.first}, {stretch.last + 1}):"
    rows = rows_expression(run)
    yield from ("    x, y = X, Y",) if rows is None else (f"    rows = {rows}", "    x, y = X[rows], Y[rows]")
    yield "    m = len(x)" if dtype == "float64" else f"    m = np.{dtype}(len(x))"
    yield from (f"    {name} = {code}" for name, code in CODE_OF_INPUTS.items() if name in program.inputs)
    clock = run.optimizer.rule.clock_code
    if clock:
        yield f"    t = step - {since}" if since else "    t = step"
    for name, code in clock.items():
        formula = code.format(**{key: repr(value) for key, value in run.optimizer.values.items()})
        yield f"    {name} = " + (formula if dtype == "float64" else f"np.{dtype}({formula})")
    for (phase, layer), nodes in groupby(program.nodes, key=lambda node: (node.phase, node.layer)):
        yield f"    # {phase}" + ("" if layer is None else f", layer {layer}")
        yield from (f"    {node.exact_code}" for node in nodes)
    yield "    # the next step begins where this one ends"
    yield from (f"    {tensor.of} = {tensor.name}" for tensor in program.replacements)


def _program(run: RunSpec) -> Program:
    """The program of a step without what nothing depends on."""
    program = program_of(run.model, run.optimizer)
    return prune(program, ["loss", *(tensor.name for tensor in program.replacements)])


def _numbers(run: RunSpec, program: Program) -> Iterator[str]:
    """The numbers of the program that are the same in every step."""
    values = {**scalars_of(run.model, None, 1), **constants_of(run.optimizer)}
    of_the_step = {"m", *run.optimizer.rule.clock_code}
    for name in program.inputs:
        if program.tensors[name].axes == () and name not in of_the_step:
            yield f"{name} = {number(float(values[name]), run.model.dtype)}"


def _assignments(parameters: Mapping[str, Array]) -> list[str]:
    return [f"{name} = {literal(array)}" for name, array in parameters.items()]


def _fresh_states(run: RunSpec) -> list[str]:
    """What the optimizer remembers, 0 at first."""
    return [f"{tensor.name} = np.zeros_like({tensor.of})" for tensor in _program(run).with_role("state")]
