"""Every diff of CONTRIBUTING.md fits the sources as they are, and does what the page says."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SECTIONS = dict(
    re.findall(r"^## (An? [\w ]+)\n(.*?)(?=^## |\Z)", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M | re.S)
)


def hunks_of(diff: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """(path, lines that must be there, lines that take their place)."""
    path, before, after = "", [], []
    for line in [*diff.splitlines(), "@@"]:
        if line.startswith(("--- ", "@@")):
            if before or after:
                yield path, before, after
            before, after = [], []
        elif line.startswith("+++ "):
            path = line.removeprefix("+++ b/")
        else:
            if line[:1] != "+":
                before.append(line[1:])
            if line[:1] != "-":
                after.append(line[1:])


def apply(diff: str, root: Path) -> None:
    for path, before, after in hunks_of(diff):
        file = root / path
        if not before:
            file.write_text("\n".join(after) + "\n", "utf-8")
            continue
        text, old = file.read_text("utf-8"), "\n".join(before) + "\n"
        assert text.count(old) == 1, f"{path} has {text.count(old)} times: {old}"
        file.write_text(text.replace(old, "\n".join(after) + "\n"), "utf-8")


@pytest.mark.parametrize("name", SECTIONS)
def test_a_diff_applies_and_does_what_the_page_says(name: str, tmp_path: Path) -> None:
    for part in ("engine", "static/i18n", "static/js/core"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    (diff,) = re.findall(r"```diff\n(.*?)```", SECTIONS[name], re.S)
    (check,) = re.findall(r"```python\n(.*?)```", SECTIONS[name], re.S)
    asks_before = subprocess.run([sys.executable, "-c", check], cwd=tmp_path, capture_output=True, text=True)
    assert asks_before.returncode != 0, "what the diff adds is there without it"
    apply(diff, tmp_path)
    found = subprocess.run([sys.executable, "-c", check], cwd=tmp_path, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr


def test_each_kind_of_addition_is_shown() -> None:
    assert set(SECTIONS) == {"A loss", "An activation", "A mistake", "A data set", "A language"}
