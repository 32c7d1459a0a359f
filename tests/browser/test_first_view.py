"""The page draws its first lesson before any session has answered."""

from playwright.sync_api import Page, Route, expect

from tests.browser.drawing import PLAYGROUND

API = "**/api/v1/**"
SESSIONS = "**/api/v1/sessions"


def test_the_lesson_is_drawn_while_its_session_is_on_its_way(page: Page) -> None:
    held: list[Route] = []
    page.route(SESSIONS, lambda route: held.append(route))
    page.goto("/")
    page.wait_for_selector("svg.drawing .unit-value")
    assert len(held) == 1
    expect(page.get_by_role("heading", name="Sample 3 of 4")).to_be_visible()
    page.get_by_role("slider", name="Place in the step").press("End")
    held.pop().continue_()
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.session.step === 1; }}")


def test_it_is_the_same_drawing_as_the_session_s_own(page: Page) -> None:
    page.goto("/", wait_until="networkidle")
    drawn = page.locator("svg.drawing").inner_html()
    page.evaluate(f"async () => {{ {PLAYGROUND} await playground.open(playground.state.recipe, 2); }}")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.status === 'ready'; }}")
    assert page.locator("svg.drawing").inner_html() == drawn


def test_without_a_server_behind_it_the_lesson_stands_and_the_same_press_works_later(page: Page) -> None:
    page.route(API, lambda route: route.abort())
    page.goto("/")
    page.wait_for_selector("svg.drawing .unit-value")
    expect(page.get_by_role("alert").first).to_contain_text("The server does not answer.")
    page.unroute(API)
    page.get_by_role("slider", name="Place in the step").press("End")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.session.step === 1; }}")
    expect(page.get_by_role("alert").first).to_have_text("")


def test_a_reload_goes_on_with_its_session_and_asks_for_no_program(page: Page) -> None:
    page.goto("/", wait_until="networkidle")
    identity = page.evaluate(f"() => {{ {PLAYGROUND} return playground.state.session.id; }}")
    page.wait_for_timeout(500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/api/v1/")[2].partition("?")[0]))
    page.reload(wait_until="networkidle")
    # Nothing was changed, so labs are offered still, by their names.
    assert [path for path in asked if path] == [f"sessions/{identity}/view", "labs"]
