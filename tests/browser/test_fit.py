"""No word is cut and nothing stands beside the screen, in the languages with the longest words, on small screens."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.drawing import IRIS, PLAYGROUND, open_page
from tests.thorough import usually

# Text that is wider or higher than the box that it is cut off at, and controls that reach beyond their box.
FAULTS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const styleOf = getComputedStyle;
  const isSeen = (one) =>
    one.checkVisibility({visibilityProperty: true}) && one.clientWidth > 1 && styleOf(one).display !== "inline";
  const isCut = (one) => one.scrollWidth > one.clientWidth + 1 && styleOf(one).overflowX !== "visible";
  const isShort = (one) => {
    const {font, paddingLeft, paddingRight} = styleOf(one);
    pen.font = font;
    const arrow = 16;
    const room = one.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - arrow;
    return pen.measureText(one.selectedOptions[0]?.text.trim() ?? "").width > room;
  };
  const isSign = (one) => styleOf(one).color === "rgba(0, 0, 0, 0)";
  const isBeside = (one) => {
    for (let box = one.parentElement; box; box = box.parentElement) {
      if (styleOf(box).overflowX === "visible") continue;
      const [own, outer] = [one, box].map((each) => each.getBoundingClientRect());
      if (own.right > outer.right + 1 || own.left < outer.left - 1) return true;
    }
    return false;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);
  return [
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : []),
    ...all("h1, h2, button, th, legend").filter(isCut).map((one) => `cut: ${one.textContent.trim()}`),
    // One is a sign where there is little room.
    ...all("select").filter((one) => !isSign(one) && isShort(one))
      .map((one) => `short: ${one.selectedOptions[0].text.trim()}`),
    ...all("button, select, a, h1, h2").filter(isBeside).map((one) => `beside: ${one.textContent.trim().slice(0, 40)}`),
  ];
}"""

TABLET: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
LAPTOP: ViewportSize = {"width": 1280, "height": 720}
ON_ITS_SIDE: ViewportSize = {"width": 844, "height": 390}
SIZES = {"1280x720": LAPTOP, "1024x768": TABLET, "390x844": PHONE, "844x390": ON_ITS_SIDE}


@pytest.mark.parametrize("size", usually(SIZES, "1024x768", "390x844"))
def test_every_word_has_its_room(page: Page, size: ViewportSize) -> None:
    open_page(page, IRIS, size)
    for language in ("ru", "id"):
        for tab in ("gates", "map", "loss", "layers"):
            page.evaluate(
                f"async ([tag, tab]) => {{ {PLAYGROUND} await playground.setLanguage(tag); "
                "playground.inspector.showTab(tab); "
                "await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame); }",
                [language, tab],
            )
            assert page.evaluate(FAULTS) == [], (language, tab)
        page.locator(".pills button:visible").last.click()
        page.locator(".drawer fieldset select").first.wait_for()
        assert page.evaluate(FAULTS) == [], (language, "settings")
        page.keyboard.press("Escape")
