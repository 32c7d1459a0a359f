"""A real Chromium, pointed at the real server."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.chromium import CHROMIUM_FLAGS, ChromiumMissing, find_chromium


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find_chromium()
    if chromium is None:
        raise ChromiumMissing
    return {**browser_type_launch_args, "executable_path": str(chromium), "args": CHROMIUM_FLAGS}


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """Of somebody who has been here before, so that the page does not play its opening."""
    context.add_init_script("localStorage.setItem('opened', '1')")
    return context


@pytest.fixture(scope="session")
def base_url(live_server: str) -> str:
    """Lets tests write `page.goto("/")`."""
    return live_server
