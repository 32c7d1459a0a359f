"""Finds the Chromium of the browser tests, and as a script installs one: `python -m tests.browser.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# The first has no window, which no test needs, and takes a third less time of the processor.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Playwright's driver needs libatomic, the page needs a font.
DEBIAN_PACKAGES = ("chromium-headless-shell", "fonts-dejavu-core", "libatomic1")

ADVICE = (
    "The browser tests need Chromium and none was found or could be installed. Do one of these and run again:\n"
    "  - install it, on Debian: apt-get install " + " ".join(DEBIAN_PACKAGES) + "\n"
    "  - let Playwright fetch one: .venv/bin/playwright install --with-deps chromium\n"
    "  - name one: CHROMIUM=/path/to/chromium make test"
)

# The sandbox does not work as root in containers; the rest keeps Chromium from calling anybody but the server.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class ChromiumMissing(RuntimeError):
    """No Chromium could be found. The text says how to get one."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"{reason}\n{ADVICE}".lstrip())


def find_chromium() -> Path | None:
    """$CHROMIUM, else one on the PATH, else the one that Playwright installed, else None.

    Raises
    ------
    ChromiumMissing
        when $CHROMIUM names something that is not a program.
    """
    if named := os.environ.get("CHROMIUM"):
        if found := shutil.which(named):
            return Path(found)
        raise ChromiumMissing(f"CHROMIUM={named} is not a program.")
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return find_in_playwright_cache()


def find_in_playwright_cache() -> Path | None:
    try:
        with sync_playwright() as playwright:
            path = Path(playwright.chromium.executable_path)
    except Exception as error:  # The driver itself cannot start on a bare system, for want of libatomic.
        print(f"Playwright cannot start: {error}", file=sys.stderr)
        return None
    return path if path.is_file() else None


def install_chromium() -> None:
    """As root on a Debian by apt-get, which brings the libraries too; else, or failing that, by Playwright."""
    may_use_apt = shutil.which("apt-get") is not None and os.geteuid() == 0
    if may_use_apt:
        attempt("apt-get", "update")
        attempt("apt-get", "install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES)
        if find_chromium() is None:  # an older release, or a system made after Debian
            attempt("apt-get", "install", "--yes", "--no-install-recommends", "chromium", *DEBIAN_PACKAGES[1:])
    if find_chromium() is None:
        with_libraries = ["--with-deps"] if may_use_apt else []
        attempt(sys.executable, "-m", "playwright", "install", *with_libraries, "chromium")


def attempt(*command: str) -> None:
    print("+", " ".join(command), flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # What went wrong comes by stderr; the rest is hundreds of lines.
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment)


def main() -> None:
    if find_chromium() is None:
        install_chromium()
    chromium = find_chromium()
    if chromium is None:
        raise ChromiumMissing
    print(f"Browser tests use {chromium}")


if __name__ == "__main__":
    try:
        main()
    except ChromiumMissing as missing:
        sys.exit(str(missing))
