"""Labels of the drawing never touch each other, at any operation of a step."""

from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.drawing import IRIS, TWO_HIDDEN, go_to, open_page, operations
from tests.browser.test_models import MODELS

BOXES = """() => [...document.querySelectorAll("svg.drawing text")].map((text) => {
  const {x, y, width, height} = text.getBoundingClientRect();
  // The box of a line of text has room for accents above and tails below, where digits and small letters have no ink.
  const ink = height * 0.7;
  return {text: text.textContent, x, y: y + (height - ink) / 2, width, height: ink};
})"""


def touch(a: dict[str, Any], b: dict[str, Any]) -> bool:
    is_beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return not (is_beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"])


RECIPES: dict[str, dict[str, Any] | None] = {
    "2-3-2": None,
    "2-8-8-3": TWO_HIDDEN,
    "iris": IRIS,
    "iris by squared errors": {**IRIS, "model": {**IRIS["model"], "loss": "squared_error"}},
    "sigmoid": MODELS["two sigmoids"],
    "adam": MODELS["adam"],
}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)], ids=["1440x900", "1024x768", "390x844"])
def test_no_two_labels_overlap_in_any_operation(
    page: Page, recipe: dict[str, Any] | None, size: tuple[int, int]
) -> None:
    open_page(page, recipe, {"width": size[0], "height": size[1]})
    # On a phone a deep network is wider than the screen and scrolls.
    stage = page.locator("svg.drawing").bounding_box()
    assert stage is not None
    for operation in operations(page):
        go_to(page, operation["output"], operation["scope"])
        boxes = page.evaluate(BOXES)
        overlaps = [(a["text"], b["text"]) for a, b in combinations(boxes, 2) if touch(a, b)]
        assert overlaps == [], f"at {operation['output']} ({operation['scope']})"
        outside = [
            box["text"]
            for box in boxes
            if box["x"] < stage["x"] - 1 or box["x"] + box["width"] > stage["x"] + stage["width"] + 1
        ]
        assert outside == [], f"at {operation['output']} ({operation['scope']})"
