"""A model, an optimizer and an initializer, as they are sent and echoed."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from engine.initializers import NAMES as INITIALIZERS
from engine.layers import ACTIVATIONS
from engine.model import LayerSpec, ModelSpec, OptimizerSpec
from server.schemas.numbers import Count, Number


class HiddenLayer(BaseModel):
    """A hidden layer. Any other field is a number of the activation, such as derivative_at_zero of relu."""

    model_config = ConfigDict(
        extra="allow", json_schema_extra={"examples": [{"units": 8, "activation": "relu", "derivative_at_zero": 0}]}
    )
    __pydantic_extra__: dict[str, Number]

    units: Count = Field(description="Number of units, at least 1.")
    activation: str = Field("relu", description="relu or identity.")

    def spec(self) -> LayerSpec:
        return LayerSpec(self.units, self.activation, tuple(self.__pydantic_extra__.items()))


class OutputLayer(BaseModel):
    """The output layer."""

    model_config = ConfigDict(extra="forbid")

    units: Count = Field(description="Number of classes, at least 2.")
    activation: str = Field("softmax", description="softmax.")


class Model(BaseModel):
    """A fully connected network with its loss."""

    model_config = ConfigDict(extra="forbid")

    inputs: Count = Field(description="Number of features.")
    hidden: list[HiddenLayer] = Field(default_factory=list, description="From the input upwards; may be empty.")
    output: OutputLayer
    loss: str = Field("cross_entropy", description="cross_entropy, in nats.")
    reduction: str = Field("mean", description="mean or sum over the batch.")
    l2: Number = Field(0.0, description="lambda of lambda / 2 * sum W^2; biases are free.")
    bias: bool = Field(True, strict=True, description="Whether the layers have biases.")
    dtype: str = Field("float64", description="float64 or float32.")

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
        )


class Optimizer(BaseModel):
    """An optimizer by name. Any other field is one of its numbers."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"name": "sgd", "learning_rate": 0.1}]})
    __pydantic_extra__: dict[str, Number]

    name: str = Field("sgd", description="sgd.")

    def spec(self) -> OptimizerSpec:
        return OptimizerSpec(self.name, tuple(self.__pydantic_extra__.items()))


class Initializer(BaseModel):
    """How the first weights are made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("he", description=f"One of {', '.join(INITIALIZERS)}.")
    std: Number = Field(0.01, description="Standard deviation, for normal only.")
    bias: Number = Field(0.0, description="The value of every bias.")


def model_document(model: ModelSpec) -> dict[str, Any]:
    """A model as it is echoed: with every default written out."""
    return {
        "inputs": model.inputs,
        "hidden": [
            {
                "units": layer.units,
                "activation": layer.activation,
                **dict(ACTIVATIONS[layer.activation].slope_scalars),
                **dict(layer.settings),
            }
            for layer in model.hidden
        ],
        "output": {"units": model.outputs, "activation": model.output_activation},
        "loss": model.loss,
        "reduction": model.reduction,
        "l2": model.l2,
        "bias": model.bias,
        "dtype": model.dtype,
    }


def optimizer_document(optimizer: OptimizerSpec) -> dict[str, Any]:
    """An optimizer as it is echoed: with every default written out."""
    return {"name": optimizer.name, **optimizer.values}
