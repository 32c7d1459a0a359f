"""Numeric rewrites compute what the plain program computes, but for rounding."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model import OptimizerSpec, scalars_of
from engine.optimizers import OPTIMIZERS
from engine.primitives import PRIMITIVES, SUMS_AS_PRODUCTS, Array
from engine.program import Program
from engine.rewrites import REWRITES, for_experiments, for_training, replicate, sums_as_products, update_in_place
from engine.workspace import Workspace
from tests.engine.cases import Case, for_many_networks, networks, random_case

SGD = OptimizerSpec("sgd", (("learning_rate", 0.05),))
# Of numbers near 1 in float64, after three steps; what rounds differently may grow by the condition of the network.
TOLERANCE = 1e-9


def after_three_steps(case: Case, program: Program) -> dict[str, Array]:
    workspace = Workspace(program, case.batch.m, case.model.dtype)
    scalars = scalars_of(case.model, case.optimizer, case.batch.m)
    workspace.load({"x": case.batch.x, "y": case.batch.y, **case.parameters, **scalars})
    for _ in range(3):
        workspace.run()
        workspace.commit()
    return {name: np.array(workspace[name]) for name in ["loss", *case.parameters]}


def check_agreement(found: Mapping[str, Array], wanted: Mapping[str, Array]) -> None:
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], value, rtol=TOLERANCE, atol=TOLERANCE, err_msg=name)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_program_for_experiments_trains_to_the_parameters_of_the_plain_one(optimizer: str) -> None:
    @settings(for_many_networks, max_examples=60)
    @given(case=networks(OptimizerSpec(optimizer, (("learning_rate", 0.05),))))
    def check(case: Case) -> None:
        found = after_three_steps(case, for_experiments(case.program(), ["loss"]))
        check_agreement(found, after_three_steps(case, case.program()))

    check()


NUMERIC = {name: rewrite.apply for name, rewrite in REWRITES.items() if rewrite.kind == "numeric"}


@pytest.mark.parametrize("name", NUMERIC)
def test_a_numeric_rewrite_changes_roundings_only(name: str) -> None:
    @settings(for_many_networks, max_examples=25)
    @given(case=networks(SGD))
    def check(case: Case) -> None:
        found = after_three_steps(case, NUMERIC[name](case.program()))
        # Of a single replica, what belongs to it has an axis more.
        wanted = after_three_steps(case, case.program())
        check_agreement({key: value.reshape(wanted[key].shape) for key, value in found.items()}, wanted)

    check()


def stacked(cases: list[Case]) -> dict[str, Array]:
    return {name: np.stack([case.parameters[name] for case in cases]) for name in cases[0].parameters}


@for_many_networks
@given(case=networks(SGD), replicas=st.integers(1, 4))
def test_every_replica_is_trained_like_a_network_of_its_own(case: Case, replicas: int) -> None:
    rng = np.random.default_rng(0)
    cases = [case] + [
        Case(
            case.model,
            {name: rng.normal(size=value.shape) for name, value in case.parameters.items()},
            case.batch,
            case.optimizer,
        )
        for _ in range(replicas - 1)
    ]
    together = Case(case.model, stacked(cases), case.batch, case.optimizer)
    program = replicate(update_in_place(sums_as_products(for_training(case.program(), ["loss"]))), replicas)
    found = after_three_steps(together, program)
    for number, single in enumerate(cases):
        check_agreement(
            {name: value[number] for name, value in found.items()}, after_three_steps(single, single.program())
        )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_replicas_know_every_optimizer(optimizer: str) -> None:
    case = random_case(m=6, l2=0.01, optimizer=OptimizerSpec(optimizer))
    together = Case(case.model, stacked([case, case]), case.batch, case.optimizer)
    found = after_three_steps(together, replicate(for_training(case.program(), ["loss"]), 2))
    check_agreement({name: value[1] for name, value in found.items()}, after_three_steps(case, case.program()))


def test_folding_takes_the_bias_and_its_gradient_out_of_the_nodes() -> None:
    ops = [node.op for node in for_experiments(random_case(optimizer=SGD).program()).nodes]
    assert not {"add_bias", "sum_samples"} & set(ops)
    # Two products forward, three backward: dW1, dW2 and da1.
    assert sum(op.startswith("matmul") for op in ops) == 5


def test_bias_whose_weights_have_l2_keeps_a_gradient_of_its_own() -> None:
    # dW is a sum of two parts, so that db cannot come from the same product.
    ops = [node.op for node in for_experiments(random_case(l2=0.1, optimizer=SGD).program()).nodes]
    assert "add_bias" not in ops
    assert "sum_samples" in ops


@pytest.mark.parametrize("name", ["sum_samples", "sum_rows"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_sums_as_products_agree_with_sums(name: str, order: str) -> None:
    a = np.asarray(np.random.default_rng(0).normal(size=(7, 5)), order=order)  # type: ignore[call-overload]
    found, wanted = (np.empty(5 if name == "sum_samples" else 7) for _ in range(2))
    SUMS_AS_PRODUCTS[name].kernel(a, found)
    PRIMITIVES[name].kernel(a, wanted)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
