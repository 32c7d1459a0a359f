"""Of the Pythons of a machine the newest is found, where it is newer than the one that asks."""

from pathlib import Path

import pytest

from tests.newest_python import newest


def program(home: Path, version: str, script: str) -> str:
    """A program that stands where pyenv puts the Python of this version."""
    path = home / ".pyenv" / "versions" / version / "bin" / "python3"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_the_newest_that_works_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    program(tmp_path, "3.9.18", "echo 9")
    assert newest(tmp_path) is None
    program(tmp_path, "3.97.1", "echo 97")
    found = program(tmp_path, "3.98.0", "echo 98")
    program(tmp_path, "3.99.0", "exit 1")
    assert newest(tmp_path) == found
