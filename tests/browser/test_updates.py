"""A page that is still open after the server was updated says so, and comes back to where it was."""

from playwright.sync_api import Page, Route, expect

from tests.browser.drawing import PLAYGROUND, open_page

MAKE_OLD = "document.querySelector('meta[name=version]').content = 'older'"
# The sentence is read, and one has looked several times whether something would be lost.
LONG_MS = 9_000
NEWER = "The server has a newer version of this page."


def place_of(page: Page) -> object:
    return page.evaluate(
        f"""() => {{ {PLAYGROUND} const {{session, sample, operation, focus, tab}} = playground.state;
        return [session.id, session.step, sample, operation, focus, tab]; }}"""
    )


def loads_of(page: Page) -> list[str]:
    """Fills with the page's address each time it is loaded from now on."""
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    return loads


def take_a_step(page: Page) -> None:
    page.get_by_role("slider", name="Place in the step").press("End")
    page.get_by_role("slider", name="Place in the step").blur()


def test_it_says_so_and_loads_again_at_the_same_place(fresh_page: Page) -> None:
    page = fresh_page
    page.clock.install()
    open_page(page)
    page.get_by_role("button", name="Layers and table").click()
    page.evaluate(MAKE_OLD)
    take_a_step(page)
    expect(page.get_by_role("alert").first).to_contain_text(NEWER)
    page.wait_for_timeout(400)
    place = place_of(page)
    with page.expect_event("load"):
        page.clock.fast_forward(LONG_MS)
    page.wait_for_selector("svg.drawing")
    # The drawing is there before the step on show has been taken again.
    for _ in range(200):
        if place_of(page) == place:
            break
        page.wait_for_timeout(50)
    assert place_of(page) == place
    assert page.evaluate("document.querySelector('meta[name=version]').content") != "older"


def test_it_waits_while_something_would_be_lost(fresh_page: Page) -> None:
    page = fresh_page
    page.clock.install()
    open_page(page)
    page.evaluate(MAKE_OLD)
    take_a_step(page)
    page.get_by_role("button", name="rate 0.5").click()
    loads = loads_of(page)
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    page.clock.run_for(LONG_MS)
    assert loads == []
    with page.expect_event("load"):
        page.keyboard.press("Escape")


def test_two_servers_that_answer_in_turn_do_not_make_it_load_for_ever(fresh_page: Page) -> None:
    page = fresh_page
    page.clock.install()

    def of_another(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "page-version": "another"})

    page.route("**/api/v1/**", of_another)
    open_page(page)
    expect(page.get_by_role("alert").first).to_contain_text(NEWER)
    with page.expect_event("load"):
        page.clock.fast_forward(LONG_MS)
    page.wait_for_selector("svg.drawing")
    expect(page.get_by_role("alert").first).to_contain_text(NEWER)
    loads = loads_of(page)
    take_a_step(page)
    page.clock.run_for(LONG_MS)
    assert loads == []


def test_a_file_that_is_gone_leads_to_the_newer_page(fresh_page: Page) -> None:
    page = fresh_page
    page.clock.install()
    open_page(page)
    page.evaluate(MAKE_OLD)
    page.route("**/bp-settings*.js", lambda route: route.fulfill(status=404))
    page.get_by_role("button", name="rate 0.5").click()
    expect(page.get_by_role("alert").first).to_contain_text(NEWER)
    with page.expect_event("load"):
        page.clock.fast_forward(LONG_MS)
