"""Training that one watches: run until paused, and two tabs on one session."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.drawing import PLAYGROUND, api, choose, open_page, session_id

TRAINS = "() => document.querySelector('bp-network').playground.state.isTraining"


def run(page: Page, speed: str) -> None:
    choose(page, "How many steps to train", speed)
    page.wait_for_function(TRAINS)


def is_where_the_session_is(page: Page) -> None:
    step = api(page, "")["step"]
    expect(page.locator(".scope-step")).to_have_text(f"Step {step + 1}")
    assert page.evaluate(f"async () => {{ {PLAYGROUND} return playground.model.session.step; }}") == step


def opened_beside(browser: Browser, page: Page) -> Page:
    """Another tab on the session of a page, as a duplicated tab has it."""
    other = browser.new_context(base_url=page.evaluate("location.origin")).new_page()
    open_page(other)
    other.evaluate(
        f"""async (id) => {{ {PLAYGROUND}
        const wish = playground.model.wish({{historyFrom: 1}});
        const view = await playground.model.read(await playground.api.getView(id, wish));
        playground.enter(view, {{recipe: playground.state.recipe, sample: 2}}); }}""",
        session_id(page),
    )
    for one in (page, other):
        one.wait_for_function("() => document.querySelector('bp-network').playground.training.socket.isOpen")
    return other


def test_run_trains_until_it_is_paused_at_the_speed_that_was_chosen(page: Page) -> None:
    open_page(page)
    run(page, "Run at 10 steps a second until paused")
    page.wait_for_timeout(2_000)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play the step")).to_be_visible()
    is_where_the_session_is(page)
    # Never faster than that; a busy machine is slower.
    assert 3 <= api(page, "")["step"] <= 60
    history = api(page, "/history")["metrics"]["step"]
    shown = page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.history.step; }}")
    assert shown[: len(history)] == history


def test_run_as_fast_as_it_goes_takes_all_that_the_engine_gives(page: Page) -> None:
    open_page(page)
    run(page, "Run at full speed until paused")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.model.session.step > 1000; }}")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play the step")).to_be_visible()
    is_where_the_session_is(page)


def test_two_tabs_show_one_session(page: Page, browser: Browser) -> None:
    open_page(page)
    other = opened_beside(browser, page)
    page.get_by_role("slider", name="Place in the step").press("End")
    expect(other.locator(".scope-step")).to_have_text("Step 2")
    run(other, "Run at 100 steps a second until paused")
    page.wait_for_function(TRAINS)
    page.get_by_role("button", name="Pause", exact=True).click()
    for one in (page, other):
        expect(one.get_by_role("button", name="Play the step")).to_be_visible()
        is_where_the_session_is(one)
        expect(one.locator("bp-problem")).to_have_text("")
