"""Exact rewrites keep every bit of what they keep."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model import OptimizerSpec
from engine.optimizers import OPTIMIZERS
from engine.program import Program
from engine.rewrites import (
    REWRITES,
    for_training,
    join_update,
    prune,
    update_in_place,
)
from tests.engine.cases import Case, for_many_networks, networks, random_case
from tests.thorough import usually

SGD = OptimizerSpec()


def bits_of_three_steps(case: Case, program: Program, names: list[str]) -> list[bytes]:
    workspace = case.workspace(program)
    bits = []
    for _ in range(3):
        workspace.run()
        workspace.commit()
        bits += [workspace[name].tobytes() for name in names]
    return bits


EXACT = {name: rewrite.apply for name, rewrite in REWRITES.items() if rewrite.kind == "exact"}


@pytest.mark.parametrize("rewrite", EXACT.values(), ids=EXACT.keys())
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("dtype", usually(["float64", "float32", "float16"], "float64", "float16"))
def test_rewritten_program_trains_to_the_bits_of_the_plain_one(
    rewrite: Callable[[Program], Program], dtype: str, optimizer: str
) -> None:
    @settings(for_many_networks, max_examples=15)
    @given(case=networks(OptimizerSpec(optimizer), dtype))
    def check(case: Case) -> None:
        names = ["loss", *case.parameters]
        plain = bits_of_three_steps(case, case.program(), names)
        assert bits_of_three_steps(case, rewrite(case.program()), names) == plain

    check()


@for_many_networks
@given(case=networks(SGD), data=st.data())
def test_pruned_program_computes_what_was_wanted_with_the_same_bits(case: Case, data: st.DataObject) -> None:
    made = [node.output for node in case.program().nodes]
    wanted = data.draw(st.lists(st.sampled_from(made), min_size=1, max_size=4))
    workspace = case.workspace(prune(case.program(), wanted))
    workspace.run()
    trace = case.trace()
    assert [workspace[name].tobytes() for name in wanted] == [trace[name].tobytes() for name in wanted]


def test_prediction_is_the_same_program_without_its_backward_nodes() -> None:
    program = random_case(optimizer=SGD, l2=0.1).program()
    forward = prune(program, ["p"])
    assert set(forward.nodes) <= set(program.nodes)
    assert {node.phase for node in forward.nodes} == {"forward"}
    assert "y" not in forward.tensors


def test_pruning_leaves_nothing_that_is_not_needed() -> None:
    program = prune(random_case(optimizer=SGD).program(), ["dz2"])
    used = {"dz2"}.union(*(node.inputs for node in program.nodes))
    assert set(program.tensors) == used


def test_update_of_all_parameters_becomes_one_sequence_of_nodes() -> None:
    # sgd takes two nodes for each of the four parameters, W1, b1, W2 and b2.
    program = random_case(optimizer=SGD).program()
    assert sum(node.phase == "update" for node in program.nodes) == 8
    assert sum(node.phase == "update" for node in join_update(program).nodes) == 2


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_update_in_place_leaves_nothing_to_commit(optimizer: str) -> None:
    case = random_case(optimizer=OptimizerSpec(optimizer))
    workspace = case.workspace(update_in_place(for_training(case.program())))
    workspace.run()
    after = {name: workspace[name].copy() for name in case.parameters}
    workspace.commit()
    for name, value in after.items():
        assert np.any(value != case.parameters[name])
        assert workspace[name].tobytes() == value.tobytes()


def test_update_of_a_single_parameter_stays_as_it_is() -> None:
    program = random_case(units=(2, 3), bias=False, optimizer=SGD).program()
    assert join_update(program) is program


def test_program_without_an_update_stays_as_it_is() -> None:
    program = random_case().program()
    assert join_update(program) is program


def test_training_program_leaves_out_the_loss_unless_it_is_wanted() -> None:
    program = random_case(optimizer=SGD).program()
    assert "loss" not in for_training(program).tensors
    assert "loss" in for_training(program, ["loss"]).tensors


@for_many_networks
@given(case=networks(SGD))
def test_training_program_takes_the_inputs_of_the_plain_one_under_their_own_names(case: Case) -> None:
    program = case.program()
    wanted = ["loss", *({"accuracy"} & set(program.tensors))]
    assert set(for_training(program, wanted).inputs) == set(program.inputs)


def test_rewriting_leaves_the_program_that_it_was_given_unchanged() -> None:
    program = random_case(optimizer=SGD).program()
    before = (dict(program.tensors), program.nodes)
    for_training(program, ["loss"])
    assert (dict(program.tensors), program.nodes) == before
