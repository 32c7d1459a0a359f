"""The column beside the drawing: who acts gets it, and what stands there tells what the API tells."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import LAPTOP, PLAYGROUND, choose, is_new_session, open_page, session_of

# A window in which map and explanation do not fit above each other.
LOW = {"width": 1366, "height": 768}
SIDE = "() => Math.round(document.querySelector('bp-map canvas').getBoundingClientRect().width)"


@pytest.fixture
def session(page: Page) -> str:
    """The address of the session that the opened page has made."""
    page.set_viewport_size(LAPTOP)
    with page.expect_response(is_new_session) as created:
        page.goto("/")
    page.get_by_role("img", name="Decision map").wait_for()
    return f"/api/v1/sessions/{session_of(created.value)['id']}"


def ask(page: Page, path: str) -> Any:
    answer = page.request.get(path)
    assert answer.ok, answer.text()
    return answer.json()


def train(page: Page) -> None:
    page.get_by_role("button", name="Train 100 steps").click()
    curve = page.get_by_role("slider", name="Time travel")
    expect(curve).to_have_attribute("aria-disabled", "false", timeout=15_000)
    expect(curve).to_have_attribute("aria-valuenow", "101", timeout=15_000)


def open_panel(page: Page) -> None:
    page.get_by_role("button", name="Layers and table").click()


def test_the_map_is_large_until_somebody_asks_and_escape_turns_it_back(page: Page, session: str) -> None:
    assert page.evaluate(SIDE) == 280
    page.locator('svg.drawing [data-cell="mask1:1"]').click()
    page.wait_for_function(f"() => ({SIDE})() === 120")
    expect(page.locator("bp-card .where")).to_contain_text("unit 2")
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => ({SIDE})() === 280")
    expect(page.get_by_role("button", name="Back to the step")).to_have_count(0)


def test_a_step_that_plays_gives_the_place_to_the_map_and_leaves_one_sentence(page: Page, session: str) -> None:
    page.locator('svg.drawing [data-cell="mask1:1"]').click()
    page.wait_for_function(f"() => ({SIDE})() === 120")
    page.get_by_role("button", name="Play the step from its start").click()
    page.wait_for_function(f"() => ({SIDE})() === 280")
    expect(page.locator("bp-card .sentence")).to_have_count(1)
    expect(page.locator("bp-card .equation")).to_have_count(0)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator("bp-card .notation")).to_have_count(1)


def test_a_low_window_has_one_switch_by_the_same_rule(page: Page) -> None:
    open_page(page, size=LOW)
    map_, why = (page.get_by_role("button", name=name, exact=True) for name in ("Map", "Why"))
    expect(map_).to_have_attribute("aria-pressed", "true")
    page.locator('svg.drawing [data-cell="mask1:1"]').click()
    expect(why).to_have_attribute("aria-pressed", "true")
    expect(page.locator("bp-map canvas")).to_be_hidden()
    map_.click()
    expect(page.locator("bp-map canvas")).to_be_visible()
    why.click()
    expect(page.locator("bp-map canvas")).to_be_hidden()
    page.get_by_role("button", name="Train 100 steps").click()
    expect(page.locator(".scope-step")).to_contain_text("101", timeout=15_000)
    # The reader's own choice comes back when nothing moves any more.
    expect(why).to_have_attribute("aria-pressed", "true")


def test_the_map_stands_before_any_session_has_answered(page: Page) -> None:
    held: list[Any] = []
    page.route("**/api/v1/sessions", lambda route: held.append(route))
    page.set_viewport_size(LAPTOP)
    page.goto("/")
    page.wait_for_function("() => document.querySelector('bp-map')?.shownFolds === 3")
    before = page.locator("aside").bounding_box()
    held.pop().continue_()
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.session.id !== ''; }}")
    page.wait_for_timeout(200)
    assert page.locator("aside").bounding_box() == before
    assert page.evaluate(SIDE) == 280


def test_layers_show_the_norms_of_the_batch(page: Page, session: str) -> None:
    open_panel(page)
    step = ask(page, f"{session}/trace")
    norms = [np.linalg.norm(layer[name]) for layer in step["layers"] for name in ("a", "dz", "dW")]
    page.locator("bp-layers tbody tr").first.wait_for()
    titles = [cell.get_attribute("title") for cell in page.locator("bp-layers tbody tr + tr td").all()]
    np.testing.assert_allclose([float(title or "nan") for title in titles], norms, rtol=1e-12)


# Whether the tabs are where they were when it was asked before.
STANDS = """() => {
  const was = window.tabsAt;
  window.tabsAt = document.querySelector("bp-panel .tabs").getBoundingClientRect().y;
  return window.tabsAt === was;
}"""


def test_arrow_keys_walk_through_the_tabs_which_stand_still_and_escape_closes_them(page: Page, session: str) -> None:
    open_panel(page)
    bar = page.locator("bp-panel .tabs")
    # The map above gives way to who asks.
    page.wait_for_function(STANDS, polling=200)
    before = bar.bounding_box()
    assert before is not None
    page.get_by_role("tab", name="Layers").press("ArrowRight")
    expect(page.get_by_role("tab", name="Table")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Table").locator("table").first).to_be_visible()
    after = bar.bounding_box()
    assert after is not None and (after["x"], after["y"]) == (before["x"], before["y"])
    page.keyboard.press("Escape")
    expect(page.get_by_role("tabpanel")).to_have_count(0)
    expect(page.locator("bp-card .sentence")).to_be_visible()


def test_keys_on_the_loss_curve_travel_in_time(page: Page, session: str) -> None:
    train(page)
    curve = page.get_by_role("slider", name="Time travel")
    curve.press("Home")
    expect(page.get_by_text("Step 1: mean loss 0.804")).to_be_visible()
    curve.press("ArrowRight")
    expect(page.get_by_text("Step 2: mean loss 0.462")).to_be_visible()
    page.wait_for_function("() => !document.querySelector('bp-learning-curve').travel.isTravelling")
    assert ask(page, session)["step"] == 1
    expect(curve).to_have_attribute("aria-valuemax", "101")
    page.get_by_role("button", name="Back to step 1").click()
    expect(page.get_by_text("Step 1: mean loss 0.804")).to_be_visible()
    expect(page.locator(".scope-step")).to_have_text("Step 1")
    expect(page.get_by_role("button", name="Back to step 1")).to_be_disabled()


def test_dragging_on_the_loss_curve_travels_in_time(page: Page, session: str) -> None:
    train(page)
    plot = page.locator("bp-learning-curve canvas").bounding_box()
    assert plot is not None
    middle = plot["y"] + plot["height"] / 2
    page.mouse.move(plot["x"] + plot["width"] - 1, middle)
    page.mouse.down()
    # The line has 6 px to either side.
    page.mouse.move(plot["x"] + 6 + (plot["width"] - 12) / 4, middle, steps=4)
    page.mouse.up()
    expect(page.get_by_text("Step 26:")).to_be_visible()
    page.wait_for_function("() => !document.querySelector('bp-learning-curve').travel.isTravelling")
    assert ask(page, session)["step"] == 25


def test_decision_map_follows_the_training(page: Page, session: str) -> None:
    # The first one comes with the page, in 256 steps from its smallest to its largest answer.
    for steps, error in ((0, 1 / 500), (10, 1e-6)):
        if steps:
            choose(page, "How many steps to train", f"Train {steps} steps")
            page.wait_for_function(
                f"() => document.querySelector('bp-network').playground.model.session.step === {steps}"
            )
        # Those of the server, in float32.
        expected = ask(page, f"{session}/decision-map?resolution=40")["probabilities"]
        page.wait_for_function(
            """([expected, error]) => document.querySelector('bp-map').data.grid?.probabilities.every((row, at) =>
              row.every((cell, across) => cell.every((p, k) => Math.abs(p - expected[at][across][k]) < error)))""",
            arg=[expected, error],
        )
