"""A case: parameters and a batch to compute the gradients of, and what a learner's code answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from engine.arrays import array_of, shape_text
from engine.batch import Batch, batch_of
from engine.doctor.conventions import Conventions, Orientation, orientation_of
from engine.doctor.sent import Sent, sent, with_precision
from engine.errors import EngineError
from engine.model import given_parameters, program_of, scalars_of
from engine.primitives import Array
from engine.program import Program
from engine.spec import LayerSpec, ModelSpec

PARAMETER = re.compile(r"[Wb][1-9]\d*")


@dataclass(frozen=True, eq=False)
class Case:
    """A question, in our own layout.

    Parameters
    ----------
    model : with the sizes and the l2 of this case.
    orientation : how the learner's tensors lie.
    """

    name: str
    model: ModelSpec
    parameters: Mapping[str, Array]
    batch: Batch
    orientation: Orientation = field(default_factory=Orientation)

    @cached_property
    def program(self) -> Program:
        """The right one."""
        return program_of(self.model, None)

    @cached_property
    def inputs(self) -> Mapping[str, object]:
        """What the right program reads."""
        scalars = scalars_of(self.model, None, self.batch.m)
        return {**scalars, "x": self.batch.x, "y": self.batch.y, **self.parameters}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the learner's code gave for a case.

    Parameters
    ----------
    results : tensor of the program -> the numbers sent for it, in our layout, in the order of the program.
    raised : the message of the call that failed, or None.
    changed : inputs that were others after the call.
    unread : names that no tensor of this model has.
    """

    case: Case
    results: Mapping[str, Sent]
    raised: str | None = None
    changed: tuple[str, ...] = ()
    unread: tuple[str, ...] = field(default=())


def case_of(
    name: str,
    parameters: Mapping[str, object],
    x: object,
    y: object,
    conventions: Conventions,
    model: ModelSpec | None = None,
    l2: float | None = None,
) -> Case:
    """A case as sent by a learner; sizes follow from its parameters.

    Parameters
    ----------
    model : kinds of layers and loss; None: relu, and softmax with cross-entropy, or sigmoid where there is one output.
    l2 : None: the model's.

    Raises
    ------
    EngineError : shapes that do not fit each other, a number that is not finite, a label that is no class.
    """
    arrays = {key: _readable(f"parameters.{key}", value) for key, value in parameters.items()}
    orientation, units = _sizes_of(arrays, conventions, model)
    spec = _model_of(units, model, has_bias=any(key.startswith("b") for key in arrays))
    spec = replace(
        spec, mistakes=(), reduction=conventions.reduction, l2=spec.l2 if l2 is None else l2, dtype="float64"
    )
    program = program_of(spec, None)
    ours = {
        key: orientation.to_ours(program.tensors[key], value) if key in program.tensors else value
        for key, value in arrays.items()
    }
    rows, is_turned = _rows_of(_readable("batch.x", x), units[0], conventions)
    orientation = replace(orientation, samples=is_turned)
    targets = _targets_of(_readable("batch.y", y), len(rows), spec)
    return Case(name, spec, given_parameters(spec, ours), batch_of(spec, rows, targets), orientation)


def answer_of(
    case: Case,
    results: Mapping[str, object],
    raised: str | None = None,
    parameters_after: Mapping[str, object] | None = None,
    x_after: object = None,
) -> Answer:
    """What came back for a case, with names as in the program.

    Raises
    ------
    EngineError : a text that is no number.
    """
    tensors = case.program.tensors
    made = {node.output for node in case.program.nodes}
    read = with_precision(
        {name: sent(f"results.{name}", results[name]) for name in tensors if name in results and name in made}
    )
    ours = {
        name: tensor
        if tensor.values is None
        else replace(tensor, values=case.orientation.to_ours(tensors[name], tensor.values))
        for name, tensor in read.items()
    }
    unread = tuple(name for name in results if name not in tensors)
    return Answer(case, ours, raised, _changed(case, parameters_after or {}, x_after), unread)


def _readable(field: str, value: object) -> Array:
    values = sent(field, value).values
    if values is None:
        raise EngineError(
            "ragged", f"{field} is not a regular array of numbers: every row must have the same length.", field=field
        )
    return values


def _sizes_of(
    arrays: Mapping[str, Array], conventions: Conventions, model: ModelSpec | None
) -> tuple[Orientation, tuple[int, ...]]:
    """How the weights lie, and the units of every layer: the layout's way if it fits, else the other one."""
    depth = sum(key.startswith("W") for key in arrays) if model is None else model.depth
    wanted = [f"W{layer}" for layer in range(1, depth + 1)]
    weights = [arrays.get(name) for name in wanted]
    if depth == 0 or any(w is None or w.ndim != 2 for w in weights) or not all(map(PARAMETER.fullmatch, arrays)):
        raise EngineError(
            "parameters",
            f"A case needs the weights {', '.join(wanted) or 'W1'} as tables and their biases; "
            f"you gave {', '.join(arrays) or 'nothing'}.",
            field="parameters",
            unknown=[name for name in arrays if not PARAMETER.fullmatch(name)],
            missing=[name for name in wanted if name not in arrays],
        )
    as_laid_out = orientation_of(conventions)
    for orientation in (as_laid_out, replace(as_laid_out, weights=not as_laid_out.weights)):
        shapes = [w.shape[::-1] if orientation.weights else w.shape for w in weights if w is not None]
        biases = [arrays.get(f"b{layer}") for layer in range(1, depth + 1)]
        is_chain = all(below[1] == above[0] for below, above in pairwise(shapes))
        if is_chain and all(b is None or b.size == shape[1] for b, shape in zip(biases, shapes, strict=True)):
            return orientation, (shapes[0][0], *(shape[1] for shape in shapes))
    found = ", ".join(f"{name} {shape_text(array.shape)}" for name, array in arrays.items())
    raise EngineError(
        "case_shapes",
        f"These parameters do not fit each other: {found}. In rows, W1 is (inputs, units) and W2 begins with the units "
        "of W1; in columns it is the other way round.",
        field="parameters",
        found=found,
    )


def _model_of(units: tuple[int, ...], model: ModelSpec | None, *, has_bias: bool) -> ModelSpec:
    if model is not None:
        hidden = tuple(replace(layer, units=n) for layer, n in zip(model.hidden, units[1:-1], strict=True))
        return replace(model, inputs=units[0], hidden=hidden, outputs=units[-1])
    hidden = tuple(LayerSpec(n) for n in units[1:-1])
    pair = ("softmax", "cross_entropy") if units[-1] > 1 else ("sigmoid", "binary_cross_entropy")
    return ModelSpec(units[0], hidden, units[-1], *pair, bias=has_bias)


def _rows_of(x: Array, inputs: int, conventions: Conventions) -> tuple[Array, bool]:
    """x with a row a sample, and whether the learner's was transposed."""
    is_columns = conventions.layout == "columns"
    turned = (is_columns, not is_columns) if x.ndim == 2 else (False,)
    for is_turned in turned:
        rows = x.T if is_turned else x
        if rows.ndim == 2 and rows.shape[1] == inputs:
            return rows, is_turned
    return array_of("batch.x", x, (None, inputs), "float64"), False


def _targets_of(y: Array, m: int, model: ModelSpec) -> Array:
    """y with a row or a label a sample, from (m,), (m, 1), (1, m), (m, K) or (K, m)."""
    if y.ndim == 2 and y.shape == (1, m) and m != 1:
        y = y.T
    if y.ndim == 2 and y.shape == (model.outputs, m) and y.shape[0] != m:
        y = y.T
    return y[:, 0] if y.ndim == 2 and y.shape[1] == 1 and model.outputs > 1 else y


def _changed(case: Case, parameters: Mapping[str, object], x: object) -> tuple[str, ...]:
    """Which inputs differ after the call, as exactly as they were written."""
    before = {**case.parameters, "x": case.batch.x}
    after = dict(parameters) if x is None else {**parameters, "x": x}
    read = with_precision({name: sent(f"inputs_after.{name}", after[name]) for name in before if name in after})
    tensors = case.program.tensors
    return tuple(name for name, tensor in read.items() if not _is_same(case, tensors[name], before[name], tensor))


def _is_same(case: Case, tensor: object, before: Array, after: Sent) -> bool:
    ours = None if after.values is None else case.orientation.to_ours(tensor, after.values)  # type: ignore[arg-type]
    if ours is None or ours.shape != before.shape:
        return False
    return bool(np.all(np.abs(ours - before) <= after.half_unit + 1e-6 * np.abs(before)))
