"""Losses append the nodes from the last pre-activation to the loss, and L2 its own. A row says all there is to say."""

from engine.layers import ACTIVATIONS
from engine.losses.huber import huber
from engine.losses.l2 import append_l2
from engine.losses.output import Output, TorchLoss, append_accuracy, append_output
from engine.losses.sigmoid_binary_cross_entropy import SIGMOID_BINARY_CROSS_ENTROPY
from engine.losses.softmax_cross_entropy import SOFTMAX_CROSS_ENTROPY
from engine.losses.squared_errors import half_squared_error, squared_error

__all__ = ["OUTPUTS", "Output", "TorchLoss", "append_accuracy", "append_l2", "append_output"]

_SQUARED = {"half_squared_error": half_squared_error, "squared_error": squared_error}
_OF_NUMBERS = {**_SQUARED, "huber": huber}

# (output activation, loss) -> its row. Every other pair is refused in words.
OUTPUTS: dict[tuple[str, str], Output] = {
    ("softmax", "cross_entropy"): SOFTMAX_CROSS_ENTROPY,
    ("sigmoid", "binary_cross_entropy"): SIGMOID_BINARY_CROSS_ENTROPY,
    **{
        # What a sigmoid gives is a probability, whatever the loss.
        ("sigmoid", loss): error(ACTIVATIONS["sigmoid"], "p", "same_side_of_half")
        for loss, error in _SQUARED.items()
    },
    **{
        (activation, loss): row(ACTIVATIONS[activation])
        for activation in ("identity", "relu", "tanh", "leaky_relu", "elu", "bipolar_sigmoid", "softplus")
        for loss, row in _OF_NUMBERS.items()
    },
}
