"""What is pressed in the drawing answers, in the phase on show."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import LAPTOP, PLAYGROUND, explain, go_to, open_page

CARD = "bp-card .where"
PACKET = """async ([output, index]) => { const network = document.querySelector("bp-network");
  const { player } = network.playground;
  const { start, motion } = player.timeline.operations.find((operation) => operation.output === output);
  // Half of the way: there `ease` is a half, too.
  player.clock.jumpTo(start + 0.44 * motion);
  player.store.set({ isPreview: false });
  await new Promise(requestAnimationFrame);
  const box = network.querySelector("canvas.above").getBoundingClientRect();
  const { lane } = network.motion.traffic.packets.find(({ cell }) => cell.index.join() === index.join());
  const { scale } = network.scene;
  return [box.x + lane(0.5).x * scale, box.y + lane(0.5).y * scale]; }"""


def press(page: Page, what: str) -> None:
    page.locator(f"svg.drawing {what}").first.click()


MAGENTA = {
    ".gap-number": "class A",
    '[data-cell="z2:1"] .gradient': "class B",
    '[data-cell="z1:0"] .gradient': "ReLU gate · unit 1",
    '[data-cell="a1:2"] .gradient': "unit 3",
    '[data-cell="z1:2"] .unit-back': "ReLU gate · unit 3",
    ".edge-label.backward": "weights",
    ".bias.silent": "biases · unit 2",
}


def test_what_is_magenta_answers_in_the_backward_pass(page: Page) -> None:
    open_page(page)
    card = page.locator(CARD)
    for what, where in MAGENTA.items():
        press(page, what)
        expect(card).to_contain_text(where.replace(" ", "\u00a0").replace("\u00a0·\u00a0", "\u00a0· "))
        expect(card).to_contain_text("Backward")


def test_a_press_on_z_answers_in_the_forward_pass_there(page: Page) -> None:
    open_page(page)
    go_to(page, "mask1")
    press(page, '[data-cell="z1:2"] .unit-back')
    expect(page.locator(CARD)).to_contain_text("Forward")


def test_the_shut_gate_says_first_what_came(page: Page) -> None:
    open_page(page)
    press(page, '[data-cell="mask1:1"] rect.reach')
    sentence = page.locator("bp-card .sentence")
    expect(sentence).to_contain_text("+0.760 arrives, times 0")
    press(page, '[data-cell="mask1:0"] rect.reach')
    expect(sentence).to_contain_text("passes unchanged")


def test_the_loss_answers(page: Page) -> None:
    open_page(page)
    go_to(page, "sample_loss")
    press(page, ".loss")
    card = page.locator("bp-card")
    expect(card.locator(".where")).to_contain_text("Loss")
    expect(card).to_contain_text("before this update")
    go_to(page, "W1_next", "batch")
    page.locator("svg.drawing .loss").press("Enter")
    expect(card.locator(".where")).to_contain_text("Update")
    expect(card.locator(".equation")).to_contain_text("0.804")


@pytest.mark.parametrize(("output", "index", "where"), [("da1", [1], "unit\u00a02"), ("z1", [0], "unit\u00a01")])
def test_a_packet_answers_and_waits(page: Page, output: str, index: list[int], where: str) -> None:
    open_page(page)
    x, y = page.evaluate(PACKET, [output, index])
    page.mouse.click(x, y)
    expect(page.locator(CARD)).to_contain_text(where)
    focus = page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.focus; }}")
    assert focus == {"tensor": output, "index": index}


def test_the_curve_of_a_nudge_is_never_cut(page: Page) -> None:
    open_page(page, size=LAPTOP)
    press(page, '[data-cell="b1:0"]')
    page.locator(".nudge-switch").click()
    curve = page.locator("svg.slice")
    expect(curve).to_be_visible()
    page.wait_for_function(
        """() => {
        const boxOf = (one) => document.querySelector(one).getBoundingClientRect();
        const [curve, card] = ["svg.slice", "bp-card .body"].map(boxOf);
        return curve.top >= card.top && curve.bottom <= card.bottom; }"""
    )


# The edges of the first layer as points, and places beside them where a press hits one of them.
BESIDE = """() => {
  const paths = [...document.querySelectorAll("svg.drawing .edge-hit")];
  const lines = paths.map((path) => Array.from({length: 49}, (_, at) =>
    path.getPointAtLength(at / 48 * path.getTotalLength()).matrixTransform(path.getScreenCTM())));
  const distance = (line, x, y) => Math.min(...line.map((point) => Math.hypot(point.x - x, point.y - y)));
  const beside = (line) => [12, 20, 28].flatMap((at) => [-6, 6].map((by) => [line[at].x, line[at].y + by]));
  return lines.slice(0, 6).flatMap(beside)
    .filter(([x, y]) => document.elementFromPoint(x, y)?.matches(".edge-hit"))
    .map(([x, y]) => [x, y, lines.map((line, edge) => [distance(line, x, y), edge]).sort(([a], [b]) => a - b)])
    .filter(([, , [[nearest], [next]]]) => next - nearest > 4)
    .map(([x, y, [[, edge]]]) => [x, y, paths[edge].previousElementSibling.dataset.cell.split(":")[1]]);
}"""


def test_of_edges_that_run_close_the_nearest_one_answers(page: Page) -> None:
    open_page(page)
    places = page.evaluate(BESIDE)
    assert len(places) > 8
    for x, y, index in places:
        page.mouse.click(x, y)
        page.wait_for_function(
            f"(index) => {{ {PLAYGROUND} return String(playground.state.focus?.index) === index; }}", arg=index
        )


# What the line of a ring runs through: neither within it nor beside it. A tab lies on the ring of its unit.
CUT_BY_A_RING = """() => {
  const HALF_STROKE = 1.5;
  const {left, right, top, bottom} = document.querySelector("svg.drawing .pick.ring").getBoundingClientRect();
  const meets = (ink) => ink.right > left - HALF_STROKE && ink.left < right + HALF_STROKE &&
    ink.bottom > top - HALF_STROKE && ink.top < bottom + HALF_STROKE;
  const isWithin = (ink) => ink.left >= left + HALF_STROKE && ink.right <= right - HALF_STROKE &&
    ink.top >= top + HALF_STROKE && ink.bottom <= bottom - HALF_STROKE;
  return [...document.querySelectorAll("svg.drawing text:not(.bias > text)")].map((text) => {
    const box = text.getBoundingClientRect();
    const air = 0.2 * box.height;
    return [text.textContent, {left: box.left, right: box.right, top: box.top + air, bottom: box.bottom - air}];
  }).filter(([, ink]) => meets(ink) && !isWithin(ink)).map(([words]) => words);
}"""


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844), (720, 450)], ids=str)
def test_a_ring_cuts_no_label_and_a_unit_that_is_asked_about_tells_its_bias(page: Page, size: tuple[int, int]) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, None, {"width": size[0], "height": size[1]})
    go_to(page, "dx")
    for tensor, unit in (("da1", 1), ("dz2", 0), ("dz1", 2), ("dz1", 0)):
        explain(page, tensor, unit)
        assert page.evaluate(CUT_BY_A_RING) == [], (tensor, unit)
    tab = page.locator("svg.drawing [data-cell='b1:0']")
    expect(tab).to_contain_text("db +1.06" if size == (1440, 900) else "b +0.75")
    tab.press("Enter")
    expect(page.locator("svg.drawing .pick.ring")).to_have_count(1)
    assert page.evaluate(CUT_BY_A_RING) == []
