"""A number to learn, in a real browser: chosen in the drawer, played, and read in its own unit."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.drawing import LAPTOP, PLAYGROUND, api, go_to, open_page, session_id, shown, text_of
from tests.thorough import usually

PHONE: ViewportSize = {"width": 390, "height": 844}
LINE: dict[str, Any] = {
    "model": {
        "inputs": 1,
        "hidden": [],
        "output": {"units": 1, "activation": "identity"},
        "loss": "half_squared_error",
    },
    "parameters": {"W1": [[0.5]], "b1": [0.25]},
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
    "dataset": {"name": "line", "rows": 20},
    "seed": 0,
}


def own(page: Page, value: float) -> str:
    """A number of the network in the unit of the target, as the page writes it."""
    target = api(page, "")["dataset"]["target"]
    raw = value * target["scale"] + target["mean"]
    # The targets of line spread by 5 to 7: three digits after the point are a thousandth of that.
    assert 1 < target["scale"] < 10
    return f"{raw:.3f}".rstrip("0").rstrip(".").replace("-", "\u2212")


def drawer_of(page: Page) -> Locator:
    page.locator(".pills button").last.click()
    drawer = page.get_by_role("dialog", name="Settings")
    expect(drawer.get_by_role("button", name="Use these settings")).to_be_enabled()
    return drawer


def test_choosing_a_line_and_classes_again_brings_the_outputs_that_learn_them(page: Page) -> None:
    open_page(page)
    drawer = drawer_of(page)
    drawer.locator("input[name=dataset][value=line]").check()
    output = drawer.get_by_role("group", name="Output and loss")
    expect(output.get_by_label("Activation")).to_have_value("identity")
    expect(output.get_by_label("Loss").first).to_have_value("half_squared_error")
    offered = output.get_by_label("Activation").locator("option").all_text_contents()
    assert offered[:3] == ["identity", "ReLU", "tanh"] and not {"softmax", "sigmoid"}.intersection(offered)
    expect(drawer.get_by_text("number to learn: y")).to_be_visible()
    expect(drawer.get_by_label("Output units")).to_have_count(0)
    drawer.get_by_role("button", name="Use these settings").click()
    expect(page.get_by_role("button", name="network 1 – 3 – 1")).to_be_visible()
    assert api(page, "")["dataset"]["task"] == "regression"

    drawer = drawer_of(page)
    drawer.locator("input[name=dataset][value=three_blobs]").check()
    expect(output.get_by_label("Activation")).to_have_value("softmax")
    expect(output.get_by_label("Loss").first).to_have_value("cross_entropy")
    drawer.get_by_role("button", name="Use these settings").click()
    expect(page.get_by_role("button", name="network 2 – 3 – 3")).to_be_visible()


@pytest.mark.parametrize("name", usually(["Line", "Curve"], "Curve"))
def test_a_number_to_learn_can_be_begun_with(page: Page, name: str) -> None:
    open_page(page)
    drawer_of(page).get_by_role("button", name=f"{name} 1 –").click()
    expect(page.get_by_role("button", name=f"data {name}")).to_be_visible()
    # Each of them learns its data within a few hundred steps, as the others do.
    address = urljoin(page.url, f"/api/v1/sessions/{session_id(page)}/train")
    assert page.request.post(address, data={"steps": 600}).ok
    metrics = api(page, "/history")["metrics"]
    assert metrics["held_out_loss"][-1] < 0.06 < metrics["held_out_loss"][0]


def test_a_step_is_played_and_its_card_read_in_the_unit_of_the_target(page: Page) -> None:
    open_page(page, LINE)
    step = api(page, "/trace?sample=0")
    a, y = step["layers"][0]["a"][0][0], step["batch"]["y"][0][0]
    card = page.locator("bp-card")
    go_to(page, "x")
    raw = api(page, "")["dataset"]["target"]
    measured = float(f"{y * raw['scale'] + raw['mean']:.6g}")
    expect(card.locator(".own-unit")).to_have_text(f"y = {measured}, scaled to {shown(page, y)}".replace("-", "\u2212"))
    go_to(page, "sample_loss")
    expect(card.get_by_text(f"a1 = {shown(page, a)}, that is y = {own(page, a)}")).to_be_visible()
    difference = f"{(a - y) * raw['scale']:.3f}".rstrip("0").rstrip(".").replace("-", "\u2212")
    expect(card.get_by_text(f"a difference of {difference} in y")).to_be_visible()
    assert text_of(page, "a1:0", ".own-unit") == f"y: {own(page, a)}, target {own(page, y)}"
    assert text_of(page, "a1:0", ".class").endswith(shown(page, y))
    go_to(page, "b1_next", "batch")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator(".scope-step")).to_have_text("Step 2")
    assert api(page, "")["step"] == 1


def test_the_answers_are_drawn_among_the_data(page: Page) -> None:
    open_page(page, LINE)
    panel = page.locator("bp-map")
    canvas = panel.get_by_role("img", name="The network’s answer along x, among the data: y upward")
    expect(canvas).to_be_visible()
    expect(panel.get_by_role("button")).to_have_count(0)
    painted = """canvas => new Set(new Uint32Array(canvas.getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"""
    page.wait_for_function(
        f"() => {{ const canvas = document.querySelector('bp-map canvas'); return canvas && ({painted})(canvas) > 5; }}"
    )


def test_a_regression_of_two_features_is_a_plane_of_numbers_without_classes(page: Page) -> None:
    open_page(page)
    rows = [(hours, sleep, 40 + 5 * hours + 1.5 * sleep) for hours in range(5) for sleep in range(5, 9)]
    table = "hours,sleep,grade\n" + "".join(f"{hours},{sleep},{grade}\n" for hours, sleep, grade in rows)
    answer = page.request.post(
        urljoin(page.url, "/api/v1/datasets"), data={"csv": table, "columns": {"grade": "target"}}
    )
    assert answer.ok, answer.text()
    name = answer.json()["name"]
    start = {"W1": [[0.5], [0.25]], "b1": [0.25]}
    model = {**LINE["model"], "inputs": 2}
    open_page(page, {**LINE, "model": model, "parameters": start, "dataset": {"name": name}})
    panel = page.locator("bp-map")
    scale = panel.get_by_role("img", name=re.compile("Colours of grade from"))
    expect(scale).to_be_visible()
    # In the middle of the scale stands the mean of the grades that are trained on.
    assert scale.locator("span").nth(2).text_content() == shown(page, api(page, "")["dataset"]["target"]["mean"])
    expect(panel.get_by_role("button", name="Add points")).to_have_count(0)
    go_to(page, "sample_loss")
    expect(page.locator("bp-card .own-unit").get_by_text("that is grade =")).to_be_visible()


@pytest.mark.parametrize("size", usually({"laptop": LAPTOP, "phone": PHONE}, "phone"))
def test_the_line_in_the_unit_of_the_target_stays_inside_the_drawing(page: Page, size: ViewportSize) -> None:
    open_page(page, LINE, size)
    go_to(page, "dz1")
    drawing = page.locator("svg.drawing").bounding_box()
    line = page.locator(".own-unit.label").bounding_box()
    gradient = page.locator('svg.drawing [data-cell="a1:0"] .gradient').first.bounding_box()
    assert drawing and line and gradient
    assert line["x"] >= drawing["x"] and line["x"] + line["width"] <= drawing["x"] + drawing["width"]
    assert gradient["y"] >= line["y"] + line["height"] - 4


def test_a_link_to_a_line_opens_it_again(page: Page) -> None:
    open_page(page, LINE)
    link = str(page.evaluate(f"async () => {{ {PLAYGROUND} return sharing.link(); }}"))
    before = api(page, "")
    page.goto("about:blank")
    open_page(page, url=link)
    after = api(page, "")
    assert after["dataset"]["target"] == before["dataset"]["target"] and after["parameters"] == before["parameters"]
