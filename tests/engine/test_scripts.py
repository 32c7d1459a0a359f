"""Exported scripts: NumPy to the last bit, PyTorch as it was checked where PyTorch is installed."""

import ast
import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import layers, optimizers
from engine.errors import EngineError
from engine.model import LayerSpec, ModelSpec, OptimizerSpec
from engine.primitives import PRIMITIVES, Array
from engine.run import RunSpec
from engine.scripts import numbers_needed, numpy_script, pytorch_script
from engine.scripts.literals import literal, number
from engine.training import Trainer
from engine.vocabulary import STANDARD
from tests.engine.cases import Case, for_many_networks, networks
from tests.script_cases import CASES, STEPS, digest_of, trainer_of

CHECKED = Path(__file__).parent.parent / "fixtures" / "pytorch_scripts.json"


def parameters_of(script: str) -> dict[str, Array]:
    """What a script computes, run in this process."""
    names: dict[str, Any] = {}
    with np.errstate(all="ignore"), redirect_stdout(io.StringIO()), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["network.py"])
        exec(compile(script, "network.py", "exec"), names)
    found: dict[str, Array] = names["parameters"]
    return found


def assert_same_bits(found: dict[str, Array], wanted: dict[str, Array]) -> None:
    assert list(found) == list(wanted)
    for name, array in wanted.items():
        assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape), name
        assert found[name].tobytes() == array.tobytes(), name


@pytest.mark.parametrize("name", CASES)
def test_a_numpy_script_has_the_bits_of_the_run(name: str) -> None:
    trainer = CASES[name]()
    assert_same_bits(parameters_of(numpy_script(trainer.course, trainer.taken)), trainer.parameters)


@for_many_networks
@given(
    case=st.sampled_from(["float64", "float32"]).flatmap(lambda dtype: networks(dtype=dtype)),
    optimizer=st.sampled_from(sorted(optimizers.OPTIMIZERS)),
    batch_size=st.sampled_from([None, 1, 3]),
    is_shuffled=st.booleans(),
)
def test_a_numpy_script_of_any_network_has_the_bits_of_its_run(
    case: Case, optimizer: str, batch_size: int | None, is_shuffled: bool
) -> None:
    run = RunSpec(case.model, OptimizerSpec(optimizer), case.parameters, case.batch, None, batch_size, 1, is_shuffled)
    trainer = Trainer(run)
    with np.errstate(all="ignore"):
        trainer.train(7)
    assert_same_bits(parameters_of(numpy_script(trainer.course, 7)), trainer.parameters)


@pytest.mark.parametrize("name", ["edits", "many rows", "float32"])
def test_a_numpy_script_runs_by_itself_and_stores_the_same_bytes(name: str, tmp_path: Path) -> None:
    trainer = CASES[name]()
    script, stored = tmp_path / "network.py", tmp_path / "parameters.npz"
    script.write_text(numpy_script(trainer.course, trainer.taken), encoding="utf-8")
    # Isolated: the repository cannot be imported.
    subprocess.run([sys.executable, "-I", script, stored], check=True, cwd=tmp_path)
    assert_same_bits(dict(np.load(stored)), trainer.parameters)


def test_a_script_says_what_it_computes_without_a_file_name(tmp_path: Path) -> None:
    trainer = CASES["no hidden layer"]()
    (tmp_path / "network.py").write_text(numpy_script(trainer.course, trainer.taken), encoding="utf-8")
    command = [sys.executable, "-I", tmp_path / "network.py"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert shown.startswith("W1 =\n[[") and "b1 =\n[" in shown


def test_a_numpy_script_has_the_nodes_of_the_program_in_their_order() -> None:
    trainer = CASES["optimizer adam"]()
    lines = [line.strip() for line in numpy_script(trainer.course, trainer.taken).splitlines()]
    places = [
        lines.index(node.exact_code)
        for node in trainer.program.nodes
        if node.phase != "measure" and node.output != "dx"
    ]
    assert places == sorted(places)


def test_a_script_imports_nothing_but_numpy_or_pytorch() -> None:
    for write, wanted in ((numpy_script, {"numpy"}), (pytorch_script, {"numpy", "torch"})):
        trainer = CASES["many rows"]()
        imports = list(ast.walk(ast.parse(write(trainer.course, trainer.taken))))
        found = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
        found |= {str(node.module) for node in imports if isinstance(node, ast.ImportFrom)}
        assert {name.split(".")[0] for name in found} - sys.stdlib_module_names == wanted


def test_a_script_of_a_rewound_run_ends_where_the_run_is() -> None:
    trainer = CASES["edits"]()
    trainer.rewind(4)
    script = numpy_script(trainer.course, trainer.taken)
    assert_same_bits(parameters_of(script), trainer.parameters)
    assert "adamw" not in script and "Changed after step 5" not in script


def test_numbers_needed_counts_rows_parameters_and_edits_up_to_a_step() -> None:
    trainer = trainer_of(ModelSpec(2, (LayerSpec(4),), 3), m=10)
    assert numbers_needed(trainer.course, 0) == 10 * (2 + 3) + 2 * 4 + 4 + 4 * 3 + 3
    edited = CASES["edits"]()
    assert numbers_needed(edited.course, STEPS) > numbers_needed(edited.course, 4)


# --- PyTorch, without PyTorch ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_the_pytorch_script_is_word_for_word_the_one_that_was_checked(name: str) -> None:
    trainer = CASES[name]()
    digest = digest_of(pytorch_script(trainer.course, trainer.taken))
    checked = json.loads(CHECKED.read_text(encoding="utf-8"))
    assert checked[name] == digest, "check it anew: python -m tests.fixtures.check_pytorch_scripts, with PyTorch"


def test_the_pytorch_script_is_a_module_a_loss_an_optimizer_and_a_loop() -> None:
    trainer = CASES["optimizer nesterov"]()
    text = pytorch_script(trainer.course, trainer.taken)
    tree = ast.parse(text)
    assert [node.name for node in tree.body if isinstance(node, ast.ClassDef)] == ["Network"]
    for line in (
        "torch.set_default_dtype(torch.float64)",
        "class Network(nn.Module):",
        "self.layer1 = nn.Linear(2, 4)",
        "a1 = torch.relu(z1)",
        "optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, nesterov=True)",
        "loss_of(network(x), y).backward()",
        "optimizer.step()",
    ):
        assert line in text


def test_everything_of_the_engine_has_a_counterpart_in_pytorch() -> None:
    rows = (*STANDARD.activations.values(), *STANDARD.outputs.values(), *STANDARD.optimizers.values())
    assert [row for row in rows if row.torch is None] == []
    for activation in STANDARD.activations.values():
        assert (activation.torch_at_corner is not None) == (layers.DERIVATIVE_AT_ZERO in activation.settings)


def test_what_has_no_counterpart_is_refused_in_words() -> None:
    plain = replace(STANDARD.activations["identity"], torch=None)
    vocabulary = STANDARD.with_rows(activations={"own": plain})
    trainer = trainer_of(ModelSpec(2, (LayerSpec(4, "own"),), 3, vocabulary=vocabulary))
    numpy_script(trainer.course, 0)
    with pytest.raises(EngineError, match="activation own cannot be written in PyTorch"):
        pytorch_script(trainer.course, 0)


def test_float16_is_refused_in_words() -> None:
    trainer = trainer_of(ModelSpec(2, (LayerSpec(4),), 3, dtype="float16"))
    for write in (numpy_script, pytorch_script):
        with pytest.raises(EngineError, match="float32"):
            write(trainer.course, 0)


# --- Numbers as text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3,), (1, 4), (5, 2), (0, 2), (300,), (30, 20)])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_literal_keeps_every_bit(shape: tuple[int, ...], dtype: str) -> None:
    array = np.random.default_rng(0).normal(size=shape).astype(dtype)
    array.reshape(-1)[:2] = [-0.0, 1e-40][: array.size]
    names: dict[str, Any] = {}
    exec("import base64, zlib\nimport numpy as np\n" + sys.modules["engine.scripts.frame"].UNPACKED, names)
    found = eval(literal(array), names)
    assert (found.dtype, found.shape, found.tobytes()) == (array.dtype, array.shape, array.tobytes())
    assert found.flags.writeable


def test_a_number_has_the_precision_of_the_run() -> None:
    assert (number(0.1, "float64"), number(0.1, "float32")) == ("0.1", "np.float32(0.1)")


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_the_clock_of_an_optimizer_and_its_code_agree_to_the_last_bit(name: str) -> None:
    optimizer, values = optimizers.OPTIMIZERS[name], OptimizerSpec(name).values
    for t in (1, 2, 10, 1000, 100_000):
        shown = {key: repr(value) for key, value in values.items()}
        found = {key: eval(code.format(**shown), {"t": t}) for key, code in optimizer.clock_code.items()}
        with np.errstate(under="ignore"):
            assert found == ({} if optimizer.clock is None else optimizer.clock(values, t))


@pytest.mark.parametrize("name", [name for name, primitive in PRIMITIVES.items() if primitive.exact])
def test_an_exact_line_has_the_bits_of_the_kernel_where_the_shown_one_may_not(name: str) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 6, 11))
    a[0, :3], b[:, ::3] = [np.inf, -np.inf, -1.0], 0
    letters, made = PRIMITIVES[name].input_letters, PRIMITIVES[name].output_letters
    out = np.empty((6, 11) if made == "..." else [6 if letter == "n" else 11 for letter in made])
    inputs = {key: array if text else np.array(1.5) for key, array, text in zip("ab", (a, b), letters, strict=False)}
    names: dict[str, Any] = {"np": np, **inputs}
    with np.errstate(all="ignore"):
        call, arguments = PRIMITIVES[name].call(*inputs.values(), out=out)
        call(*arguments)
        exec(str(PRIMITIVES[name].exact).format(*inputs, out="found"), names)
    assert names["found"].tobytes() == out.tobytes()
