"""The README is true word for word: its commands run, and answer what it shows."""

import math
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from docs.settings_table import TABLE, table
from tests.server.api import MINUS_ZERO

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
ADDRESS = "http://127.0.0.1:8000"
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
END_OF_BLOCK = "--- end of block ---"


@dataclass(frozen=True)
class Block:
    """Commands, and the output that stands below them in the README, or "" where none does."""

    code: str
    shown: str

    @property
    def name(self) -> str:
        return self.code.strip().splitlines()[-1]


def blocks(language: str) -> list[Block]:
    fenced = [(match[1], match[2]) for match in FENCED.finditer(README)]
    following = [*fenced[1:], ("", "")]
    return [
        Block(code, shown if kind_below in ("json", "text") else "")
        for (kind, code), (kind_below, shown) in zip(fenced, following, strict=True)
        if kind == language
    ]


CURL, PYTHON = blocks("sh"), blocks("python")


def run(command: list[str], script: str, server: str) -> str:
    """The output of a script that was made for the address of the README."""
    result = subprocess.run(
        command,
        input=script.replace(ADDRESS, server),
        env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.replace(server, ADDRESS)


def assert_shows(shown: str, output: str) -> None:
    """Equal up to white space and what "..." leaves out; numbers to 1e-9, since machines round differently.

    Zeros are equal with their signs, and what "..." leaves out has no -0.0 either.
    """
    pattern, numbers = "", []
    for token in re.findall(rf"\.\.\.|{NUMBER}|\w+|\S", shown):
        if token == "...":
            pattern += ".*?"
        elif re.fullmatch(NUMBER, token):
            pattern += f"({NUMBER})"
            numbers.append(float(token))
        else:
            pattern += re.escape(token)
    found = re.fullmatch(pattern, re.sub(r"\s+", "", output), re.DOTALL)
    assert found, f"The README shows\n{shown}\nbut the answer is\n{output}"
    answered = [float(group) for group in found.groups()]
    assert answered == pytest.approx(numbers, rel=1e-9, abs=1e-12)
    assert [math.copysign(1, number) for number in answered] == [math.copysign(1, number) for number in numbers]
    assert not MINUS_ZERO.search(output), output


@pytest.fixture(scope="module")
def curl_outputs(live_server: str) -> dict[Block, str]:
    """What each block of curl commands answers, all run in one shell, in order."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    script = "".join(f"{block.code}echo '{END_OF_BLOCK}'\n" for block in CURL)
    outputs = run(["bash", "-eu"], script, live_server).split(END_OF_BLOCK)
    return dict(zip(CURL, outputs, strict=False))


@pytest.mark.parametrize("block", CURL, ids=lambda block: block.name)
def test_curl_answers_what_is_shown(block: Block, curl_outputs: dict[Block, str]) -> None:
    assert_shows(block.shown, curl_outputs[block])


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.name)
def test_python_prints_what_is_shown(block: Block, live_server: str) -> None:
    assert_shows(block.shown, run([sys.executable, "-"], block.code, live_server))


def test_every_command_shows_its_answer() -> None:
    assert len(CURL) >= 6 and len(PYTHON) >= 1
    assert [block.name for block in (*CURL, *PYTHON) if not block.shown] == []


def test_table_of_settings_is_that_of_the_server() -> None:
    found = TABLE.search(README)
    assert found and found[0] == table(), "write it anew: .venv/bin/python -m docs.settings_table"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", path.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_what_the_readme_makes_are_targets_of_make() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test"} <= set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE)) <= targets


@pytest.mark.parametrize(
    ("shown", "output"),
    [
        ('{"a": 1}', '{"a": 2}'),
        ('{"a": 1, ...}', '{"a": 1.5, "b": 2}'),
        ("[1, 2]", "[1, 2, 3]"),
        ("x = 1", "y = 1"),
        ("[0.0]", "[-0.0]"),
        ("[-0.0]", "[0.0]"),
        ("[-0.0]", "[-0.0]"),
        ("[1, ...]", "[1, -0.0]"),
        ("[1, ...]", "[1, -0, 2]"),
        ("{...}", '{"a": -0e0}'),
    ],
)
def test_what_is_wrong_would_be_noticed(shown: str, output: str) -> None:
    with pytest.raises(AssertionError):
        assert_shows(shown, output)
