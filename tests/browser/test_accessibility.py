"""WCAG 2.2 A and AA as far as axe can tell, a whole step by ear, and a walk over the page by keyboard."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.drawing import IRIS, LAPTOP, PLAYGROUND, api, go_to, open_page, operations, shown
from tests.thorough import usually

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# All that a theme changes.
RULES_OF_A_THEME = {"runOnly": ["color-contrast", "target-size"], "resultTypes": ["violations"]}
# What there is of the parts; the answer alone comes over, of all that was looked at.
BROKEN = """async ([parts, rules]) => {
  const include = parts.filter((part) => document.querySelector(part)).map((part) => [part]);
  const {violations} = await axe.run(include.length > 0 ? {include} : document, rules);
  return violations.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
}"""
THEMES = ["light", "dark", "projector"]
SIZES: list[ViewportSize] = [LAPTOP, {"width": 1024, "height": 768}, {"width": 390, "height": 844}]


def open_still(page: Page, size: ViewportSize, recipe: dict[str, Any] | None = None) -> None:
    """Without motion, whose half-seen colours are nobody's fault."""
    page.emulate_media(reduced_motion="reduce")
    open_page(page, recipe, size)


def use_theme(page: Page, theme: str) -> None:
    page.evaluate(f"async () => {{ {PLAYGROUND} playground.setTheme('{theme}'); }}")
    page.wait_for_timeout(100)


def violations(page: Page, *parts: str, rules: dict[str, Any] = RULES) -> list[str]:
    """One line for each element of these parts that breaks a rule: the rule, the element, why. No part: the page."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(Axe().axe_script)
    broken: list[str] = page.evaluate(BROKEN, [parts, rules])
    return broken


def violations_by_theme(page: Page, *parts: str) -> dict[str, list[str]]:
    """`violations` in the themes where there are some: all in the first one, in the others those that a theme makes."""
    found = {}
    for theme in THEMES:
        use_theme(page, theme)
        found[theme] = violations(page, *parts, rules=RULES if theme == THEMES[0] else RULES_OF_A_THEME)
    return {theme: broken for theme, broken in found.items() if broken}


@pytest.mark.parametrize("size", usually(SIZES, LAPTOP), ids=lambda size: str(size["width"]))
def test_the_page_breaks_no_rule(page: Page, size: ViewportSize) -> None:
    open_still(page, size)
    assert violations_by_theme(page) == {}


@pytest.mark.parametrize("theme", usually(["light", "dark"], "dark"))
def test_no_tab_breaks_a_rule(page: Page, theme: str) -> None:
    open_still(page, LAPTOP, IRIS)
    use_theme(page, theme)
    page.get_by_role("button", name="Layers and table").click()
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(200)
        assert violations(page) == [], tab.inner_text()


@pytest.mark.parametrize("size", usually([LAPTOP, SIZES[2]], SIZES[2]), ids=lambda size: str(size["width"]))
def test_the_settings_break_no_rule(page: Page, size: ViewportSize) -> None:
    open_still(page, size)
    page.locator(".pill").nth(1).click()
    page.locator(".drawer fieldset").first.wait_for()
    assert violations_by_theme(page, "dialog.drawer") == {}


def test_a_screen_reader_hears_every_operation_of_a_step_with_its_numbers(page: Page) -> None:
    open_page(page)
    page.get_by_role("slider", name="Place in the step").press("Home")
    # Before the walk, whose end is the update.
    (dz,) = api(page, "/trace?sample=2")["layers"][0]["dz"]
    log = page.get_by_role("log")
    for operation in operations(page):
        go_to(page, operation["output"], operation["scope"])
    said = log.locator("p").all_inner_texts()
    assert len(said) >= len(operations(page))
    stopped = next(text for text in said if text.startswith("Backward, hidden layer 1, ReLU gate, unit 2: dz = 0."))
    assert "no gradient gets through" in stopped
    assert stopped.endswith(f"dz1: {', '.join(shown(page, value) for value in dz)}.")


def test_the_table_has_the_numbers_of_the_drawing(page: Page) -> None:
    open_page(page)
    go_to(page, "dz1")
    page.get_by_role("button", name="Layers and table").click()
    page.get_by_role("tab", name="Table").click()
    units = page.locator("table.numbers").first
    # Below the name of the layer its units.
    row = units.locator("tbody").filter(has_text="hidden 1").get_by_role("row").nth(2)
    expect(row.locator("td")).to_have_text(["−2", "0", "0", "0.760", "0"])
    page.locator("table.numbers").nth(1).get_by_role("button", name="W2[1, 0] = 1.5").press("Enter")
    expect(page.locator("bp-card .where")).to_contain_text("unit 2")


def test_the_keyboard_reaches_everything_and_can_leave_again(page: Page) -> None:
    open_page(page)
    go_to(page, "dW1")
    reached: set[str] = set()
    name = """() => { const one = document.activeElement;
      return one.closest("[data-cell]")?.dataset.cell ?? one.getAttribute("aria-label") ?? one.innerText; }"""
    page.locator("body").focus()
    for _ in range(160):
        page.keyboard.press("Tab")
        focused = page.evaluate(name)
        if page.evaluate("document.activeElement === document.body"):
            break
        reached.add(focused)
    wanted = {
        "x:0",
        "z1:1",
        "a1:1",
        "mask1:1",
        "b1:1",
        "p:0",
        "W1[0, 1] = 0.25",
        "Play the step",
        "Skip to the drawing",
    }
    assert wanted <= reached
    assert page.evaluate("document.activeElement === document.body"), "the walk came to its end"


def test_a_drawn_thing_is_asked_about_by_keyboard(page: Page) -> None:
    open_page(page)
    page.locator('[data-cell="mask1:1"]').focus()
    page.keyboard.press("Space")
    expect(page.locator("bp-card .where")).to_contain_text("unit 2")
    page.keyboard.press("Tab")


def test_a_link_before_everything_leads_to_the_drawing(page: Page) -> None:
    open_page(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the drawing")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('svg.drawing') !== null")


@pytest.mark.parametrize("size", usually(SIZES, SIZES[2]), ids=lambda size: str(size["width"]))
def test_every_target_is_at_least_24_px_wide_and_high(page: Page, size: ViewportSize) -> None:
    open_page(page, size=size)
    small = page.evaluate("""() =>
      [...document.querySelectorAll("button, select, input, a, [role=slider], [role=button]")]
      .filter((one) => one.checkVisibility() && getComputedStyle(one).pointerEvents !== "none"
        && !one.matches(".visually-hidden, .edge-hit, .skip a, a[href=docs], p a"))
      .map((one) => ({name: one.getAttribute("aria-label") ?? one.innerText, box: one.getBoundingClientRect()}))
      .filter(({box}) => Math.min(box.width, box.height) < 23.5)
      .map(({name, box}) => `${name}: ${box.width} x ${box.height}`)""")
    assert small == []
