"""Names of notebooks and textbooks, and the playground's names."""

import pytest

from server.doctor.reading.names.names import canonical

NAMES: dict[str, list[str]] = {
    "W1": [
        "W[1]",
        "W",
        "W^[1]",
        "W^{(1)}",
        "W_{1}",
        "W¹",
        "Theta1",
        "self.W1",
        "self.params['W1']",
        "wh",
        "wih",
        "Wxh",
        "hidden_weights",
        "weights_input_hidden",
        "fc1.weight",
        "layers[1].W",
        "weights['h1']",
        "weights['hidden']",
        "W{1}",
        "V",
    ],
    "W2": ["w_2", "W^{[2]}", "W₂", "who", "W_hy", "weights_hidden_output", "W(2)", "w^L"],
    "b1": ["B1", "params['b1']", "bias_hidden", "intercepts_"],
    "z1": ["Z1", "net_h1", "z^(1)", "Z"],
    "dz2": ["delta2", "dscores", "δ2", "δ^(2)", "dlogits", "delta_out", "dZ^[2]", "δ^{(2)}"],
    "dz1": ["δ1", "delta_hidden", "delta"],
    "loss": ["cost", "J", "E_total", "L", "total_loss"],
    "p": ["ŷ", "probs", "y_pred", "y_hat", "yhat", "Y_hat", "AL", "outputs"],
    "x": ["X", "a0", "A0", "X_train", "a^[0]"],
    "da1": ["dA1", "dh1", "dhidden", "dhidden_layer", "dA"],
    "dW1": [
        "grad_W1",
        "dL/dW1",
        "∂L/∂W1",
        "gradW1",
        "W1_grad",
        "W1.grad",
        "dL_dW1",
        "dLdW1",
        "dW_1",
        "d_W1",
        "dw1",
        "DW1",
        "∇W1",
        "nabla_w[1]",
        "dWeights",
        "gradient of W1",
        "dW^{[1]}",
        "W1Grad",
        "dC/dw",
        "dV",
        "grads.W1",
        "gradients['dW1']",
        "d['W1']",
        "dl_dw1",
    ],
    "dW2": ["W2.grad", "grads['W2']", "W2_gradient", "dLoss_dW2"],
    "a1": ["h1", "hidden", 'cache["A1"]', "a_h", "hidden_layer"],
    "z2": ["scores", "z_out"],
    "db1": ["dJdb1", "db_h"],
    "b2": ["bout", "output_bias", "biases['out']"],
    "dp": ["dAL", "dprobs"],
    "dx": ["dX", "dA0"],
    "db2": ["fc2.bias.grad", "grad['b2']"],
    "W1_next": ["new_W1", "W1_new"],
    "mask1": ["mask1", "relu_mask"],
    "y": ["Y_batch", "labels", "y_onehot"],
}
NOBODYS = [
    "foo",
    "∂E_total/∂w5",
    "w11",
    "x1",
    "y2",
    "data",
    "dy",
    "dloss",
    "error",
    "e",
    "Epoch",
    "loss1",
    "one_hot",
    "dout",
    "dE/dw5",
    "W1'",
]


@pytest.mark.parametrize(("name", "written"), [(name, one) for name, many in NAMES.items() for one in many])
def test_names_of_notebooks_and_textbooks_are_understood(name: str, written: str) -> None:
    assert canonical(written, 2) == name


@pytest.mark.parametrize("written", NOBODYS)
def test_a_name_that_may_mean_several_things_is_nobodys(written: str) -> None:
    assert canonical(written, 2) is None


@pytest.mark.parametrize(("layers", "name"), [(1, "dz1"), (2, "dz2"), (5, "dz5")])
def test_the_gradient_of_the_scores_is_that_of_the_last_layer(layers: int, name: str) -> None:
    assert canonical("dscores", layers) == name


@pytest.mark.parametrize(
    "name", ["W1", "b2", "z1", "a1", "mask1", "dW2", "db1", "dz2", "da1", "dx", "x", "y", "p", "dp", "loss"]
)
def test_the_playgrounds_own_names_stay(name: str) -> None:
    assert canonical(name, 2) == name
