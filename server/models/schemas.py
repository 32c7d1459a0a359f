"""A model, an optimizer and an initializer, as they are sent and echoed."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from engine.initializers import Draw, named
from engine.model import DTYPES, REDUCTIONS, LayerSpec, ModelSpec, OptimizerSpec
from engine.settings import Setting
from engine.vocabulary import STANDARD, Vocabulary
from server.models.numbers import FIRST_FAULT, Count, Number, list_at_most


def _one_of(names: Iterable[str]) -> str:
    return f"One of {', '.join(dict.fromkeys(names))}."


def _table(entries: Mapping[str, Iterable[Setting]]) -> str:
    """ "relu (derivative_at_zero 0), tanh" """
    numbers = {name: ", ".join(f"{s.name} {s.default:g}" for s in settings) for name, settings in entries.items()}
    return ", ".join(f"{name} ({text})" if text else name for name, text in numbers.items())


ACTIVATION_TEXT = _table({name: activation.settings for name, activation in STANDARD.activations.items()})
INITIALIZER_TEXT = _table({name: initializer.settings for name, initializer in STANDARD.initializers.items()})
OPTIMIZER_TEXT = _table({name: optimizer.settings for name, optimizer in STANDARD.optimizers.items()})
PAIRS_TEXT = "; ".join(
    f"{output}: {', '.join(loss for name, loss in STANDARD.outputs if name == output)}"
    for output in dict.fromkeys(output for output, _ in STANDARD.outputs)
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
    """The output layer. Any other field is a number of its activation or of the loss, such as delta of huber."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"units": 3, "activation": "softmax"}]})
    __pydantic_extra__: dict[str, Number]

    units: Count = Field(description="Number of outputs; for softmax the classes, at least 2.")
    activation: str = Field("softmax", description=_one_of(output for output, _ in STANDARD.outputs))


class Model(BaseModel):
    """A fully connected network with its loss."""

    model_config = ConfigDict(extra="forbid")

    inputs: Count = Field(description="Number of features.")
    hidden: Annotated[
        list[HiddenLayer], FIRST_FAULT, list_at_most("layers, output included", "max_layers", others=1)
    ] = Field(default_factory=list, description="From the input upwards; may be empty.")
    output: OutputLayer
    loss: str = Field("cross_entropy", description=f"What goes with each output: {PAIRS_TEXT}.")
    reduction: str = Field("mean", description=f"Over the batch. {_one_of(REDUCTIONS)}")
    l2: Number = Field(0.0, description="lambda of lambda / 2 * sum W^2; biases are free.")
    bias: bool = Field(True, strict=True, description="Whether the layers have biases.")
    dtype: str = Field("float64", description=_one_of(DTYPES))
    mistakes: Annotated[list[str], FIRST_FAULT] = Field(
        default_factory=list,
        max_length=100,
        description="Ids of GET /mistakes that every step makes, for labs and teachers. Empty: the right step.",
    )

    def spec(self, vocabulary: Vocabulary) -> ModelSpec:
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
            mistakes=tuple(self.mistakes),
            vocabulary=vocabulary,
        )


class Optimizer(BaseModel):
    """An optimizer by name. Any other field is one of its numbers."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"name": "sgd", "learning_rate": 0.1}]})
    __pydantic_extra__: dict[str, Number]

    name: str = Field("sgd", description=f"One of these, with its numbers: {OPTIMIZER_TEXT}.")

    def spec(self, vocabulary: Vocabulary) -> OptimizerSpec:
        return OptimizerSpec(self.name, tuple(self.__pydantic_extra__.items()), vocabulary)


class Initializer(BaseModel):
    """How the first weights are made. Any other field is one of the initializer's numbers, such as std of normal."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"name": "normal", "std": 0.01}]})
    __pydantic_extra__: dict[str, Number]

    name: str = Field("he", description=f"One of these, with its numbers: {INITIALIZER_TEXT}.")
    bias: Number = Field(0.0, description="The value of every bias.")

    def draw(self, vocabulary: Vocabulary) -> Draw:
        """What makes the weights; raises EngineError for an unknown name or number."""
        return named(self.name, self.__pydantic_extra__, vocabulary.initializers)


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
        "mistakes": list(model.mistakes),
    }


def optimizer_document(optimizer: OptimizerSpec) -> dict[str, Any]:
    """An optimizer as it is echoed: with every default written out."""
    return {"name": optimizer.name, **optimizer.values}
