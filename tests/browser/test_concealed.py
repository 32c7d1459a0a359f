"""What a lab asks for stands nowhere on the page before the answer, and everywhere after it."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import LAPTOP
from tests.thorough import usually

LESSONS = Path(__file__).parents[2] / "static" / "lessons"

# In the page: where what a scene hides can be read.
LOOK = (Path(__file__).parent / "concealed.js").read_text(encoding="utf-8")

ENTER = """async ([lab, scene]) => {
  const {labs, playground} = document.querySelector("bp-network");
  playground.inspector.showTab("");
  window.heardBefore = new Set(document.querySelectorAll("bp-narrator p"));
  if (!await labs.enter(lab, scene)) throw new Error(`${lab}/${scene} does not open`);
  do await new Promise(requestAnimationFrame); while (playground.player.clock.following.length > 0);
}"""
ANSWER = """async (right) => {
  const {labs, playground} = document.querySelector("bp-network");
  labs.lab.answer(right);
  do await new Promise(requestAnimationFrame); while (playground.player.clock.following.length > 0);
}"""


def scenes_that_hide() -> list[tuple[str, dict[str, Any]]]:
    labs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(LESSONS.glob("*/lesson.json"))]
    return [(lab["id"], scene) for lab in labs for scene in lab.get("scenes", []) if scene.get("hide")]


# One for each kind of what is hidden: all numbers, whole tensors, single numbers, a gate with what it stops.
USUAL = {"gate/hand", "small/bias", "gate/zeros", "gate/stop", "small/cut"}


@pytest.mark.parametrize("is_usual", usually([True, False], True))
def test_what_a_scene_hides_is_told_by_nothing_before_the_answer_and_by_all_after_it(
    page: Page, is_usual: bool
) -> None:
    page.set_viewport_size(LAPTOP)
    page.emulate_media(reduced_motion="reduce")
    page.goto("/?lab=gate&scene=1")
    page.locator(".lab-foot").wait_for()
    page.locator("svg.drawing").wait_for()
    looked = 0
    for lab, scene in scenes_that_hide():
        name = f"{lab}/{scene['id']}"
        if is_usual and name not in USUAL:
            continue
        looked += 1
        page.evaluate(ENTER, [lab, scene["id"]])
        asked = scene["ask"].get("cells", scene["hide"])
        hidden = [cell["tensor"] for cell in scene["hide"]]
        # What a gate lets through is told by its slope.
        assert {f"mask{tensor[2:]}" for tensor in hidden if tensor.startswith("dz")} <= set(hidden), name
        before = page.evaluate(LOOK, [scene["hide"], asked])
        assert before["told"] == {}, name
        page.evaluate(ANSWER, scene["ask"]["right"])
        after = page.evaluate(LOOK, [scene["hide"], asked])
        assert after["cells"], name
        for cell in after["cells"]:
            assert {"drawing", "table"} <= set(after["told"].get(cell, [])), (name, cell)
        for cell in after["visited"]:
            assert "card" in after["told"][cell], (name, cell)
        if name == "gate/stop":
            assert "shut" not in before["sentence"]
            assert "shut" in after["sentence"]
        if name == "gate/zeros":
            assert "cross" in after["told"]["da1[1]"]
    assert looked == len(USUAL if is_usual else scenes_that_hide())


def test_in_front_of_a_class_the_strip_speaks_and_no_caption(page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    page.emulate_media(reduced_motion="reduce")
    page.goto("/?lab=gate&scene=stop&present=1")
    expect(page.locator(".lab .lab-answer").first).to_be_visible()
    expect(page.locator(".present-caption")).to_have_count(0)
