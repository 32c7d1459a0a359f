"""What stands beside the drawing keeps to its own place: no control is cut, covered or crossed by a line."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.drawing import IRIS, PLAYGROUND, TWO_HIDDEN, explain, go_to, open_page, use_language
from tests.browser.test_labels import RECIPES
from tests.thorough import usually

EIGHT_LAYERS = RECIPES["2-3-4-4-4-4-4-4-2"]
IRIS_OF_FOUR = RECIPES["4-10-10-3"]

WORDS_BEYOND_THE_SCRUBBER = """() => {
  const boxOf = (one) => document.querySelector(one).getBoundingClientRect();
  const [label, timeline] = [boxOf("bp-learning-curve p"), boxOf(".timeline")];
  const {scrollWidth, clientWidth} = document.querySelector("bp-learning-curve p");
  // In px: before the scrubber begins, behind its end, and of the words what is cut.
  return [timeline.left - label.left, label.right - timeline.right, scrollWidth - clientWidth].filter((by) => by > 1);
}"""
CUT_PILLS = """() => {
  const {right} = document.querySelector(".pills").getBoundingClientRect();
  return [...document.querySelectorAll(".pill")].filter((pill) => pill.getBoundingClientRect().right > right + 1)
    .map((pill) => pill.textContent.trim());
}"""
# The number of the last one that is shortened: the name of the data gives way before the others.
SHORTENED_PILLS = """() => Math.max(0, ...[...document.querySelectorAll(".pill")]
  .map((pill, place) => (pill.scrollWidth > pill.clientWidth ? place + 1 : 0)))"""
# The way to the loss begins behind the label of its output, and runs neither through its box nor along an edge of it.
WAY = """() => {
  const points = document.querySelector(".loss .lane").getAttribute("points").split(" ")
    .map((at) => at.split(",").map(Number));
  const {x, y, width, height} = document.querySelector(".loss rect").getBBox();
  const label = [...document.querySelectorAll(".output .p")].map((text) => text.getBBox())
    .filter((box) => box.y <= points[0][1] && points[0][1] <= box.y + box.height)
    .reduce((end, box) => Math.max(end, box.x + box.width), 0);
  const isAtEdge = (level) => Math.min(Math.abs(level - y), Math.abs(level - y - height)) < 4;
  const isNear = (from, to) => from[1] === to[1] && isAtEdge(from[1]) && Math.max(from[0], to[0]) > x + 1;
  return {
    isStruck: points[0][0] < label,
    isAlong: points.slice(1).some((to, at) => isNear(points[at], to)),
  };
}"""


@pytest.mark.parametrize("size", usually([(1440, 900), (1024, 768), (844, 390), (390, 844), (720, 450)], (1024, 768)))
def test_the_words_of_the_curve_stay_over_the_scrubber(page: Page, size: tuple[int, int]) -> None:
    open_page(page, IRIS_OF_FOUR, {"width": size[0], "height": size[1]})
    for theme in range(3):
        page.locator(".themes button").nth(theme).click()
        assert page.evaluate(WORDS_BEYOND_THE_SCRUBBER) == [], theme


@pytest.mark.parametrize("recipe", usually({"2-8-8-3": TWO_HIDDEN, "eight layers": EIGHT_LAYERS}, "2-8-8-3"))
def test_no_setting_in_the_header_is_cut(page: Page, recipe: dict[str, Any]) -> None:
    open_page(page, recipe)
    for width in (1440, 1280, 1024):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate(CUT_PILLS) == [], width
    page.locator(".themes button").nth(2).click()
    for width, height in ((720, 450), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(CUT_PILLS) == [], width
        assert page.evaluate(SHORTENED_PILLS) <= 1, width


@pytest.mark.parametrize(
    "size",
    usually(
        [(1920, 1080), (1440, 900), (1366, 768), (1280, 720), (1024, 768), (844, 390), (390, 844)],
        (1280, 720),
    ),
)
def test_the_way_to_the_loss_crosses_no_word_and_no_edge(page: Page, size: tuple[int, int]) -> None:
    for recipe in (None, TWO_HIDDEN):
        open_page(page, recipe, {"width": size[0], "height": size[1]})
        go_to(page, "sample_loss")
        assert page.evaluate(WAY) == {"isStruck": False, "isAlong": False}


@pytest.mark.parametrize("size", usually([(390, 844), (360, 800)], (360, 800)))
def test_on_a_phone_the_row_of_buttons_stands_whole_above_the_sheet(page: Page, size: tuple[int, int]) -> None:
    open_page(page, None, {"width": size[0], "height": size[1]})
    sheet = page.locator("aside").bounding_box()
    assert sheet is not None
    for button in page.locator(".asking button:not(.lab-card)").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= sheet["y"]


@pytest.mark.parametrize("width", usually([844, 720], 720))
def test_the_folded_card_says_its_whole_sentence(page: Page, width: int) -> None:
    open_page(page, None, {"width": width, "height": 390 if width == 844 else 450})
    for output in ("z1", "mask1", "sample_loss", "dz1", "dx"):
        go_to(page, output)
        sentence = page.locator("bp-card .sentence")
        assert sentence.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1"), (output, sentence.text_content())


def test_the_curve_tells_of_the_step_on_show(page: Page) -> None:
    open_page(page)
    go_to(page, "b2_next", "batch")
    page.wait_for_function("() => document.querySelector('bp-learning-curve canvas').ariaValueMax === '2'")
    go_to(page, "z1")
    assert (page.locator("bp-learning-curve p").text_content() or "").strip().startswith("Step 1: mean loss 0.804")
    assert page.locator(".scope-step").text_content() == "Step 1"


def a_faded_bias_covers_the_circle_below_it(page: Page) -> None:
    go_to(page, "dx")
    tab = page.locator(".bias.silent rect:not(.reach)").first
    assert tab.evaluate("(one) => [getComputedStyle(one).opacity, getComputedStyle(one).fillOpacity]") == ["1", "1"]
    page.locator(".bias.silent").first.focus()
    page.keyboard.press("Shift")
    assert tab.evaluate("(one) => getComputedStyle(one).strokeOpacity") == "1"


def test_the_map_and_its_switch_stand_beside_each_other_in_every_language(page: Page) -> None:
    size: ViewportSize = {"width": 1024, "height": 768}
    open_page(page, None, size)
    for language in ("en", "ru", "id", "zh-Hans"):
        use_language(page, language)
        switch, tools = (page.locator(one).bounding_box() for one in (".place-switch", ".map-tools"))
        assert switch is not None
        assert tools is not None
        assert switch["x"] + switch["width"] <= tools["x"], language
        assert abs(switch["y"] - tools["y"]) <= 2, language


COVERED = """() => {
  const boxOf = (one) => one.getBoundingClientRect();
  const caption = boxOf(document.querySelector(".caption"));
  const isBeside = (box) => box.right <= caption.left + 1 || caption.right <= box.left + 1;
  const isAbove = (box) => box.bottom <= caption.top + 1 || caption.bottom <= box.top + 1;
  const isOver = (box) => box.width > 0 && !isBeside(box) && !isAbove(box);
  // What of the legend has no room in its lines is not seen.
  const legend = boxOf(document.querySelector(".drawing-legend"));
  const isCutOff = (one) => one.matches("li") && boxOf(one).bottom > legend.bottom + 1;
  const words = [...document.querySelectorAll("svg.drawing text, .drawing-legend li, .transport :is(button, select)")];
  return words.filter((one) => one.checkVisibility({visibilityProperty: true}))
    .filter((one) => !isCutOff(one) && isOver(boxOf(one)))
    .map((one) => one.textContent.trim());
}"""


@pytest.mark.parametrize(
    "size",
    usually(
        [(1920, 1080), (1440, 900), (1366, 768), (1280, 720), (1024, 768), (844, 390), (390, 844)],
        (390, 844),
    ),
)
def test_the_last_caption_of_the_opening_covers_no_number_no_key_and_no_button(
    page: Page, size: tuple[int, int]
) -> None:
    open_page(page, None, {"width": size[0], "height": size[1]})
    for language in ("en", "ru", "id", "zh-Hans"):
        use_language(page, language)
        page.evaluate(
            f"async () => {{ {PLAYGROUND} playground.player.opening.play(); playground.player.opening.end(); }}"
        )
        caption = page.locator(".caption")
        caption.wait_for()
        assert page.evaluate(COVERED) == [], language
        assert caption.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1"), language


def nothing_but_the_margin_is_below_the_transport_and_the_doctor_moves_nothing_down(page: Page) -> None:
    transport = page.locator("bp-transport")
    before = transport.bounding_box()
    assert before is not None
    assert before["y"] + before["height"] == pytest.approx(900 - 24, abs=1)
    page.locator(".doctor-open").click()
    page.locator(".doctor").wait_for()
    assert transport.bounding_box() == before


def the_phones_buttons_stand_evenly_and_its_legend_has_whole_lines(page: Page) -> None:
    go_to(page, "mask1")
    boxes = [button.bounding_box() for button in page.locator(".asking button:not(.lab-card)").all()]
    ends = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    gaps = [after[0] - before[1] for before, after in pairwise(ends)]
    assert len(gaps) == 2
    assert max(gaps) - min(gaps) <= 1
    half = page.evaluate(
        """() => { const {bottom} = document.querySelector(".drawing-legend").getBoundingClientRect();
        return [...document.querySelectorAll(".drawing-legend li")].map((one) => one.getBoundingClientRect())
          .filter((box) => box.top < bottom - 1 && box.bottom > bottom + 1).length; }"""
    )
    assert half == 0


def a_finger_gets_to_the_api_and_to_presenting_on_a_phone(page: Page) -> None:
    page.locator(".share-button").click()
    link = page.locator(".share-more").get_by_role("link")
    assert link.get_attribute("href") == "docs"
    link.scroll_into_view_if_needed()
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 36
    page.locator(".share-more").get_by_role("button").click()
    page.locator(".present-caption").wait_for()
    assert not page.locator("#share-menu").is_visible()


def test_a_phone(page: Page) -> None:
    open_page(page, None, {"width": 390, "height": 844})
    the_phones_buttons_stand_evenly_and_its_legend_has_whole_lines(page)
    a_finger_gets_to_the_api_and_to_presenting_on_a_phone(page)


# A part of the line over the drawing, or a sample's button, of which a piece is seen.
CUT_OVER = """() => {
  const boxOf = (one) => one.getBoundingClientRect();
  const [line, head] = [".scope p", ".scope"].map((one) => boxOf(document.querySelector(one)));
  const parts = [...document.querySelectorAll(".scope p span")].filter((one) => boxOf(one).top < line.bottom - 2);
  return [
    ...parts.filter((one) => boxOf(one).right > line.right + 1),
    ...[...document.querySelectorAll(".scope .sample")].filter((one) => boxOf(one).right > head.right),
  ].map((one) => one.textContent);
}"""


@pytest.mark.parametrize(
    "size",
    usually([(1520, 800), (1440, 900), (1280, 720), (1180, 760), (1024, 768), (800, 700)], (800, 700)),
)
def test_what_came_of_a_step_is_said_whole_and_covers_no_word(page: Page, size: tuple[int, int]) -> None:
    for recipe in (None, {**IRIS, "batch_size": 8}):
        open_page(page, recipe, {"width": size[0], "height": size[1]})
        page.locator("bp-transport .play").click()
        page.evaluate(
            f"""async () => {{ {PLAYGROUND} const {{clock, timeline}} = playground.player;
            clock.position = timeline.duration - 1; }}"""
        )
        said = page.locator(".payoff p")
        said.wait_for()
        for language in ("en", "ru", "id", "zh-Hans"):
            use_language(page, language)
            assert page.evaluate(COVERED.replace(".caption", ".payoff")) == [], language
            [strip, words] = [page.locator(one).bounding_box() for one in (".payoff", ".payoff p")]
            assert strip is not None
            assert words is not None
            assert words["y"] >= strip["y"], language
            assert words["y"] + words["height"] <= strip["y"] + strip["height"], language
            assert page.evaluate(CUT_OVER) == [], language


WHOLE_UNITS_SEEN = """() => {
  const {bottom} = document.querySelector(".stage").getBoundingClientRect();
  const rows = [...document.querySelectorAll('[data-row^="1:"] .row-back')];
  return rows.filter((row) => row.getBoundingClientRect().bottom <= bottom).length;
}"""


DIGITS_ON_BARS = """() => {
  const boxesOf = (one, of) => [...one.querySelectorAll(of)].map((each) => each.getBoundingClientRect())
    .filter(({width}) => width > 0);
  const isOver = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return [...document.querySelectorAll(".row")].flatMap((row) => {
    const bars = boxesOf(row, ".row-value, .row-zero, .p-back, .target");
    return [...row.querySelectorAll(".row-number")]
      .filter((text) => bars.some((bar) => isOver(text.getBoundingClientRect(), bar)))
      .map((text) => text.textContent);
  });
}"""


@pytest.mark.parametrize("size", usually([(390, 844), (360, 800), (412, 915)], (360, 800)))
def test_units_of_a_wide_network_are_seen_on_a_phone_before_anybody_scrolls(page: Page, size: tuple[int, int]) -> None:
    open_page(page, RECIPES["64-16-10"], {"width": size[0], "height": size[1]})
    for theme in range(3):
        page.locator(".themes button").nth(theme).click()
        assert page.evaluate(WHOLE_UNITS_SEEN) >= 7, theme
        assert page.evaluate(DIGITS_ON_BARS) == [], theme


WALL = """() => {
  const boxOf = (one) => document.querySelector(one).getBoundingClientRect();
  const [wall, choice, count, aside] = ["bp-wall canvas", ".place-switch", ".wall-count", "aside"].map(boxOf);
  return {
    isCovered: choice.width > 0 && choice.bottom > wall.top,
    isCountInOneLine: count.height < 32,
    isCut: [...document.querySelectorAll("bp-wall li")].some((one) => one.getBoundingClientRect().right > aside.right),
  };
}"""


@pytest.mark.parametrize("size", usually([(1440, 900), (1366, 768), (1024, 768)], (1024, 768)))
def test_the_wall_is_covered_by_nothing_and_its_key_is_whole(page: Page, size: tuple[int, int]) -> None:
    open_page(page, RECIPES["64-16-10"], {"width": size[0], "height": size[1]})
    page.locator("bp-wall canvas").wait_for()
    assert page.evaluate(WALL) == {"isCovered": False, "isCountInOneLine": True, "isCut": False}


# What is cut in the column beside the drawing, and what of the box of the loss stands on its rim.
CUT_BESIDE = """async () => {
  const {playground: {player}} = document.querySelector("bp-network");
  const {operations} = player.timeline;
  const boxOf = (one) => one.getBoundingClientRect();
  const found = [];
  for (const [place, operation] of operations.entries()) {
    if (operations[place + 1]?.segment === operation.segment) continue;
    player.seek(operation.start + operation.duration);
    do await new Promise(requestAnimationFrame); while (player.clock.following.length > 0);
    const [side, above, body, sentence] = ["aside", "bp-place", "bp-card .body", "bp-card .sentence"]
      .map((one) => document.querySelector(one));
    const cut = [
      sentence && boxOf(sentence).bottom > boxOf(body).bottom - 12 ? "the sentence" : "",
      boxOf(document.querySelector("bp-card")).bottom > boxOf(side).bottom + 1 ? "the card" : "",
      ...[...above.querySelectorAll("li, .axis")].filter((one) => boxOf(one).bottom > boxOf(above).bottom)
        .map((one) => one.textContent.trim()),
    ];
    const [rect] = document.querySelectorAll(".loss rect");
    const rim = boxOf(rect);
    const words = [...document.querySelectorAll(".loss :is(.loss-name, .loss-value, .is-inside)")];
    cut.push(...words.filter((one) => {
      const {top, bottom, left, right, height} = boxOf(one);
      const [high, low] = [top + 0.15 * height, bottom - 0.15 * height];
      return high < rim.top + 1 || low > rim.bottom - 1 || left < rim.left + 3 || right > rim.right - 3;
    }).map((one) => one.textContent));
    found.push(...cut.filter(Boolean).map((one) => `${operation.output}: ${one}`));
  }
  return found;
}"""


@pytest.mark.parametrize("name", usually(["2-3-2", "2-8-8-3", "4-10-10-3", "64-16-10"], "4-10-10-3"))
def test_nothing_beside_the_drawing_or_in_the_box_of_the_loss_is_cut(page: Page, name: str) -> None:
    open_page(page, RECIPES[name])
    for width, height in ((1440, 900), (1366, 768), (1280, 720), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in (0, 2):
            page.locator(".themes button").nth(theme).click()
            page.evaluate("() => new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))")
            assert page.evaluate(CUT_BESIDE) == [], (width, theme)


def test_labels_of_a_kind_stand_all_or_not_at_all(page: Page) -> None:
    open_page(page, IRIS_OF_FOUR, {"width": 1280, "height": 720})
    lines = page.locator("svg.drawing .column-name").all_text_contents()
    assert lines == ["sepal", "length", "sepal", "width", "petal", "length", "petal", "width"]
    open_page(page)
    page.locator(".themes button").nth(2).click()
    go_to(page, "dx")
    words = page.locator("svg.drawing .gate .label").all_text_contents()
    assert len({len(word.split()) for word in words}) == 1, words


def test_of_gradients_on_edges_the_asked_one_stands_first_and_small_ones_not_alone(page: Page) -> None:
    open_page(page, None, {"width": 1024, "height": 768})
    go_to(page, "dW1")
    labels = page.locator("svg.drawing .edge-label")
    assert set(labels.all_text_contents()) != {"0"}
    page.set_viewport_size({"width": 1440, "height": 900})
    # The browser tells of another size with its next frame: what is to be pressed stands somewhere else then.
    page.evaluate("() => new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))")
    explain(page, "W1", 1, 2)
    assert labels.first.text_content() == "+0.152"


def who_asks_about_the_loss_sees_a_ring_around_it(page: Page) -> None:
    go_to(page, "sample_loss")
    page.locator("svg.drawing .loss").click()
    ring, box = (page.locator(f"svg.drawing {one}").bounding_box() for one in (".pick.ring", ".loss rect"))
    assert ring is not None
    assert box is not None
    assert ring["x"] < box["x"]
    assert ring["x"] + ring["width"] > box["x"] + box["width"]


def test_a_laptop(page: Page) -> None:
    open_page(page)
    a_faded_bias_covers_the_circle_below_it(page)
    who_asks_about_the_loss_sees_a_ring_around_it(page)
    nothing_but_the_margin_is_below_the_transport_and_the_doctor_moves_nothing_down(page)


def test_units_keep_their_pictures_where_nobody_sees_the_map(page: Page) -> None:
    open_page(page, None, {"width": 800, "height": 500}, "/?embed=1")
    page.locator(".gate.pictured").first.wait_for()
    go_to(page, "b2_next", "batch")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.session.furthest_step > 0; }}")
    go_to(page, "z1")
    assert page.locator(".gate.pictured").count() == 3


TICKS_AT_LABELS = """() => {
  const boxes = (one) => [...document.querySelectorAll(one)].map((each) => each.getBoundingClientRect());
  const ticks = boxes(".output .target");
  return boxes(".output .p, .output .class").filter((label) => ticks.some((tick) =>
    tick.left < label.right && tick.right > label.left && tick.bottom > label.top - 1 && tick.top < label.bottom + 1))
    .length;
}"""


@pytest.mark.parametrize("size", usually([(844, 390), (720, 450), (1024, 768), (390, 844)], (844, 390)))
def test_no_tick_of_a_bar_touches_a_label(page: Page, size: tuple[int, int]) -> None:
    for recipe in (IRIS_OF_FOUR, TWO_HIDDEN, None):
        open_page(page, recipe, {"width": size[0], "height": size[1]})
        go_to(page, "sample_loss")
        assert page.locator(".output .target").count() > 0
        assert page.evaluate(TICKS_AT_LABELS) == 0


@pytest.mark.parametrize("size", usually([(390, 844), (844, 390)], (844, 390)))
def test_layers_and_table_are_seen_at_once_where_they_are_in_the_sheet(page: Page, size: tuple[int, int]) -> None:
    open_page(page, None, {"width": size[0], "height": size[1]})
    page.locator(".panel-open").click()
    page.locator("table.layers").wait_for()
    page.wait_for_function(
        """() => { const {top, bottom} = document.querySelector("table.layers").getBoundingClientRect();
        const sheet = document.querySelector("aside").getBoundingClientRect();
        return sheet.top < top && bottom - top > 40 && bottom <= sheet.bottom; }"""
    )
