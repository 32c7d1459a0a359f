"""One step of a model on a batch, with nothing stored: the use case behind POST /trace."""

import numpy as np

from engine.arrays import array_of
from engine.injection import mistaken_batch, mistaken_parameters
from engine.long_way import notes_of
from engine.model import ModelSpec, batch_of, given_parameters, initial_parameters, program_of, scalars_of
from engine.primitives import Array
from engine.program import SAMPLE_AXIS, Program
from engine.rewrites import take_as_given
from engine.settings import check_name
from engine.trace import Trace
from engine.vocabulary import Vocabulary
from engine.workspace import Workspace
from server.limits import check_model, check_rows, values_per_trace
from server.models.schemas import Initializer
from server.problems import Problem
from server.settings import Settings
from server.steps.frames import Shown
from server.steps.schemas import Start, TraceRequest


def parameters_of(start: Start, model: ModelSpec) -> dict[str, Array]:
    """The given parameters, or fresh ones from the initializer and the seed, after the model's mistakes."""
    if start.parameters is not None:
        if start.initializer is not None:
            raise Problem(
                422,
                "parameters_twice",
                "The request has both parameters and an initializer; send one of them.",
                field="initializer",
            )
        return mistaken_parameters(given_parameters(model, start.parameters), model)
    chosen = start.initializer or Initializer()
    rng = np.random.default_rng(start.seed)
    return mistaken_parameters(initial_parameters(model, chosen.draw(model.vocabulary), rng, chosen.bias), model)


def trace_of(request: TraceRequest, settings: Settings, vocabulary: Vocabulary, *, expand: bool) -> Shown:
    """Every value of one step of the requested model on the requested batch.

    Parameters
    ----------
    expand : go through dL/dp and the Jacobian where a group has a shorter rule.

    Raises
    ------
    EngineError, Problem : something does not fit, or is larger than the settings allow.
    """
    model = request.model.spec(vocabulary)
    check_model(model, settings)
    check_rows(len(request.batch.x), settings)
    batch = mistaken_batch(batch_of(model, request.batch.x, request.batch.y), model)
    optimizer = None if request.optimizer is None else request.optimizer.spec(vocabulary)
    parameters = parameters_of(request, model)
    program = program_of(model, optimizer, vocabulary.long_way if expand else None)
    values_per_trace(program, batch.m, settings)
    given = _given(request, program, batch.m, model)
    values = {"x": batch.x, "y": batch.y, **parameters, **scalars_of(model, optimizer, batch.m), **given}

    def traced(program: Program) -> Trace:
        workspace = Workspace(take_as_given(program, given) if given else program, batch.m, model.dtype)
        workspace.load(values)
        return workspace.trace()

    trace = traced(program)
    if not expand:
        return Shown(trace, model, step=1)
    short = program_of(model, optimizer)
    # A request that sets a number of the long way alone wants another result.
    is_the_same = short.tensors.keys() >= given.keys()
    return Shown(trace, model, step=1, notes=notes_of(trace, traced(short), model.dtype) if is_the_same else ())


def _given(request: TraceRequest, program: Program, m: int, model: ModelSpec) -> dict[str, Array]:
    """Values that are not to be computed, checked against the tensors that they stand for."""
    made = [node.output for node in program.nodes]
    given: dict[str, Array] = {}
    for name, value in request.given.items():
        check_name("given", name, made)
        axes = program.tensors[name].axes
        shape = [m if axis == SAMPLE_AXIS else program.sizes[axis] for axis in axes]
        given[name] = array_of(f"given.{name}", value, shape, model.dtype)
    return given
