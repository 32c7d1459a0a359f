"""A real Chromium, pointed at the real server."""

from typing import Any

import pytest

from tests.browser.chromium import ChromiumMissing, find_chromium

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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find_chromium()
    if chromium is None:
        raise ChromiumMissing
    return {**browser_type_launch_args, "executable_path": str(chromium), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def base_url(live_server: str) -> str:
    """Lets tests write `page.goto("/")`."""
    return live_server
