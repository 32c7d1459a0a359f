"""The page opens alive: once, by itself, and any press ends it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.drawing import LAPTOP, last_number, text_of
from tests.thorough import usually

FIRST_TIME = 1_000_000
GRADIENTS = "svg.drawing .gradient"
STOPPED = "Unit 2 is shut for this sample, as its z is −2."


@pytest.fixture
def stranger(browser: Browser, base_url: str) -> Iterator[Page]:
    """The page of somebody who has never been here, on a clock that moves when the test says so."""
    context = browser.new_context(base_url=base_url, viewport=LAPTOP, locale="en-US")
    page = context.new_page()
    page.clock.install(time=FIRST_TIME)
    page.clock.pause_at(FIRST_TIME + 1000)
    yield page
    context.close()


def visit(page: Page, url: str = "/") -> None:
    page.goto(url)
    expect(page.locator("svg.drawing")).to_be_visible()
    # Its frame is asked for when the elements are there.
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_a_first_visit_sees_a_gradient_stop(stranger: Page) -> None:
    visit(stranger)
    expect(stranger.locator(".loss-value")).to_have_text("0.936")
    expect(stranger.locator(GRADIENTS)).to_have_count(0)
    stranger.clock.run_for(400)
    expect(stranger.locator(".caption")).to_have_text(re.compile("^Only 39 % for the right class. That gap"))
    # How it ends is not told before it has ended.
    expect(stranger.locator("bp-card .sentence")).to_contain_text("What arrives is called the gradient")
    assert last_number(text_of(stranger, "p:1", ".gradient")) == "−0.608"
    stranger.clock.run_for(1550)
    came = [last_number(text_of(stranger, f"a1:{unit}", ".gradient")) for unit in range(3)]
    assert came == ["1.06", "0.760", "−0.152"]
    expect(stranger.locator(".gate .cross")).to_have_count(0)
    stranger.clock.run_for(700)
    expect(stranger.locator('.gate[data-cell="mask1:1"] .cross')).to_be_visible()
    expect(stranger.locator(".gate .cross")).to_have_count(1)
    stranger.clock.run_for(900)
    expect(stranger.locator(".caption")).to_contain_text(STOPPED)
    expect(stranger.locator(".edge-label.backward")).to_have_count(6)
    expect(stranger.locator(".edge.silent")).to_have_count(2)
    expect(stranger.locator(".bias.silent text")).to_have_text("db 0")
    expect(stranger.get_by_role("button", name="Play the step from its start")).to_be_visible()


def test_nobody_is_told_of_it_aloud(stranger: Page) -> None:
    visit(stranger)
    said = stranger.get_by_role("log").locator("p")
    for _ in range(10):
        stranger.clock.run_for(400)
        expect(said).to_have_count(0)
        expect(stranger.locator(".caption")).to_have_attribute("aria-live", "off")


def test_a_press_ends_it_at_its_last_frame_and_does_its_own_work(stranger: Page) -> None:
    visit(stranger)
    stranger.clock.run_for(1000)
    stranger.get_by_role("button", name="Sample 2", exact=True).click()
    expect(stranger.get_by_role("heading", name="Sample 2 of 4")).to_be_visible()
    expect(stranger.locator(".edge-label.backward")).to_have_count(6)


@pytest.mark.parametrize("key", usually(["Tab", " "], " "))
def test_a_key_ends_it_too(stranger: Page, key: str) -> None:
    visit(stranger)
    stranger.clock.run_for(1000)
    stranger.keyboard.press(key)
    if key == "Tab":
        expect(stranger.locator(".gate .cross")).to_be_visible()
    else:
        stranger.clock.run_for(50)
        expect(stranger.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_it_does_not_play_elsewhere(stranger: Page) -> None:
    for url in ("/?embed=1", "/?goal=loss:0.1", "/?present=1", "/#v=1"):
        stranger.goto("about:blank")
        visit_still(stranger, url)
        assert stranger.evaluate("localStorage.getItem('opened')") is None, "the next one is a first visit too"


def visit_still(page: Page, url: str = "/") -> None:
    """Visit the page and see its last frame at once, without a caption."""
    page.goto(url)
    expect(page.locator(".gate .cross")).to_be_visible()
    page.clock.run_for(100)
    expect(page.locator(".gate .cross")).to_be_visible()
    expect(page.locator(".caption")).to_be_hidden()


def test_it_does_not_play_for_who_wants_less_motion(stranger: Page) -> None:
    stranger.emulate_media(reduced_motion="reduce")
    visit_still(stranger)


def test_it_does_not_play_on_a_second_visit_but_for_a_click_on_the_name(stranger: Page) -> None:
    visit(stranger)
    another = stranger.context.new_page()
    another.clock.install(time=FIRST_TIME)
    another.clock.pause_at(FIRST_TIME + 1000)
    visit_still(another)
    another.get_by_role("button", name="Backprop Playground").click()
    expect(another.locator(GRADIENTS)).to_have_count(0)
    another.clock.run_for(4700)
    expect(another.locator(".caption")).to_contain_text(STOPPED)
    expect(another.locator(".gate .cross")).to_be_visible()
