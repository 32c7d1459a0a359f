"""What a model and an optimizer are asked to be; everything else is refused in words."""

import math
from dataclasses import dataclass, field

from engine.errors import EngineError
from engine.layers import Activation
from engine.losses import Output
from engine.optimizers import Optimizer
from engine.settings import check_name, check_settings, with_defaults
from engine.vocabulary import STANDARD, Vocabulary

DTYPES = ("float64", "float32", "float16")
REDUCTIONS = ("mean", "sum")


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A hidden layer.

    Parameters
    ----------
    units : at least 1.
    settings : numbers of the activation that differ from its defaults, such as (("derivative_at_zero", 0.5),).
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
    dtype : of every array of the step; a float16 step keeps its update and the optimizer's state in float32.
    output_settings : numbers of the output and its loss that differ from their defaults.
    mistakes : ids of mistakes that its steps have; the right step has none.
    vocabulary : in which the names have a meaning.

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
    output_settings: tuple[tuple[str, float], ...] = ()
    mistakes: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default=STANDARD, repr=False)

    def __post_init__(self) -> None:
        for place, units in [("inputs", self.inputs), ("output.units", self.outputs)]:
            _check_units(place, units)
        for number, layer in enumerate(self.hidden, start=1):
            _check_units(f"hidden[{number - 1}].units", layer.units)
            check_name(f"hidden[{number - 1}].activation", layer.activation, self.vocabulary.activations)
            known = self.vocabulary.activations[layer.activation].settings
            check_settings(layer.settings, known, f" of hidden layer {number}", f"hidden[{number - 1}]")
        check_name("output.activation", self.output_activation, {name for name, _ in self.vocabulary.outputs})
        self._check_pair()
        check_settings(self.output_settings, self.output.settings, " of the output layer", "output")
        check_name("reduction", self.reduction, REDUCTIONS)
        check_name("dtype", self.dtype, DTYPES)
        if not (self.l2 >= 0 and math.isfinite(self.l2)):
            raise EngineError("range", f"l2 is {self.l2}; give 0 or a positive number.", field="l2", found=self.l2)
        if self.outputs < self.output.least_units:
            raise EngineError(
                "range",
                f"A {self.output_activation} over {self.outputs} output is always 1; give the output layer at least "
                f"{self.output.least_units} units.",
                field="output.units",
                found=self.outputs,
            )

        self._check_mistakes()

    def _check_mistakes(self) -> None:
        known = self.vocabulary.mistakes
        for place, id in enumerate(self.mistakes):
            check_name("model.mistakes", id, known)
            if id in self.mistakes[:place]:
                raise EngineError(
                    "mistake_twice",
                    f"model.mistakes has {id} twice; name each mistake once.",
                    field="model.mistakes",
                    found=id,
                )
            if not known[id].injectable:
                raise EngineError(
                    "mistake_not_injectable",
                    f"No run can have the mistake {id}: NumPy stops at it, or it changes what only the caller has. The "
                    "doctor knows it from the numbers of one call.",
                    field="model.mistakes",
                    found=id,
                )

    def _check_pair(self) -> None:
        activation, loss = self.output_activation, self.loss
        losses = [known for name, known in self.vocabulary.outputs if name == activation]
        outputs = [name for name, known in self.vocabulary.outputs if known == loss]
        if loss in losses or not outputs:
            check_name("loss", loss, losses)
            return
        raise EngineError(
            "pair",
            f"The loss {loss} does not go with the output activation {activation}. Choose the loss "
            f"{' or '.join(losses)}, or the output activation {' or '.join(outputs)}.",
            field="loss",
            found=loss,
            output=activation,
            wanted=losses,
        )

    @property
    def output(self) -> Output:
        """All there is to know of the output with its loss."""
        return self.vocabulary.outputs[self.output_activation, self.loss]

    @property
    def activations(self) -> tuple[Activation, ...]:
        """Those of the hidden layers."""
        return tuple(self.vocabulary.activations[layer.activation] for layer in self.hidden)

    @property
    def units(self) -> tuple[int, ...]:
        """Units per layer, inputs first: (inputs, hidden..., outputs)."""
        return (self.inputs, *(layer.units for layer in self.hidden), self.outputs)

    @property
    def depth(self) -> int:
        """The number L of layers with weights."""
        return len(self.hidden) + 1

    @property
    def layer_settings(self) -> tuple[dict[str, float], ...]:
        """The numbers of every layer's activation, with the defaults; the last ones are the output's with its loss."""
        known = (*(activation.settings for activation in self.activations), self.output.settings)
        given = (*(layer.settings for layer in self.hidden), self.output_settings)
        return tuple(with_defaults(*both) for both in zip(known, given, strict=True))

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
    EngineError : an unknown name or field, or a number out of its range.
    """

    name: str = "sgd"
    settings: tuple[tuple[str, float], ...] = ()
    vocabulary: Vocabulary = field(default=STANDARD, repr=False)

    def __post_init__(self) -> None:
        check_name("optimizer.name", self.name, self.vocabulary.optimizers)
        check_settings(self.settings, self.rule.settings, "", "optimizer")

    @property
    def rule(self) -> Optimizer:
        """All there is to know of it."""
        return self.vocabulary.optimizers[self.name]

    @property
    def values(self) -> dict[str, float]:
        """Every number of the optimizer."""
        return with_defaults(self.rule.settings, self.settings)


def _check_units(field: str, units: int) -> None:
    if units < 1:
        raise EngineError("range", f"{field} is {units}; a layer has at least 1 unit.", field=field, found=units)
