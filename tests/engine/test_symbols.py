"""The document of a program says how each of its tensors is written."""

import re
from collections.abc import Iterator
from pathlib import Path

from engine.model import LayerSpec, ModelSpec, OptimizerSpec, program_of
from engine.program import Program
from engine.vocabulary import STANDARD

MARKS = set(re.findall(r'case "(\w+)":', Path("static/js/trace/formula/symbol.js").read_text()))
ADAM = OptimizerSpec("adam", (("learning_rate", 0.1),))


def symbols(program: Program) -> dict[str, object]:
    return {tensor["name"]: tensor["symbol"] for tensor in program.document["tensors"]}


def test_a_gradient_names_what_it_differentiates() -> None:
    found = symbols(program_of(ModelSpec(2, (LayerSpec(3),), 2, l2=0.1), None))
    assert found["dW1"] == ["derivative", ["at", "dw", 1], "L", ["of", "W1"]]
    assert found["dW1_data"] == ["derivative", ["at", ["power", "dw", "\u2113"], None], "\u2113", ["of", "W1"]]
    assert found["mask1"] == ["derivative", ["at", "mask", 1], ["of", "a1"], ["of", "z1"]]


def test_the_loss_of_a_sample_is_not_the_whole_loss_where_there_is_a_penalty() -> None:
    plain, penalised = (symbols(program_of(ModelSpec(2, (), 2, l2=l2), None)) for l2 in (0.0, 0.1))
    assert plain["sample_loss"] == ["at", "L", None]
    assert penalised["sample_loss"] == ["at", "\u2113", None]


def test_a_memory_has_the_layer_of_its_parameter_and_a_next_value_is_written_as_the_value() -> None:
    found = symbols(program_of(ModelSpec(2, (LayerSpec(3),), 2), ADAM))
    assert found["W2_average_corrected"] == ["at", ["over", "m", "^"], 2]
    assert found["W2_average_next"] == ["of", "W2_average"]
    assert found["W2_next"] == ["of", "W2"]


def test_the_page_can_print_every_mark_of_every_program() -> None:
    assert "derivative" in MARKS
    programs = [
        *(
            program_of(ModelSpec(2, (LayerSpec(3),), max(2, row.least_units), *names, l2=0.1), ADAM, STANDARD.long_way)
            for names, row in STANDARD.outputs.items()
        ),
        *(program_of(ModelSpec(2, (LayerSpec(3, name),), 2), None) for name in STANDARD.activations),
        *(program_of(ModelSpec(2, (), 2), OptimizerSpec(name, ADAM.settings)) for name in STANDARD.optimizers),
    ]
    assert {mark for program in programs for symbol in symbols(program).values() for mark in _marks(symbol)} <= MARKS


def _marks(symbol: object) -> Iterator[str]:
    if isinstance(symbol, list) and symbol and isinstance(symbol[0], str):
        yield symbol[0]
        for part in symbol[1:]:
            yield from _marks(part)
