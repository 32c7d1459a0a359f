"""Ways to a lab: on a first visit, and where its question comes up, at a shut gate, in a deep network, after a step."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import LAPTOP, PLAYGROUND, explain, go_to, open_page, use_language
from tests.browser.test_doctor import RIGHT, open_door
from tests.browser.test_labels import RECIPES
from tests.browser.test_labs import PHONE
from tests.thorough import usually

# What can be done on the card stays within it, and each word of it within its button.
CUT = """() => {
  const footer = document.querySelector("bp-card .actions");
  const {left, right, bottom} = footer.getBoundingClientRect();
  return [...footer.querySelectorAll("button")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.left < left || box.right > right + 1 || box.bottom > bottom + 1 || one.scrollWidth > one.clientWidth + 1;
  }).map((one) => one.textContent);
}"""
# Cards that are cut, or stand on something else; a drawing that is too low for them.
CROWDED = """() => {
  const box = (one) => document.querySelector(one).getBoundingClientRect();
  const cards = [...document.querySelectorAll(".lab-card")];
  const isCut = (one) => one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth;
  const [list, stage, network, transport] = ["bp-lab-cards", ".stage", "bp-network", "bp-transport"].map(box);
  const isPhone = getComputedStyle(document.querySelector("bp-transport")).position === "fixed";
  return [
    ...cards.filter(isCut).map((one) => one.textContent),
    ...(list.top < network.bottom || (!isPhone && list.bottom > transport.top) ? ["no place"] : []),
    ...(stage.height < 0.4 * innerHeight ? ["the drawing is too low"] : []),
  ];
}"""


def test_on_a_first_visit_labs_stand_below_the_drawing_by_their_questions(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/api/v1")[2]))
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size(LAPTOP)
    page.goto("/", wait_until="networkidle")
    cards = page.locator(".lab-card")
    expect(cards).to_have_count(4)
    assert [path for path in asked if "labs" in path] == ["/labs?language=en"]
    for language in ("en", "ru", "id", "zh-Hans"):
        use_language(page, language)
        page.wait_for_function(f"() => document.querySelector('bp-lab-cards').labs.language === '{language}'")
        for width, height in ((1440, 900), (1280, 720), (1024, 768), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert page.evaluate(CROWDED) == [], (language, width)
    page.set_viewport_size({"width": 844, "height": 390})
    expect(cards.first).to_be_hidden()
    page.set_viewport_size(LAPTOP)
    cards.first.click()
    page.wait_for_url("**lab=gate**")
    page.locator(".lab-leave").click()
    expect(page.locator("bp-doctor-button")).to_be_visible()
    expect(cards).to_have_count(0)


def test_the_question_at_a_shut_gate_opens_its_lab(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page)
    door = page.locator("bp-card .lab-door")
    go_to(page, "dx")
    page.locator('svg.drawing [data-cell="mask1:0"] rect.reach').first.click()
    expect(page.locator("bp-card .where")).to_contain_text("unit 1")
    expect(door).to_have_count(0)
    page.locator('svg.drawing [data-cell="mask1:1"] rect.reach').first.click()
    expect(door).to_have_text("Does z ≤ 0 kill the gradient?")
    door.click()
    expect(page.get_by_role("region", name="Lab: Does z ≤ 0 kill the gradient?")).to_be_visible()
    expect(page.locator(".lab-door")).to_have_count(0)


def test_four_layers_are_a_chain_and_its_lab_is_one_press_away(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, RECIPES["2-3-4-4-4-4-4-4-2"])
    go_to(page, "dx")
    explain(page, "da1", 0)
    page.locator("bp-card .lab-door").click()
    page.wait_for_url("**lab=chain**")


@pytest.mark.parametrize("size", usually([(1440, 900), (1024, 768), (390, 844)], (1024, 768)))
def test_the_door_on_the_card_is_whole_in_every_language(page: Page, size: tuple[int, int]) -> None:
    open_page(page, size={"width": size[0], "height": size[1]})
    go_to(page, "dx")
    explain(page, "dz1", 1)
    for language in ("en", "ru", "id", "zh-Hans"):
        use_language(page, language)
        expect(page.locator("bp-card .lab-door")).to_have_count(1)
        assert page.evaluate(CUT) == [], language


@pytest.mark.parametrize(
    "query", usually(["?embed=1", "?hide=header", "?hide=asking", "?present=1"], "?hide=header", "?present=1")
)
def test_a_frame_that_takes_away_the_labs_has_no_door(page: Page, query: str) -> None:
    open_page(page, url=f"/{query}")
    go_to(page, "dx")
    explain(page, "dz1", 1)
    expect(page.locator("bp-card .where")).to_contain_text("unit 2")
    expect(page.locator(".lab-door")).to_have_count(0)


def test_after_the_first_step_all_labs_are_offered_on_a_phone(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, size=PHONE)
    page.locator("bp-transport .play").click()
    page.evaluate(
        f"""async () => {{ {PLAYGROUND} const {{clock, timeline}} = playground.player;
        clock.position = timeline.duration - 1; }}"""
    )
    page.locator(".payoff .lab-door").click()
    page.locator("#labs-menu .labs-row").first.click()
    page.wait_for_url("**lab=gate**")


def test_right_gradients_lead_to_the_lab_about_code(page: Page) -> None:
    drawer = open_door(page, "Numbers by hand")
    drawer.locator("textarea").fill(RIGHT)
    drawer.get_by_role("button", name="Find the mistake").click()
    drawer.locator(".doctor-next .lab-door").click()
    page.wait_for_url("**lab=code**")
    expect(drawer).to_be_hidden()
