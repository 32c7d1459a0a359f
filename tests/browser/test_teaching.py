"""A lab in front of a class: two keys lead through it, hands come before answers."""

from playwright.sync_api import Page, expect

from tests.browser.drawing import LAPTOP, wait_until_still
from tests.browser.hands import Hand, Mouse
from tests.browser.lab_acts import STATE, check, chips, nudge_the_weight, nudging, open_factors, pressing, switch, then
from tests.browser.test_accessibility import violations
from tests.browser.test_fit import TABLET
from tests.browser.test_modes import BEAMER


def open_scene(page: Page, scene: str) -> None:
    page.set_viewport_size(BEAMER)
    page.goto(f"/?lab=gate&scene={scene}&present=1", wait_until="commit")
    expect(page.locator(".lab.ask .lab-answer").first).to_be_visible()
    page.wait_for_selector(".present-keys")


def test_two_keys_lead_from_the_question_to_the_next_one(page: Page) -> None:
    open_scene(page, "stop")
    page.keyboard.press("2")
    expect(page.locator(".lab.ask")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(page.locator(".lab-hands")).to_have_text("Hands up")
    page.keyboard.press("PageDown")
    expect(page.locator(".lab.do h2")).to_contain_text("as far as dW")
    page.keyboard.press("PageDown")
    expect(page.locator(".lab.told .lab-told")).to_contain_text("Nothing gets through")
    page.keyboard.press("PageDown")
    page.wait_for_url(lambda url: "scene=zeros" in url)
    expect(page.locator(".lab.ask")).to_be_visible()
    page.keyboard.press("PageUp")
    page.wait_for_url(lambda url: "scene=stop" in url)


def test_once_hands_are_up_a_digit_says_what_that_answer_hears(page: Page) -> None:
    open_scene(page, "stop")
    page.keyboard.press(" ")
    page.keyboard.press("2")
    expect(page.locator(".lab.do h2")).to_contain_text("You said 0.75")
    page.keyboard.press(" ")
    expect(page.locator(".lab-told")).to_contain_text("0.75 does arrive at the gate")
    page.keyboard.press("3")
    expect(page.locator(".lab-told")).to_contain_text("−2 is a number of this gate")
    page.keyboard.press("Home")
    expect(page.locator(".lab.ask .lab-answer").first).to_be_visible()
    expect(page.locator(".lab-hands")).to_have_count(0)


def test_a_key_makes_the_screen_dark_and_bright_again(page: Page) -> None:
    open_scene(page, "stop")
    page.keyboard.press("b")
    dark = page.locator(".present-blank")
    assert dark.bounding_box() == {"x": 0, "y": 0, **BEAMER}
    page.keyboard.press("b")
    expect(dark).to_have_count(0)


# The numbers that a class could not read, with the height of their letters, once everything has the size of its place.
NUMBERS = """async () => {
  const end = performance.now() + 5000;
  const small = () => [...document.querySelectorAll("svg.drawing text, .instrument *, .lab-body *, aside *")]
    .filter((one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true})
      && !one.closest("title, .visually-hidden, sup, sub")
      && [...one.childNodes].some((node) => node.nodeType === 3 && /[0-9]/.test(node.textContent)))
    .map((one) => [one.textContent.trim(),
      parseFloat(getComputedStyle(one).fontSize) * (one.getScreenCTM?.().a ?? one.currentCSSZoom)])
    .filter(([, size]) => size < 27.9);
  do await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  while (small().length > 0 && performance.now() < end);
  return small();
}"""


def play_on_to_the_weights(hand: Hand) -> None:
    """As a teacher does, by the arrows: the transport is not there."""
    while hand.page.evaluate(f"(({{timeline, operation}}) => timeline.operations[operation].output)({STATE})") != "dW1":
        hand.page.keyboard.press("ArrowRight")
        wait_until_still(hand.page)


# The scenes in which an instrument shows most, and what is done there: a line that writes over an array, beside the
# rows of a check; all factors of a chain, of three layers with their names, beside a nudge too, and of eight with the
# twin's. And those in which a number of the drawing is nudged.
FULLEST = {
    ("gate", "stop"): then(play_on_to_the_weights, nudging("b1:1", "2.5")),
    ("corner", "road"): None,
    ("corner", "choice"): then(chips(2), nudging("b1:1"), chips(3)),
    ("chain", "seven"): then(pressing(".lab-answers .lab-chip:nth-child(3)"), open_factors),
    ("chain", "seven", "nudged"): then(chips(3), open_factors, nudge_the_weight),
    ("chain", "shut"): chips(2),
    ("chain", "weights"): pressing(".twin-switch"),
    ("chain", "deep"): None,
    ("code", "again"): then(pressing(switch(1, 2)), check, pressing(".code-lines li:nth-child(6) button")),
    ("code", "hunt"): check,
}
SCREENS = [BEAMER, LAPTOP, TABLET]
# What a class would have to scroll to, and what reaches below the strip, once everything has the size of its place.
OUT_OF_SIGHT = """async () => {
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const end = performance.now() + 10_000;
  const outOfSight = () => {
    const {top} = document.querySelector(".lab").getBoundingClientRect();
    const parts = [...document.querySelectorAll(".instrument, .instrument *, .lab-body, bp-card .body, bp-nudge *")]
      .filter((one) => one.checkVisibility() && one.clientHeight > 1 && !one.matches("canvas"));
    const isScrolled = (one) =>
      one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY !== "visible";
    const isBelow = (one) => one.closest(".instrument, aside") && one.getBoundingClientRect().bottom > top;
    return parts.filter((one) => isScrolled(one) || isBelow(one)).map((one) => one.className || one.localName);
  };
  do await frames(); while (outOfSight().length > 0 && performance.now() < end);
  return outOfSight();
}"""


def test_every_instrument_is_read_from_the_last_row_and_nothing_of_it_is_scrolled(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    for (lab, scene, *_), act in FULLEST.items():
        page.set_viewport_size(BEAMER)
        page.goto(f"/?lab={lab}&scene={scene}&present=1")
        page.locator(".lab-foot").wait_for()
        if page.evaluate(f"{STATE}.lab.stage.name"):
            page.locator(".instrument").wait_for()
        page.wait_for_selector(".present-keys")
        assert page.evaluate(NUMBERS) == [], scene
        if act:
            page.keyboard.press("PageDown")
            if scene != "hunt":
                page.keyboard.press("PageDown")
            act(Mouse(page))
        # What comes of a nudge is seen, in numbers and as a curve.
        for part in page.locator("bp-nudge").all():
            expect(part.locator(".measured, .backprop, svg.slice")).to_have_count(3)
            expect(part.locator("svg.slice")).to_be_visible()
        for size in SCREENS:
            page.set_viewport_size(size)
            assert page.evaluate(OUT_OF_SIGHT) == [], (scene, size)
        page.set_viewport_size(BEAMER)
        assert page.evaluate(NUMBERS) == [], scene


def test_hands_go_up_without_a_line_of_their_own(page: Page) -> None:
    page.set_viewport_size(TABLET)
    page.goto("/?lab=chain&scene=seven&present=1")
    page.locator(".lab-answer").first.wait_for()
    page.wait_for_selector(".present-keys")
    page.keyboard.press("PageDown")
    expect(page.locator(".lab-hands")).to_be_visible()
    assert page.evaluate(OUT_OF_SIGHT) == []


def test_the_last_row_reads_it_and_the_drawing_stays_free(page: Page) -> None:
    open_scene(page, "stop")
    sizes = page.locator(".lab-text, .lab-answer").evaluate_all(
        "(texts) => texts.map((text) => parseFloat(getComputedStyle(text).fontSize))"
    )
    assert min(sizes) >= 28
    strip = page.locator(".lab").bounding_box()
    lowest = page.locator("svg.drawing text").evaluate_all(
        "(texts) => Math.max(...texts.map((text) => text.getBoundingClientRect().bottom))"
    )
    assert strip and lowest <= strip["y"]
    assert page.evaluate(NUMBERS) == []
    assert violations(page) == []
