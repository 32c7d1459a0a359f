"""What a published wheel carries: it must work without npm and without the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from server.page.bundle import Bundle

LABS = """
import asyncio, json, pathlib, server.app, server.settings
app = server.app.create_app(server.settings.Settings(data_dir={!r}))
labs, _ = asyncio.run(app.state.playground.labs.titles("en"))
print(json.dumps([str(pathlib.Path(server.app.__file__).parent), [lab.id for lab in labs]]))
"""
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = target.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel_files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def files_of(*folders: str) -> set[str]:
    """What the repository holds there. Not asked of git, which a machine may do without."""
    return {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not {"__pycache__", "vendor", "dist"} & set(path.parts)
    }


def test_it_has_every_file_of_both_packages(wheel_files: set[str]) -> None:
    assert files_of("engine", "server") <= wheel_files


def test_it_has_every_file_of_the_page(wheel_files: set[str]) -> None:
    assert {f"server/{name}" for name in files_of("static")} <= wheel_files


def test_it_has_the_browser_libraries_and_their_licences(wheel_files: set[str]) -> None:
    listed = json.loads((ROOT / "package.json").read_text())["vendor"]
    vendored = {
        f"server/static/vendor/{package}/{file if isinstance(file, str) else file['as']}"
        for package, files in listed.items()
        for file in files
    }
    assert vendored <= wheel_files
    assert {package for package, files in listed.items() if "LICENSE" in files} == set(listed)


def test_it_has_the_bundle_of_its_own_sources(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path, [name for name in archive.namelist() if name.startswith("server/static/")])
    assert Bundle(tmp_path / "server" / "static").index() is not None


def test_its_labs_are_found_where_it_is_installed(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-c", LABS.format(str(tmp_path / "data"))]
    found = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(tmp_path)}, cwd=tmp_path, capture_output=True)
    assert json.loads(found.stdout) == [str(tmp_path / "server"), ["gate", "corner", "chain", "code", "small"]]


def test_it_has_nothing_else(wheel_files: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in wheel_files} == {"engine", "server", "backprop_playground"}


def test_third_party_code_and_registry_addresses_stay_out_of_the_repository() -> None:
    assert {"static/vendor/", "static/dist/", "node_modules/", "/build/"} <= set(
        (ROOT / ".gitignore").read_text().split()
    )
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
