"""A real Chromium before a server of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import CHROMIUM_FLAGS, ChromiumMissing, find_chromium
from tests.live_server import serve


@contextmanager
def browser_and_url() -> Iterator[tuple[Browser, str]]:
    """A browser and the URL of a server, as long as the context.

    Raises
    ------
    ChromiumMissing
        when there is no browser.
    """
    chromium = find_chromium()
    if chromium is None:
        raise ChromiumMissing
    with tempfile.TemporaryDirectory() as directory, serve(Path(directory)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser, url
        browser.close()
