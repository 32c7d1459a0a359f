"""The side panel tells what the API tells."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import is_new_session, session_of


@pytest.fixture
def session(page: Page) -> str:
    """The address of the session that the opened page has made."""
    with page.expect_response(is_new_session) as created:
        page.goto("/")
    page.get_by_role("tab", name="Gates").wait_for()
    return f"/api/v1/sessions/{session_of(created.value)['id']}"


def ask(page: Page, path: str) -> Any:
    answer = page.request.get(path)
    assert answer.ok, answer.text()
    return answer.json()


def train(page: Page) -> None:
    page.get_by_role("button", name="Train").click()
    page.get_by_role("tab", name="Loss").click()
    expect(page.get_by_role("slider", name="Time travel")).to_have_attribute("aria-disabled", "false", timeout=15_000)
    expect(page.get_by_role("slider", name="Time travel")).to_have_attribute("aria-valuenow", "101", timeout=15_000)


def test_gates_grid_shows_the_masks_of_the_batch(page: Page, session: str) -> None:
    mask = ask(page, f"{session}/trace")["layers"][0]["mask"]
    rows = page.locator("bp-gates tbody tr")
    expect(rows).to_have_count(3)
    shown = [[int(cell) for cell in row.locator("td").all_text_contents()] for row in rows.all()]
    assert shown == np.transpose(mask).tolist()


def test_choosing_a_column_shows_that_sample(page: Page, session: str) -> None:
    column = page.locator("bp-gates").get_by_role("button", name="Show sample 2")
    column.click()
    expect(column).to_have_attribute("aria-pressed", "true")
    expect(page.locator("bp-gates [aria-pressed=true]")).to_have_count(1)


def test_layers_show_the_norms_of_the_batch(page: Page, session: str) -> None:
    page.get_by_role("tab", name="Layers").click()
    step = ask(page, f"{session}/trace")
    norms = [np.linalg.norm(layer[name]) for layer in step["layers"] for name in ("a", "dz", "dW")]
    page.locator("bp-layers tbody tr").first.wait_for()
    titles = [cell.get_attribute("title") for cell in page.locator("bp-layers tbody tr + tr td").all()]
    np.testing.assert_allclose([float(title or "nan") for title in titles], norms, rtol=1e-12)


def test_arrow_keys_walk_through_the_tabs_which_stand_still(page: Page, session: str) -> None:
    bar = page.locator("bp-panel .tabs")
    before = bar.bounding_box()
    page.get_by_role("tab", name="Gates").press("ArrowLeft")
    expect(page.get_by_role("tab", name="Table")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Table").locator("table").first).to_be_visible()
    assert bar.bounding_box() == before


def test_loss_tab_says_when_its_curve_begins(page: Page, session: str) -> None:
    page.get_by_role("tab", name="Loss").click()
    expect(page.get_by_text("The loss curve begins with the first update")).to_be_visible()


def test_keys_on_the_loss_curve_travel_in_time(page: Page, session: str) -> None:
    train(page)
    curve = page.get_by_role("slider", name="Time travel")
    curve.press("Home")
    expect(page.get_by_text("Step 1: loss 0.804")).to_be_visible()
    curve.press("ArrowRight")
    expect(page.get_by_text("Step 2: loss 0.462")).to_be_visible()
    page.wait_for_function("() => !document.querySelector('bp-loss').travel.isTravelling")
    assert ask(page, session)["step"] == 1
    expect(curve).to_have_attribute("aria-valuemax", "101")
    page.get_by_role("button", name="Back to step 1").click()
    expect(page.get_by_text("Step 1: loss 0.804")).to_be_visible()
    expect(page.locator(".scope-step")).to_have_text("Step 1")
    expect(page.get_by_role("button", name="Back to step 1")).to_be_disabled()


def test_dragging_on_the_loss_curve_travels_in_time(page: Page, session: str) -> None:
    train(page)
    plot = page.locator("bp-loss .u-over").bounding_box()
    assert plot is not None
    middle = plot["y"] + plot["height"] / 2
    page.mouse.move(plot["x"] + plot["width"] - 1, middle)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] / 4, middle, steps=4)
    page.mouse.up()
    expect(page.get_by_text("Step 26:")).to_be_visible()
    page.wait_for_function("() => !document.querySelector('bp-loss').travel.isTravelling")
    assert ask(page, session)["step"] == 25


def test_decision_map_follows_the_training(page: Page, session: str) -> None:
    page.get_by_role("tab", name="Decision map").click()
    expect(page.get_by_role("img", name="Decision map: x1 across, x2 up")).to_be_visible()
    for steps in (0, 10):
        if steps:
            page.get_by_label("How many steps to train").select_option(str(steps))
            page.get_by_role("button", name=f"Train {steps} steps").click()
            page.wait_for_function(
                f"() => document.querySelector('bp-network').playground.model.session.step === {steps}"
            )
        # Those of the server, in float32.
        expected = ask(page, f"{session}/decision-map?resolution=40")["probabilities"]
        page.wait_for_function(
            """(expected) => document.querySelector('bp-map').data.grid?.probabilities.every((row, at) =>
              row.every((cell, across) => cell.every((p, k) => Math.abs(p - expected[at][across][k]) < 1e-6)))""",
            arg=expected,
        )
