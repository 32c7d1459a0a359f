"""What a scene of a lab asks about, has done and finds is in sight: the code, factors, checks, nudges and the sheet."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.drawing import LAPTOP
from tests.browser.hands import Mouse, Touch
from tests.browser.lab_acts import LABS
from tests.browser.test_fit import TABLET
from tests.browser.test_instruments import IS_ON_TOP
from tests.browser.test_labs import PHONE, answer, open_lab

SIZES = pytest.mark.parametrize("size", [LAPTOP, TABLET], ids=lambda size: str(size["width"]))


def in_sight(page: Page, selector: str) -> list[Any]:
    """Whether the middle of each is in sight, and nothing lies on it."""
    return list(page.locator(selector).evaluate_all(f"(all) => all.map({IS_ON_TOP})"))


def done(page: Page, lab: str, scene: str, size: Any) -> None:
    """A scene as it is asked to be done: answered, with its act."""
    own = next(one for one in LABS[lab] if one.id == scene)
    assert own.right is not None
    assert own.act is not None
    open_lab(page, lab, scene, size)
    answer(Mouse(page), own.right)
    own.act(Mouse(page))
    expect(page.locator(".lab.told")).to_be_attached()


@SIZES
def test_a_nudge_stays_in_sight_when_its_number_is_pressed_again(page: Page, size: Any) -> None:
    open_lab(page, "corner", "promise", size)
    answer(Mouse(page), ["0.75"])
    expect(page.locator("bp-nudge .measured")).to_be_visible()
    Mouse(page).press('svg.drawing [data-cell="b1:0"]')
    expect(page.locator(".h-typed input")).to_be_in_viewport(ratio=1)
    assert in_sight(page, ".h-typed input, bp-nudge .outcome.measured") == [True, True]


@pytest.mark.parametrize(
    ("lab", "scene", "asked"),
    [("code", "bet", ".code-line"), ("chain", "seven", ".factors tbody tr, .factor-result")],
)
def test_on_a_phone_what_is_asked_about_stands_above_the_strip(page: Page, lab: str, scene: str, asked: str) -> None:
    open_lab(page, lab, scene, PHONE)
    expect(page.locator(asked).last).to_be_in_viewport(ratio=1)
    assert set(in_sight(page, asked)) == {True}


@pytest.mark.parametrize(
    ("scene", "right", "button"),
    [("bet", 1, ".check-run"), ("cache", 2, ".code-play"), ("tanh", 1, ".check-run")],
)
def test_on_a_phone_the_button_that_a_scene_names_is_in_sight(page: Page, scene: str, right: int, button: str) -> None:
    open_lab(page, "code", scene, PHONE)
    if scene == "bet":
        Mouse(page).press(".code-lines li:nth-child(4) button")
    answer(Mouse(page), right)
    expect(page.locator(".code-arrays")).to_have_count(0 if scene == "tanh" else 1)
    expect(page.locator(button)).to_be_in_viewport(ratio=1)
    assert in_sight(page, button) == [True]


@SIZES
def test_after_a_check_switches_and_what_differs_are_in_sight(page: Page, size: Any) -> None:
    done(page, "code", "tanh", size)
    assert in_sight(page, ".code-switch") == [True, True]
    assert in_sight(page, ".check-rows .is-wrong") == [True] * 4


@SIZES
def test_the_verdict_of_a_nudge_is_in_sight_below_all_its_factors(page: Page, size: Any) -> None:
    done(page, "chain", "seven", size)
    expect(page.locator("bp-nudge .verdict")).to_be_in_viewport(ratio=1)
    assert in_sight(page, ".factors tbody tr, bp-nudge .verdict") == [True] * 8


@SIZES
def test_a_product_stands_right_below_its_factors_each_with_its_name(page: Page, size: Any) -> None:
    done(page, "chain", "twin", size)
    last, product = (page.locator(one).last.bounding_box() for one in (".factors tr", ".factor-result"))
    assert last and product
    assert product["y"] - last["y"] - last["height"] < 24
    for name in page.locator(".factors .name").all():
        expect(name).to_be_visible()


def test_a_line_of_code_breaks_between_its_statements(page: Page) -> None:
    open_lab(page, "code", "bet", PHONE)
    parts = page.locator(".code-line").first.locator("span")
    expect(parts).to_have_text(["def relu_deriv(a): a[a > 0] = 1; ", "a[a <= 0] = 0; ", "return a"])
    lines = parts.evaluate_all("(all) => all.map((one) => one.getClientRects().length)")
    assert lines == [1, 1, 1]


@pytest.mark.parametrize(
    ("lab", "scene", "right", "wanted"),
    [
        ("gate", "dead", 1, "bp-card .editor .slider"),
        ("gate", "swap", 2, "bp-card .actions button:last-child"),
        ("corner", "promise", ["0.75"], "bp-nudge .h-typed input"),
        ("small", "common", 3, "bp-layers .choice button:nth-child(2)"),
    ],
)
def test_on_a_phone_the_sheet_comes_up_with_what_is_to_be_done_in_it(
    browser: Browser, base_url: str, lab: str, scene: str, right: Any, wanted: str
) -> None:
    context = browser.new_context(base_url=base_url, has_touch=True, viewport=PHONE)
    page = context.new_page()
    open_lab(page, lab, scene, PHONE)
    answer(Touch(page), right)
    expect(page.locator("html[data-sheet=open]")).to_be_attached()
    expect(page.locator(wanted)).to_be_in_viewport(ratio=1)
    assert in_sight(page, wanted) == [True]
    # What is asked for can still be read.
    expect(page.locator(".lab-text").first).to_be_in_viewport(ratio=1)
    assert in_sight(page, ".lab.do h2") == [True]
    context.close()


def test_on_a_phone_the_sheet_comes_up_for_the_bias_that_is_to_be_nudged(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, has_touch=True, viewport=PHONE)
    page = context.new_page()
    open_lab(page, "small", "cut", PHONE)
    answer(Touch(page), 2)
    # It is in the drawing, which has to be seen first.
    expect(page.locator("html[data-sheet=closed]")).to_be_attached()
    Touch(page).press('svg.drawing [data-cell="b1:2"]')
    expect(page.locator("html[data-sheet=open]")).to_be_attached()
    expect(page.locator("bp-nudge .measured")).to_be_visible()
    context.close()


def test_at_the_end_of_a_lab_the_map_stands_below_the_switch_beside_it(page: Page) -> None:
    open_lab(page, "chain", "say", TABLET)
    switch, picture = (page.locator(one).bounding_box() for one in (".place-switch", ".map canvas"))
    assert switch and picture
    assert picture["y"] >= switch["y"] + switch["height"]


def test_on_a_phone_names_of_the_panel_are_not_cut_by_the_strip_below_it(page: Page) -> None:
    open_lab(page, "small", "common", PHONE)
    tab, strip = (page.locator(one).first.bounding_box() for one in (".tabs button", ".lab"))
    assert tab and strip
    assert tab["y"] + tab["height"] <= strip["y"]
