"""Three ways of using the page: by mouse, by keyboard alone, by touch. A walk is written once for all of them."""

from contextlib import suppress
from typing import Protocol

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

# Notes whether the next press is heard.
LISTEN = """() => {
  window.isPressed = false;
  addEventListener("click", () => (window.isPressed = true), {capture: true, once: true});
}"""
# Where something is hit, once it stands still. What of an edge answers a press lies beside it, where no other one lies
# above it; or on the edge, at least 6 px from the other one that lies there, as the nearest answers.
SPOT = """async (selector) => {
  const spotOf = (element) => {
    const hit = element.matches(".edge") ? element.nextElementSibling : element;
    const isFree = (x, y) => hit.contains(document.elementFromPoint(x, y));
    const parts = Array.from({length: 43}, (_, place) => 0.1 + 0.02 * place);
    const placesOf = (path) =>
      parts.map((part) => path.getPointAtLength(part * path.getTotalLength()).matrixTransform(path.getScreenCTM()));
    if (hit.getTotalLength && hit.matches(".edge-hit")) {
      const places = placesOf(hit);
      const isNearest = (place) => {
        const other = document.elementFromPoint(place.x, place.y);
        const isFar = ({x, y}) => Math.hypot(x - place.x, y - place.y) > 6;
        return other?.matches(".edge-hit") && placesOf(other).every(isFar);
      };
      const place = places.find(({x, y}) => isFree(x, y)) ?? places.find(isNearest);
      if (place) return [place.x, place.y];
    }
    const {x, y, width, height} = hit.getBoundingClientRect();
    for (const [across, down] of [[0.5, 0.5], [0.5, 0.25], [0.5, 0.75], [0.2, 0.5], [0.8, 0.5]])
      if (isFree(x + across * width, y + down * height)) return [x + across * width, y + down * height];
    return null;
  };
  const end = performance.now() + 30_000;
  let before = null;
  while (performance.now() < end) {
    const element = document.querySelector(selector);
    element?.scrollIntoViewIfNeeded();
    const spot = element && spotOf(element);
    if (spot && before?.element === element && String(before.spot) === String(spot)) return spot;
    before = {element, spot};
    await new Promise(requestAnimationFrame);
  }
  return null;
}"""

# How many presses of Tab it is to something, backwards below 0; null: it has the focus. As near as one can count: what
# belongs together may take the focus as one.
WAY = """(selector) => {
  const now = document.activeElement;
  if (now.matches(selector) || (now.matches(".edge-hit") && now.previousElementSibling.matches(selector))) return null;
  const wanted = document.querySelector(selector);
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && !one.closest("[inert]") && one.checkVisibility());
  const to = all.indexOf(wanted?.matches(".edge") ? wanted.nextElementSibling : wanted);
  const from = all.indexOf(now);
  return to < 0 || from < 0 ? 1 : to - from;
}"""


class Hand(Protocol):
    """Who uses the page."""

    page: Page

    def press(self, selector: str) -> None: ...

    def choose(self, selector: str, option: str) -> None: ...

    def pick(self, name: str, number: int) -> None:
        """The choice of this number, from 1, of a menu of the transport."""

    def type(self, selector: str, text: str) -> None: ...

    def play_on(self) -> None:
        """One operation further, whether it is seen to its end or not."""


class Mouse:
    """Clicks, with a look at what lies under the pointer."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        self.page.mouse.click(*self.spot(selector))

    def spot(self, selector: str) -> tuple[float, float]:
        spot = self.page.evaluate(SPOT, selector)
        assert spot, f"nothing can be hit: {selector}"
        x, y = spot
        return x, y

    def choose(self, selector: str, option: str) -> None:
        self.page.locator(selector).select_option(option)

    def pick(self, name: str, number: int) -> None:
        self.press(f".opener.{name}")
        self.page.locator(f"#menu-{name}.is-placed").wait_for()
        self.press(f"#menu-{name} button:nth-of-type({number})")

    def type(self, selector: str, text: str) -> None:
        self.press(selector)
        self.page.locator(selector).first.fill(text)
        self.page.keyboard.press("Enter")

    def play_on(self) -> None:
        self.press(".transport .later")


class Touch(Mouse):
    """Taps; what the card says is one swipe up."""

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.wait_for(state="attached")
        # The strip of a lab stands below the sheet.
        where = "(selector) => document.querySelector(selector)?.closest('aside, dialog, bp-lab')?.localName ?? ''"
        place = self.page.evaluate(where, selector)
        if place == "aside":
            self.open_sheet()
        elif place == "" and self.page.locator("html[data-sheet=open]").count() > 0:
            self.page.locator(".handle").tap()
        self.tap(selector)

    def tap(self, selector: str) -> None:
        """A busy browser may take a tap for a long press, which presses nothing: then once more."""
        for _ in range(3):
            self.page.evaluate(LISTEN)
            self.page.touchscreen.tap(*self.spot(selector))
            with suppress(PlaywrightTimeout):
                self.page.wait_for_function("() => window.isPressed !== false", timeout=3_000)
                return

    def open_sheet(self) -> None:
        if self.page.locator("html[data-sheet=open]").count() == 0:
            self.page.locator(".handle").tap()
            expect(self.page.locator("html[data-sheet=open]")).to_be_attached()


class Keys:
    """Tab to what is wanted, the shorter way round, and Enter; nothing is pointed at."""

    MOST = 160

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, selector: str) -> None:
        self.page.locator(selector).first.wait_for(state="attached")
        pressed = 0
        while pressed < self.MOST:
            way = self.page.evaluate(WAY, selector)
            if way is None:
                return
            self.hold("Tab", max(1, abs(way)), "" if way >= 0 else "Shift")
            pressed += max(1, abs(way))
        raise AssertionError(f"Tab does not lead to {selector}")

    def hold(self, key: str, times: int, other: str) -> None:
        """Hold a key until it has come so many times."""
        keyboard = self.page.keyboard
        for one in filter(None, [other]):
            keyboard.down(one)
        for _ in range(times):
            keyboard.down(key)
        for one in filter(None, [key, other]):
            keyboard.up(one)

    def press(self, selector: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Enter")

    def choose(self, selector: str, option: str) -> None:
        offered = """([selector, option]) =>
          [...document.querySelectorAll(`${selector} option`)].some((one) => one.value === option)"""
        self.page.wait_for_function(offered, arg=[selector, option])
        self.reach(selector)
        options = self.page.locator(f"{selector} option").evaluate_all("(all) => all.map(({value}) => value)")
        self.page.keyboard.press("Home")
        for _ in range(options.index(option)):
            self.page.keyboard.press("ArrowDown")
        expect(self.page.locator(selector)).to_have_value(option)

    def pick(self, name: str, number: int) -> None:
        self.press(f".opener.{name}")
        self.page.locator(f"#menu-{name} :focus").wait_for()
        self.page.keyboard.press("Home")
        for _ in range(number - 1):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")

    def type(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def play_on(self) -> None:
        self.page.keyboard.press("ArrowRight")
