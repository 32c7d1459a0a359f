"""A run as a PyTorch script, as a person would write it: a module, a loss, an optimizer and a loop."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from engine.course import Course
from engine.datasets import TargetScale
from engine.errors import EngineError
from engine.losses import TorchLoss
from engine.primitives import Array
from engine.run import RunSpec
from engine.scripts.frame import framed
from engine.scripts.literals import literal
from engine.scripts.stretches import (
    Stretch,
    check_precision,
    data_lines,
    heading_of,
    row_lines,
    rows_expression,
    stretches_of,
)
from engine.spec import ModelSpec, OptimizerSpec

T = TypeVar("T")
IMPORTS = ("import numpy as np", "import torch", "import torch.nn.functional as F", "from torch import nn")
SET_PARAMETERS = '''
def set_parameters(**parameters):
    """nn.Linear keeps its weights as (outputs, inputs)."""
    with torch.no_grad():
        for name, values in parameters.items():
            layer = getattr(network, f"layer{name[1:]}")
            target = layer.weight if name.startswith("W") else layer.bias
            target.copy_(torch.from_numpy(np.ascontiguousarray(values.T)))
'''


def pytorch_script(course: Course, taken: int, target: TargetScale | None = None) -> str:
    """A script that takes the steps 1 to taken of a run with its edits, and needs NumPy and PyTorch.

    Parameters
    ----------
    target : of a regression; the script says how to come back to its own unit.

    Raises
    ------
    EngineError : the run computes in float16, or has an activation, a loss or an optimizer without a counterpart.
    """
    check_precision(course.origin)
    _check_mistakes(course.origin)
    return framed(course, taken, "NumPy and PyTorch", IMPORTS, _body(course, taken, target))


def _check_mistakes(run: RunSpec) -> None:
    mistakes = run.model.mistakes
    if mistakes:
        raise EngineError(
            "script_mistakes",
            f"This run has mistakes in it ({', '.join(mistakes)}), and PyTorch works out its gradients by itself, "
            "without them. Export it as a NumPy script, which has them too.",
            field="format",
            found=list(mistakes),
        )


def _body(course: Course, taken: int, target: TargetScale | None) -> Iterator[str]:
    stretches = stretches_of(course, taken)
    run = stretches[0].changes[0][0] if stretches[0].changes else stretches[0].run
    runs = [run, *(after for stretch in stretches for _, _, after in stretch.changes)]
    yield from ("", f"torch.set_default_dtype(torch.{run.model.dtype})", "")
    yield from data_lines(run, target)
    yield from ("", "", *_network(runs))
    yield from ("", "", *_loss(runs), "", "", "network = Network()", "")
    yield from (SET_PARAMETERS.rstrip(), "", "")
    yield from (_set_parameters(run.parameters), *_numbers(None, run), _new_optimizer(run.optimizer))
    for stretch in stretches:
        for before, edit, after in stretch.changes:
            yield from ("", heading_of(edit))
            if edit.rows is not None:
                yield from row_lines(edit.rows)
            if edit.parameters:
                yield _set_parameters(edit.parameters)
            yield from _numbers(before, after)
            yield from _changed_optimizer(before.optimizer, after.optimizer)
        if stretch.first <= stretch.last:
            yield from _loop(stretch)
    yield from ("", "parameters = {}", f"for number in range(1, {run.model.depth + 1}):")
    yield '    layer = getattr(network, f"layer{number}")'
    yield '    parameters[f"W{number}"] = layer.weight.detach().numpy().T'
    if run.model.bias:
        yield '    parameters[f"b{number}"] = layer.bias.detach().numpy()'


def _loop(stretch: Stretch) -> Iterator[str]:
    run = stretch.run
    rows = rows_expression(run)
    yield from ("", f"# Steps {stretch.first} to {stretch.last}.")
    if rows is None:
        yield "x, y = torch.from_numpy(X), torch.from_numpy(Y)"
    yield f"for step in range({stretch.first}, {stretch.last + 1}):"
    if rows is not None:
        yield from (f"    rows = {rows}", "    x, y = torch.from_numpy(X[rows]), torch.from_numpy(Y[rows])")
    yield from ("    optimizer.zero_grad()", "    loss_of(network(x), y).backward()", "    optimizer.step()")


def _network(runs: list[RunSpec]) -> Iterator[str]:
    model = runs[0].model
    bias = "" if model.bias else ", bias=False"
    yield from ("class Network(nn.Module):", "    def __init__(self):", "        super().__init__()")
    for layer, (fan_in, fan_out) in enumerate(zip(model.units, model.units[1:], strict=False), start=1):
        yield f"        self.layer{layer} = nn.Linear({fan_in}, {fan_out}{bias})"
    yield from ("", "    def forward(self, x):")
    for layer, hidden in enumerate(model.hidden, start=1):
        yield from _activation(hidden.activation, layer, "a", "x" if layer == 1 else f"a{layer - 1}", runs)
    last = "x" if model.depth == 1 else f"a{model.depth - 1}"
    if _loss_row(model).takes_logits:
        yield f"        return self.layer{model.depth}({last})"
    else:
        yield from _activation(model.output_activation, model.depth, "return", last, runs)


def _activation(name: str, layer: int, kind: str, below: str, runs: list[RunSpec]) -> Iterator[str]:
    is_corner_chosen = any(run.model.layer_settings[layer - 1].get("derivative_at_zero", 0) != 0 for run in runs)
    numbers = {setting: f"self.{setting}{layer}" for setting in runs[0].model.layer_settings[layer - 1]}
    table = runs[0].model.vocabulary.activations
    faces = {known: row.torch_at_corner if is_corner_chosen else row.torch for known, row in table.items()}
    expression = _face(faces, name, "activation").format(z=f"z{layer}", **numbers)
    yield f"        z{layer} = self.layer{layer}({below})"
    yield f"        return {expression}" if kind == "return" else f"        a{layer} = {expression}"


def _loss(runs: list[RunSpec]) -> Iterator[str]:
    model = runs[0].model
    numbers = {setting: f"network.{setting}{model.depth}" for setting in model.layer_settings[-1]}
    yield from ("def loss_of(outputs, y):", f"    losses = {_loss_row(model).losses.format(**numbers)}")
    total = f"losses.{model.reduction}()"
    if all(run.model.l2 == 0 for run in runs):
        yield f"    return {total}"
        return
    yield "    squares = sum((weights**2).sum() for weights in network.parameters() if weights.ndim == 2)"
    yield f"    return {total} + network.l2 / 2 * squares"


def _numbers(before: RunSpec | None, after: RunSpec) -> Iterator[str]:
    """The numbers of the network, those that have changed."""
    old, new = {} if before is None else _numbers_of(before.model), _numbers_of(after.model)
    yield from (f"network.{name} = {value!r}" for name, value in new.items() if old.get(name) != value)


def _numbers_of(model: ModelSpec) -> dict[str, float]:
    numbers = {
        f"{name}{layer}": float(value)
        for layer, settings in enumerate(model.layer_settings, start=1)
        for name, value in settings.items()
    }
    return {**numbers, "l2": float(model.l2)}


def _new_optimizer(optimizer: OptimizerSpec) -> str:
    name, arguments = _optimizer(optimizer)
    return f"optimizer = torch.optim.{name}(network.parameters(), {arguments})"


def _changed_optimizer(before: OptimizerSpec, after: OptimizerSpec) -> list[str]:
    if before == after:
        return []
    if before.name != after.name:
        return [_new_optimizer(after)]
    return [f"optimizer.param_groups[0].update({_optimizer(after)[1]})"]


def _optimizer(optimizer: OptimizerSpec) -> tuple[str, str]:
    faces = {known: row.torch for known, row in optimizer.vocabulary.optimizers.items()}
    name, arguments = _face(faces, optimizer.name, "optimizer")
    numbers = {key: repr(float(value)) for key, value in optimizer.values.items()}
    if numbers.get("momentum") == "0.0":
        # With a momentum of 0, PyTorch keeps no velocity that a later momentum could start from, and has no Nesterov.
        numbers["momentum"] = "5e-324"
    return name, arguments.format(**numbers)


def _set_parameters(parameters: Mapping[str, Array]) -> str:
    given = "".join(f"    {name}={_indented(literal(array))},\n" for name, array in parameters.items())
    return f"set_parameters(\n{given})"


def _indented(text: str) -> str:
    # Compressed texts ignore white space, so they may be indented too.
    return text.replace("\n", "\n    ")


def _loss_row(model: ModelSpec) -> TorchLoss:
    faces = {
        loss: row.torch for (output, loss), row in model.vocabulary.outputs.items() if output == model.output_activation
    }
    return _face(faces, model.loss, "loss")


def _face(faces: Mapping[str, T | None], name: str, what: str) -> T:
    face = faces.get(name)
    if face is None:
        raise EngineError(
            "script_counterpart",
            f"The {what} {name} cannot be written in PyTorch yet. Export the run as a NumPy script instead.",
            field="format",
            found=name,
            wanted=[known for known, other in faces.items() if other is not None],
        )
    return face
