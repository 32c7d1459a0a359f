"""What mathematics says must hold between the numbers of one step."""

import numpy as np
import pytest
from hypothesis import given

from engine.layers import ACTIVATIONS
from engine.model import Batch, LayerSpec, ModelSpec, OptimizerSpec
from engine.primitives import Array
from tests.engine.cases import (
    SOFTMAX,
    Case,
    for_many_networks,
    gradients,
    largest_relative_difference,
    networks,
    random_case,
    sizes_before_cancelling,
)


def case_of_logits(logits: list[list[float]], labels: list[int], dtype: str = "float64") -> Case:
    """A network without hidden layer and bias whose weights are the identity, so that z1 is x."""
    classes = len(logits[0])
    model = ModelSpec(classes, (), classes, bias=False, dtype=dtype)
    batch = Batch(np.array(logits, dtype), np.eye(classes, dtype=dtype)[labels])
    return Case(model, {"W1": np.eye(classes, dtype=dtype)}, batch)


# --- Softmax with cross-entropy --------------------------------------------------------------------------------------


def test_gradient_of_the_logits_is_p_minus_y_over_the_batch_size() -> None:
    # z = [0, ln 3] -> p = [1/4, 3/4]; y = class 0; m = 2 -> (p - y) / m = [-3/8, 3/8]
    trace = case_of_logits([[0.0, np.log(3.0)]] * 2, [0, 0]).trace()
    np.testing.assert_allclose(trace["dz1"], [[-0.375, 0.375]] * 2, rtol=1e-15)


def test_loss_is_the_mean_of_minus_the_logarithm_of_the_true_probability() -> None:
    # p = [1/4, 3/4], once with each class true: (ln 4 + ln 4/3) / 2
    trace = case_of_logits([[0.0, np.log(3.0)]] * 2, [0, 1]).trace()
    np.testing.assert_allclose(trace["loss"], (np.log(4) + np.log(4 / 3)) / 2, rtol=1e-15)


def test_network_of_zeros_starts_at_the_logarithm_of_the_number_of_classes() -> None:
    case = random_case(units=(2, 4, 3))
    zeros = {name: np.zeros_like(value) for name, value in case.parameters.items()}
    np.testing.assert_allclose(Case(case.model, zeros, case.batch).trace()["loss"], np.log(3), rtol=1e-15)


@for_many_networks
@given(case=networks(outputs=[SOFTMAX]))
def test_probabilities_of_a_row_sum_to_one(case: Case) -> None:
    np.testing.assert_allclose(case.trace()["p"].sum(axis=1), 1, rtol=1e-15)


@for_many_networks
@given(case=networks(outputs=[SOFTMAX]))
def test_gradients_of_the_logits_sum_to_zero_in_each_row(case: Case) -> None:
    np.testing.assert_allclose(case.trace()[f"dz{case.model.depth}"].sum(axis=1), 0, atol=1e-15)


@for_many_networks
@given(case=networks(outputs=[SOFTMAX]))
def test_data_gradients_of_the_last_weights_sum_to_zero_in_each_row(case: Case) -> None:
    gradient = case.trace()[f"dW{case.model.depth}{case.data_gradient_suffix}"]
    size = sizes_before_cancelling(case, case.trace())[f"W{case.model.depth}"].max()
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-14 * (1 + size))


@for_many_networks
@given(case=networks(outputs=[SOFTMAX]))
def test_adding_a_number_to_all_logits_changes_no_probability(case: Case) -> None:
    if case.model.bias:
        last = f"b{case.model.depth}"
        moved = Case(case.model, {**case.parameters, last: case.parameters[last] + 8.0}, case.batch)
        np.testing.assert_allclose(moved.trace()["p"], case.trace()["p"], rtol=1e-12)


# --- Every layer -----------------------------------------------------------------------------------------------------


@for_many_networks
@given(case=networks())
def test_bias_gradient_is_the_sum_of_dz_over_the_batch(case: Case) -> None:
    trace = case.trace()
    for layer in range(1, case.model.depth + 1) if case.model.bias else ():
        np.testing.assert_allclose(trace[f"db{layer}"], trace[f"dz{layer}"].sum(axis=0), rtol=1e-12, atol=1e-14)


@for_many_networks
@given(case=networks())
def test_weight_gradient_is_the_sum_of_outer_products_over_the_batch(case: Case) -> None:
    trace = case.trace()
    for layer in range(1, case.model.depth + 1):
        a = trace["x" if layer == 1 else f"a{layer - 1}"]
        expected = sum(np.outer(row, d) for row, d in zip(a, trace[f"dz{layer}"], strict=True))
        found = trace[f"dW{layer}{case.data_gradient_suffix}"]
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


@for_many_networks
@given(case=networks())
def test_each_affine_layer_hands_on_what_it_received(case: Case) -> None:
    # z is homogeneous in (W, b) of degree one, so <dz, z> = <dW, W> + <db, b> for the data gradients.
    trace = case.trace()
    for layer in range(1, case.model.depth + 1):
        dz, z = trace[f"dz{layer}"], trace[f"z{layer}"]
        parts = [trace[f"dW{layer}{case.data_gradient_suffix}"] * trace[f"W{layer}"]]
        if case.model.bias:
            parts.append(trace[f"db{layer}"] * trace[f"b{layer}"])
        size = np.abs(dz * z).sum() + sum(np.abs(part).sum() for part in parts)
        assert abs((dz * z).sum() - sum(part.sum() for part in parts)) <= 1e-13 * (size + 1)


@for_many_networks
@given(case=networks(activations=["relu", "leaky_relu", "identity"]))
def test_each_relu_and_leaky_relu_hands_on_what_it_received(case: Case) -> None:
    # f(z) = f'(z) z, so <dz, z> = <da, a> cell by cell; at the corner both sides are 0.
    trace = case.trace()
    for layer in range(1, case.model.depth):
        np.testing.assert_allclose(
            trace[f"dz{layer}"] * trace[f"z{layer}"], trace[f"da{layer}"] * trace[f"a{layer}"], rtol=1e-13, atol=1e-300
        )


@for_many_networks
@given(case=networks())
def test_order_of_the_samples_does_not_matter(case: Case) -> None:
    order = np.random.default_rng(0).permutation(case.batch.m)
    shuffled = Case(case.model, case.parameters, Batch(case.batch.x[order], case.batch.y[order]))
    found, wanted = gradients(shuffled, shuffled.trace()), gradients(case, case.trace())
    wanted["x"] = wanted["x"][order]
    assert largest_relative_difference(shuffled, found, wanted) < 1e-12


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_order_of_the_hidden_units_permutes_their_gradients(activation: str) -> None:
    case = random_case(units=(3, 4, 2), activation=activation)
    order = np.array([2, 0, 3, 1])
    parameters = {**case.parameters, "W1": case.parameters["W1"][:, order], "b1": case.parameters["b1"][order]}
    parameters["W2"] = case.parameters["W2"][order]
    found, wanted = Case(case.model, parameters, case.batch).trace(), case.trace()
    np.testing.assert_allclose(found["dW1"], wanted["dW1"][:, order], rtol=1e-12)
    np.testing.assert_allclose(found["db1"], wanted["db1"][order], rtol=1e-12)
    np.testing.assert_allclose(found["dW2"], wanted["dW2"][order], rtol=1e-12)


# --- Samples and the batch -------------------------------------------------------------------------------------------


def data_gradients_per_sample(case: Case) -> dict[str, Array]:
    """Name -> (m, ...): the gradients of the same program on each row alone."""
    rows = []
    for index in range(case.batch.m):
        alone = Case(case.model, case.parameters, case.batch.sample(index))
        trace = alone.trace()
        rows.append({name: trace[data_gradient(case, name)] for name in case.parameters})
    return {name: np.stack([row[name] for row in rows]) for name in case.parameters}


def data_gradient(case: Case, name: str) -> str:
    return f"d{name}{case.data_gradient_suffix if name.startswith('W') else ''}"


@for_many_networks
@given(case=networks())
def test_batch_gradient_is_the_mean_or_sum_of_the_sample_gradients(case: Case) -> None:
    combine = np.mean if case.model.reduction == "mean" else np.sum
    found = {name: combine(rows, axis=0) for name, rows in data_gradients_per_sample(case).items()}
    trace = case.trace()
    wanted = {name: trace[data_gradient(case, name)] for name in case.parameters}
    assert largest_relative_difference(case, found, wanted) < 1e-12


def test_l2_is_added_once_and_not_once_a_sample() -> None:
    case = random_case(m=5, l2=0.3, reduction="sum")
    trace = case.trace()
    np.testing.assert_allclose(
        trace["loss"] - trace["data_loss"], 0.15 * sum((trace[name] ** 2).sum() for name in ("W1", "W2")), rtol=1e-12
    )


def test_biases_are_free_of_l2() -> None:
    case = random_case(l2=0.3)
    assert "db1_l2" not in case.program().tensors


def test_sample_view_divides_by_nothing() -> None:
    case = random_case(m=1)
    trace = case.trace()
    np.testing.assert_array_equal(trace["dz2"], trace["p"] - trace["y"])


# --- The corner ------------------------------------------------------------------------------------------------------


def test_derivative_at_zero_is_the_mask_where_a_pre_activation_is_exactly_zero() -> None:
    case = random_case(at_the_corner=True, derivative_at_zero=0.5)
    case.batch.x[0] = 0
    trace = case.trace()
    is_corner = trace["z1"] == 0
    assert is_corner[0].all()
    np.testing.assert_array_equal(trace["mask1"] == 0.5, is_corner)


def test_derivative_at_zero_changes_no_bit_where_no_pre_activation_is_zero() -> None:
    zero, one = (random_case(derivative_at_zero=value).trace() for value in (0.0, 1.0))
    assert (zero["z1"] != 0).all()
    assert all(zero[name].tobytes() == one[name].tobytes() for name in ("dx", "dW1", "db1", "dW2", "db2"))


def test_quarter_of_the_hidden_pre_activations_of_xor_is_exactly_zero_without_biases() -> None:
    model = ModelSpec(2, (LayerSpec(4),), 2)
    weights = np.random.default_rng(0)
    parameters = {
        name: weights.normal(size=shape) if len(shape) == 2 else np.zeros(shape)
        for name, shape in model.parameter_shapes.items()
    }
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    trace = Case(model, parameters, Batch(x, np.eye(2)[[0, 1, 1, 0]])).trace()
    assert np.mean(trace["z1"] == 0) == 0.25


def test_linear_network_is_linear() -> None:
    # Without kinks, f(x + t dx) - f(x) is exactly t times the Jacobian product: check with the logits.
    case = random_case(units=(3, 4, 2), activation="identity", m=1)
    far = Batch(case.batch.x * 3, case.batch.y)
    origin = Batch(case.batch.x * 0, case.batch.y)
    z = [Case(case.model, case.parameters, batch).trace()["z2"] for batch in (origin, case.batch, far)]
    np.testing.assert_allclose(z[2] - z[0], 3 * (z[1] - z[0]), rtol=1e-12)


def test_training_lowers_the_loss() -> None:
    case = random_case(units=(2, 8, 3), m=12, optimizer=OptimizerSpec("sgd", (("learning_rate", 0.05),)))
    workspace = case.workspace()
    workspace.run()
    before = float(workspace["loss"])
    for _ in range(50):
        workspace.run()
        workspace.commit()
    assert float(workspace["loss"]) < before
