"""A real Chromium, pointed at the real server."""

from typing import Any

import pytest

from tests.browser.chromium import CHROMIUM_FLAGS, ChromiumMissing, find_chromium


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
