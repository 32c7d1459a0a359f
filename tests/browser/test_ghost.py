"""The struck-out numbers: what the sample on show had before the last change by hand, and never another's."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.drawing import api, open_page, shown
from tests.browser.test_outages import button, to_the_end, type_bias
from tests.thorough import tried_by_node


def ghosts(page: Page) -> Locator:
    return page.locator('svg.drawing [data-cell^="z1:"] .ghost, svg.drawing [data-cell^="a1:"] .ghost')


def look_at(page: Page, sample: int) -> dict[str, Any]:
    """Show a sample, counted from 1; answers its step."""
    button(page, f"Sample {sample}").click()
    expect(button(page, f"Sample {sample}")).to_have_attribute("aria-pressed", "true")
    step: dict[str, Any] = api(page, f"/trace?sample={sample - 1}")
    return step


def has_old(page: Page, unit: int, before: dict[str, Any]) -> None:
    """The struck-out z of a unit, and the gradient if it has changed too, are those of this step."""
    layer = before["layers"][0]
    old = page.locator(f'svg.drawing [data-cell="z1:{unit}"] .ghost')
    expect(old.first).to_have_text(shown(page, layer["z"][0][unit]))
    if old.count() > 1:
        expect(old.last).to_have_text(shown(page, layer["dz"][0][unit]))


def drag(page: Page, *values: float) -> None:
    """Drag the slider of the card with the mouse over these values."""
    slider = page.locator("bp-card .slider")
    box = slider.bounding_box()
    assert box is not None
    low, high = (float(slider.get_attribute(name) or 0) for name in ("min", "max"))
    thumb = 16
    place = lambda value: box["x"] + thumb / 2 + (value - low) / (high - low) * (box["width"] - thumb)  # noqa: E731
    middle = box["y"] + box["height"] / 2
    page.mouse.move(place(float(slider.input_value())), middle)
    page.mouse.down()
    for value in values:
        page.mouse.move(place(value), middle, steps=3)
        page.wait_for_timeout(60)
    page.mouse.up()
    expect(button(page, "Undo")).to_be_enabled()
    page.wait_for_timeout(200)


@tried_by_node("ghost")
def test_another_sample_has_its_own_old_numbers(page: Page) -> None:
    open_page(page)
    before = {sample: look_at(page, sample) for sample in (1, 2, 3)}
    type_bias(page, "2.5")
    for sample in (3, 2, 1, 3):
        look_at(page, sample)
        has_old(page, 0, before[sample])


def test_the_old_numbers_of_a_drag_are_those_before_it(page: Page) -> None:
    open_page(page)
    before = look_at(page, 3)
    page.locator('svg.drawing [data-cell="b1:0"]').press("Enter")
    drag(page, 1.5, 0.6, -0.4, -1.3)
    assert -1.6 < api(page, "")["parameters"]["b1"][0] < -1
    has_old(page, 0, before)
    expect(button(page, "Undo")).to_be_enabled()
    button(page, "Undo").click()
    expect(button(page, "Undo")).to_be_disabled()
    assert api(page, "")["parameters"]["b1"][0] == 0.75


def test_a_key_that_is_held_is_one_change_with_the_old_numbers_before_it(page: Page) -> None:
    open_page(page)
    before = look_at(page, 3)
    page.locator('svg.drawing [data-cell="b1:0"]').press("Enter")
    page.locator("bp-card .slider").focus()
    # Answers come later than the next press: the slider goes on from where the hand has put it.
    network = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 150, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", slow)
    for _ in range(6):
        page.keyboard.down("ArrowLeft")
        page.wait_for_timeout(60)
    page.keyboard.up("ArrowLeft")
    # Each answer brings the numbers of its change: wait for the one of the last press, 0.3 below 0.75.
    page.wait_for_function("() => document.querySelector('bp-network').playground.state.batch.at('b1', [0]) < 0.46")
    assert api(page, "")["parameters"]["b1"][0] == pytest.approx(0.45)
    network.send("Network.emulateNetworkConditions", slow | {"latency": 0})
    network.detach()
    has_old(page, 0, before)
    button(page, "Undo").click()
    expect(button(page, "Undo")).to_be_disabled()
    assert api(page, "")["parameters"]["b1"][0] == 0.75


@tried_by_node("ghost")
def test_undo_after_a_drag_strikes_out_where_the_drag_had_ended(page: Page) -> None:
    open_page(page)
    look_at(page, 3)
    page.locator('svg.drawing [data-cell="b1:0"]').press("Enter")
    drag(page, 1.5, -1.3)
    dragged = api(page, "/trace?sample=2")
    button(page, "Undo").click()
    expect(button(page, "Undo")).to_be_disabled()
    has_old(page, 0, dragged)


@tried_by_node("ghost")
def test_the_step_after_has_no_old_numbers_and_neither_has_one_gone_back_to(page: Page) -> None:
    open_page(page)
    type_bias(page, "2.5")
    expect(ghosts(page).first).to_be_visible()
    to_the_end(page)
    button(page, "Next").click()
    expect(page.locator(".scope-step")).to_have_text("Step 2")
    expect(ghosts(page)).to_have_count(0)
    button(page, "Back to step 1").click()
    expect(page.locator(".scope-step")).to_have_text("Step 1")
    expect(ghosts(page)).to_have_count(0)


def test_the_mean_over_the_batch_has_no_old_numbers_of_a_sample(page: Page) -> None:
    open_page(page)
    before = look_at(page, 3)
    type_bias(page, "2.5")
    has_old(page, 0, before)
    to_the_end(page)
    expect(page.locator("svg.drawing.batch")).to_be_visible()
    expect(ghosts(page)).to_have_count(0)
    for _ in range(9):
        button(page, "Back").click()
    look_at(page, 3)
