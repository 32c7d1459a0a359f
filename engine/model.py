"""From a model's specification to its program, its parameters and its batch."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.gradients import GROUP_RULES, GroupRule, append_backward
from engine.initializers import Initializer
from engine.layers import ACTIVATIONS, append_activation, append_affine, append_input
from engine.losses import OUTPUTS, append_l2
from engine.optimizers import OPTIMIZERS
from engine.primitives import Array
from engine.program import Program, ProgramBuilder
from engine.trace import Trace
from engine.workspace import Workspace

DTYPES = ("float64", "float32")
REDUCTIONS = ("mean", "sum")


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A hidden layer.

    Parameters
    ----------
    units : at least 1.
    settings : numbers of the activation that differ from its defaults, as (("derivative_at_zero", 0.5),).
    """

    units: int
    activation: str = "relu"
    settings: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A fully connected network with its loss.

    Parameters
    ----------
    inputs, outputs : number of features and of output units.
    hidden : the hidden layers, from the input upwards.
    l2 : lambda of lambda / 2 * sum W^2; 0 leaves L2 out of the program.
    dtype : of every array of the step.

    Raises
    ------
    EngineError : an unknown name, or a number out of its range.
    """

    inputs: int
    hidden: tuple[LayerSpec, ...]
    outputs: int
    output_activation: str = "softmax"
    loss: str = "cross_entropy"
    reduction: str = "mean"
    l2: float = 0.0
    bias: bool = True
    dtype: str = "float64"

    def __post_init__(self) -> None:
        for field, units in [("inputs", self.inputs), ("output.units", self.outputs)]:
            _check_units(field, units)
        for number, layer in enumerate(self.hidden, start=1):
            _check_units(f"hidden[{number - 1}].units", layer.units)
            _check_name(f"hidden[{number - 1}].activation", layer.activation, ACTIVATIONS)
            known = dict(ACTIVATIONS[layer.activation].slope_scalars)
            for name, value in layer.settings:
                _check_name(f"hidden[{number - 1}]", name, known)
                if not 0 <= value <= 1:
                    raise EngineError(
                        "range",
                        f"{name} of hidden layer {number} is {value}; any subgradient lies from 0 to 1.",
                        field=f"hidden[{number - 1}].{name}",
                        found=value,
                    )
        _check_name("output.activation", self.output_activation, {name for name, _ in OUTPUTS})
        _check_name("loss", self.loss, {loss for name, loss in OUTPUTS if name == self.output_activation})
        _check_name("reduction", self.reduction, REDUCTIONS)
        _check_name("dtype", self.dtype, DTYPES)
        if not (self.l2 >= 0 and math.isfinite(self.l2)):
            raise EngineError("range", f"l2 is {self.l2}; give 0 or a positive number.", field="l2", found=self.l2)
        if self.output_activation == "softmax" and self.outputs < 2:
            raise EngineError(
                "range",
                "A softmax over 1 output is always 1; give the output layer at least 2 units.",
                field="output.units",
                found=self.outputs,
            )

    @property
    def units(self) -> tuple[int, ...]:
        """Units per layer, inputs first: (inputs, hidden..., outputs)."""
        return (self.inputs, *(layer.units for layer in self.hidden), self.outputs)

    @property
    def depth(self) -> int:
        """The number L of layers with weights."""
        return len(self.hidden) + 1

    @property
    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Name -> shape, in the order W1, b1, W2, b2, ..."""
        shapes: dict[str, tuple[int, ...]] = {}
        for layer, (fan_in, fan_out) in enumerate(zip(self.units, self.units[1:], strict=False), start=1):
            shapes[f"W{layer}"] = (fan_in, fan_out)
            if self.bias:
                shapes[f"b{layer}"] = (fan_out,)
        return shapes


@dataclass(frozen=True, slots=True)
class OptimizerSpec:
    """An optimizer by name, with the numbers that differ from its defaults.

    Raises
    ------
    EngineError : an unknown name or field, or a number that is not finite.
    """

    name: str = "sgd"
    settings: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        _check_name("optimizer.name", self.name, OPTIMIZERS)
        for field, value in self.settings:
            _check_name("optimizer", field, dict(OPTIMIZERS[self.name].fields))
            if not (math.isfinite(value) and value >= 0):
                raise EngineError(
                    "range",
                    f"{field} is {value}; give 0 or a positive number.",
                    field=f"optimizer.{field}",
                    found=value,
                )

    @property
    def values(self) -> dict[str, float]:
        return {**dict(OPTIMIZERS[self.name].fields), **dict(self.settings)}


def program_of(
    model: ModelSpec, optimizer: OptimizerSpec | None, rules: Mapping[str, GroupRule] = GROUP_RULES
) -> Program:
    """The program of one training step; without an optimizer it ends at the gradients.

    Numbers of the specifications (rate, l2, derivative_at_zero) are inputs of the program, so specifications that
    differ in them alone share it. ``rules`` other than the default give an expansion of the backward pass.
    """
    structure = (
        model.units,
        tuple(layer.activation for layer in model.hidden),
        (model.output_activation, model.loss),
        model.reduction,
        model.l2 > 0,
        model.bias,
        None if optimizer is None else optimizer.name,
    )
    return _cached_program(*structure) if rules is GROUP_RULES else _build_program(*structure, rules=rules)


@lru_cache(maxsize=256)
def _cached_program(*structure: Any) -> Program:
    return _build_program(*structure, rules=GROUP_RULES)


def _build_program(
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
    builder = ProgramBuilder({str(layer): size for layer, size in enumerate(units)})
    a = x = append_input(builder)
    for layer, activation in enumerate(activations, start=1):
        z = append_affine(builder, a, layer, has_bias=has_bias)
        a = append_activation(builder, z, layer, ACTIVATIONS[activation])
    depth = len(units) - 1
    z = append_affine(builder, a, depth, has_bias=has_bias)
    OUTPUTS[output](builder, z, depth, reduction, "data_loss" if has_l2 else "loss")
    parameters = [name for name, tensor in builder.tensors.items() if tensor.role in ("W", "b")]
    if has_l2:
        append_l2(builder, "data_loss", tuple(n for n in parameters if builder.tensors[n].role == "W"), "loss")
    append_backward(builder, "loss", [x, *parameters], rules)
    if optimizer is not None:
        for name in parameters:
            OPTIMIZERS[optimizer].append(builder, name, "d" + name)
    return builder.build()


def scalars_of(model: ModelSpec, optimizer: OptimizerSpec | None, m: int) -> dict[str, float]:
    """The values of a program's 0-d inputs for a batch of m samples; names as in the program."""
    values: dict[str, float] = {"m": m, "l2": model.l2, "seed": 1.0}
    for number, layer in enumerate(model.hidden, start=1):
        settings = {**dict(ACTIVATIONS[layer.activation].slope_scalars), **dict(layer.settings)}
        values.update({f"{name}{number}": value for name, value in settings.items()})
    if optimizer is not None:
        values.update(optimizer.values)
    return values


def initial_parameters(
    model: ModelSpec, initializer: Initializer, rng: np.random.Generator, bias: float = 0.0
) -> dict[str, Array]:
    """Fresh weights, and biases of one constant.

    Returns
    -------
    {"W1": (fan_in, fan_out), "b1": (fan_out,), ...} in the model's dtype
    """
    return {
        name: (initializer(rng, shape) if len(shape) == 2 else np.full(shape, bias)).astype(model.dtype)
        for name, shape in model.parameter_shapes.items()
    }


def given_parameters(model: ModelSpec, parameters: Mapping[str, object]) -> dict[str, Array]:
    """Parameters as sent by a caller, checked against the model.

    Raises
    ------
    EngineError : a missing or unknown name, a wrong shape, or a number that is not finite.
    """
    shapes = model.parameter_shapes
    unknown = [name for name in parameters if name not in shapes]
    missing = [name for name in shapes if name not in parameters]
    if unknown or missing:
        found = ", ".join(parameters) or "nothing"
        raise EngineError(
            "parameters",
            f"This model has the parameters {', '.join(shapes)}; you gave {found}.",
            field="parameters",
            unknown=unknown,
            missing=missing,
        )
    return {name: _array(f"parameters.{name}", parameters[name], shapes[name], model.dtype) for name in shapes}


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that a model can take.

    Parameters
    ----------
    x : (m, inputs)
    y : (m, outputs): each row the target distribution.
    """

    x: Array
    y: Array

    @property
    def m(self) -> int:
        return len(self.x)

    def sample(self, index: int) -> "Batch":
        """The one row of that index, counted from 0.

        Raises
        ------
        EngineError : no such row.
        """
        if not 0 <= index < self.m:
            raise EngineError(
                "sample",
                f"There is no sample {index}; this batch has samples 0 to {self.m - 1}.",
                field="sample",
                found=index,
                m=self.m,
            )
        return Batch(self.x[index : index + 1], self.y[index : index + 1])


def batch_of(model: ModelSpec, x: object, y: object) -> Batch:
    """A batch as sent by a caller, checked against the model.

    Parameters
    ----------
    x : (m, inputs) numbers.
    y : (m,) class numbers from 0, or (m, outputs) rows that sum to 1.

    Raises
    ------
    EngineError : no rows, a wrong shape, a number that is not finite, a label out of range, a row that is no
        distribution.
    """
    rows = _array("batch.x", x, (None, model.inputs), model.dtype)
    if len(rows) == 0:
        raise EngineError("empty", "The batch has no rows; send at least one.", field="batch.x")
    labels = _numbers("batch.y", y)
    if len(labels) != len(rows) or labels.ndim not in (1, 2):
        raise EngineError(
            "shape",
            f"batch.x has {len(rows)} rows, but batch.y has shape {_shape(labels.shape)}; give one label a row.",
            field="batch.y",
            found=list(labels.shape),
            wanted=[len(rows)],
        )
    if labels.ndim == 1:
        return Batch(rows, one_hot(labels, model.outputs, model.dtype))
    targets = _array("batch.y", y, (len(rows), model.outputs), model.dtype)
    with np.errstate(over="ignore"):
        sums = targets.sum(axis=1)
    wrong = np.flatnonzero((np.abs(sums - 1) > 1e-6) | (targets < 0).any(axis=1))
    if len(wrong):
        row = int(wrong[0])
        raise EngineError(
            "distribution",
            f"Row {row} of batch.y is no probability distribution: its entries must be at least 0 and sum to 1, "
            f"and they sum to {sums[row]:g}.",
            field="batch.y",
            row=row,
        )
    return Batch(rows, targets)


def one_hot(labels: Array, classes: int, dtype: str) -> Array:
    """(m,) class numbers -> (m, classes) rows with a single 1.

    Raises
    ------
    EngineError : a label that is not an integer from 0 to classes - 1.
    """
    wrong = np.flatnonzero((labels != np.round(labels)) | (labels < 0) | (labels >= classes))
    if len(wrong):
        row = int(wrong[0])
        raise EngineError(
            "label",
            f"Label {labels[row]:g} in row {row} of batch.y is not a class; this model's classes are the integers "
            f"0 to {classes - 1}.",
            field="batch.y",
            row=row,
            found=float(labels[row]),
            classes=classes,
        )
    targets = np.zeros((len(labels), classes), dtype)
    targets[np.arange(len(labels)), labels.astype(np.int64)] = 1
    return targets


def trace_step(
    model: ModelSpec,
    parameters: Mapping[str, Array],
    batch: Batch,
    optimizer: OptimizerSpec | None = None,
    rules: Mapping[str, GroupRule] = GROUP_RULES,
) -> Trace:
    """Every value of one training step on these parameters and this batch; nothing is changed."""
    workspace = Workspace(program_of(model, optimizer, rules), batch.m, model.dtype)
    workspace.load({"x": batch.x, "y": batch.y, **parameters, **scalars_of(model, optimizer, batch.m)})
    return workspace.trace()


def _check_units(field: str, units: int) -> None:
    if units < 1:
        raise EngineError("range", f"{field} is {units}; a layer has at least 1 unit.", field=field, found=units)


def _check_name(field: str, name: str, known: object) -> None:
    names = sorted(known)  # type: ignore[call-overload]
    if name not in names:
        raise EngineError(
            "unknown_name",
            f"{field} does not know {name!r}; choose one of {', '.join(names) or 'nothing'}.",
            field=field,
            found=name,
            wanted=names,
        )


def _numbers(field: str, value: object) -> Array:
    try:
        array = np.asarray(value, dtype=np.float64)
    except (ValueError, TypeError):
        raise EngineError(
            "ragged",
            f"{field} is not a regular array of numbers: every row must have the same length.",
            field=field,
        ) from None
    except OverflowError:
        array = np.array([np.inf])
    if array.ndim == 0:
        raise EngineError("shape", f"{field} is a single number; give a list.", field=field)
    _check_finite(field, array, "float64")
    return array


def _array(field: str, value: object, shape: Sequence[int | None], dtype: str) -> Array:
    array = _numbers(field, value)
    if array.ndim == 1 and array.size == 0 and shape[0] is None:
        return np.zeros((0, *[size or 0 for size in shape[1:]]), dtype)
    fits = array.ndim == len(shape) and all(w in (None, s) for s, w in zip(array.shape, shape, strict=True))
    if not fits:
        raise EngineError(
            "shape",
            f"{field} has shape {_shape(array.shape)}; this model needs {_shape(shape)}.",
            field=field,
            found=list(array.shape),
            wanted=list(shape),
        )
    with np.errstate(over="ignore", under="ignore"):
        cast = array.astype(dtype)
    _check_finite(field, cast, dtype)
    return cast


def _check_finite(field: str, array: Array, dtype: str) -> None:
    if not np.isfinite(array).all():
        largest = float(np.finfo(dtype).max)
        raise EngineError(
            "not_finite",
            f"{field} holds NaN, infinity or a number too large for {dtype}; give numbers up to {largest:.3g}.",
            field=field,
            dtype=dtype,
            largest=largest,
        )


def _shape(sizes: Sequence[int | None]) -> str:
    return (
        "("
        + ", ".join("rows" if size is None else str(size) for size in sizes)
        + ("," if len(sizes) == 1 else "")
        + ")"
    )
