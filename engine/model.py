"""From a model's specification to its program."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

from engine.batch import Batch, batch_of
from engine.gradients import GroupRule, append_backward
from engine.injection import mistaken_program
from engine.layers import append_activation, append_affine, append_input
from engine.losses import append_accuracy, append_l2, append_output
from engine.mistakes import values_of
from engine.parameters import given_parameter, given_parameters, initial_parameters
from engine.primitives import Array
from engine.program import Program, ProgramBuilder
from engine.spec import DTYPES, REDUCTIONS, LayerSpec, ModelSpec, OptimizerSpec
from engine.trace import Trace
from engine.vocabulary import Vocabulary
from engine.workspace import Workspace

__all__ = [
    "DTYPES",
    "REDUCTIONS",
    "Batch",
    "LayerSpec",
    "ModelSpec",
    "OptimizerSpec",
    "batch_of",
    "constants_of",
    "given_parameter",
    "given_parameters",
    "initial_parameters",
    "numbers_at",
    "program_of",
    "scalars_of",
    "trace_step",
]

# Layers with units, the input among them.
USUAL_DEPTH = 5


def program_of(
    model: ModelSpec, optimizer: OptimizerSpec | None, rules: Mapping[str, GroupRule] | None = None
) -> Program:
    """The program of one training step; without an optimizer it ends at the gradients.

    Numbers of the specifications (rate, l2, derivative_at_zero) are inputs of the program, so specifications that
    differ in them alone share it. A model with mistakes has the program with them, and no longer way than that.

    Parameters
    ----------
    rules : of groups; None: those of the vocabulary. Its long_way gives an expansion of the backward pass.
    """
    structure = (
        model.vocabulary,
        model.units,
        tuple(layer.activation for layer in model.hidden),
        (model.output_activation, model.loss),
        model.reduction,
        model.l2 > 0,
        model.bias,
        None if optimizer is None else optimizer.name,
    )
    if model.mistakes:
        return mistaken_program(_cached_program(*structure), model)
    if rules is None or rules is model.vocabulary.rules:
        return _cached_program(*structure)
    if rules is model.vocabulary.long_way:
        return _cached_expansion(*structure)
    return _build_program(*structure, rules=rules)


# Those in use, by anybody: a session that comes back has the program of the others.
_in_use: WeakValueDictionary[tuple[Any, ...], Program] = WeakValueDictionary()


def _cached_program(*structure: Any) -> Program:
    _, units, *_ = structure
    return (_few if len(units) > USUAL_DEPTH else _many)(*structure)


@lru_cache(maxsize=256)
def _many(*structure: Any) -> Program:
    return _shared(structure)


# Of deep networks: each takes ten times what a usual one does.
@lru_cache(maxsize=16)
def _few(*structure: Any) -> Program:
    return _shared(structure)


def _shared(structure: tuple[Any, ...]) -> Program:
    known = _in_use.get(structure)
    return known or _in_use.setdefault(structure, _build_program(*structure, rules=structure[0].rules))


@lru_cache(maxsize=32)
def _cached_expansion(*structure: Any) -> Program:
    return _build_program(*structure, rules=structure[0].long_way)


def _build_program(
    vocabulary: Vocabulary,
    units: tuple[int, ...],
    activations: tuple[str, ...],
    output: tuple[str, str],
    reduction: str,
    has_l2: bool,
    has_bias: bool,
    optimizer: str | None,
    *,
    rules: Mapping[str, GroupRule],
) -> Program:
    builder = ProgramBuilder({str(layer): size for layer, size in enumerate(units)}, vocabulary.primitives)
    a = x = append_input(builder)
    for layer, activation in enumerate(activations, start=1):
        z = append_affine(builder, a, layer, has_bias=has_bias)
        a = append_activation(builder, z, layer, vocabulary.activations[activation])
    depth = len(units) - 1
    z = append_affine(builder, a, depth, has_bias=has_bias)
    row = vocabulary.outputs[output]
    append_output(builder, row, z, depth, reduction, "data_loss" if has_l2 else "loss")
    parameters = [name for name, tensor in builder.tensors.items() if tensor.role in ("W", "b")]
    if has_l2:
        append_l2(builder, "data_loss", tuple(n for n in parameters if builder.tensors[n].role == "W"), "loss")
    append_backward(builder, "loss", [x, *parameters], rules, node_rules=vocabulary.node_rules)
    if optimizer is not None:
        for name in parameters:
            vocabulary.optimizers[optimizer].append(builder, name, "d" + name)
    append_accuracy(builder, row, depth)
    return builder.build()


def scalars_of(model: ModelSpec, optimizer: OptimizerSpec | None, m: int, step: int = 1) -> dict[str, float | Array]:
    """The values of a program's inputs that are neither rows nor parameters, for a batch of m samples.

    Parameters
    ----------
    step : the number of the step, from 1, which the bias correction of some optimizers depends on.
    """
    values: dict[str, float | Array] = {"m": m, "samples": m, "l2": model.l2, "seed": 1.0, "one_half": 0.5}
    values.update(model.output.constants(model.outputs))
    if model.mistakes:
        values.update(values_of(program_of(model, optimizer), m))
    for number, settings in enumerate(model.layer_settings, start=1):
        values.update({f"{name}{number}": value for name, value in settings.items()})
    if optimizer is not None:
        values.update(constants_of(optimizer))
        values.update(numbers_at(optimizer, step))
    return values


def constants_of(optimizer: OptimizerSpec) -> dict[str, float]:
    """The numbers of an optimizer that are the same in every step."""
    values = optimizer.values
    return {**values, **optimizer.rule.constants(values)}


def numbers_at(optimizer: OptimizerSpec, step: int) -> dict[str, float]:
    """The numbers of an optimizer that depend on the number of the step, from 1; empty for most."""
    clock = optimizer.rule.clock
    return {} if clock is None else clock(optimizer.values, step)


def trace_step(
    model: ModelSpec,
    parameters: Mapping[str, Array],
    batch: Batch,
    optimizer: OptimizerSpec | None = None,
    rules: Mapping[str, GroupRule] | None = None,
) -> Trace:
    """Every value of one training step on these parameters and this batch; nothing is changed."""
    workspace = Workspace(program_of(model, optimizer, rules), batch.m, model.dtype)
    workspace.load({"x": batch.x, "y": batch.y, **parameters, **scalars_of(model, optimizer, batch.m)})
    return workspace.trace()
