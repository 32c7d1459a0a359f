"""Programs, their layouts and their runs: what keeps a fingerprint, where values lie, that tracing changes nothing."""

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from engine.layout import LINE, layout_of
from engine.model import LayerSpec, ModelSpec, OptimizerSpec, program_of
from engine.primitives import PRIMITIVES
from engine.program import Program, ProgramBuilder
from engine.rewrites import for_long_training, for_training
from engine.vocabulary import STANDARD
from tests import cells
from tests.engine.cases import Case, for_many_networks, networks, random_case

MODEL = ModelSpec(2, (LayerSpec(8), LayerSpec(4)), 3, l2=0.1)
SGD = OptimizerSpec()


# --- The program -----------------------------------------------------------------------------------------------------


def test_fingerprint_is_the_same_in_another_process() -> None:
    script = (
        "from engine.model import *; "
        "print(program_of(ModelSpec(2, (LayerSpec(8), LayerSpec(4)), 3, l2=0.1), OptimizerSpec()).fingerprint)"
    )
    elsewhere = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert elsewhere.stdout.strip() == program_of(MODEL, SGD).fingerprint


@pytest.mark.parametrize(
    ("model", "optimizer"),
    [
        (replace(MODEL, l2=0.2), SGD),
        (replace(MODEL, dtype="float32"), SGD),
        (replace(MODEL, hidden=(LayerSpec(8, "relu", (("derivative_at_zero", 0.5),)), LayerSpec(4))), SGD),
        (MODEL, OptimizerSpec("sgd", (("learning_rate", 5.0),))),
    ],
    ids=["l2", "dtype", "derivative_at_zero", "learning_rate"],
)
def test_fingerprint_stays_when_only_a_value_changes(model: ModelSpec, optimizer: OptimizerSpec) -> None:
    assert program_of(model, optimizer).fingerprint == program_of(MODEL, SGD).fingerprint


@pytest.mark.parametrize(
    ("model", "optimizer"),
    [
        (replace(MODEL, inputs=3), SGD),
        (replace(MODEL, outputs=4), SGD),
        (replace(MODEL, hidden=(LayerSpec(7), LayerSpec(4))), SGD),
        (replace(MODEL, hidden=(LayerSpec(8),)), SGD),
        (replace(MODEL, hidden=(LayerSpec(8, "identity"), LayerSpec(4))), SGD),
        (replace(MODEL, reduction="sum"), SGD),
        (replace(MODEL, l2=0.0), SGD),
        (replace(MODEL, bias=False), SGD),
        (MODEL, None),
    ],
    ids=["inputs", "outputs", "units", "depth", "activation", "reduction", "no l2", "no bias", "no optimizer"],
)
def test_fingerprint_changes_with_the_computation(model: ModelSpec, optimizer: OptimizerSpec | None) -> None:
    assert program_of(model, optimizer).fingerprint != program_of(MODEL, SGD).fingerprint


def test_expansion_has_a_fingerprint_of_its_own() -> None:
    assert program_of(MODEL, SGD, STANDARD.long_way).fingerprint != program_of(MODEL, SGD).fingerprint


def test_models_that_differ_in_a_value_alone_share_one_program() -> None:
    assert program_of(replace(MODEL, l2=0.2), SGD) is program_of(MODEL, SGD)


def test_program_does_not_contain_the_batch_size() -> None:
    assert random_case(m=3).program() is random_case(m=5).program()


@for_many_networks
@given(case=networks(SGD))
def test_every_node_reads_what_was_made_before_it_and_makes_something_new(case: Case) -> None:
    program = case.program()
    known = set(program.inputs)
    for node in program.nodes:
        assert known.issuperset(node.inputs), node
        assert node.output not in known, node
        known.add(node.output)
    assert known == set(program.tensors)


def test_phases_come_in_the_order_forward_backward_update_measure() -> None:
    phases = [node.phase for node in program_of(MODEL, SGD).nodes]
    assert phases == sorted(phases, key=["forward", "backward", "update", "measure"].index)


def test_a_name_cannot_be_assigned_twice() -> None:
    builder = ProgramBuilder({"0": 2})
    x = builder.input("x", ("n", "0"), "x")
    builder.node("negative", (x,), "y", "y", phase="forward", layer=None, group=())
    with pytest.raises(AssertionError, match="y is assigned twice"):
        builder.node("negative", (x,), "y", "y", phase="forward", layer=None, group=())


def test_operands_whose_axes_do_not_fit_are_refused() -> None:
    builder = ProgramBuilder({"0": 2, "1": 2})
    x = builder.input("x", ("n", "0"), "x")
    w = builder.input("w", ("1", "0"), "w")
    with pytest.raises(AssertionError, match="matmul: i is"):
        builder.node("matmul", (x, w), "z", "z", phase="forward", layer=None, group=())


def test_names_follow_the_vocabulary_layer_by_layer() -> None:
    tensors = random_case(units=(2, 4, 3), l2=0.1, optimizer=SGD).program().tensors
    per_layer = [f"{name}{layer}" for layer in (1, 2) for name in ("W", "b", "z", "dz", "dW", "dW", "db")]
    assert {"x", "y", "p", "loss", "dx", "a1", "da1", "mask1", "W1_next", "b2_next", *per_layer} <= set(tensors)
    assert {"dW1_data", "dW1_l2"} <= set(tensors)


@for_many_networks
@given(case=networks(SGD))
def test_tensors_know_their_layer_and_whose_gradient_they_are(case: Case) -> None:
    tensors = case.program().tensors
    for name in case.parameters:
        layer = int(name[1:])
        assert (tensors[f"d{name}"].of, tensors[f"d{name}"].layer) == (name, layer)
        assert (tensors[f"{name}_next"].of, tensors[f"{name}_next"].layer) == (name, layer)


# --- The values of a run ---------------------------------------------------------------------------------------------


@for_many_networks
@given(case=networks(SGD))
def test_code_lines_in_order_are_a_script_that_computes_the_trace(case: Case) -> None:
    trace = case.trace()
    scope = {"np": np, **{name: trace[name] for name in trace.program.inputs}}
    with np.errstate(under="ignore"):
        for node in trace.program.nodes:
            exec(node.code, scope)
    for name in trace.program.tensors:
        np.testing.assert_allclose(scope[name], trace[name], rtol=1e-9, atol=1e-12, err_msg=name)


@for_many_networks
@given(case=networks(SGD))
def test_every_cell_of_a_trace_follows_from_its_formula(case: Case) -> None:
    trace = case.trace(STANDARD.long_way)
    for node in trace.program.nodes:
        found = cells.evaluate(PRIMITIVES[node.op], [trace[name] for name in node.inputs])
        np.testing.assert_allclose(found, trace[node.output], rtol=1e-12, atol=1e-14, err_msg=node.code)


@for_many_networks
@given(case=networks(SGD))
def test_trace_equals_run_bit_for_bit(case: Case) -> None:
    running = case.workspace()
    running.run()
    assert case.workspace().trace().vector.tobytes() == running.vector.tobytes()


def test_second_run_has_the_bits_of_the_first() -> None:
    workspace = random_case(optimizer=SGD).workspace()
    first, second = workspace.trace(), workspace.trace()
    assert first.vector.tobytes() == second.vector.tobytes()


def test_trace_stays_what_it_was_when_training_goes_on() -> None:
    workspace = random_case(optimizer=SGD).workspace()
    trace = workspace.trace()
    before = trace.vector.tobytes()
    workspace.commit()
    workspace.run()
    assert trace.vector.tobytes() == before


def test_trace_finds_a_tensor_by_its_role_and_layer() -> None:
    trace = random_case().trace()
    np.testing.assert_array_equal(trace.by_role("dz", 2), trace["dz2"])


def test_trace_answers_none_for_a_role_that_the_program_lacks() -> None:
    assert random_case(bias=False).trace().by_role("b", 1) is None


@for_many_networks
@given(case=networks(SGD))
def test_sgd_steps_against_the_gradient_by_the_learning_rate(case: Case) -> None:
    trace = case.trace()
    for name in case.parameters:
        # 0.1 is the default rate; the product is rounded, then the difference.
        np.testing.assert_array_equal(trace[f"{name}_next"], trace[name] - 0.1 * trace[f"d{name}"])


def test_before_the_commit_the_parameters_are_those_that_were_loaded() -> None:
    case = random_case(optimizer=SGD)
    workspace = case.workspace()
    workspace.run()
    for name, value in case.parameters.items():
        np.testing.assert_array_equal(workspace[name], value)


@pytest.mark.parametrize("rewrite", [lambda program: program, for_training], ids=["plain", "for_training"])
def test_commit_puts_the_next_parameters_in_the_place_of_the_old_ones(rewrite: object) -> None:
    case = random_case(optimizer=SGD)
    after = {name: case.trace()[f"{name}_next"] for name in case.parameters}
    workspace = case.workspace(rewrite(case.program()))  # type: ignore[operator]
    workspace.run()
    workspace.commit()
    for name, value in after.items():
        np.testing.assert_array_equal(workspace[name], value)


def test_commit_changes_nothing_but_the_parameters() -> None:
    case = random_case(optimizer=SGD)
    workspace = case.workspace()
    before = workspace.trace()
    workspace.commit()
    others = [name for name in before.program.tensors if name not in case.parameters]
    assert [workspace[name].tobytes() for name in others] == [before[name].tobytes() for name in others]


def test_loading_copies_and_leaves_out_unknown_names() -> None:
    workspace = random_case().workspace()
    given = np.ones(4)
    workspace.load({"b1": given, "nothing_here": 3.0})
    given[...] = 2
    np.testing.assert_array_equal(workspace["b1"], np.ones(4))


# --- Where the values lie --------------------------------------------------------------------------------------------


def cells_taken(program: Program, m: int) -> list[tuple[int, int]]:
    """(first cell, behind the last) of every tensor that is not joined from others."""
    slots = layout_of(program, m).slots
    single = [slots[name] for name in program.tensors if not program.parts_of(name)]
    return sorted((slot.offset, slot.offset + slot.size) for slot in single)


@for_many_networks
@given(case=networks(SGD))
def test_tensors_fill_the_vector_without_gap_or_overlap(case: Case) -> None:
    for program in (case.program(), for_training(case.program())):
        ranges = cells_taken(program, case.batch.m)
        assert [start for start, _ in ranges] == [0, *(end for _, end in ranges[:-1])]
        assert ranges[-1][1] == layout_of(program, case.batch.m).size


@for_many_networks
@given(case=networks(SGD))
def test_longer_tensors_of_a_long_training_begin_at_lines_of_the_caches(case: Case) -> None:
    program = for_long_training(case.program())
    slots = layout_of(program, case.batch.m).slots
    parts = {part for name in program.tensors for part in program.parts_of(name)}
    workspace = case.workspace(program)
    for name in program.tensors.keys() - parts:
        assert slots[name].size < LINE or workspace[name].ctypes.data % (LINE * workspace[name].itemsize) == 0
    places = {(slots[name].offset, slots[name].offset + slots[name].size) for name in program.tensors.keys() - parts}
    in_order = sorted(place for place in places if place[0] < place[1])
    assert all(end <= start for (_, end), (start, _) in pairwise(in_order))


@for_many_networks
@given(case=networks(SGD))
def test_joined_tensor_lies_over_its_parts_in_order(case: Case) -> None:
    program = for_training(case.program())
    slots = layout_of(program, case.batch.m).slots
    for name in program.tensors:
        offset = slots[name].offset
        for part in program.parts_of(name):
            assert slots[part].offset == offset
            offset += slots[part].size


@for_many_networks
@given(case=networks(SGD))
def test_the_document_says_where_each_tensor_lies_for_any_number_of_samples(case: Case) -> None:
    program = case.program()
    for m in (1, 2, case.batch.m):
        slots = layout_of(program, m).slots
        for tensor in program.document["tensors"]:
            a, b = tensor["offset"]
            assert slots[tensor["name"]].offset == a + b * m


def test_the_document_says_where_the_drawing_shows_a_tensor_and_what_divides() -> None:
    tensors = {tensor["name"]: tensor for tensor in random_case(optimizer=SGD).program().document["tensors"]}
    spots = {
        name: tensors[name]["spot"] for name in "x W1 b1 z1 mask1 a1 z2 p y dz2 dW1 W1_next loss m is_right".split()
    }
    assert spots == {
        "x": "unit", "W1": "edge", "b1": "bias", "z1": "sum", "mask1": "unit", "a1": "unit", "z2": "sum", "p": "output",
        "y": "output", "dz2": "sum", "dW1": "edge", "W1_next": "edge", "loss": "loss", "m": None, "is_right": None,
    }  # fmt: skip
    assert [name for name, tensor in tensors.items() if tensor["divisor"]] == ["m"]


def test_layout_knows_only_the_program_and_the_batch_size() -> None:
    program = random_case().program()
    assert layout_of(program, 5).slots["z1"].shape == (5, 4)
    assert layout_of(program, 1).slots["z1"].shape == (1, 4)
    assert layout_of(program, 1).slots["W1"].shape == (2, 4)
