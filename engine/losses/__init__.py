"""Losses append the nodes from the last pre-activation to the loss, and L2 its own. A row says all there is to say."""

from engine.layers import ACTIVATIONS
from engine.losses.huber import huber
from engine.losses.l2 import append_l2
from engine.losses.output import Output, TorchLoss, append_accuracy, append_output
from engine.losses.sigmoid_binary_cross_entropy import SIGMOID_BINARY_CROSS_ENTROPY
from engine.losses.softmax_cross_entropy import SOFTMAX_CROSS_ENTROPY
from engine.losses.squared_errors import half_squared_error, of_activation, of_softmax, squared_error

__all__ = ["OUTPUTS", "Output", "TorchLoss", "append_accuracy", "append_l2", "append_output"]

_SQUARED = {"half_squared_error": half_squared_error, "squared_error": squared_error}
_OF_NUMBERS = ("identity", "relu", "tanh", "leaky_relu", "elu", "bipolar_sigmoid", "softplus")

# (output activation, loss) -> its row. Every other pair is refused in words.
OUTPUTS: dict[tuple[str, str], Output] = {
    ("softmax", "cross_entropy"): SOFTMAX_CROSS_ENTROPY,
    **{("softmax", loss): of_softmax(error) for loss, error in _SQUARED.items()},
    ("sigmoid", "binary_cross_entropy"): SIGMOID_BINARY_CROSS_ENTROPY,
    **{
        # What a sigmoid gives is a probability, whatever the loss.
        ("sigmoid", loss): of_activation(error, ACTIVATIONS["sigmoid"], "p", "same_side_of_half")
        for loss, error in _SQUARED.items()
    },
    **{
        (name, loss): of_activation(error, ACTIVATIONS[name])
        for name in _OF_NUMBERS
        for loss, error in _SQUARED.items()
    },
    **{(name, "huber"): huber(ACTIVATIONS[name]) for name in _OF_NUMBERS},
}
