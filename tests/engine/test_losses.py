"""Losses other than softmax with cross-entropy: closed forms, saturation, and what the reductions mean."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from engine.losses import OUTPUTS
from engine.model import Batch, LayerSpec, ModelSpec, batch_of, program_of, scalars_of, trace_step
from engine.trace import Trace
from engine.vocabulary import STANDARD
from tests.engine.cases import Case, for_many_networks, networks, output_of

SIGMOID = ("sigmoid", "binary_cross_entropy")


def of_logits(pair: tuple[str, str], z: list[list[float]], y: object, **fields: str) -> Trace:
    """A step of a network without hidden layer and bias whose weights are the identity, so that z1 is x."""
    outputs = len(z[0])
    model = ModelSpec(outputs, (), outputs, *pair, bias=False, **fields)  # type: ignore[arg-type]
    dtype = model.dtype
    return trace_step(model, {"W1": np.eye(outputs, dtype=dtype)}, batch_of(model, z, y))


# --- Binary cross-entropy --------------------------------------------------------------------------------------------


def test_binary_cross_entropy_is_summed_over_the_outputs() -> None:
    # p = (1/2, 3/4), y = (1, 0): ln 2 + ln 4
    trace = of_logits(SIGMOID, [[0.0, np.log(3)]], [[1, 0]])
    np.testing.assert_allclose(trace["loss"], np.log(8), rtol=1e-15)
    np.testing.assert_allclose(trace["dz1"], [[-0.5, 0.75]], rtol=1e-15)


def test_gradient_is_divided_by_the_batch_size_and_not_by_the_outputs() -> None:
    trace = of_logits(SIGMOID, [[0.0, np.log(3)]] * 2, [[1, 0]] * 2)
    np.testing.assert_allclose(trace["dz1"], [[-0.25, 0.375]] * 2, rtol=1e-15)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize(("z", "y", "loss", "gradient"), [(1000, 1, 0, 0), (1000, 0, 1000, 1), (-1000, 1, 1000, -1)])
def test_logit_of_a_thousand_gives_the_exact_loss_and_gradient(
    dtype: str, z: float, y: float, loss: float, gradient: float
) -> None:
    trace = of_logits(SIGMOID, [[z]], [[y]], dtype=dtype)
    assert (trace["loss"], trace["dz1"]) == (loss, gradient)


def test_small_losses_keep_their_digits() -> None:
    # -log p = log(1 + e^-30), which is e^-30 to its last digits.
    np.testing.assert_allclose(of_logits(SIGMOID, [[30.0]], [[1]])["loss"], np.exp(-30), rtol=1e-12)


def test_tiny_probability_stays_different_from_zero() -> None:
    trace = of_logits(SIGMOID, [[-740.0]], [[0]])
    assert trace["p"] > 0
    assert trace["dz1"] > 0


@pytest.mark.parametrize(
    ("loss", "gradient"), [("half_squared_error", 4.539374689e-5), ("binary_cross_entropy", 0.9999546)]
)
def test_saturated_sigmoid_learns_from_cross_entropy_and_hardly_from_squared_error(loss: str, gradient: float) -> None:
    # z = -10, y = 1: (p - 1) p (1 - p) is -4.5e-5, p - 1 is -1.0
    np.testing.assert_allclose(of_logits(("sigmoid", loss), [[-10.0]], [[1]])["dz1"], [[-gradient]], rtol=1e-7)


def test_long_way_back_goes_through_the_probabilities_and_the_slope() -> None:
    model = ModelSpec(1, (), 1, *SIGMOID, bias=False)
    trace = trace_step(model, {"W1": np.ones((1, 1))}, batch_of(model, [[np.log(3)]], [1]), None, STANDARD.long_way)
    # p = 3/4, y = 1: dL/dp = -4/3, slope 3/16
    np.testing.assert_allclose(
        (trace["dp"], trace["mask1"], trace["dz1"]), [[[-4 / 3]], [[3 / 16]], [[-1 / 4]]], rtol=1e-14
    )


def test_what_the_contract_leaves_out_is_not_there() -> None:
    trace = of_logits(SIGMOID, [[0.5]], [[1]])
    assert trace.by_role("da", 1) is None
    np.testing.assert_array_equal(trace.by_role("mask", 1), trace["p"] * (1 - trace["p"]))


# --- Squared errors --------------------------------------------------------------------------------------------------


def test_half_squared_error_is_a_sum_over_outputs_and_a_mean_over_samples() -> None:
    # errors (1, 2) and (0, 2): (5/2 + 4/2) / 2
    trace = of_logits(("identity", "half_squared_error"), [[1, 2], [0, 2]], [[0, 0], [0, 0]])
    assert trace["loss"] == 2.25
    np.testing.assert_array_equal(trace["dz1"], [[0.5, 1], [0, 1]])


def test_squared_error_is_a_mean_over_outputs_too() -> None:
    trace = of_logits(("identity", "squared_error"), [[1, 2], [0, 2]], [[0, 0], [0, 0]])
    assert trace["loss"] == 2.25
    np.testing.assert_array_equal(trace["dz1"], [[0.5, 1], [0, 1]])


@pytest.mark.parametrize(("loss", "size"), [("half_squared_error", 2.5), ("squared_error", 2.5)])
def test_sum_over_the_samples_divides_by_no_batch_size(loss: str, size: float) -> None:
    trace = of_logits(("identity", loss), [[1, 2]] * 3, [[0, 0]] * 3, reduction="sum")
    assert trace["loss"] == 3 * size
    np.testing.assert_array_equal(trace["dz1"], [[1, 2]] * 3)


@pytest.mark.parametrize("pair", [pair for pair, row in OUTPUTS.items() if row.least_units == 1])
def test_scalar_targets_may_be_flat_where_there_is_one_output(pair: tuple[str, str]) -> None:
    flat, rows = (of_logits(pair, [[0.3], [0.7]], y) for y in ([0, 1], [[0], [1]]))
    assert flat.vector.tobytes() == rows.vector.tobytes()


@for_many_networks
@given(case=networks(outputs=[pair for pair, row in OUTPUTS.items() if row.target.kind == "numbers"]))
def test_a_loss_of_numbers_gives_every_layer_everything(case: Case) -> None:
    trace = case.trace()
    for layer in range(1, case.model.depth + 1):
        for role in ("z", "mask", "a", "da", "dz", "dW"):
            assert trace.by_role(role, layer) is not None
    last = case.model.depth
    expected = trace[f"d{output_of(case)}"] * trace[f"mask{last}"]
    np.testing.assert_array_equal(trace[f"dz{last}"], np.where(trace[f"mask{last}"] == 0, 0, expected))


# --- Softmax with a squared error ------------------------------------------------------------------------------------


def test_gradient_of_softmax_with_a_squared_error_goes_through_the_whole_jacobian() -> None:
    # p = (1/4, 3/4), y = class 0: e = (-3/4, 3/4), and the Jacobian is 3/16 (1, -1; -1, 1).
    trace = of_logits(("softmax", "half_squared_error"), [[0.0, np.log(3)]], [0])
    np.testing.assert_allclose(trace["loss"], 9 / 16, rtol=1e-15)
    np.testing.assert_allclose(trace["dp"], [[-3 / 4, 3 / 4]], rtol=1e-15)
    np.testing.assert_allclose(trace["jacobian"], [[[3 / 16, -3 / 16], [-3 / 16, 3 / 16]]], rtol=1e-15)
    np.testing.assert_allclose(trace["dz1"], [[-9 / 32, 9 / 32]], rtol=1e-15)


def test_squared_error_of_softmax_is_a_mean_over_the_outputs_and_the_half_one_a_sum() -> None:
    z, y = [[0.2, -1.0, 0.7], [1.5, 0.1, 0.3]], [2, 1]
    half, mean = (of_logits(("softmax", loss), z, y) for loss in ("half_squared_error", "squared_error"))
    np.testing.assert_allclose(mean["loss"], half["loss"] * 2 / 3, rtol=1e-15)
    np.testing.assert_allclose(mean["dz1"], half["dz1"] * 2 / 3, rtol=1e-14)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_softmax_that_is_surely_wrong_learns_nothing_from_a_squared_error(dtype: str) -> None:
    trace = of_logits(("softmax", "half_squared_error"), [[1000.0, 0.0]], [1], dtype=dtype)
    assert trace["loss"] == 1
    np.testing.assert_array_equal(trace["dz1"], [[0, 0]])


@for_many_networks
@given(case=networks(outputs=[("softmax", "half_squared_error"), ("softmax", "squared_error")]))
def test_gradient_of_the_logits_of_a_softmax_sums_to_zero(case: Case) -> None:
    # Adding one number to all logits of a sample changes no probability.
    trace = case.trace()
    dz = trace[f"dz{case.model.depth}"]
    np.testing.assert_allclose(dz.sum(axis=1), 0, atol=1e-15)
    p, dp = trace["p"], trace["dp"]
    np.testing.assert_allclose(dz, p * (dp - (dp * p).sum(axis=1, keepdims=True)), rtol=1e-9, atol=1e-16)


# --- Huber -----------------------------------------------------------------------------------------------------------


def test_huber_is_half_a_square_up_to_delta_and_a_line_beyond_and_a_mean_over_the_outputs() -> None:
    # errors 1/2, 1, -3 with delta 1: 1/8, 1/2, 5/2; the slopes are 1/2, 1 and, held at delta, -1.
    trace = of_logits(("identity", "huber"), [[0.5, 1.0, -3.0]], [[0, 0, 0]])
    np.testing.assert_allclose(trace["loss"], 3.125 / 3, rtol=1e-15)
    np.testing.assert_allclose(trace["dz1"], [[0.5 / 3, 1 / 3, -1 / 3]], rtol=1e-15)


def test_huber_divides_by_the_samples_only_where_the_loss_is_a_mean_over_them() -> None:
    mean, total = (
        of_logits(("identity", "huber"), [[0.5, -3.0]] * 4, [[0, 0]] * 4, reduction=reduction)
        for reduction in ("mean", "sum")
    )
    np.testing.assert_allclose(total["loss"], 4 * mean["loss"], rtol=1e-15)
    np.testing.assert_array_equal(total["dz1"], 4 * mean["dz1"])


@pytest.mark.parametrize("delta", [2.0**-10, 1.0, 40.0])
def test_gradient_of_huber_is_never_larger_than_delta(delta: float) -> None:
    model = ModelSpec(1, (), 1, "identity", "huber", bias=False, output_settings=(("delta", delta),))
    trace = trace_step(model, {"W1": np.ones((1, 1))}, batch_of(model, [[-100.0], [delta / 2], [100.0]], [0, 0, 0]))
    np.testing.assert_allclose(trace["da1"], np.array([[-delta], [delta / 2], [delta]]) / 3, rtol=1e-15)
    np.testing.assert_allclose(trace["output_loss"][0], delta * (100 - delta / 2), rtol=1e-15)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_an_error_whose_square_overflows_has_a_finite_loss(dtype: str) -> None:
    size = float(np.finfo(dtype).max) / 4
    trace = of_logits(("identity", "huber"), [[size]], [[0.0]], dtype=dtype)
    np.testing.assert_allclose(trace["loss"], size, rtol=1e-3)
    assert trace["dz1"] == 1


def test_delta_is_an_input_of_the_step_so_an_edit_of_it_keeps_the_program() -> None:
    model = ModelSpec(2, (), 1, "identity", "huber")
    assert program_of(model, None) is program_of(replace(model, output_settings=(("delta", 3.0),)), None)
    assert scalars_of(model, None, 1)["delta1"] == 1


# --- Scalar chains ---------------------------------------------------------------------------------------------------


def chain(weights: list[float], activation: str, x: float, y: float) -> Trace:
    model = ModelSpec(
        1, tuple(LayerSpec(1, activation) for _ in weights[1:]), 1, activation, "half_squared_error", bias=False
    )
    parameters = {f"W{layer}": np.array([[w]]) for layer, w in enumerate(weights, start=1)}
    return trace_step(model, parameters, batch_of(model, [[x]], [y]))


def test_chain_of_two_weights_has_the_published_numbers() -> None:
    trace = chain([0.8, 1.2], "relu", x=1.5, y=2)
    found = [float(trace[name].item()) for name in ("z1", "z2", "loss", "da1", "da2", "dW1", "dW2")]
    np.testing.assert_allclose(found, [1.2, 1.44, 0.1568, -0.672, -0.56, -1.008, -0.672], rtol=1e-12)


def test_weight_times_gradient_is_the_same_in_every_layer_of_an_active_chain() -> None:
    # w_k dC/dw_k = (r - y) r for all k
    trace = chain([0.5, 1.5, 2.0, 0.7], "relu", x=1.5, y=2)
    products = [float((trace[f"W{k}"] * trace[f"dW{k}"]).item()) for k in range(1, 5)]
    r = float(trace["a4"].item())
    np.testing.assert_allclose(products, [(r - 2) * r] * 4, rtol=1e-12)


def test_one_shut_gate_stops_every_earlier_gradient() -> None:
    trace = chain([0.5, -1.5, 2.0], "relu", x=1.5, y=2)
    assert [float(trace[f"dW{k}"].item()) for k in (1, 2)] == [0, 0]


def test_sigmoid_passes_at_most_a_quarter_of_the_weight_per_layer() -> None:
    trace = chain([1.0] * 6, "sigmoid", x=0.5, y=0.0)
    sizes = [abs(float(trace[f"dz{k}"].item())) for k in range(1, 7)]
    assert all(below <= above / 4 for below, above in pairwise(sizes))


def test_batch_with_targets_of_any_size_is_taken_by_the_squared_errors() -> None:
    model = ModelSpec(1, (), 1, "identity", "squared_error")
    np.testing.assert_array_equal(batch_of(model, [[1], [2]], [-7.5, 300]).y, [[-7.5], [300]])
    assert isinstance(batch_of(model, [[1]], [[2]]), Batch)
