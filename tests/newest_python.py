"""Prints where the newest Python of this machine is, if it is newer than the one that runs this.

`make test-newest` runs tests with it: the project promises that it works with 3.11 and with what comes after.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Enough for an environment of its own, and says which version it is; a shim of pyenv may lead to none.
QUESTION = "import ensurepip, sys, venv; print(sys.version_info.minor)"
MOST_MINOR = 30


def candidates(home: Path) -> Iterator[str]:
    """Programs that may be a Python 3: on the PATH by their versions, and those of pyenv."""
    for minor in range(sys.version_info.minor + 1, MOST_MINOR):
        found = shutil.which(f"python3.{minor}")
        if found is not None:
            yield found
    yield from map(str, home.glob(".pyenv/versions/3.*/bin/python3"))


def minor_of(program: str) -> int:
    """Of version 3.13 it is 13; -1 where the program is no Python that can be used."""
    try:
        asked = subprocess.run([program, "-c", QUESTION], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return -1
    return int(asked.stdout) if asked.returncode == 0 else -1


def newest(home: Path) -> str | None:
    """None where there is none newer than this one."""
    known = {program: minor_of(program) for program in candidates(home)}
    best = max(known, key=known.__getitem__, default=None)
    return best if best is not None and known[best] > sys.version_info.minor else None


if __name__ == "__main__":
    print(newest(Path.home()) or "")
