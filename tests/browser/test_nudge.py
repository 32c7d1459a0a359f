"""Asking one weight why, by clicks and keys alone: its gradient, the factors, and the loss when it is moved."""

import math
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import PLAYGROUND, api, go_to, open_page, operations, shown
from tests.browser.test_accessibility import use_theme, violations
from tests.thorough import usually

RNG = np.random.default_rng()


def random_network() -> dict[str, Any]:
    """Two inputs, one hidden layer of 2 to 4 units that are all open for the first row, 2 or 3 classes."""
    units, classes = int(RNG.integers(2, 5)), int(RNG.integers(2, 4))
    return {
        "model": {"inputs": 2, "hidden": [{"units": units}], "output": {"units": classes}},
        "parameters": {
            "W1": RNG.uniform(0.2, 0.9, (2, units)).round(2).tolist(),
            "b1": RNG.uniform(0.1, 0.5, units).round(2).tolist(),
            "W2": RNG.uniform(-1.5, 1.5, (units, classes)).round(2).tolist(),
            "b2": RNG.uniform(-0.5, 0.5, classes).round(2).tolist(),
        },
        "batch": {"x": RNG.uniform(0.3, 1.5, (3, 2)).round(2).tolist(), "y": [0, 1, 0]},
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
    }


def click_weight(page: Page, cell: str) -> None:
    """Click on the edge "W1:0,2", at a place where no other edge lies above it."""
    spot = page.evaluate(
        """(cell) => {
        const edge = document.querySelector(`svg.drawing .edge[data-cell="${cell}"]`);
        const hit = edge.nextElementSibling;
        for (let part = 0.1; part < 0.95; part += 0.02) {
          const place = hit.getPointAtLength(part * hit.getTotalLength()).matrixTransform(hit.getScreenCTM());
          if (document.elementFromPoint(place.x, place.y) === hit) return [place.x, place.y];
        }}""",
        cell,
    )
    page.mouse.click(*spot)


def press_until(page: Page, output: str) -> None:
    """Watch one operation after the other by keys until the one that makes this tensor is done."""
    for _ in range(30):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        if page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.operation; }}") == at_of(page, output):
            return
    raise AssertionError(f"{output} was not reached")


def at_of(page: Page, output: str) -> int:
    return [each["output"] for each in operations(page)].index(output)


def unfold(page: Page) -> None:
    page.locator("bp-card .nudge-switch").click()
    expect(page.locator("bp-nudge .measured")).to_be_visible()


def full(page: Page, place: str) -> float:
    """Every digit of a number of the comparison."""
    text = page.locator(f"bp-nudge .{place}").get_attribute("title") or ""
    return float(text.replace("\u2212", "-"))


@pytest.mark.parametrize("attempt", usually(range(3), 0))
def test_a_random_weight_of_a_random_network_says_why(page: Page, attempt: int) -> None:
    recipe = random_network()
    open_page(page, recipe)
    layer = int(RNG.integers(1, 3))
    weights = np.array(recipe["parameters"][f"W{layer}"])
    i, j = (int(RNG.integers(size)) for size in weights.shape)
    press_until(page, "dx")
    click_weight(page, f"W{layer}:{i},{j}")
    step = api(page, "/trace?sample=0")
    upstream = step["layers"][layer - 1]["dz"][0][j]
    below = step["batch"]["x"][0][i] if layer == 1 else step["layers"][0]["a"][0][i]
    gradient = step["layers"][layer - 1]["dW"][i][j]
    card = page.locator("bp-card .equation")
    for factor in (below, upstream):
        expect(card).to_contain_text(shown(page, factor))
    expect(card).to_contain_text(shown(page, gradient))
    assert below * upstream == pytest.approx(gradient, rel=1e-12)

    unfold(page)
    assert full(page, "backprop") == gradient
    assert full(page, "measured") == pytest.approx(gradient, rel=1e-5, abs=1e-8)
    expect(page.locator("bp-nudge .verdict.agree")).to_be_visible()


def test_the_step_of_the_nudge_can_be_typed_and_slid(page: Page) -> None:
    open_page(page)
    go_to(page, "dx")
    click_weight(page, "W2:2,0")
    unfold(page)
    expect(page.get_by_role("button", name="best h")).to_have_attribute("aria-pressed", "true")
    field = page.locator("bp-nudge .h-typed input")
    field.fill("0.5")
    field.press("Enter")
    # z1 of unit 3 is 2.5, so moving this weight by h moves z2 of class A by 2.5 h.
    expect(page.locator("bp-nudge .verdict.bend")).to_be_visible()
    losses = []
    for way in (1, -1):
        z = np.array([-3.6875 + way * 0.5 * 2.5, -4.125])
        losses.append(math.log(np.exp(z).sum()) - z[1])
    assert full(page, "measured") == pytest.approx(losses[0] - losses[1], rel=1e-9)
    slider = page.locator("bp-nudge .h-slider")
    slider.focus()
    for _ in range(60):
        slider.press("ArrowLeft")
    expect(page.locator("bp-nudge .verdict.agree")).to_be_visible()


def test_a_gate_that_flips_is_named(page: Page) -> None:
    open_page(page)
    go_to(page, "dx")
    # z1 of unit 1 is 0.75 for sample 3, and x1 is 1: a nudge by 1 shuts it.
    click_weight(page, "W1:0,0")
    unfold(page)
    page.locator("bp-nudge .h-typed input").fill("1")
    page.locator("bp-nudge .h-typed input").press("Enter")
    expect(page.locator("bp-nudge .verdict.kink")).to_contain_text("unit 1 for sample 3")


def test_in_the_batch_the_mean_loss_is_nudged_and_another_card_begins_at_its_top(page: Page) -> None:
    open_page(page)
    go_to(page, "dW1", "batch")
    click_weight(page, "W1:0,1")
    unfold(page)
    expect(page.locator("bp-nudge")).to_contain_text("loss of the batch")
    assert full(page, "backprop") == api(page, "/trace")["layers"][0]["dW"][0][1]
    scrolled = page.locator("bp-card .body").evaluate("(body) => { body.scrollTop = 150; return body.scrollTop; }")
    assert scrolled > 0
    click_weight(page, "W1:0,2")
    expect(page.locator("bp-card .where")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Test it: nudge w")).to_be_in_viewport()


def test_after_the_update_the_next_step_is_one_click_away(page: Page) -> None:
    open_page(page)
    page.get_by_role("slider", name="Place in the step").press("End")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.model.session.step === 1; }}")
    click_weight(page, "W1:0,0")
    page.locator("bp-card .nudge-switch").click()
    page.get_by_role("button", name="Look at the next step").click()
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.batch.header.step === 2; }}")


def test_the_nudge_breaks_no_rule(page: Page) -> None:
    open_page(page)
    go_to(page, "dx")
    click_weight(page, "W1:0,0")
    unfold(page)
    for theme in ("light", "dark"):
        use_theme(page, theme)
        assert violations(page) == [], theme
