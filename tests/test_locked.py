"""constraints.txt names a version of every package that pyproject.toml asks for, within what it allows."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKED = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


def test_everything_that_is_asked_for_is_locked_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    versions = {canonicalize_name(locked.name): next(iter(locked.specifier)).version for locked in LOCKED}
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), requirement


def test_each_is_one_version_from_wherever_the_installer_looks() -> None:
    for locked in LOCKED:
        assert re.fullmatch(r"==[^*]+", str(locked.specifier)), locked
        assert locked.url is None
    assert len({canonicalize_name(locked.name) for locked in LOCKED}) == len(LOCKED)


def test_the_server_installs_no_framework_of_which_it_imports_nothing() -> None:
    names = {canonicalize_name(locked.name) for locked in LOCKED}
    # What `uvicorn[standard]` would bring along to watch files.
    assert "watchfiles" not in names
