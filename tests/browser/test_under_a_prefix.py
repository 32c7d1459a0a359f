"""The page behind a proxy that serves it under a path of its own."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.drawing import api, open_page
from tests.browser.test_page_loads import complaints_of
from tests.browser.test_training import is_where_the_session_is, run
from tests.live_server import serve
from tests.stripping_proxy import behind_a_proxy


def test_the_page_draws_steps_and_trains_under_a_prefix(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path, root_path="/school/play") as url, behind_a_proxy(url, "/school/play") as proxy:
        complaints = complaints_of(page)
        open_page(page, url=f"{proxy.url}/")
        page.get_by_role("slider", name="Place in the step").press("End")
        page.get_by_role("button", name="Next", exact=True).click()
        expect(page.locator(".scope-step")).to_have_text("Step 2")
        run(page, "Run at 100 steps a second until paused")
        page.get_by_role("button", name="Pause", exact=True).click()
        expect(page.get_by_role("button", name="Play the step")).to_be_visible()
        is_where_the_session_is(page)
        assert api(page, "")["step"] > 1
        page.goto(f"{proxy.url}/docs")
        page.get_by_role("link", name="/api/v1/health", exact=True).wait_for()
        assert complaints == []
        assert proxy.strays == []
        page.goto("about:blank")
