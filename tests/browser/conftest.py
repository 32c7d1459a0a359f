"""A real Chromium, pointed at the real server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import CHROMIUM_FLAGS, ChromiumMissing, find_chromium

# A page that opens in the process of the one before need not compile its scripts again.
ONE_PROCESS_FOR_ALL = ["--renderer-process-limit=1", "--disable-site-isolation-trials"]

# As long as Playwright waits for all else: five seconds, its default here, are a matter of how busy a machine is.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find_chromium()
    if chromium is None:
        raise ChromiumMissing
    flags = [*CHROMIUM_FLAGS, *ONE_PROCESS_FOR_ALL]
    return {**browser_type_launch_args, "executable_path": str(chromium), "args": flags}


@pytest.fixture(scope="session")
def base_url(live_server: str) -> str:
    """Lets tests write `page.goto("/")`."""
    return live_server


@pytest.fixture(scope="session")
def kept_context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """The context of all tests. Its first page stays, and with it the process that has compiled the page already."""
    context = _of_somebody_who_was_here(browser, browser_context_args)
    context.new_page().goto("/api/v1/health")
    yield context
    context.close()


@pytest.fixture
def context(
    browser: Browser, kept_context: BrowserContext, request: pytest.FixtureRequest, output_path: str
) -> Iterator[BrowserContext]:
    """A context that knows of no other test: it is tidied up, since a new one costs as much time as a test."""
    yield kept_context
    staying, *pages = kept_context.pages
    if _has_failed(request.node):
        for number, page in enumerate(pages):
            page.screenshot(path=Path(output_path, f"failed-{number}.png"))
    others = [other for other in browser.contexts if other is not kept_context]
    # What a test holds up may still be on its way.
    for page in (*pages, *(page for other in others for page in other.pages)):
        page.unroute_all(behavior="ignoreErrors")
    for page in pages:
        page.close()
    for other in others:
        other.close()
    kept_context.set_offline(False)
    kept_context.clear_permissions()
    kept_context.clear_cookies()
    staying.evaluate("localStorage.clear()")


@pytest.fixture
def fresh_page(context: BrowserContext, browser: Browser, browser_context_args: dict[str, Any]) -> Page:
    """A page in a context of its own: nothing is cached, and the clock, if a test moves it, is of that test alone."""
    return _of_somebody_who_was_here(browser, browser_context_args).new_page()


def _of_somebody_who_was_here(browser: Browser, browser_context_args: dict[str, Any]) -> BrowserContext:
    """A context in which the page does not play its opening."""
    context = browser.new_context(**browser_context_args)
    context.add_init_script("localStorage.setItem('opened', '1')")
    return context


def _has_failed(test: pytest.Item) -> bool:
    """By what pytest-playwright notes at a test."""
    reports = (getattr(test, f"rep_{when}", None) for when in ("setup", "call"))
    return any(report is not None and report.failed for report in reports)
