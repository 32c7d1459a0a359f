"""Every mistake by its id, in the order of how often people make it."""

from engine.mistakes import biases, carrying, l2, labels, output, products, scale, slopes, softmax
from engine.mistakes.mistake import Mistake

# The most frequent first, as far as public questions and issue threads tell.
ORDER = """
    output_slope_on_p_minus_y mean_missing slope_taken_at_the_wrong_value weights_updated_too_early
    l2_forgotten l2_twice l2_sign l2_on_biases l2_of_squares l2_over_m
    softmax_over_the_batch softmax_over_the_wrong_axis elementwise_for_matmul sign_turned
    bias_summed_over_units bias_summed_over_everything bias_not_summed bias_averaged_again bias_not_averaged
    activation_overwritten mask_missing softmax_without_maximum softmax_with_global_maximum gradients_not_reset
    bias_gradient_zero momentum_sign weights_all_zero relu_on_the_output upstream_overwritten mask_from_upstream
    weights_from_z slope_of_sigmoid slope_of_tanh hidden_mean_twice last_sample_only mean_over_outputs_too factor_two
    probability_gradient_as_logit_gradient slope_of_the_error leaky_backward_only slope_returns_activation
    mask_inverted labels_not_one_hot labels_shuffled reshape_for_transpose mask_at_zero labels_broadcast
    softmax_jacobian_on_p_minus_y diagonal_jacobian softmax_twice sigmoid_for_softmax softmax_missing
    labels_off_by_one mean_twice mean_over_features mean_over_classes weights_transposed integer_gradients
    weights_not_transposed inputs_changed
""".split()

_FAMILIES = (output, scale, softmax, slopes, products, biases, l2, labels, carrying)
_ROWS = {mistake.id: mistake for family in _FAMILIES for mistake in family.ROWS}
assert set(_ROWS) == set(ORDER), set(_ROWS) ^ set(ORDER)

MISTAKES: dict[str, Mistake] = {id: _ROWS[id] for id in ORDER}
