"""Where data have no plane, the place beside the drawing is a wall: the samples, and what the network says of each."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_accessibility import use_theme
from tests.browser.test_rows import DIGITS, OPEN, ask
from tests.thorough import usually

# As many samples as stand on one wall, in five rows of five.
ON_THE_WALL = 25
ACROSS = 5
LARGE = 280
# How many pixels below a sample, where its answer stands, are of a colour of the page: at most 24 off in each channel.
ANSWERS = """([canvas, role, across]) => {
  const probe = document.createElement("i");
  probe.style.color = `var(--${role})`;
  document.body.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
  probe.remove();
  const ctx = canvas.getContext("2d");
  const side = canvas.width / across;
  return Array.from({length: across * across}, (_, at) => {
    const [x, y] = [(at % across) * side, Math.floor(at / across) * side];
    const [top, height] = [y + 0.64 * side, 0.36 * side];
    const {data} = ctx.getImageData(Math.round(x), Math.round(top), Math.round(side), Math.round(height));
    let found = 0;
    for (let k = 0; k < data.length; k += 4) {
      found += Math.max(Math.abs(data[k] - r), Math.abs(data[k + 1] - g), Math.abs(data[k + 2] - b)) <= 24 ? 1 : 0;
    }
    return found;
  });
}"""


@pytest.fixture
def digits(page: Page) -> str:
    """The address of a session on the handwritten digits, whose wall is on show at its full size."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/")
    page.locator("bp-network svg").first.wait_for()
    session = page.evaluate(OPEN, DIGITS)
    page.wait_for_function("(width) => document.querySelector('bp-wall canvas')?.clientWidth === width", arg=LARGE)
    return f"/api/v1/sessions/{session}"


def canvas(page: Page) -> Locator:
    return page.locator("bp-wall canvas")


def answers(page: Page, role: str) -> list[int]:
    return list(page.evaluate(f"(given) => ({ANSWERS})(given)", [canvas(page).element_handle(), role, ACROSS]))


def truth(page: Page, digits: str) -> tuple[Any, Any]:
    """What the network says of each sample, by the API, and whether that is its class."""
    trace = ask(page, f"{digits}/trace")
    said = np.argmax(trace["layers"][-1]["a"], axis=1)
    return said, said == np.array(trace["batch"]["y"])


def press(page: Page, sample: int) -> None:
    side = LARGE / ACROSS
    canvas(page).click(position={"x": (sample % ACROSS + 0.4) * side, "y": (sample // ACROSS + 0.4) * side})


def test_a_press_on_a_sample_shows_it(page: Page, digits: str) -> None:
    said, _ = truth(page, digits)
    for sample in (7, 23):
        press(page, sample)
        expect(page.locator("bp-network .scope h2")).to_have_text(f"Sample {sample + 1} of 32")
        told = re.compile(rf"Sample {sample + 1} \(training sample [\d,]+\): the network says {said[sample]}")
        expect(canvas(page)).to_have_attribute("aria-valuetext", told)


@pytest.mark.parametrize("theme", usually(["light", "dark", "projector"], "projector"))
def test_right_and_wrong_answers_are_marked_and_counted(page: Page, digits: str, theme: str) -> None:
    use_theme(page, theme)
    page.get_by_role("button", name="Train 100 steps").click()
    page.wait_for_function(
        "() => { const {state} = window.playground; return state.batch.header.step === 101 && !state.live; }"
    )
    _, is_right = truth(page, digits)
    shown = is_right[:ON_THE_WALL]
    assert 0 < sum(shown) < ON_THE_WALL
    expect(page.locator(".wall-count")).to_have_text(f"{sum(shown)} of {ON_THE_WALL} right")
    for is_own, right, wrong in zip(shown, answers(page, "gate"), answers(page, "problem"), strict=True):
        assert (right > 0, wrong > 0) == (is_own, not is_own)
    paper = page.evaluate(
        "(canvas) => [...canvas.getContext('2d').getImageData(canvas.width - 1, canvas.height - 1, 1, 1).data]",
        canvas(page).element_handle(),
    )
    assert (sum(paper[:3]) < 200) == (theme == "dark")


def test_the_wall_is_walked_with_the_keyboard(page: Page, digits: str) -> None:
    wall = canvas(page)
    wall.focus()
    for key, sample in (("ArrowRight", 2), ("ArrowDown", 3), ("ArrowLeft", 2), ("End", 32), ("ArrowRight", 32)):
        page.keyboard.press(key)
        expect(wall).to_have_attribute("aria-valuenow", str(sample))
        expect(wall).to_be_focused()
    # The second wall has the other seven.
    expect(page.locator(".wall-count")).to_contain_text("of 7 right")
    page.keyboard.press("Home")
    expect(wall).to_have_attribute("aria-valuenow", "1")


def test_an_update_moves_the_wall_and_training_moves_it_on(page: Page, digits: str) -> None:
    before = canvas(page).evaluate("(canvas) => canvas.toDataURL()")
    moved = "([canvas, before]) => canvas.toDataURL() !== before"
    page.get_by_role("slider", name="Place in the step").press("End")
    page.get_by_role("button", name="Next", exact=True).click()
    page.wait_for_function(moved, arg=[canvas(page).element_handle(), before])
    after = canvas(page).evaluate("(canvas) => canvas.toDataURL()")
    page.get_by_role("button", name="Train 100 steps").click()
    page.wait_for_function(moved, arg=[canvas(page).element_handle(), after])


def test_samples_are_seen_where_the_wall_gives_way_to_an_explanation(page: Page, digits: str) -> None:
    """At 120 px a sample keeps at least two px for each pixel of a digit."""
    page.locator("[data-row='1:4']").click()
    page.wait_for_function("() => document.querySelector('bp-wall canvas').clientWidth === 120")
    ink = canvas(page).evaluate(
        """(canvas) => {
          const side = canvas.width / 5;
          const {data} = canvas.getContext("2d").getImageData(side, 0, Math.round(side), Math.round(side));
          const rows = new Set();
          for (let k = 0; k < data.length; k += 4) {
            if (data[k] < 120 && data[k + 1] < 120 && data[k + 2] < 120) rows.add(Math.floor(k / 4 / Math.round(side)));
          }
          return rows.size;
        }"""
    )
    assert ink >= 12
