"""A model, an optimizer and an initializer, as they are sent and echoed."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from engine.initializers import NAMES as INITIALIZERS
from engine.layers import ACTIVATIONS
from engine.losses import OUTPUTS
from engine.model import DTYPES, REDUCTIONS, LayerSpec, ModelSpec, OptimizerSpec
from engine.optimizers import OPTIMIZERS
from engine.settings import Setting
from server.schemas.numbers import Count, Number


def _one_of(names: Iterable[str]) -> str:
    return f"One of {', '.join(dict.fromkeys(names))}."


def _table(entries: Mapping[str, Iterable[Setting]]) -> str:
    """ "relu (derivative_at_zero 0), tanh" """
    numbers = {name: ", ".join(f"{s.name} {s.default:g}" for s in settings) for name, settings in entries.items()}
    return ", ".join(f"{name} ({text})" if text else name for name, text in numbers.items())


ACTIVATION_TEXT = _table({name: activation.settings for name, activation in ACTIVATIONS.items()})
OPTIMIZER_TEXT = _table({name: optimizer.settings for name, optimizer in OPTIMIZERS.items()})
PAIRS_TEXT = "; ".join(
    f"{output}: {', '.join(loss for name, loss in OUTPUTS if name == output)}"
    for output in dict.fromkeys(output for output, _ in OUTPUTS)
)


class HiddenLayer(BaseModel):
    """A hidden layer. Any other field is a number of the activation, such as derivative_at_zero of relu."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"units": 8, "activation": "relu", "derivative_at_zero": 0}]}
    )
    __pydantic_extra__: dict[str, Number]

    units: Count = Field(description="Number of units, at least 1.")
    activation: str = Field("relu", description=f"One of these, with its numbers: {ACTIVATION_TEXT}.")

    def spec(self) -> LayerSpec:
        return LayerSpec(self.units, self.activation, tuple(self.__pydantic_extra__.items()))


class OutputLayer(BaseModel):
    """The output layer. Any other field is a number of the activation, such as derivative_at_zero of relu."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"units": 3, "activation": "softmax"}]})
    __pydantic_extra__: dict[str, Number]

    units: Count = Field(description="Number of outputs; for softmax the classes, at least 2.")
    activation: str = Field("softmax", description=_one_of(output for output, _ in OUTPUTS))


class Model(BaseModel):
    """A fully connected network with its loss."""

    model_config = ConfigDict(extra="forbid")

    inputs: Count = Field(description="Number of features.")
    hidden: list[HiddenLayer] = Field(default_factory=list, description="From the input upwards; may be empty.")
    output: OutputLayer
    loss: str = Field("cross_entropy", description=f"What goes with each output: {PAIRS_TEXT}.")
    reduction: str = Field("mean", description=f"Over the batch. {_one_of(REDUCTIONS)}")
    l2: Number = Field(0.0, description="lambda of lambda / 2 * sum W^2; biases are free.")
    bias: bool = Field(True, strict=True, description="Whether the layers have biases.")
    dtype: str = Field("float64", description=_one_of(DTYPES))

    def spec(self) -> ModelSpec:
        """The same as the engine understands it; raises EngineError for what has no meaning."""
        return ModelSpec(
            inputs=self.inputs,
            hidden=tuple(layer.spec() for layer in self.hidden),
            outputs=self.output.units,
            output_activation=self.output.activation,
            loss=self.loss,
            reduction=self.reduction,
            l2=self.l2,
            bias=self.bias,
            dtype=self.dtype,
            output_settings=tuple((self.output.__pydantic_extra__ or {}).items()),
        )


class Optimizer(BaseModel):
    """An optimizer by name. Any other field is one of its numbers."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"name": "sgd", "learning_rate": 0.1}]})
    __pydantic_extra__: dict[str, Number]

    name: str = Field("sgd", description=f"One of these, with its numbers: {OPTIMIZER_TEXT}.")

    def spec(self) -> OptimizerSpec:
        return OptimizerSpec(self.name, tuple(self.__pydantic_extra__.items()))


class Initializer(BaseModel):
    """How the first weights are made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("he", description=_one_of(INITIALIZERS))
    std: Number = Field(0.01, description="Standard deviation, for normal only.")
    value: Number = Field(0.1, description="The value of every weight, for constant only.")
    bias: Number = Field(0.0, description="The value of every bias.")


def model_document(model: ModelSpec) -> dict[str, Any]:
    """A model as it is echoed: with every default written out."""
    *hidden, output = model.layer_settings
    return {
        "inputs": model.inputs,
        "hidden": [
            {"units": layer.units, "activation": layer.activation, **numbers}
            for layer, numbers in zip(model.hidden, hidden, strict=True)
        ],
        "output": {"units": model.outputs, "activation": model.output_activation, **output},
        "loss": model.loss,
        "reduction": model.reduction,
        "l2": model.l2,
        "bias": model.bias,
        "dtype": model.dtype,
    }


def optimizer_document(optimizer: OptimizerSpec) -> dict[str, Any]:
    """An optimizer as it is echoed: with every default written out."""
    return {"name": optimizer.name, **optimizer.values}
