"""GET /doctor.py and `backprop-playground doctor`: learners' code in many styles, right, broken and misbehaving."""

import ast
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import httpx
import pytest

from engine.mistakes import MISTAKES
from server.cli import main
from tests.learners import LEARNERS, LOOPS, ROUNDING, Learner
from tests.live_server import COMMAND
from tests.thorough import usually

SCRIPT = Path(__file__).parents[2] / "server" / "doctor" / "doctor.py"
RIGHT = ROUNDING.code


@pytest.fixture(scope="module")
def script(live_server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """doctor.py as a learner downloads it."""
    path = tmp_path_factory.mktemp("doctor") / "doctor.py"
    # The playground is on this machine, whatever proxy the machine has.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    path.write_bytes(opener.open(f"{live_server}/doctor.py").read())
    return path


def run(folder: Path, command: list[object]) -> tuple[int, str]:
    """The exit code, and what was printed in this folder; never a traceback of ours."""
    environment = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=folder,
        env=environment,
        encoding="utf-8",
    )
    assert "Traceback" not in result.stdout + result.stderr
    return result.returncode, result.stdout + result.stderr


class Doors:
    """The two ways to the doctor from a terminal: the script in a process of its own, the command within this one."""

    def __init__(self, script: Path, folder: Path, printed: pytest.CaptureFixture[str]) -> None:
        shutil.copy(script, folder / "doctor.py")
        self._folder = folder
        self._printed = printed

    def run(self, door: str, *arguments: object) -> tuple[int, str]:
        if door == "script":
            # As a learner types it, in the folder of the file.
            named = [str(argument).removeprefix(f"{self._folder}{os.sep}") for argument in arguments]
            return run(self._folder, [sys.executable, "doctor.py", *named])
        code = main(["doctor", *map(str, arguments)])
        said = "".join(self._printed.readouterr())
        assert "Traceback" not in said
        return code, said

    def ask(self, door: str, code: str, *options: object, function: str = "") -> tuple[int, str]:
        file = self._folder / "net.py"
        file.write_text(code)
        return self.run(door, f"{file}:{function}" if function else file, *options)

    def ask_learner(self, door: str, learner: Learner) -> tuple[int, str]:
        return self.ask(door, learner.code, *learner.options, function=learner.function)


@pytest.fixture
def doors(script: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Doors:
    return Doors(script, tmp_path, capsys)


both = pytest.mark.parametrize("door", ["script", "command"])
# What only the runner of a learner's code decides is the same behind both doors.
either = pytest.mark.parametrize("door", usually(["script", "command"], "command"))
each_learner = pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner.name)


# --- Learners --------------------------------------------------------------------------------------------------------


@both
@each_learner
def test_right_code_is_called_right_in_every_style(doors: Doors, door: str, learner: Learner) -> None:
    code, said = doors.ask_learner(door, learner)
    assert "Verdict: correct" in said
    assert "All your gradients are right." in said
    assert code == 0


@either
@each_learner
def test_broken_code_hears_the_name_of_its_mistake_in_every_style(doors: Doors, door: str, learner: Learner) -> None:
    code, said = doors.ask_learner(door, learner.broken)
    assert "Verdict: mistake\n" in said
    assert MISTAKES[learner.mistake].title in said
    assert re.search(r"\n  wrong: .+\n  right: .+\n", said)
    assert "All your gradients are right." not in said
    assert code == 1


@both
def test_l2_that_nobody_can_hand_over_is_said_to_be_left_out(doors: Doors, door: str) -> None:
    _, said = doors.ask_learner(door, LOOPS)
    assert "L2 was not looked at" in said
    assert "\n  L2:" not in said


def test_a_network_of_another_kind_is_asked_for_as_a_model(doors: Doors) -> None:
    code = """
import numpy as np

def gradients(x, y, p):
    a1 = np.tanh(x @ p["W1"] + p["b1"])
    a2 = 1 / (1 + np.exp(-(a1 @ p["W2"] + p["b2"])))
    d2 = (a2 - np.reshape(y, (-1, 1))) / len(x)
    d1 = d2 @ p["W2"].T * (1 - a1**2)
    return {"dW1": x.T @ d1, "db1": d1.sum(0), "dW2": a1.T @ d2, "db2": d2.sum(0)}
"""
    model = (
        '{"inputs": 2, "hidden": [{"units": 3, "activation": "tanh"}], '
        '"output": {"units": 1, "activation": "sigmoid"}, "loss": "binary_cross_entropy"}'
    )
    assert doors.ask("script", code, "--model", model)[0] == 0
    assert doors.ask("script", code.replace("(1 - a1**2)", "a1"), "--model", model)[0] == 1
    number, said = doors.ask("script", code, "--model", model.replace("tanh", "than"))
    assert number == 2
    assert "than" in said


# --- What a call does besides ----------------------------------------------------------------------------------------


def test_a_second_call_that_differs_is_told(doors: Doors) -> None:
    code = RIGHT.replace("def gradients", "calls = []\n\ndef gradients").replace(
        "    return tuple(", "    calls.append(1)\n    dz2 = dz2 * (1 + (len(calls) > 6))\n    return tuple("
    )
    number, said = doors.ask("script", code)
    assert "A second call with the same inputs gives another dW2." in said
    assert "Verdict: correct" in said
    assert "All your gradients are right." not in said
    assert number == 1


@pytest.mark.parametrize(
    ("line", "changed"), [("y[:] = 0", "y"), ("cache['A1'][:] = 0", "the cache")], ids=["targets", "cache"]
)
def test_what_a_call_changes_is_told(doors: Doors, line: str, changed: str) -> None:
    columns = next(learner for learner in LEARNERS if learner.name == "columns")
    code = columns.code.replace(
        '    return {"dW1": dW1', "    " + line.replace("y[", "Y[") + '\n    return {"dW1": dW1'
    )
    code = code.replace('np.eye(len(parameters["b2"]))[y].T', "y") if changed == "y" else code
    code = (
        code.replace('cache["A2"] - Y', 'cache["A2"] - np.eye(len(parameters["b2"]))[Y].T') if changed == "y" else code
    )
    number, said = doors.ask("script", code, "--layout", "columns")
    assert f"A call changes {changed}, which is not its own." in said
    assert number == 1


@both
def test_changed_inputs_are_told(doors: Doors, door: str) -> None:
    number, said = doors.ask(door, RIGHT.replace("    return tuple(", '    params["W1"] *= 2\n    return tuple('))
    assert "A call changes W1, which is not its own." in said
    assert number == 1


# --- Code that cannot be run -----------------------------------------------------------------------------------------

UNRUNNABLE = {
    "an exception": (
        RIGHT.replace("dz1.sum(0)", "dz1.sam(0)"),
        ["line 19 of net.py (return tuple(", "AttributeError", "sam"],
    ),
    "a syntax error": (
        "import math\ndef gradients(x y):\n    pass\n",
        ["line 2 of net.py (def gradients(x y):)", "Syn"],
    ),
    "no function": ("def grads(x, y, p): pass\n", ["has no function gradients", "grads"]),
    "no functions": ("w = 1\n", ["has no function gradients", "none"]),
    "another signature": ("def gradients(X, y, c, p): pass\n", ["X, y, c, p", "--template"]),
    "no return": ("def gradients(x, y, p): pass\n", ["must return a dict of gradients", "dW1, db1, dW2, db2"]),
    "too few results": ("def gradients(x, y, p): return 1, 2, 3\n", ["must return a dict of gradients"]),
    "words": ("def gradients(x, y, p): return {'dW1': 'much'}\n", ["must return a dict of gradients"]),
    "an exit": (
        "import sys\ndef gradients(x, y, p):\n    sys.exit(0)\n",
        ["line 3 of net.py (sys.exit(0))", "ends the"],
    ),
    "an exit at import": ("raise SystemExit\n", ["line 1 of net.py", "ends the program"]),
    "a question": ("n = int(input('how many? '))\n", ["line 1 of net.py", "waits for somebody to type"]),
    "recursion": ("def gradients(x, y, p):\n    return gradients(x, y, p)\n", ["line 2 of net.py", "RecursionError"]),
    "a missing module": ("import no_such_module\n", ["line 1 of net.py", "no_such_module"]),
}


@either
@pytest.mark.parametrize(("code", "words"), UNRUNNABLE.values(), ids=UNRUNNABLE)
def test_code_that_cannot_be_run_gets_a_sentence_with_its_line(
    doors: Doors, door: str, code: str, words: list[str]
) -> None:
    number, said = doors.ask(door, code)
    assert [word for word in words if word not in said] == [], said
    assert "doctor.py" not in said.replace("doctor.py --help", "")
    assert number == 2


@either
@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("def gradients(x, y, p):\n    while True:\n        y = y\n", "of net.py ("),
        ("import time\ntime.sleep(1000)\n", "line 2 of net.py (time.sleep(1000))"),
        (
            "def gradients(x, y, p):\n    while True:\n        try:\n            y.z\n        except: pass\n",
            "of net.py (",
        ),
    ],
    ids=["loop", "import", "swallowed"],
)
def test_an_endless_loop_ends_by_the_time_limit(doors: Doors, door: str, code: str, line: str) -> None:
    number, said = doors.ask(door, code, "--timeout", 0.5)
    assert "Your code was stopped after 0.5 s in " in said
    assert line in said
    assert number == 2


def test_a_loop_that_never_lets_go_of_python_ends_too(doors: Doors) -> None:
    number, said = doors.ask("command", "def gradients(x, y, p):\n    return 7 ** 7 ** 10\n", "--timeout", 1)
    assert "Your code was stopped after 1 s in line 2 of net.py" in said
    assert number == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import os; os._exit(0)", "ended Python itself, with code 0"),
        ("import ctypes; ctypes.string_at(0)", "crashed Python (SIGSEGV) in line 2 of net.py"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "crashed Python (SIGKILL)"),
    ],
    ids=["exit", "segmentation fault", "killed"],
)
def test_a_crash_is_a_sentence_of_the_command(doors: Doors, line: str, words: str) -> None:
    number, said = doors.ask("command", f"def gradients(x, y, p):\n    {line}\n")
    assert words in said
    assert number == 2


# --- Code that talks -------------------------------------------------------------------------------------------------


@both
def test_a_module_that_prints_is_diagnosed_all_the_same(doors: Doors, door: str) -> None:
    number, said = doors.ask(door, "print('hello')\n" + RIGHT)
    assert "hello" in said
    assert "Verdict: correct" in said
    assert number == 0


def test_megabytes_of_prints_are_cut_short_by_the_command(doors: Doors) -> None:
    number, said = doors.ask("command", RIGHT.replace("    z1 =", "    print('x' * 5_000_000)\n    z1 ="))
    assert len(said) < 6_000
    assert "bytes more" in said
    assert number == 0


def test_the_learners_code_meets_none_of_our_modules(doors: Doors) -> None:
    code = "import sys\nprint(sorted(name for name in sys.modules if name.split('.')[0] in ('engine', 'server')))\n"
    code += "import os\nprint([name for name in os.environ if 'BACKPROP' in name], sys.argv[1:])\n"
    assert "[]\n[] []" in doors.ask("command", code + RIGHT)[1]


def test_the_command_is_found_where_it_is_installed(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(RIGHT)
    assert run(tmp_path, [COMMAND, "doctor", "net.py"])[0] == 0
    assert "usage: backprop-playground doctor" in run(tmp_path, [COMMAND, "doctor", "--help"])[1]


def test_code_below_main_does_not_run(doors: Doors) -> None:
    assert doors.ask("script", RIGHT + "\nif __name__ == '__main__':\n    raise SystemExit('trains')\n")[0] == 0


def test_a_file_beside_the_learners_is_found(doors: Doors, tmp_path: Path) -> None:
    (tmp_path / "service.py").write_text(RIGHT)
    assert doors.ask("command", "from service import gradients\n")[0] == 0


# --- Template, notebook, server --------------------------------------------------------------------------------------


@both
def test_a_template_is_filled_in_and_runs(doors: Doors, tmp_path: Path, door: str) -> None:
    (tmp_path / "net.py").write_text(
        "import numpy as np\n"
        "def forward_prop(x, p):\n"
        "    z1 = x @ p['W1'] + p['b1']\n"
        "    z2 = np.maximum(z1, 0) @ p['W2'] + p['b2']\n"
        "    e = np.exp(z2 - z2.max(1, keepdims=True))\n"
        "    return z1, e / e.sum(1, keepdims=True)\n"
        "def backward_prop(X, y, c, p):\n"
        "    z1, q = c\n"
        "    d = (q - np.eye(len(p['b2']))[y]) / len(X)\n"
        "    d1 = d @ p['W2'].T * (z1 > 0)\n"
        "    return {'dW1': X.T @ d1, 'db1': d1.sum(0), 'dW2': np.maximum(z1, 0).T @ d, 'db2': d.sum(0)}\n"
    )
    mine = tmp_path / "mine.py"
    assert doors.run(door, mine, "--template")[0] == 0
    template = mine.read_text()
    number, said = doors.run(door, mine)
    assert number == 2
    assert "write: return backward_prop(x, y, cache, parameters)" in said

    assert doors.run(door, mine, "--template") == (2, f"{mine}: File exists.\n")
    assert mine.read_text() == template

    filled = template.replace("# from net import", "from net import")
    filled = filled.replace("return None  # if your backward pass needs a cache: ", "")
    filled = filled.replace('raise NotImplementedError("write: ', "").replace('parameters)")', "parameters)")
    mine.write_text(filled)
    assert doors.run(door, mine)[0] == 0


def test_in_a_notebook_a_function_is_checked_by_itself(script: Path, tmp_path: Path) -> None:
    cells = f"""
import sys
sys.path.insert(0, {str(script.parent)!r})
{RIGHT}
import doctor
print("right:", doctor.check(gradients))
print("sum:", doctor.check(gradients, reduction="sum"))
def endless(x, y, p):
    while True:
        pass
print("endless:", doctor.check(endless, timeout=0.5))
def fails(x, y, p):
    return p["W3"]
print("fails:", doctor.check(fails))
print("nobody:", doctor.check(gradients, server="http://127.0.0.1:9"))
"""
    (tmp_path / "notebook.py").write_text(cells)
    number, said = run(tmp_path, [sys.executable, "notebook.py"])
    assert number == 0
    for line in ("right: True", "sum: False", "endless: False", "fails: False", "nobody: False"):
        assert line in said
    assert "Your code was stopped after 0.5 s in line" in said
    assert "(return p[\"W3\"]): KeyError: 'W3'" in said
    assert "No playground answers at http://127.0.0.1:9" in said


def test_lists_are_handed_over_where_the_code_has_no_numpy(doors: Doors) -> None:
    code = "def gradients(x, *others):\n    raise ValueError(f'{type(x).__name__} {type(others[0]).__name__}')\n"
    assert "list list" in doors.ask("script", code)[1]
    assert "ndarray ndarray" in doors.ask("script", "import numpy\n" + code)[1]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_numbers_that_are_not_finite_reach_the_doctor(doors: Doors, value: str) -> None:
    code = RIGHT.replace("dz1.sum(0)", f"dz1.sum(0) + float('{value}')")
    number, said = doors.ask("script", code)
    assert "db1 not_finite" in said
    assert number == 1


def test_a_playground_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(RIGHT)
    number, said = run(tmp_path, [sys.executable, SCRIPT, "net.py", "--server", "http://127.0.0.1:9"])
    assert said.startswith("No playground answers at http://127.0.0.1:9 (")
    assert number == 2
    assert run(tmp_path, [sys.executable, SCRIPT, "none.py"]) == (
        2,
        f"{tmp_path / 'none.py'}: No such file or directory.\n",
    )


# --- The script itself -----------------------------------------------------------------------------------------------


async def test_the_script_is_served_with_the_address_it_came_from(client: httpx.AsyncClient) -> None:
    answer = await client.get("http://playground.local:81/doctor.py")
    assert answer.headers["content-type"].startswith("text/x-python")
    assert 'SERVER = "http://playground.local:81"\n' in answer.text
    again = await client.get("http://playground.local:81/doctor.py", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_a_hostile_host_cannot_write_python(client: httpx.AsyncClient) -> None:
    answer = await client.get("http://test/doctor.py", headers={"Host": 'x"; import os; "'})
    assert ast.dump(ast.parse(answer.text)).count("Import(") == ast.dump(ast.parse(SCRIPT.read_text())).count("Import(")


def test_the_script_is_short_enough_to_be_read() -> None:
    lines = SCRIPT.read_text().splitlines()
    assert len(lines) <= 200
    assert max(map(len, lines)) <= 120


def test_the_script_needs_the_standard_library_alone_and_an_old_python() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
    assert names <= sys.stdlib_module_names
    # str.removeprefix, dict | dict and the like are younger: what 3.8 does not know is no method of its types.
    assert not {"removeprefix", "removesuffix"} & {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }
