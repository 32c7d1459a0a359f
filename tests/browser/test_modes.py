"""The page in a course: embedded, with parts taken away, with a task, and in front of a class."""

from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.drawing import IRIS, PLAYGROUND, TWO_HIDDEN, choose, open_page, train, wait_until_still
from tests.browser.test_accessibility import use_theme, violations
from tests.thorough import usually

BEAMER: ViewportSize = {"width": 1920, "height": 1080}
EMBED: ViewportSize = {"width": 800, "height": 500}
ELEMENTS = {
    "header": "bp-header",
    "settings": ".pills",
    "card": "bp-card",
    "panel": "bp-place",
    "transport": "bp-transport",
    "scope": ".scope",
    "share": "bp-share",
}


def output_of(page: Page) -> str:
    """The tensor of the operation in play."""
    now = "playground.player.timeline.operations[playground.state.operation].output"
    return str(page.evaluate(f"async () => {{ {PLAYGROUND} return {now}; }}"))


def present_from_the_start(page: Page, speed: str) -> None:
    open_page(page, size=BEAMER)
    choose(page, "Speed", speed)
    page.get_by_role("button", name="Present").click()
    page.wait_for_selector(".present-caption")
    page.keyboard.press("Home")


def test_an_embedded_page_has_no_header_and_leads_to_the_whole_one(page: Page) -> None:
    open_page(page, size=EMBED, url="/?embed=1&hide=panel")
    expect(page.locator("bp-header")).to_be_hidden()
    expect(page.locator("bp-place")).to_be_hidden()
    expect(page.locator("svg.drawing")).to_be_visible()
    before = page.url
    page.get_by_role("button", name="Back", exact=True).click()
    page.wait_for_url(lambda url: url != before)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the whole page").click()
    whole = opened.value
    whole.wait_for_selector("svg.drawing")
    expect(whole.locator("bp-header")).to_be_visible()
    assert output_of(whole) == output_of(page)


def test_an_embedded_page_does_not_scroll(page: Page) -> None:
    open_page(page, size=EMBED, url="/?embed=1")
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollHeight <= {root}.clientHeight && {root}.scrollWidth <= {root}.clientWidth")


@pytest.mark.parametrize("part", usually(ELEMENTS.keys(), "header", "card"))
def test_a_part_is_hidden_alone(page: Page, part: str) -> None:
    open_page(page, url=f"/?hide={part}")
    expect(page.locator(ELEMENTS[part])).to_be_hidden()
    for other in ELEMENTS.keys() - {part} - ({"settings", "share"} if part == "header" else set()):
        expect(page.locator(ELEMENTS[other])).to_be_visible()


def test_without_card_and_panel_the_drawing_has_the_whole_width(page: Page) -> None:
    open_page(page, url="/?hide=card,panel")
    box = page.locator("bp-network").bounding_box()
    assert box and box["width"] > 1380


def test_a_task_is_shown_and_says_when_it_is_done(page: Page) -> None:
    open_page(page, url="/?goal=loss:0.4")
    goal = page.locator(".goal")
    expect(goal).to_contain_text("Bring the loss down to 0.4")
    expect(goal).not_to_contain_text("Reached")
    train(page, 5)
    # The losses are 0.804, 0.462, 0.378: the third step is the first to see less, after two updates.
    expect(goal).to_contain_text("Reached after 2 updates")


def test_a_task_in_own_words_is_text_and_nothing_else(page: Page) -> None:
    open_page(page, url="/?goal=Which <b>gate</b> is shut?")
    expect(page.locator(".goal")).to_contain_text("Which <b>gate</b> is shut?")


@pytest.mark.parametrize("key", usually(["Space", "ArrowRight", "PageDown"], "PageDown"))
def test_every_press_does_one_operation_and_stops(page: Page, key: str) -> None:
    present_from_the_start(page, "4×")
    seen = [output_of(page)]
    for _ in range(4):
        page.keyboard.press(key)
        wait_until_still(page)
        seen.append(output_of(page))
    assert seen[:2] == ["x", "x"] and len(set(seen)) == 4
    page.keyboard.press("PageUp")
    assert output_of(page) == seen[-2]
    page.keyboard.press("ArrowLeft")
    assert output_of(page) == seen[-3]


def test_a_second_press_completes_the_operation(page: Page) -> None:
    present_from_the_start(page, "0.25×")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    assert not page.evaluate(f"async () => {{ {PLAYGROUND} return playground.player.clock.isRunning; }}")


def test_in_front_of_a_class_there_is_drawing_caption_and_scope(page: Page) -> None:
    open_page(page, size=BEAMER, url="/?present=1")
    for hidden in ("bp-header", "bp-card", "bp-place", "bp-transport", ".drawing-legend"):
        expect(page.locator(hidden)).to_be_hidden()
    for visible in ("svg.drawing", ".scope", ".present-caption"):
        expect(page.locator(visible)).to_be_visible()
    expect(page.locator(".present-caption")).to_contain_text("no gradient gets through")


@pytest.mark.parametrize("recipe", usually({"xor": None, "iris": IRIS}, "iris"))
def test_numbers_are_at_least_28_px_high_letters_on_a_1080p_projector(
    page: Page, recipe: dict[str, Any] | None
) -> None:
    open_page(page, recipe, size=BEAMER, url="/?present=1")
    sizes = page.locator("svg.drawing text").evaluate_all(
        """(texts) => texts.filter((text) => /\\d/.test(text.textContent) && !text.closest('title'))
        .map((text) => [text.textContent, parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a])"""
    )
    assert len(sizes) > 20
    assert [each for each in sizes if each[1] < 28 and "₁" not in each[0] and "₂" not in each[0]] == []


def test_h_hides_the_numbers_and_shows_them_again(page: Page) -> None:
    open_page(page, size=BEAMER, url="/?present=1")
    values = page.locator("svg.drawing .unit-value, svg.drawing .gradient, svg.drawing .p, svg.drawing .loss-value")
    sentence = page.locator(".present-caption")
    expect(values.first).to_be_visible()
    page.keyboard.press("h")
    for each in values.all():
        expect(each).to_be_hidden()
    expect(sentence).not_to_contain_text("no gradient gets through")
    page.keyboard.press("H")
    expect(values.first).to_be_visible()
    expect(sentence).to_contain_text("no gradient gets through")


def test_the_button_presents_and_escape_leaves(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name="Present to a class").click()
    expect(page.locator("bp-header")).to_be_hidden()
    page.wait_for_url(lambda url: "present=1" in url)
    page.keyboard.press("Escape")
    expect(page.locator("bp-header")).to_be_visible()
    page.wait_for_url(lambda url: "present" not in url)


@pytest.mark.parametrize("recipe", usually({"xor": None, "iris": IRIS}, "iris"))
def test_the_caption_covers_nothing_of_the_drawing(page: Page, recipe: dict[str, Any] | None) -> None:
    open_page(page, recipe, size=BEAMER, url="/?present=1")
    caption = page.locator(".present-caption").bounding_box()
    lowest = page.locator("svg.drawing text").evaluate_all(
        "(texts) => Math.max(...texts.map((text) => text.getBoundingClientRect().bottom))"
    )
    assert caption and lowest <= caption["y"]


@pytest.mark.parametrize("theme", usually(["light", "dark", "projector"], "projector"))
def test_no_mode_breaks_a_rule_of_accessibility(page: Page, theme: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, url="/?goal=loss:0.9")
    use_theme(page, theme)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="NumPy script").wait_for()
    assert violations(page) == [], "share menu and task"
    for size, query in ((BEAMER, "present=1"), (EMBED, "embed=1")):
        open_page(page, size=size, url=f"/?{query}")
        use_theme(page, theme)
        assert violations(page) == [], query


@pytest.mark.parametrize("size", usually([(390, 844), (844, 390)], (390, 844)))
def test_on_a_phone_fingers_go_through_the_step_and_nothing_covers_the_drawing(
    page: Page, size: tuple[int, int]
) -> None:
    for recipe in (None, TWO_HIDDEN):
        open_page(page, recipe, {"width": size[0], "height": size[1]}, "/?present=1")
        page.evaluate(f"async () => {{ {PLAYGROUND} playground.player.setSpeed(4); playground.player.seek(0); }}")
        seen = [output_of(page)]
        for name in ("Next", "Next", "Back"):
            page.get_by_role("button", name=name, exact=True).click()
            wait_until_still(page)
            seen.append(output_of(page))
        assert len(set(seen)) > 1
        expect(page.locator(".present-caption .keys")).to_be_hidden()
        stage, caption = (page.locator(one).bounding_box() for one in (".stage", ".present-caption"))
        assert stage and caption
        assert stage["y"] + stage["height"] <= caption["y"]
        for button in page.locator(".present-step").all():
            box = button.bounding_box()
            assert box
            assert box["x"] + box["width"] <= caption["x"] or caption["x"] + caption["width"] <= box["x"]


def test_the_share_menu_is_reached_and_left_by_keyboard(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name="Share").press("Enter")
    page.get_by_role("button", name="NumPy script").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Link to what you see")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#share-menu")).to_be_hidden()
    expect(page.get_by_role("button", name="Share")).to_be_focused()
