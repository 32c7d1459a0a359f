"""Values taken as given: what follows from them is computed from them, and nothing else changes."""

import numpy as np

from engine.rewrites import take_as_given
from tests.engine.cases import random_case


def test_what_is_given_as_it_was_computed_changes_no_bit() -> None:
    case = random_case(units=(2, 4, 3, 2), m=3)
    whole = case.trace()
    program = take_as_given(whole.program, ["z1", "dz2"])
    workspace = case.workspace(program)
    workspace.load({"z1": whole["z1"], "dz2": whole["dz2"]})
    trace = workspace.trace()
    for name in whole.program.tensors:
        np.testing.assert_array_equal(trace[name], whole[name])


def test_everything_after_another_value_follows_from_it_and_nothing_before_it() -> None:
    case = random_case(units=(2, 4, 2), m=3)
    whole = case.trace()
    workspace = case.workspace(take_as_given(whole.program, ["da1"]))
    workspace.load({"da1": np.ones((3, 4))})
    trace = workspace.trace()
    np.testing.assert_array_equal(trace["dz1"], whole["mask1"])
    np.testing.assert_array_equal(trace["dW2"], whole["dW2"])
    np.testing.assert_allclose(trace["dW1"], case.batch.x.T @ whole["mask1"], rtol=1e-12)
