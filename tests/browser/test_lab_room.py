"""The strip of a lab has room for what an answer hears, in every language, on a laptop, a small screen and a phone."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

LESSONS = Path(__file__).parents[2] / "static" / "lessons"
SIZES: list[ViewportSize] = [
    {"width": 1440, "height": 900},
    {"width": 1024, "height": 768},
    {"width": 390, "height": 844},
]
# Those of the texts that do not fit where feedback stands.
SCROLLED = """texts => texts.filter((text) => {
  document.querySelector(".lab-told").textContent = text;
  const body = document.querySelector(".lab-body");
  return body.scrollHeight > body.clientHeight;
})"""


def told_in(language: str) -> list[str]:
    """What is told after one answer. Where several are wrong at once, several are told, and one may have to scroll."""
    labs = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(LESSONS.glob(f"*/{language}.json"))]
    scenes = [scene for lab in labs for scene in lab["scenes"].values()]
    return [text for scene in scenes for text in (scene["right"], *scene.get("wrong", {}).values())]


@pytest.mark.parametrize(("language", "locale"), [("en", "en"), ("zh-Hans", "zh-CN"), ("id", "id"), ("ru", "ru")])
def test_no_feedback_has_to_be_scrolled(browser: Browser, base_url: str, language: str, locale: str) -> None:
    context = browser.new_context(base_url=base_url, locale=locale, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/?lab=gate&scene=whose")
    page.locator(".lab-answer").first.click()
    page.locator(".lab.do .lab-next").click()
    page.locator(".lab-told").wait_for()
    assert page.evaluate("document.documentElement.lang") == language
    told = told_in(language)
    assert len(told) > 50
    for size in SIZES:
        page.set_viewport_size(size)
        assert page.evaluate(SCROLLED, told) == [], size
    context.close()


def test_the_list_of_labs_keeps_its_words_away_from_its_edge(page: Page) -> None:
    page.goto("/")
    page.locator(".labs-button").click()
    page.locator(".labs-row").first.wait_for()
    menu, words = (page.locator(place).bounding_box() for place in ("#labs-menu", "#labs-menu > p"))
    assert menu and words
    assert words["x"] - menu["x"] >= 16
    assert words["y"] - menu["y"] >= 12
