"""Runs to be written as scripts: between them every activation, output, loss, optimizer and kind of edit."""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.edits import Edit, RowEdit
from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec
from engine.optimizers import OPTIMIZERS
from engine.primitives import Array
from engine.run import RunSpec
from engine.targets import one_hot
from engine.training import Trainer

STEPS = 12
CORNER = "derivative_at_zero"


def digest_of(script: str) -> str:
    """Of what a script says: of compressed texts the content, since another zlib compresses in another way."""

    def content(found: re.Match[str]) -> str:
        return zlib.decompress(base64.b85decode("".join(found[1].split()))).hex()

    return hashlib.sha256(
        re.sub(r'(?<=unpacked\(""")(.*?)(?=""")', content, script, flags=re.DOTALL).encode()
    ).hexdigest()


def numbers(shape: tuple[int, ...], salt: int = 0) -> Array:
    """Numbers from -1 to 1 that are the same on every machine; every seventh is 0."""
    count = int(np.prod(shape))
    return np.array([((index + salt) * 389 % 1001) / 500 - 1 if index % 7 else 0.0 for index in range(count)]).reshape(
        shape
    )


def rows_of(model: ModelSpec, m: int, salt: int = 0) -> Batch:
    x = numbers((m, model.inputs), salt)
    if model.output.target.kind == "classes":
        y = one_hot(np.arange(m) % model.outputs, model.outputs, "float64")
    else:
        y = np.abs(numbers((m, model.outputs), salt + 3))
    return Batch(x.astype(model.dtype), y.astype(model.dtype))


def trainer_of(
    model: ModelSpec, optimizer: OptimizerSpec | None = None, batch_size: int | None = 4, m: int = 10
) -> Trainer:
    shapes = enumerate(model.parameter_shapes.items())
    parameters = {name: (numbers(shape, 31 * n) + 0.25).astype(model.dtype) for n, (name, shape) in shapes}
    rows = rows_of(model, m)
    return Trainer(RunSpec(model, optimizer or OptimizerSpec(), parameters, rows, None, batch_size, 3))


def trained(trainer: Trainer, *edits: Edit) -> Trainer:
    """The run after all steps, edited on its way."""
    for edit in edits:
        trainer.train(edit.step - trainer.taken)
        trainer.edit(edit)
    trainer.train(STEPS - trainer.taken)
    return trainer


def at_the_corner(model: ModelSpec) -> Edit:
    """Puts every unit of the first layer at exactly 0 for the first row."""
    row = Batch(np.zeros((1, model.inputs)), rows_of(model, 1).y)
    return Edit(0, parameters={"b1": np.zeros(model.units[1])}, rows=RowEdit((0,), row))


def _of_activation(name: str) -> Trainer:
    model = ModelSpec(2, (LayerSpec(4, name), LayerSpec(3, name)), 3)
    return trained(trainer_of(model), at_the_corner(model))


def _of_output(output: str, loss: str) -> Trainer:
    model = ModelSpec(2, (LayerSpec(4),), 2, output, loss, reduction="sum", bias=False, l2=0.01)
    return trained(trainer_of(model, OptimizerSpec("sgd", (("learning_rate", 0.01),)), None))


def _of_optimizer(name: str) -> Trainer:
    return trained(trainer_of(ModelSpec(2, (LayerSpec(4),), 3), OptimizerSpec(name)))


def _of_corners() -> Trainer:
    hidden = (
        LayerSpec(4, "relu", ((CORNER, 0.5),)),
        LayerSpec(3, "max_eps", ((CORNER, 1.0), ("eps", 0.0))),
    )
    model = ModelSpec(2, hidden, 1, "relu", "half_squared_error")
    return trained(trainer_of(model, batch_size=None), at_the_corner(model))


def _of_edits() -> Trainer:
    model = ModelSpec(2, (LayerSpec(4, "leaky_relu"), LayerSpec(3)), 3)
    return trained(
        trainer_of(model, OptimizerSpec("nesterov")),
        Edit(0, parameters={"b1": numbers((4,), 5)}),
        Edit(2, OptimizerSpec("nesterov", (("momentum", 0.0),)), l2=0.1),
        Edit(
            3,
            OptimizerSpec("nesterov", (("learning_rate", 0.05),)),
            activation_numbers=(None, {"derivative_at_zero": 0.5}),
        ),
        Edit(5, OptimizerSpec("adamw"), batch_size=3),
        Edit(5, rows=RowEdit((0,), rows_of(model, 1, 8), (2, 3), rows_of(model, 4, 9))),
        Edit(8, OptimizerSpec("adamw", (("beta1", 0.5),)), {"W2": numbers((4, 3), 6)}, l2=0.0),
        Edit(10, OptimizerSpec("momentum"), batch_size=None, activation_numbers=(None, {CORNER: 0.0})),
        Edit(STEPS, parameters={"b3": numbers((3,), 7)}),
    )


def _of_delta() -> Trainer:
    model = ModelSpec(2, (LayerSpec(4, "tanh"),), 2, "identity", "huber", output_settings=(("delta", 0.25),))
    return trained(trainer_of(model), Edit(5, activation_numbers=(None, {"delta": 0.5})))


def _of_order() -> Trainer:
    model = ModelSpec(2, (LayerSpec(4),), 3)
    run = trainer_of(model, OptimizerSpec("momentum")).run
    return trained(Trainer(replace(run, is_shuffled=False)), Edit(5, is_shuffled=True), Edit(9, is_shuffled=False))


CASES: dict[str, Callable[[], Trainer]] = {
    **{f"activation {name}": (lambda name=name: _of_activation(name)) for name in ACTIVATIONS},  # type: ignore[misc]
    **{f"output {' '.join(pair)}": (lambda pair=pair: _of_output(*pair)) for pair in OUTPUTS},  # type: ignore[misc]
    **{f"optimizer {name}": (lambda name=name: _of_optimizer(name)) for name in OPTIMIZERS},  # type: ignore[misc]
    "corners": _of_corners,
    "edits": _of_edits,
    "delta": _of_delta,
    "rows in order": _of_order,
    "no hidden layer": lambda: trained(trainer_of(ModelSpec(3, (), 2), OptimizerSpec("rmsprop"))),
    "float32": lambda: trained(trainer_of(ModelSpec(2, (LayerSpec(4, "elu"),), 3, dtype="float32"))),
    "no step": lambda: trainer_of(ModelSpec(2, (LayerSpec(4),), 3)),
    "many rows": lambda: trained(trainer_of(ModelSpec(8, (LayerSpec(30),), 3), batch_size=32, m=120)),
}
