"""The drawing at every size, in every phase: large enough, with its numbers and a legend, no two labels touching."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import IRIS, TWO_HIDDEN, go_to, open_page, operations
from tests.browser.test_models import MODELS
from tests.browser.test_rows import DIGITS
from tests.thorough import usually

SIZES = [(1920, 1080), (1440, 900), (1366, 768), (1280, 720), (1024, 768), (844, 390), (390, 844), (720, 450)]
USUAL_SIZES = [(1440, 900), (1024, 768), (390, 844), (720, 450)]
FRAME = (800, 500)
# At these sizes every operation is looked at (of a long step, and usually, at the first size only), at the others the
# last one of each phase.
THOROUGH = [(1024, 768), (1440, 900), (390, 844)]
LONG = 30


def network(dataset: str, inputs: int, hidden: list[int], outputs: int) -> dict[str, Any]:
    layers = [{"units": units, "activation": "relu"} for units in hidden]
    model = {"inputs": inputs, "hidden": layers, "output": {"units": outputs, "activation": "softmax"}}
    return {**IRIS, "model": {**IRIS["model"], **model}, "dataset": {"name": dataset}, "batch_size": 4}


RECIPES: dict[str, dict[str, Any] | None] = {
    "2-3-2": None,
    "2-8-8-3": TWO_HIDDEN,
    "4-10-10-3": network("iris", 4, [10, 10], 3),
    "2-3-4-4-4-4-4-4-2": network("two_moons", 2, [3, 4, 4, 4, 4, 4, 4], 2),
    "64-16-10": DIGITS,
    "iris by squared errors": {**IRIS, "model": {**IRIS["model"], "loss": "squared_error"}},
    "sigmoid": MODELS["two sigmoids"],
    "adam": MODELS["adam"],
}

# Goes through a step and reads what stands there, in one go. Nothing waits for a frame: what is drawn is drawn at once.
LOOK = """async (isThorough) => {
  const {playground} = document.querySelector("bp-network");
  const {operations} = playground.player.timeline;
  const soon = () => new Promise((done) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  });
  const isSeen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const boxOf = (one) => {
    const {x, y, width, height} = one.getBoundingClientRect();
    return {text: one.textContent.trim(), tab: one.closest(".bias")?.dataset.cell, x, y, width, height};
  };
  // The box of a line of text has room for accents above and tails below, where digits and small letters have no ink.
  const inkOf = (one) => {
    const box = boxOf(one);
    return {...box, y: box.y + 0.15 * box.height, height: 0.7 * box.height};
  };
  const numbersIn = (svg, name, unit) => [...svg.querySelectorAll(`[data-cell="${name}:${unit}"]`)]
    .flatMap((cell) => [...cell.querySelectorAll(".unit-value, .gradient, .p, .row-number, .bias > text")])
    .filter(isSeen);
  // Numbers on edges through which another edge runs, or which lie nearer to it: nobody would know whose they are.
  const strayLabels = (svg) => {
    const labels = [...svg.querySelectorAll(".edge-label")];
    if (labels.length === 0) return [];
    const {a, d, e, f} = svg.getScreenCTM();
    const ways = [...svg.querySelectorAll("path.edge:not(.pick)")].map((path) => ({
      edge: path.dataset.cell,
      points: Array.from({length: 81}, (_, k) => {
        const {x, y} = path.getPointAtLength((path.getTotalLength() * k) / 80);
        return {x: a * x + e, y: d * y + f};
      }),
    }));
    return labels.filter((label) => {
      const box = inkOf(label);
      const isIn = ({x, y}) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
      const [centre, middle] = [box.x + box.width / 2, box.y + box.height / 2];
      const far = ({points}) => Math.min(...points.map(({x, y}) => Math.hypot(x - centre, y - middle)));
      const own = ways.find(({edge}) => edge === label.dataset.edge);
      return own && ways.some((way) => way !== own && (way.points.some(isIn) || far(way) <= far(own)));
    }).map((label) => label.textContent);
  };
  // Names inside units that come too near to the rim, by the ink of their letters, raised and lowered ones included.
  const NEAR = 3;
  const brush = document.createElement("canvas").getContext("2d");
  const crampedNames = (svg) => [...svg.querySelectorAll(".unit-name.inside")].filter(isSeen).filter((text) => {
    const {fontStyle, fontWeight, fontSize, fontFamily} = getComputedStyle(text);
    brush.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    const ink = brush.measureText(text.textContent);
    const {y, height} = text.getBBox();
    const {fontBoundingBoxAscent: up, fontBoundingBoxDescent: down} = ink;
    const baseline = y + (height * up) / (up + down);
    const {y: top, height: high} = text.closest(".unit").querySelector(".unit-back").getBBox();
    const bottom = top + high - NEAR;
    return baseline - ink.actualBoundingBoxAscent < top + NEAR || baseline + ink.actualBoundingBoxDescent > bottom;
  }).map((text) => text.textContent);
  // The letters over the columns of a layer, in the order of their places.
  const lettersOf = (svg) => [...svg.querySelectorAll(".subtitle")].map((text) => text.textContent);
  // How much nearer the line of a class is to its own bar than to the label of the next one; and a label to a tick.
  const asideOfOutputs = (svg) => {
    const outputs = [...svg.querySelectorAll(".output:has(.p)")];
    const bottomOf = ({y, height}) => y + height;
    return outputs.slice(1).map((next, place) => {
      const [line, tick] = [".class", ".target"].map((one) => outputs[place].querySelector(one));
      const label = inkOf(next.querySelector(".p"));
      if (!line) return tick ? label.y - bottomOf(boxOf(tick)) - 2 : Infinity;
      const words = inkOf(line);
      return label.y - bottomOf(words) - (words.y - bottomOf(boxOf(outputs[place].querySelector(".p-back"))));
    });
  };
  // How far names, of units and bars, stand below the gradients of the units above.
  const namesUnderGradients = (svg) => {
    const gradients = [...svg.querySelectorAll(".unit > .gradient")].filter(isSeen).map(inkOf);
    const names = [...svg.querySelectorAll(".unit-name:not(.inside), .output .p")].filter(isSeen).map(inkOf);
    return names.flatMap((name) => gradients.filter((one) => one.y < name.y &&
      one.x < name.x + name.width && name.x < one.x + one.width).map((one) => name.y - one.y - one.height));
  };
  const silentUnits = (svg, segment) => {
    const {program} = playground.state.batch;
    const silent = [];
    for (let layer = 1; layer <= program.depth; layer++) {
      const [z, a, b] = ["z", "a", "b"].map((role) => program.named(role, layer)?.name);
      for (let unit = 0; unit < program.units(layer); unit++) {
        const texts = [z, a, b].flatMap((name) => (name ? numbersIn(svg, name, unit) : []));
        const own = segment === "backward" ? texts.filter((text) => text.matches(".gradient, .backward")) : texts;
        if (own.length === 0) silent.push(`${layer}:${unit}`);
      }
    }
    return silent;
  };
  const looks = [];
  for (const [place, operation] of operations.entries()) {
    const isLast = operations[place + 1]?.segment !== operation.segment;
    if (!isLast && !isThorough) continue;
    playground.player.seek(operation.start + operation.duration);
    await soon();
    const svg = document.querySelector("bp-network svg.drawing, bp-network svg.rows");
    const stage = document.querySelector(".stage");
    const {left, right, top, bottom} = stage.getBoundingClientRect();
    const sheets = [...document.querySelectorAll("aside, bp-transport")]
      .filter((one) => isSeen(one) && getComputedStyle(one).position === "fixed");
    const end = Math.min(bottom, innerHeight, ...sheets.map((one) => one.getBoundingClientRect().top));
    const legend = document.querySelector(".drawing-legend");
    const line = legend.getBoundingClientRect();
    const isInLine = ({x, y, width, height}) => y + height <= line.bottom + 1 && x + width <= line.right + 1;
    looks.push({
      at: `${operation.output} (${operation.segment})`,
      segment: operation.segment,
      height: (end - Math.max(0, top)) / innerHeight,
      stage: {
        left, right, top, bottom,
        isWider: stage.scrollWidth > stage.clientWidth,
        isTaller: stage.scrollHeight > stage.clientHeight,
      },
      texts: [...svg.querySelectorAll("text")].filter((text) => isSeen(text) && text.textContent.trim()).map(inkOf),
      tabs: [...svg.querySelectorAll(".bias rect:not(.reach)")].filter(isSeen).map(boxOf),
      edges: svg.querySelectorAll(".edge-label").length,
      ofLayer: svg.matches(".tiny") ? 0 : ((program, {layer}) => program.units(layer - 1) * program.units(layer))(
        playground.state.batch.program, {layer: 1, ...playground.state.batch.program.tensor(operation.output)}),
      stray: strayLabels(svg),
      plays: ((program, {role, of}) => `${role} ${of ? program.tensor(of).role : ""}`)(
        playground.state.batch.program, playground.state.batch.program.tensor(operation.output)),
      hands: [...document.querySelectorAll(".hand")]
        .map((hand) => ({...boxOf(hand.querySelector("circle")), text: hand.getAttribute("aria-label")})),
      cramped: crampedNames(svg),
      outputs: Math.min(Infinity, ...asideOfOutputs(svg)),
      names: Math.min(Infinity, ...namesUnderGradients(svg)),
      letters: lettersOf(svg),
      overBars: [...svg.querySelectorAll(".output .p")].filter(isSeen).map(inkOf)
        .map((box) => ({...box, y: box.y - 2, height: box.height + 4})),
      units: [...svg.querySelectorAll(".unit-back")].filter(isSeen)
        .map((one) => ({...boxOf(one), text: one.closest(".unit").dataset.cell})),
      isOfGradients: svg.querySelector(".unit.is-gradient") !== null,
      legend: [...legend.querySelectorAll("li")].map(boxOf).filter(isInLine),
      more: [...document.querySelectorAll(".more")].map(boxOf),
      isLegendCovered: line.bottom > Math.min(innerHeight, ...sheets.map((one) => one.getBoundingClientRect().top)) + 1,
      silent: isLast && operation.segment !== "given" ? silentUnits(svg, operation.segment) : [],
    });
  }
  return looks;
}"""
# While these are in play, numbers stand on edges.
ON_EDGES = ["z ", "dW W", "next W"]
# So many edges of a layer have a number each, or the legend says how to see it.
FEW_EDGES = 6
# From the ink of a gradient to the name of the unit below it, in px.
LEAST_BELOW = 6
# What a legend has to name, in English.
NAMED = {"backward": ["gradient", "dW"], "average": ["mean"], "update": ["new"]}


def touching(some: list[dict[str, Any]], others: list[dict[str, Any]]) -> Iterator[tuple[Any, Any]]:
    """Those that have a part of the page in common."""
    if not some or not others:
        return
    (x, y, width, height), (x2, y2, width2, height2) = (
        np.array([[box[name] for box in boxes] for name in ("x", "y", "width", "height")]) for boxes in (some, others)
    )
    are_beside = ((x + width)[:, None] <= x2) | (x2 + width2 <= x[:, None])
    are_above = ((y + height)[:, None] <= y2) | (y2 + height2 <= y[:, None])
    for one, other in np.argwhere(~are_beside & ~are_above):
        yield some[one], others[other]


def touching_each_other(boxes: list[dict[str, Any]]) -> list[str]:
    return [f"{a['text']} touches {b['text']}" for a, b in touching(boxes, boxes) if a is not b]


def faults(look: dict[str, Any], least_on_edges: int) -> list[str]:
    # What changes the network stands between the texts, whether it is seen at the moment or not.
    stage, texts = look["stage"], [*look["texts"], *look["hands"]]
    outside = [
        box["text"]
        for box in texts
        if (not stage["isWider"] and (box["x"] < stage["left"] - 1 or box["x"] + box["width"] > stage["right"] + 1))
        or (not stage["isTaller"] and (box["y"] < stage["top"] - 1 or box["y"] + box["height"] > stage["bottom"] + 1))
    ]
    words = " ".join(box["text"] for box in look["legend"])
    return [
        *(["the drawing is too low"] if look["height"] < 0.4 else []),
        *touching_each_other(texts),
        *touching_each_other([*look["legend"], *look["more"]]),
        *[
            f"{text['text']} touches the tab of {tab['tab']}"
            for text, tab in touching(texts, look["tabs"])
            if text.get("tab") != tab["tab"]
        ],
        *[f"{text} is cut" for text in outside],
        *[f"the legend has no {word}" for word in NAMED.get(look["segment"], ["weight"]) if word not in words],
        *(["too few numbers on edges"] if look["plays"] == "z " and look["edges"] < least_on_edges else []),
        *([f"numbers of other edges: {look['stray']}"] if look["stray"] else []),
        *(
            ["the legend does not say how to see the numbers of edges"]
            if look["plays"] in ON_EDGES
            and look["edges"] < look["ofLayer"] <= FEW_EDGES
            and "press to read" not in words
            else []
        ),
        *(["a class is nearer to the next output than to its own"] if look["outputs"] <= 0 else []),
        *(["a name is too near to the gradient above"] if look["names"] < LEAST_BELOW else []),
        *[
            f"{label['text']} is too near to {unit['text']}"
            for label, unit in touching(look["overBars"], look["units"])
        ],
        *[
            f"the tab of {tab['tab']} lies on {unit['text']}"
            for unit, tab in touching(look["units"], look["tabs"])
            if unit["text"] != f"z{tab['tab'][1:]}"
        ],
        *[
            f"two heads are {one}"
            for one, other in pairwise(filter(None, look["letters"]))
            # The cell of a bias and the bar of its number.
            if one == other != "b"
        ],
        *([f"names fill their units: {look['cramped']}"] if look["cramped"] else []),
        *(["no letter says that these are gradients"] if look["isOfGradients"] and "dz" not in look["letters"] else []),
        *(["the legend is covered"] if look["isLegendCovered"] else []),
        *([f"no number: {look['silent']}"] if look["silent"] else []),
        *(
            ["nothing says what is out of sight"]
            if (stage["isWider"] or stage["isTaller"]) and not look["more"]
            else []
        ),
    ]


def assert_all_is_right(page: Page, size: tuple[int, int], is_thorough: bool, least_on_edges: int = 0) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_selector("svg.drawing, svg.rows")
    # The browser tells of another size with its next frame.
    page.evaluate("() => new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))")
    found = {look["at"]: faults(look, least_on_edges) for look in page.evaluate(LOOK, is_thorough)}
    assert {at: own for at, own in found.items() if own} == {}, size


@pytest.mark.parametrize("sizes", usually({"every size": SIZES, "usual sizes": USUAL_SIZES}, "usual sizes"))
@pytest.mark.parametrize("recipe", usually(RECIPES, "2-3-2", "2-3-4-4-4-4-4-4-2", "64-16-10"))
def test_the_drawing_is_whole_at_every_size_in_every_phase(
    page: Page, recipe: dict[str, Any] | None, sizes: list[tuple[int, int]]
) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, recipe)
    page.hover(".stage")
    if recipe is not DIGITS:
        page.locator(".hand").first.wait_for(state="attached")
    thorough = THOROUGH[:1] if sizes is USUAL_SIZES or len(operations(page)) > LONG else THOROUGH
    for size in sizes:
        assert_all_is_right(page, size, size in thorough, 3 if recipe is None and size[0] >= 1024 else 0)


@pytest.mark.parametrize("name", usually(["2-3-2", "4-10-10-3", "64-16-10"], "2-3-2", "4-10-10-3"))
def test_the_drawing_is_whole_in_a_frame(page: Page, name: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, RECIPES[name], {"width": FRAME[0], "height": FRAME[1]}, "/?embed=1")
    assert_all_is_right(page, FRAME, is_thorough=True)


def test_what_is_out_of_sight_is_one_press_away(page: Page) -> None:
    open_page(page, RECIPES["2-3-4-4-4-4-4-4-2"], {"width": 390, "height": 844})
    page.get_by_role("slider", name="Place in the step").press("Home")
    more = page.locator(".more.after")
    before = int((more.text_content() or "0").split()[0])
    more.click()
    page.wait_for_function(f"() => !document.querySelector('.more.after')?.textContent.startsWith('{before} ')")
    assert page.locator(".more.before").is_visible()


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (1024, 768), (844, 390), (390, 844), (720, 450)], ids=str)
def test_the_drawing_is_whole_in_the_colours_of_a_projector(page: Page, size: tuple[int, int]) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page)
    page.get_by_role("button", name="Projector").click()
    assert_all_is_right(page, size, is_thorough=True, least_on_edges=3 if size[0] >= 1024 else 0)


def test_on_a_lower_phone_a_gradient_keeps_clear_of_the_label_below(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, None, {"width": 390, "height": 800})
    page.get_by_role("button", name="Projector").click()
    page.wait_for_function("() => document.querySelector('.output .p')?.textContent.startsWith('p₁(A)')")
    assert min(look["names"] for look in page.evaluate(LOOK, True)) >= LEAST_BELOW


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (1024, 768), (720, 450)], ids=str)
def test_an_output_shows_its_gradient_below_its_z_where_there_is_room(page: Page, size: tuple[int, int]) -> None:
    open_page(page, None, {"width": size[0], "height": size[1]})
    go_to(page, "dz2")
    for unit in range(2):
        gradients = page.locator(f'[data-cell="z2:{unit}"] .gradient, [data-cell="p:{unit}"] .gap-number')
        expect(gradients).to_have_count(2)
        assert len(set(gradients.all_text_contents())) == 1


# All that a legend tells in a phase, in its line or lines.
LEGEND = """() => {
  const {right, bottom} = document.querySelector(".drawing-legend").getBoundingClientRect();
  return [...document.querySelectorAll(".drawing-legend li")].map((one) => {
    const box = one.getBoundingClientRect();
    return [one.innerText, box.right <= right + 1 && box.bottom <= bottom + 1];
  });
}"""


@pytest.mark.parametrize("size", usually([(1440, 900), (1024, 768), (390, 844), (720, 450)], (1440, 900), (390, 844)))
@pytest.mark.parametrize("segment", ["forward", "backward", "average", "update"])
def test_the_legend_names_the_pictures_of_units_while_they_stand(
    page: Page, segment: str, size: tuple[int, int]
) -> None:
    open_page(page, None, {"width": size[0], "height": size[1]})
    last = [operation for operation in operations(page) if operation["segment"] == segment][-1]
    go_to(page, last["output"], last["scope"])
    expect(page.locator(".drawing-legend li").last).to_contain_text("gate open here")
    assert page.evaluate(LEGEND)[-1][1]


@pytest.mark.parametrize("segment", ["forward", "backward", "average", "update"])
def test_the_legend_of_a_deep_network_has_room_for_all_its_signs(page: Page, segment: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, network("two_moons", 2, [3] * 6, 2), {"width": 1024, "height": 768})
    signs = {"forward": "weight", "backward": "weight", "average": "mean dW", "update": "weight"}
    for operation in operations(page):
        if operation["segment"] == segment:
            go_to(page, operation["output"], operation["scope"])
            told = page.evaluate(LEGEND)
            assert any(signs[segment] in words for words, _ in told)
            assert [words for words, is_seen in told if not is_seen] == [], operation


def test_on_a_phone_the_drawing_goes_up_to_the_gradients_of_the_input(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, DIGITS, {"width": 390, "height": 844})
    loss = [operation["output"] for operation in operations(page) if operation["segment"] == "loss"][-1]
    go_to(page, loss)
    page.wait_for_function("() => document.querySelector('.stage').scrollTop > 0")
    go_to(page, "dx")
    page.wait_for_function("() => document.querySelector('.stage').scrollTop === 0")


@pytest.mark.parametrize("height", [844, 740])
@pytest.mark.parametrize("theme", ["Light", "Projector"])
def test_on_a_phone_the_letters_over_the_columns_stay_in_sight(page: Page, theme: str, height: int) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_page(page, DIGITS, {"width": 390, "height": height})
    page.get_by_role("button", name=theme).click()
    go_to(page, [operation["output"] for operation in operations(page) if operation["segment"] == "loss"][-1])
    page.wait_for_function("() => document.querySelector('.stage').scrollTop > 0")
    go_to(page, "dz1")
    letters = page.locator(".subtitle", has_text="dz")
    expect(letters).to_have_count(2)
    stage = page.locator(".stage").bounding_box()
    assert stage
    for letter in letters.all():
        box = letter.bounding_box()
        assert box
        assert stage["y"] - 2 <= box["y"] < stage["y"] + 30
