"""Wide networks are drawn as rows that tell what the API tells."""

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import IRIS, PLAYGROUND, go_to, open_page
from tests.thorough import usually

DIGITS = {
    "model": {
        "inputs": 64,
        "hidden": [{"units": 16, "activation": "relu", "derivative_at_zero": 0}],
        "output": {"units": 10, "activation": "softmax"},
        "loss": "cross_entropy",
    },
    "initializer": {"name": "he"},
    "optimizer": {"name": "sgd", "learning_rate": 0.2},
    "dataset": {"name": "digits"},
    "batch_size": 32,
    "seed": 0,
}
OPEN = """async (recipe) => {
  window.playground = document.querySelector("bp-network").playground;
  await window.playground.open(recipe);
  return window.playground.state.session.id;
}"""
# The end of the operation that makes a tensor.
SEEK = """([output, scope]) => {
  const { operations } = window.playground.state.timeline;
  const { start, duration } = operations.find((operation) => operation.output === output && operation.scope === scope);
  window.playground.player.seek(start + duration);
}"""
# The digits of z and its gradient that stand neither between bias and gate nor, where each bar has no room for its own,
# behind the bars.
DIGITS_ELSEWHERE = """() => {
  let looked = 0;
  const wrong = [];
  for (const layer of [1, 2]) for (let unit = 0; unit < 16; unit++) {
    const row = document.querySelector(`[data-row='${layer}:${unit}']`);
    const boxOf = (one) => row.querySelector(one).getBoundingClientRect();
    const [bias, gate] = ["b", "mask"].map((name) => boxOf(`[data-cell='${name}${layer}:${unit}']`));
    const bar = boxOf(`[data-cell='a${layer}:${unit}'] .row-hit`);
    for (const text of row.querySelectorAll(`[data-cell='z${layer}:${unit}'] text`)) {
      const {left, right} = text.getBoundingClientRect();
      looked++;
      if (!(bias.right <= left && right <= gate.left) && left < bar.right) wrong.push(`${layer}:${unit}`);
    }
  }
  return {looked, wrong};
}"""
UNIT = 4
CLASS = 8


@pytest.fixture
def digits(page: Page) -> str:
    """The address of a session on the handwritten digits, which the page shows."""
    page.goto("/")
    page.locator("bp-network svg").first.wait_for()
    session = page.evaluate(OPEN, DIGITS)
    page.locator("svg.rows").wait_for()
    return f"/api/v1/sessions/{session}"


def ask(page: Page, path: str) -> Any:
    answer = page.request.get(path)
    assert answer.ok, answer.text()
    return answer.json()


def seek(page: Page, output: str, scope: str = "sample") -> None:
    page.evaluate(SEEK, [output, scope])


def title_of(page: Page, cell: str) -> dict[str, float]:
    """The numbers that pointing at a cell shows, every digit of them, by name."""
    text = page.locator(f"svg.rows [data-cell='{cell}'] > title").first.text_content() or ""
    lines = [line.split(" = ") for line in text.replace("\u2212", "-").splitlines() if " = " in line]
    return {name: float(value) for name, value in lines}


def test_a_digit_is_named_by_itself_and_a_sample_by_its_number_in_the_data(page: Page, digits: str) -> None:
    rows = ask(page, f"{digits}/data")["train"]["x"]
    for step in (1, 2):
        page.wait_for_function("(step) => window.playground.state.batch.header.step === step", arg=step)
        batch = ask(page, f"{digits}/trace?sample=0")["batch"]
        expect(page.locator(".loss-name")).to_have_text(f"\u2212ln p(“{batch['y'][0]}”)")
        said = re.search(r"training sample (\S+) of", page.locator(".scope").inner_text())
        assert said and rows[int(said[1].replace(",", "")) - 1] == batch["x"][0]
        name = f"1 (training sample {said[1]})"
        seek(page, "x")
        expect(page.locator("bp-card")).to_contain_text(f"Sample {name} belongs to class {batch['y'][0]}.")
        expect(page.locator("bp-wall canvas")).to_have_attribute(
            "aria-valuetext", re.compile(re.escape(f"Sample {name}:"))
        )
        page.get_by_role("slider", name="Place in the step").press("End")
        page.get_by_role("button", name="Next", exact=True).click()


def test_the_card_writes_an_output_by_its_digit_as_its_row_does(page: Page, digits: str) -> None:
    seek(page, "p")
    output = page.locator("[data-cell='p:8']").first
    output.press("Enter")
    card = page.locator("bp-card .equation .left").first
    expect(card).to_have_text("p(“8”)")
    expect(output).to_have_attribute("aria-label", re.compile(re.escape("p(“8”): ")))
    seek(page, "b2_next", "batch")
    page.locator("[data-row='2:0'] .thumb[data-cell='b2:0']").click()
    expect(card).to_have_text("b(2)(“0”)")


def bars_say_the_numbers_of_the_api(page: Page, digits: str) -> None:
    hidden, output = ask(page, f"{digits}/trace?sample=0")["layers"]
    seek(page, "dz1")
    assert title_of(page, f"z1:{UNIT}") == {"z1": hidden["z"][0][UNIT], "dz1": hidden["dz"][0][UNIT]}
    assert title_of(page, f"a1:{UNIT}") == {"a1": hidden["a"][0][UNIT], "da1": hidden["da"][0][UNIT]}
    assert title_of(page, f"z2:{CLASS}") == {"z2": output["z"][0][CLASS], "dz2": output["dz"][0][CLASS]}
    assert title_of(page, f"p:{CLASS}")["p"] == output["a"][0][CLASS]


def nothing_is_shown_before_it_is_computed(page: Page, digits: str) -> None:
    seek(page, "z1")
    assert "z1" in title_of(page, f"z1:{UNIT}")
    assert title_of(page, f"a1:{UNIT}") == {}
    expect(page.locator("svg.rows .row-gradient")).to_have_count(0)


def a_shut_row_is_marked_when_it_blocks(page: Page, digits: str) -> None:
    hidden = ask(page, f"{digits}/trace?sample=0")["layers"][0]
    blocked = [da != 0 and mask == 0 for da, mask in zip(hidden["da"][0], hidden["mask"][0], strict=True)]
    seek(page, "da1")
    expect(page.locator("svg.rows .gate .cross")).to_have_count(0)
    seek(page, "dz1")
    expect(page.locator("svg.rows .gate .cross")).to_have_count(sum(blocked))


def thumbnails_turn_to_gradients_and_to_the_next_weights(page: Page, digits: str) -> None:
    thumb = page.locator(f"[data-row='1:{UNIT}'] .thumb").first
    seek(page, "dz1")
    expect(thumb).to_have_attribute("data-shows", "W1")
    seek(page, "dW1")
    expect(thumb).to_have_attribute("data-shows", "dW1")
    # One sample's gradient is no mean: before that has come, the batch has its weights alone.
    seek(page, "dW2", "batch")
    expect(thumb).to_have_attribute("data-shows", "W1")
    seek(page, "dW1", "batch")
    expect(thumb).to_have_attribute("data-shows", "dW1")
    page.get_by_role("button", name="W", exact=True).click()
    expect(thumb).to_have_attribute("data-shows", "W1")
    page.get_by_role("button", name="auto").click()
    seek(page, "W1_next", "batch")
    expect(thumb).to_have_attribute("data-shows", "W1_next")


def a_selected_unit_shows_its_edges_and_no_others(page: Page, digits: str) -> None:
    edges = page.locator("svg.rows path.edge")
    seek(page, "p")
    expect(edges).to_have_count(0)
    page.locator(f"[data-row='1:{UNIT}']").click()
    expect(page.locator(f"[data-row='1:{UNIT}']")).to_have_attribute("aria-pressed", "true")
    expect(edges).to_have_count(10)
    cells = [edge.get_attribute("data-cell") for edge in edges.all()]
    assert cells == [f"W2:{UNIT},{k}" for k in range(10)]


def rows_are_walked_with_the_keyboard(page: Page, digits: str) -> None:
    page.locator("[data-row='1:0']").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-row='1:1']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-row='1:1']")).to_have_attribute("aria-pressed", "true")


def large_picture_holds_the_weights_of_the_row_under_the_pointer(page: Page, digits: str) -> None:
    weights = ask(page, f"{digits}/trace?sample=0")["layers"][0]["W"]
    seek(page, "z1")
    page.locator(f"[data-row='1:{UNIT}']").hover()
    expect(page.locator("svg.rows .lens-title")).to_have_text(f"W1 into unit {UNIT + 1}")
    title = page.locator("svg.rows .picture").nth(1).locator(".pixel").nth(20).locator("title").text_content() or ""
    assert float(title.replace("\u2212", "-").split(" = ")[1]) == weights[20][UNIT]


@pytest.mark.parametrize("size", usually([(1440, 900), (1024, 768)], (1024, 768)))
def test_rows_of_32_units_fit(page: Page, digits: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    wide = {**DIGITS, "model": {**DIGITS["model"], "hidden": [{"units": 32, "activation": "relu"}]}}  # type: ignore[dict-item]
    page.evaluate(OPEN, wide)
    expect(page.locator("[data-row^='1:']")).to_have_count(32)
    stage = page.locator("bp-network .stage").bounding_box()
    rows = [row.bounding_box() for row in page.locator("svg.rows .row-back").all()]
    assert stage
    for row in rows:
        assert row
        assert stage["y"] <= row["y"] and row["y"] + row["height"] <= stage["y"] + stage["height"]
        assert stage["x"] <= row["x"] and row["x"] + row["width"] <= stage["x"] + stage["width"] + 1


def what_is_asked_about_has_a_ring_in_its_row(page: Page, digits: str) -> None:
    seek(page, "mask1")
    gate = page.locator(f"svg.rows [data-cell='mask1:{UNIT}']")
    gate.click()
    ring, own = page.locator("svg.rows .pick.ring").bounding_box(), gate.locator("rect").first.bounding_box()
    assert ring and own
    assert ring["x"] < own["x"] and ring["x"] + ring["width"] > own["x"] + own["width"]
    assert ring["y"] < own["y"] and ring["y"] + ring["height"] > own["y"] + own["height"]
    assert ring["height"] < own["height"] + 12


def test_the_name_of_a_layer_gives_way_to_its_neighbours(page: Page, digits: str) -> None:
    """Five names of hidden layers have no room for the word before their number."""
    hidden = [{"units": 16, "activation": "leaky_relu"}] * 5
    page.evaluate(OPEN, {**DIGITS, "model": {**DIGITS["model"], "hidden": hidden}})  # type: ignore[dict-item]
    titles = page.locator("svg.rows .title")
    expect(titles).to_have_count(7)
    boxes = [title.bounding_box() for title in titles.all()]
    for one, after in itertools.pairwise(boxes):
        assert one and after and one["x"] + one["width"] <= after["x"]


def a_learners_number_stands_beside_the_right_one(page: Page, digits: str) -> None:
    seek(page, "dz1")
    page.evaluate(
        """(unit) => { const {store} = window.playground; const {session, sample} = store.state;
        store.set({parting: {session: session.id, sample, tensor: "dz1", index: [unit], right: 1, own: 2}}); }""",
        UNIT,
    )
    expect(page.locator("svg.rows .parting text")).to_have_count(2)
    marked, own = (
        page.locator(f"svg.rows {one}").first.bounding_box()
        for one in (".parting circle", f"[data-cell='z1:{UNIT}'] .row-hit")
    )
    assert marked and own
    assert abs(marked["x"] + marked["width"] / 2 - own["x"] - own["width"] / 2) < 1
    assert abs(marked["y"] + marked["height"] / 2 - own["y"] - own["height"] / 2) < 1


def parts_of_a_row_are_reached_with_the_keyboard(page: Page, digits: str) -> None:
    seek(page, "p")
    page.locator(f"[data-row='1:{UNIT}']").focus()
    for tensor in ("mask1", "a1"):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        focus = page.evaluate("async () => window.playground.state.focus")
        assert focus == {"tensor": tensor, "index": [UNIT]}
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"[data-row='1:{UNIT + 1}']")).to_be_focused()
    page.locator(f"[data-row='2:{CLASS}']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    assert page.evaluate("async () => window.playground.state.focus") == {"tensor": "p", "index": [CLASS]}


@pytest.mark.parametrize("size", usually([(1440, 900), (1024, 768)], (1024, 768)))
def test_digits_stand_on_no_bias_no_gate_and_no_bar(page: Page, digits: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    hidden = [{"units": 16, "activation": "relu"}] * 2
    page.evaluate(OPEN, {**DIGITS, "model": {**DIGITS["model"], "hidden": hidden}})  # type: ignore[dict-item]
    expect(page.locator("[data-row^='2:']")).to_have_count(16)
    for output, scope in (("dz1", "sample"), ("db1", "batch"), ("b1_next", "batch")):
        seek(page, output, scope)
        found = page.evaluate(DIGITS_ELSEWHERE)
        assert found["looked"] >= 2 * 16
        assert found["wrong"] == [], output


def the_legend_names_the_marks_of_gates_that_are_on_show(page: Page, digits: str) -> None:
    legend = page.locator(".drawing-legend")
    names = {"off": "shut for this batch", "dead": "dead: shut for all training data"}
    seek(page, "z1")
    for name in names.values():
        expect(legend).not_to_contain_text(name)
    seek(page, "mask1")
    for fate, name in names.items():
        assert page.locator(f"svg.rows .gate.fate-{fate}").count() > 0
        expect(legend).to_contain_text(name)
        entry, line = legend.locator("li", has_text=name).bounding_box(), legend.bounding_box()
        assert entry and line and entry["y"] + entry["height"] <= line["y"] + line["height"] + 1
    expect(legend).not_to_contain_text("where a unit's gate is open")
    seek(page, "db1", "batch")
    for name in names.values():
        expect(legend).not_to_contain_text(name)


def test_what_is_seen_and_done_in_rows(page: Page, digits: str) -> None:
    """On one page, each going to its own place in the step; the last of them change what is chosen or shown."""
    nothing_is_shown_before_it_is_computed(page, digits)
    bars_say_the_numbers_of_the_api(page, digits)
    a_shut_row_is_marked_when_it_blocks(page, digits)
    the_legend_names_the_marks_of_gates_that_are_on_show(page, digits)
    large_picture_holds_the_weights_of_the_row_under_the_pointer(page, digits)
    a_selected_unit_shows_its_edges_and_no_others(page, digits)
    rows_are_walked_with_the_keyboard(page, digits)
    what_is_asked_about_has_a_ring_in_its_row(page, digits)
    parts_of_a_row_are_reached_with_the_keyboard(page, digits)
    thumbnails_turn_to_gradients_and_to_the_next_weights(page, digits)
    a_learners_number_stands_beside_the_right_one(page, digits)


def test_the_legend_names_the_pictures_of_units(page: Page) -> None:
    open_page(page)
    legend = page.locator(".drawing-legend")
    go_to(page, "mask1")
    expect(legend).to_contain_text("where a unit's gate is open")
    # The gate of unit 2 is shut for this sample, but not for all.
    expect(legend).not_to_contain_text("shut for this batch")
    # Four features have no plane.
    assert page.evaluate(f"async (recipe) => {{ {PLAYGROUND} return playground.open(recipe); }}", IRIS)
    go_to(page, "mask1")
    expect(legend).not_to_contain_text("where a unit's gate is open")


def test_digits_that_are_gradients_have_their_letter_over_them(page: Page) -> None:
    """At a size where a bar and the gradient on it share one line of digits."""
    open_page(page, DIGITS, {"width": 1366, "height": 768})
    letters = page.locator("svg.rows .subtitle", has_text=re.compile("^d[za]$"))
    go_to(page, "z2")
    expect(letters).to_have_count(0)
    go_to(page, "dz1")
    expect(letters).to_have_text(["dz", "da"])
    for letter, name in (("dz", "z1"), ("da", "a1")):
        over = letters.filter(has_text=letter).bounding_box()
        digits = page.locator(f"[data-cell='{name}:0'] .row-number").bounding_box()
        assert over and digits
        assert over["y"] < digits["y"]
        assert digits["x"] <= over["x"] + over["width"] / 2 <= digits["x"] + digits["width"]


@pytest.mark.parametrize("size", [(1440, 900), (844, 390), (390, 844)], ids=str)
def test_each_row_of_a_hidden_layer_has_the_number_of_its_unit(page: Page, size: tuple[int, int]) -> None:
    open_page(page, DIGITS, {"width": size[0], "height": size[1]})
    expect(page.locator(".unit-number")).to_have_text([str(unit + 1) for unit in range(16)])


def test_the_number_of_a_z_or_a_bias_has_its_letter_near(page: Page) -> None:
    open_page(page, DIGITS, {"width": 1440, "height": 900})
    for tensor, scope, letter in (("z1", "sample", "z"), ("W2_next", "batch", "b")):
        go_to(page, tensor, scope)
        number = page.locator("[data-cell='z1:0'] .row-number").bounding_box()
        heads = page.locator("svg.rows .subtitle").all()
        assert number
        middle = number["x"] + number["width"] / 2
        boxes = [(head.text_content(), head.bounding_box()) for head in heads]
        far = [(abs(box["x"] + box["width"] / 2 - middle), text) for text, box in boxes if box and text]
        assert min(far)[1] == letter, f"{tensor}: {sorted(far)[:3]}"
        if scope == "batch":
            assert min(far)[0] < number["width"] / 2
