"""The strip of a lab has room for all it says, in every language: on laptops, a phone, at 200 % and before a class."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.drawing import LAPTOP, wait_until_still
from tests.browser.hands import Mouse, Touch
from tests.browser.lab_acts import LABS, chips, cure, dead, nudging, stop, until_told
from tests.browser.test_fit import TABLET
from tests.browser.test_labs import PHONE, answer, open_lab
from tests.thorough import usually

SIZES: list[ViewportSize] = [
    {"width": 1440, "height": 900},
    {"width": 1280, "height": 720},
    {"width": 1024, "height": 768},
    {"width": 390, "height": 844},
    {"width": 720, "height": 450},
]
SCREENS: list[ViewportSize] = [{"width": 1920, "height": 1080}, {"width": 1024, "height": 768}]
# Those with the least room.
USUAL_SIZES = [SIZES[2], SIZES[3], SCREENS[1]]
# Shows every beat of all scenes, with each answer and with the longest, and counts what has to be scrolled.
SCROLLED = """async () => {
  const {labs} = window;
  const strip = document.querySelector("bp-lab");
  const {playground} = strip;
  const now = playground.state.lab;
  // Nobody does anything here.
  strip.labs.lab.begun = null;
  let seen = 0;
  const scrolled = [];
  // The instrument itself is not there, but the room that it leaves.
  const stand = document.querySelector("main").appendChild(document.createElement("i"));
  const takeRoom = (name) => {
    stand.className = ["code", "check"].includes(name) ? "is-code" : "";
    if (name) document.documentElement.dataset.stage = ["line", "depth", "bars"].includes(name) ? "drawing" : "card";
    else delete document.documentElement.dataset.stage;
  };
  for (const lab of labs) {
    const look = (about, fields) => {
      const scene = lab.scenes[fields.at];
      const trains = JSON.stringify(scene?.checkpoint ?? "").includes('[">","step",999]');
      const runs = scene?.switch.length ? scene.switch.map(({id}) => id) : [""];
      // With the last of them it is told.
      const known = {told: runs, do: runs.slice(0, -1)}[trains && fields.beat] ?? [];
      const trained = Object.fromEntries(known.map((id) => [id, {step: 1000, loss: 0.001577}]));
      const before = {answer: {}, told: null, round: 0, another: null, chip: null, beat: "ask", trained};
      playground.store.set({lab: {...now, lab, ...before, ...fields}});
      strip.update();
      takeRoom(lab.scenes[fields.at]?.show.stage);
      const body = strip.querySelector(".lab-body");
      seen++;
      if (body.scrollHeight > body.clientHeight)
        scrolled.push(`${lab.id}.${about} by ${body.scrollHeight - body.clientHeight} px`);
    };
    lab.scenes.forEach(({id, ask}, at) => {
      const words = lab.words.scenes[id];
      const {kind, options = [], right} = ask ?? {};
      const length = (option) => (words.options[option] ?? String(option)).length;
      const longest = {
        many: () => options.slice(0, 3), numbers: () => right.map(() => -9.125), number: () => -9.125,
        choice: () => options.toSorted((one, other) => length(other) - length(one))[0],
      };
      const given = ask && (longest[kind] ?? longest.choice)();
      const linesToldOf = Object.entries(words.lines).toSorted(([, one], [, other]) => other.length - one.length);
      const answer = ask ? {given, is_right: false, line: linesToldOf[0]?.[0]} : {};
      if (ask) look(`${id}.ask`, {at, answer: kind === "line" ? {line: 3} : {}});
      for (const told of ask?.rounds ? options : [])
        look(`${id}.again.${told}`, {at, answer: {given: told}, told, round: 1});
      if (words.do) look(`${id}.do`, {at, answer, beat: "do"});
      const wrong = !ask ? [] : kind === "many" ? options.map((one) => [one])
        : kind === "number" ? [given, ...Object.keys(words.wrong).map(Number).filter(Number.isFinite)]
        : kind === "numbers" ? [given] : options;
      for (const told of wrong)
        look(`${id}.told.${told}`, {at, answer: {...answer, given: told}, told, beat: "told"});
      look(`${id}.told`, {at, answer, beat: "told"});
      for (const another of lab.scenes[at].another?.cases ?? []) {
        const told = another.options.find((option) => option !== another.id);
        look(`${id}.${another.id}.again`, {at, another, answer: {given: told, is_right: false}, told});
        look(`${id}.${another.id}.told`, {at, another, answer: {given: another.id, is_right: true}, beat: "told"});
      }
    });
    look("end", {at: lab.scenes.length, beat: "told"});
  }
  return {seen, scrolled};
}"""


@pytest.mark.parametrize("usual", usually([True, False], True))
@pytest.mark.parametrize(
    ("language", "locale"),
    usually([("en", "en"), ("zh-Hans", "zh-CN"), ("id", "id"), ("ru", "ru")], ("ru", "ru"), arguments=2),
)
def test_nothing_that_is_asked_to_be_done_or_told_has_to_be_scrolled(
    browser: Browser, base_url: str, language: str, locale: str, usual: bool
) -> None:
    context = browser.new_context(base_url=base_url, locale=locale, reduced_motion="reduce")
    page = context.new_page()
    labs = [page.request.get(f"/api/v1/labs/{lab}?language={language}").json() for lab in LABS]
    for before_a_class, sizes in (("", SIZES), ("&present=1", SCREENS)):
        page.goto(f"/?lab=gate&scene=whose{before_a_class}")
        page.locator(".lab-answer").first.wait_for()
        assert page.evaluate("document.documentElement.lang") == language
        page.evaluate("(labs) => { window.labs = JSON.parse(labs); }", json.dumps(labs))
        for size in (one for one in sizes if not usual or one in USUAL_SIZES):
            page.set_viewport_size(size)
            found = page.evaluate(SCROLLED)
            assert found["seen"] > 250
            assert found["scrolled"] == [], (before_a_class, size)
    context.close()


def test_a_scene_on_paper_has_empty_cells_and_its_numbers_on_the_next_page(page: Page) -> None:
    page.goto("/?lab=gate&scene=zeros")
    page.locator(".lab-answer").first.wait_for()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    empty, answers = page.locator(".sheet-page").all()
    expect(page.locator("main")).to_be_hidden()
    expect(empty).to_contain_text("The gate of unit 2 is shut.")
    for cell in empty.locator(".unit:not([data-cell^='x:']) .unit-value, .gradient, .p, .loss-value").all():
        expect(cell).to_be_hidden()
    expect(empty.locator("[data-cell='x:0'] .unit-value")).to_be_visible()
    expect(empty).to_contain_text("W2 = (1, −1), (0.5, −1), (−0.5, 0.5)")
    expect(answers.locator("[data-cell='z1:1'] .unit-value")).to_be_visible()
    expect(answers).to_contain_text("z1 = (0.75, −2, 2.5)")
    assert answers.evaluate("(one) => getComputedStyle(one).breakBefore") == "page"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".lab-sheet")).to_have_count(0)


def test_another_sample_is_looked_at_in_the_place_that_a_scene_is_about(page: Page) -> None:
    open_lab(page, "gate", "others")
    answer(Mouse(page), 2)
    expect(page.locator("bp-card .where")).to_contain_text("unit 2")
    page.locator("button.sample:nth-child(2)").click()
    expect(page.locator("bp-card .equation")).to_contain_text("1.44")
    expect(page.locator("bp-card .where")).to_contain_text("unit 2")


def test_what_training_has_come_to_is_seen_beside_what_is_told_of_it(page: Page) -> None:
    open_lab(page, "gate", "cure")
    answer(Mouse(page), 2)
    cure(Mouse(page))
    page.locator(".lab.told").wait_for()
    expect(page.locator(".lab-trained")).to_have_text(re.compile("0.347.+0.00158"))


def test_on_a_phone_the_loss_that_training_has_come_to_stands_beside_what_is_told(
    browser: Browser, base_url: str
) -> None:
    page = browser.new_context(base_url=base_url, has_touch=True).new_page()
    open_lab(page, "gate", "dead", size=PHONE)
    hand = Touch(page)
    answer(hand, 1)
    dead(hand)
    page.locator(".lab.told").wait_for()
    expect(page.locator(".lab-trained")).to_contain_text("0.347")


# What of the things lies outside the window, or below something else.
COVERED = """(selectors) => selectors.filter((selector) => {
  const {x, y, width, height} = document.querySelector(selector).getBoundingClientRect();
  const ends = [[x + 2, y + 2], [x + width / 2, y + height / 2], [x + width - 3, y + height - 3]];
  return !ends.every(([across, down]) => document.elementFromPoint(across, down)?.closest(selector));
})"""


@pytest.mark.parametrize("size", usually([TABLET, PHONE], PHONE), ids=lambda size: str(size["width"]))
def test_a_bias_is_moved_beside_the_map_and_the_words_that_ask_for_it(
    browser: Browser, base_url: str, size: ViewportSize
) -> None:
    page = browser.new_context(base_url=base_url, has_touch=True).new_page()
    hand = Touch(page)
    open_lab(page, "gate", "dead", size=size)
    answer(hand, 1)
    if size is PHONE:
        hand.open_sheet()
    needed = ["bp-map canvas", "bp-card .slider", ".lab h2"]
    page.wait_for_function(f"(needed) => ({COVERED})(needed).length === 0", arg=needed)


def test_on_a_phone_a_press_on_the_line_above_the_strip_opens_the_explanation(browser: Browser, base_url: str) -> None:
    page = browser.new_context(base_url=base_url, has_touch=True).new_page()
    open_lab(page, "gate", "hand", size=PHONE)
    strip, line = (page.locator(place).bounding_box() for place in (".lab", "bp-card .where"))
    assert strip and line and line["y"] + line["height"] <= strip["y"]
    page.touchscreen.tap(line["x"] + line["width"] / 2, line["y"] + line["height"] / 2)
    expect(page.locator("html[data-sheet=open]")).to_be_attached()
    needed = ["bp-card .sentence", ".lab h2", ".lab-numbers"]
    page.wait_for_function(f"(needed) => ({COVERED})(needed).length === 0", arg=needed)


def test_a_slope_that_agrees_across_a_corner_is_not_said_to_differ(page: Page) -> None:
    open_lab(page, "corner", "choice")
    hand = Mouse(page)
    answer(hand, 2)
    chips(2)(hand)
    nudging("b1:1")(hand)
    expect(page.locator("bp-nudge .verdict")).to_contain_text("agree all the same")
    chips(3)(hand)
    expect(page.locator("bp-nudge .verdict")).to_contain_text("may differ")


def test_on_a_phone_a_nudge_is_seen_with_its_curve_beside_what_is_told(browser: Browser, base_url: str) -> None:
    page = browser.new_context(base_url=base_url, has_touch=True).new_page()
    open_lab(page, "gate", "stop", size=PHONE)
    hand = Touch(page)
    answer(hand, 1)
    stop(hand)
    page.locator(".lab.told").wait_for()
    needed = ["bp-nudge .measured", "bp-nudge svg.slice", ".lab-told"]
    page.wait_for_function(f"(needed) => ({COVERED})(needed).length === 0", arg=needed)


# Where things of one kind touch those of another.
TOUCHING = """([ones, others]) => {
  const boxes = (selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
  return boxes(ones).flatMap((one) => boxes(others)
    .filter((other) => one.x !== other.x && one.right > other.x && one.x < other.right &&
      one.bottom > other.y && one.y < other.bottom)
    .map((other) => [one.x, one.right, other.x, other.right]));
}"""


def acted(browser: Browser, base_url: str, lab: str, scene: str, size: ViewportSize = PHONE) -> Page:
    """A scene after its answer and its act, on a phone by finger."""
    page = browser.new_context(base_url=base_url, has_touch=size is PHONE, reduced_motion="reduce").new_page()
    hand = Touch(page) if size is PHONE else Mouse(page)
    own = next(one for one in LABS[lab] if one.id == scene)
    open_lab(page, lab, scene, size=size)
    if own.wrong is not None:
        answer(hand, own.wrong)
    assert own.act is not None
    own.act(hand)
    page.locator(".lab.told").wait_for()
    return page


@pytest.mark.parametrize(("lab", "scene"), [("corner", "doubt"), ("small", "bias"), ("small", "max")])
def test_on_a_phone_two_small_layers_are_not_scrolled_for_a_few_px(page: Page, lab: str, scene: str) -> None:
    open_lab(page, lab, scene, size=PHONE)
    assert page.locator(".stage").evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
    expect(page.locator(".more")).to_have_count(0)


def test_what_the_loss_was_is_not_cut_where_its_box_stands_at_the_lower_edge(browser: Browser, base_url: str) -> None:
    page = acted(browser, base_url, "corner", "doubt")
    old, stage = (page.locator(one).bounding_box() for one in ("svg.drawing .loss .ghost", "svg.drawing"))
    assert old and stage
    assert old["y"] + old["height"] <= stage["y"] + stage["height"]


@pytest.mark.parametrize(("lab", "scene"), [("small", "alike"), ("gate", "cure")])
def test_on_a_phone_no_number_of_a_gap_lies_on_the_way_to_the_loss(
    browser: Browser, base_url: str, lab: str, scene: str
) -> None:
    page = acted(browser, base_url, lab, scene)
    way = "(one) => Math.max(...[...one.points].map((point) => point.x))"
    right = page.locator(".loss .lane").first.evaluate(way)
    end = "(all) => all.map((one) => one.getBBox()).map(({x, width}) => x + width)"
    ends = page.locator(".gap-number").evaluate_all(end)
    assert all(end < right for end in ends)
    # The same number stands below z, if not beside the bar.
    assert page.locator("[data-cell^='z2:'] .gradient").count() == 2


def test_the_name_of_a_weight_keeps_clear_of_a_bias_with_many_digits(browser: Browser, base_url: str) -> None:
    page = acted(browser, base_url, "small", "back")
    expect(page.locator("[data-cell='b1:0'] text")).to_have_text("+0.375")
    assert page.evaluate(TOUCHING, [".weight-name", ".bias rect:not(.reach)"]) == []


@pytest.mark.parametrize("size", usually([TABLET, PHONE], PHONE), ids=lambda size: str(size["width"]))
def test_in_backward_all_tabs_of_a_lab_tell_gradients(page: Page, size: ViewportSize) -> None:
    open_lab(page, "code", "bet", size=size)
    tabs = page.locator("svg.drawing .bias text")
    told = ["+0.25", "\u22121.75", "\u22121", "\u22120.75", "\u22120.5"]
    expect(tabs).to_have_text(told)
    expect(page.locator("svg.drawing .bias.backward")).to_have_count(len(told))


def test_a_target_is_told_beside_the_class_where_its_gap_has_no_number(page: Page) -> None:
    open_lab(page, "code", "bet", size=TABLET)
    expect(page.locator("svg.drawing .output .class")).to_have_text("class 1 · target 1")
    assert page.evaluate(TOUCHING, ["svg.drawing .output .class", "svg.drawing .unit text"]) == []


@pytest.mark.parametrize("size", usually([LAPTOP, TABLET], TABLET), ids=lambda size: str(size["width"]))
def test_the_wires_that_a_lab_tells_of_bear_their_weights_and_others_stand_aside(
    browser: Browser, base_url: str, size: ViewportSize
) -> None:
    page = acted(browser, base_url, "small", "wires", size)
    for edge, weight in (("W2:0,0", "1"), ("W2:0,1", "\u22121")):
        expect(page.locator(f".edge-label[data-edge='{edge}']")).to_have_text(weight)
        expect(page.locator(f".edge[data-cell='{edge}']")).not_to_have_class(re.compile("aside"))
    expect(page.locator(".edge.aside")).to_have_count(4)


@pytest.mark.parametrize(("size", "count"), [(TABLET, 12), (PHONE, 0)], ids=["1024", "390"])
def test_weights_for_work_by_hand_stand_on_all_edges_or_on_none(page: Page, size: ViewportSize, count: int) -> None:
    open_lab(page, "gate", "hand", size=size)
    wait_until_still(page)
    expect(page.locator("svg.drawing .edge-label")).to_have_count(count)


# The edges that run through what is written at the units.
STRUCK = """() => {
  const boxes = [...document.querySelectorAll("svg.drawing .unit > .gradient")].map((one) => one.getBBox());
  return [...document.querySelectorAll("svg.drawing path.edge[data-cell]")].filter((edge) => {
    const length = edge.getTotalLength();
    const beside = edge.getAttribute("stroke-width") / 2 + 1;
    return Array.from({length: 101}, (_, k) => edge.getPointAtLength((k / 100) * length)).some((at) =>
      boxes.some(({x, y, width, height}) =>
        at.x > x - beside && at.x < x + width + beside && at.y > y + 3 && at.y < y + height - 3));
  }).map((edge) => edge.dataset.cell);
}"""


def test_no_edge_strikes_a_gradient_with_many_digits(browser: Browser, base_url: str) -> None:
    page = acted(browser, base_url, "code", "last", LAPTOP)
    expect(page.locator("[data-cell='z1:0'] > .gradient")).to_have_text("dL +0.0625")
    assert page.evaluate(STRUCK) == []


def test_on_a_phone_no_gradient_of_a_bias_touches_the_label_of_its_bar(browser: Browser, base_url: str) -> None:
    page = acted(browser, base_url, "gate", "dead")
    expect(page.locator("[data-cell='b2:1'] text")).to_have_text("\u22124.8e\u22124")
    assert page.evaluate(TOUCHING, [".output .p", ".bias rect:not(.reach)"]) == []


@pytest.mark.parametrize("size", usually([TABLET, PHONE], PHONE), ids=lambda size: str(size["width"]))
def test_the_numbers_of_a_scale_beside_the_map_stand_apart(browser: Browser, base_url: str, size: ViewportSize) -> None:
    page = acted(browser, base_url, "gate", "dead", size)
    if size is PHONE:
        Touch(page).open_sheet()
    low, middle, high = (one.bounding_box() for one in page.locator(".scale span:not(.ramp)").all())
    assert low and middle and high
    assert middle["x"] - low["x"] - low["width"] >= 4
    assert high["x"] - middle["x"] - middle["width"] >= 4


def test_the_header_counts_labs_that_are_done_and_no_list_of_small_questions(page: Page) -> None:
    page.add_init_script("localStorage.setItem('lab', JSON.stringify({gate: {isDone: true}, small: {isDone: true}}))")
    page.goto("/")
    page.locator(".labs-button").click()
    expect(page.locator(".labs-done")).to_have_count(2)
    expect(page.locator(".labs-button small")).to_have_text("1/4")


def test_the_list_of_labs_keeps_its_words_away_from_its_edge(page: Page) -> None:
    page.goto("/")
    page.locator(".labs-button").click()
    page.locator(".labs-row").first.wait_for()
    menu, words = (page.locator(place).bounding_box() for place in ("#labs-menu", "#labs-menu > p"))
    assert menu and words
    assert words["x"] - menu["x"] >= 16
    assert words["y"] - menu["y"] >= 12


def test_a_sum_of_four_ones_is_exactly_four(page: Page) -> None:
    open_lab(page, "small", "sum")
    answer(Mouse(page), 2)
    chips(6)(Mouse(page))
    numbers = page.locator("bp-card .equation .numbers")
    expect(numbers).to_contain_text("4")
    expect(numbers).not_to_contain_text("≈")


def test_a_wrong_name_in_the_hunt_is_refused_in_its_first_words(page: Page) -> None:
    open_lab(page, "code", "hunt")
    answer(Mouse(page), 2)
    expect(page.locator(".lab-told")).to_contain_text("It is another mistake")
    page.locator(".lab-next").click()
    expect(page.locator(".lab-chip.is-right")).to_contain_text("no 1/m")
    expect(page.locator(".lab-told")).to_contain_text("Each mistake shows in its rows.")


def test_who_bets_on_a_line_is_told_what_it_does(page: Page) -> None:
    open_lab(page, "code", "bet")
    page.locator(".code-lines li:nth-child(4) button").click()
    answer(Mouse(page), 2)
    page.locator(".lab-next").click()
    expect(page.locator(".lab-told")).to_have_text(
        re.compile("^Your line takes dZ3 back .+There is a trap in this code")
    )


def test_after_a_bias_is_clicked_a_phone_shows_its_gradient(browser: Browser, base_url: str) -> None:
    page = browser.new_context(base_url=base_url, has_touch=True).new_page()
    open_lab(page, "small", "bias", size=PHONE)
    hand = Touch(page)
    answer(hand, 2)
    hand.press('svg.drawing [data-cell="b2:0"]')
    page.locator(".lab.told").wait_for()
    expect(page.locator('svg.drawing [data-cell="b2:0"]')).to_contain_text("+1")


def test_the_unit_that_has_come_back_is_on_show_when_it_is_told(page: Page) -> None:
    open_lab(page, "small", "back")
    answer(Mouse(page), 1)
    until_told(Mouse(page))
    expect(page.locator('svg.drawing [data-cell="z2:1"]')).to_contain_text("0.25")
    expect(page.locator("bp-card .where")).to_contain_text("unit 2")
