from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Route

import bundle_page
from tests.live_server import serve

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module", params=["bundle", "source"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page in each of its two forms."""
    bundle_page.bundle(ROOT)
    with serve(tmp_path_factory.mktemp("data"), page=request.param) as url:
        yield url


def complaints_of(page: Page) -> list[str]:
    """A list that fills with what the page complains about from now on: errors, warnings, failed requests."""
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))
    return complaints


def test_api_documentation_needs_no_other_host(page: Page, live_server: str) -> None:
    complaints = complaints_of(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/docs")
    page.get_by_role("link", name="/api/v1/health", exact=True).wait_for()
    assert [url for url in asked if not url.startswith((live_server, "data:", "blob:"))] == []
    assert complaints == []


def test_the_page_loads_without_a_complaint_and_all_that_comes_on_request_comes(page: Page, server: str) -> None:
    complaints = complaints_of(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server, wait_until="networkidle")
    assert complaints == []
    linked = page.locator("link[rel=modulepreload]").evaluate_all("(links) => links.map((link) => link.href)")
    assert sorted(url for url in set(asked) if url.endswith(".js")) == sorted(linked), "what a first visit asks for"
    page.get_by_role("button", name="Layers and table").click()
    for tab in ("layers", "table", "compare"):
        page.locator(f"#tab-{tab}").click()
        page.locator(f"bp-{tab} > *").first.wait_for()
    page.get_by_role("button", name="rate 0.5").click()
    page.get_by_role("dialog", name="Settings").wait_for()
    assert complaints == []


def test_a_second_visit_fetches_no_file_again(page: Page, tmp_path: Path) -> None:
    bundle_page.bundle(ROOT)
    with serve(tmp_path) as url:
        page.goto(url, wait_until="networkidle")
        page.goto(url, wait_until="networkidle")
        fetched = page.evaluate(
            "performance.getEntriesByType('resource').filter((file) => file.transferSize > 0).map((file) => file.name)"
        )
    assert [address for address in fetched if "/api/" not in address] == []


def test_it_works_below_a_path_of_another_site(page: Page, server: str) -> None:
    def hand_on(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace("/course/", "/", 1)))

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/course/**", hand_on)
    page.goto(f"{server}/course/")
    page.wait_for_selector("svg.drawing .unit-value")
    page.get_by_role("button", name="Layers and table").click()
    page.locator("bp-layers > *").first.wait_for()
    page.get_by_role("combobox", name="Language").select_option("ru")
    page.locator(".scrubber .head").press("End")
    page.wait_for_function("() => document.querySelector('bp-network').playground.state.session.step === 1")
    assert [url for url in asked if not url.startswith((f"{server}/course/", "data:"))] == []
