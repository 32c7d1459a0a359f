"""Pictures of learning show what the API answers, and points clicked into the plane become rows."""

import re
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import PLAYGROUND, TWO_HIDDEN, api, explain, go_to, open_page, shown

POINTS_ON_FOLD = """(unit) => {
  const {grid, folds} = document.querySelector('bp-map').data;
  const [u0, v0, u1, v1] = folds.find((fold) => fold.unit === unit).segments[0];
  const at = (axis, part) => axis[0] + part * (axis.at(-1) - axis[0]);
  return [0, 0.5, 1].map((t) => [at(grid.x, u0 + t * (u1 - u0)), at(grid.y, v0 + t * (v1 - v0))]);
}"""


def open_map(page: Page, recipe: dict[str, Any] | None = None) -> None:
    open_page(page, recipe)
    page.wait_for_function("() => document.querySelector('bp-map').data?.folds.length > 0")


def step_of(page: Page, x: list[list[float]]) -> Any:
    """The step of the network on show on other rows, from the API."""
    session = api(page, "")
    body = {"model": session["model"], "parameters": session["parameters"], "batch": {"x": x, "y": [0] * len(x)}}
    answer = page.request.post(urljoin(page.url, "/api/v1/trace"), data=body)
    assert answer.ok, answer.text()
    return answer.json()


def test_the_fold_of_unit_2_lies_where_its_z_is_zero(page: Page) -> None:
    open_map(page)
    z = np.array(step_of(page, page.evaluate(POINTS_ON_FOLD, 1))["layers"][0]["z"])
    # A map travels in float32.
    np.testing.assert_allclose(z[:, 1], 0, atol=1e-6)
    assert np.abs(z[:, [0, 2]]).min() > 1e-3


def test_a_unit_selected_in_the_drawing_is_looked_at(page: Page) -> None:
    open_map(page, TWO_HIDDEN)
    explain(page, "z2", 5)
    expect(page.get_by_role("img", name="z of hidden 2, unit 6: x1 across, x2 up")).to_be_visible()
    page.wait_for_function("() => document.querySelector('bp-map').data.plane?.layer === 2")
    plane = page.evaluate("() => document.querySelector('bp-map').data.plane")
    told = api(page, "/decision-map?resolution=40&unit=2:5")["units"][0]
    assert plane == told
    grid = api(page, "/decision-map?resolution=40")
    layer = step_of(page, [[grid["x"][7], grid["y"][30]]])["layers"][1]
    np.testing.assert_allclose([plane["z"][30][7], plane["a"][30][7]], [layer["z"][0][5], layer["a"][0][5]], rtol=1e-9)
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Shown on the map").select_option("1:2")
    expect(page.get_by_role("img", name="z of hidden 1, unit 3: x1 across, x2 up")).to_be_visible()
    page.get_by_role("combobox", name="Shown on the map").select_option("")
    expect(page.get_by_role("img", name="Decision map: x1 across, x2 up")).to_be_visible()


def click_map(page: Page, u: float, v: float) -> None:
    box = page.locator("bp-map canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + u * box["width"], box["y"] + (1 - v) * box["height"])
    page.wait_for_timeout(100)
    page.evaluate(f"async () => {{ {PLAYGROUND} await playground.changing.last; }}")
    page.wait_for_function(
        """() => {
          const {data} = document.querySelector('bp-map');
          return data.drawn === data.state.map && data.rows.session === data.state.session.id;
        }"""
    )


def test_points_are_added_changed_and_removed_by_clicks_and_all_of_it_is_undone(page: Page) -> None:
    open_map(page)
    before = api(page, "/data")
    page.get_by_role("button", name="Add points").click()
    page.get_by_role("button", name="class B").click()
    click_map(page, 0.5, 0.5)
    train = api(page, "/data")["train"]
    assert train["y"] == [*before["train"]["y"], 1]
    assert train["x"][-1] == pytest.approx([0, 0], abs=0.02)
    page.get_by_role("button", name="class A").click()
    click_map(page, 0.5, 0.5)
    assert api(page, "/data")["train"]["y"][-1] == 0
    page.get_by_role("button", name="remove").click()
    corner = 0.15 / 1.3
    click_map(page, corner, corner)
    assert api(page, "/data")["train"]["x"][0] == before["train"]["x"][1]
    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
        page.evaluate(f"async () => {{ {PLAYGROUND} await playground.changing.last; }}")
    assert api(page, "/data") == before


def test_points_are_added_by_keys_in_the_scale_of_the_network_and_held_out_rows_stay(page: Page) -> None:
    open_map(page, TWO_HIDDEN)
    before = api(page, "/data")
    page.get_by_role("button", name="Add points").click()
    plane = page.get_by_role("application")
    plane.focus()
    for key in [*["ArrowLeft"] * 11, *["ArrowUp"] * 10]:
        plane.press(key)
    # The plane makes room for a new point near its border, so that the cursor then means another place.
    said = page.locator("bp-map .readout").inner_text().replace("\u2212", "-")
    plane.press("Enter")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.edits.length === 1; }}")
    page.evaluate(f"async () => {{ {PLAYGROUND} await playground.changing.last; }}")
    after, data = api(page, "/data"), api(page, "")["dataset"]
    assert after["held_out"] == before["held_out"]
    assert after["train"]["x"][:-1] == before["train"]["x"]
    raw = np.array(after["train"]["x"][-1]) * data["x_scale"] + data["x_mean"]
    assert said == f"x1 = {raw[0]:.4g}, x2 = {raw[1]:.4g}"


DEAD: dict[str, Any] = {
    "model": {"inputs": 2, "hidden": [{"units": 3}], "output": {"units": 2}},
    "parameters": {"W1": [[1, 0, 1], [1, 0, 0]], "b1": [0, -1, 0], "W2": [[1, 0], [0, 1], [1, 1]], "b2": [0, 0]},
    "batch": {"x": [[1, -1], [0, 2], [-1, 0], [3, 0]], "y": [0, 1, 0, 1]},
    "batch_size": 2,
    "seed": 1,
}


def test_the_histogram_of_z_tells_the_share_that_is_off_and_the_exact_zeros(page: Page) -> None:
    open_page(page, DEAD)
    page.get_by_role("button", name="Layers and table").click()
    page.get_by_role("group", name="Shown for each layer").get_by_role("button", name="z", exact=True).click()
    layer = api(page, "/trace")["layers"][0]
    off, zeros = np.mean(np.array(layer["mask"]) == 0), int(np.sum(np.array(layer["z"]) == 0))
    caption = page.locator("bp-histogram figcaption")
    expect(caption).to_contain_text(f"{100 * off:.1f}".removesuffix(".0") + " % shut")
    assert (f"{zeros} exactly 0" in caption.inner_text()) == (zeros > 0)
    everywhere = np.mean(api(page, "/gates")["layers"][0]["share_on"])
    expect(caption).to_contain_text(f"all samples: {100 * (1 - everywhere):.1f} %")
    expect(caption).to_contain_text("1 unit dead")


def test_dead_and_shut_for_the_batch_have_marks_of_their_own_in_drawing_and_table(page: Page) -> None:
    open_page(page, DEAD)
    gates = api(page, "/gates")["layers"][0]
    assert gates["is_dead"] == [False, True, False]
    mask = np.array(api(page, "/trace")["layers"][0]["mask"])
    sample = int(page.evaluate(f"() => {{ {PLAYGROUND} return playground.state.sample; }}"))
    go_to(page, "mask1")
    expected = [
        "dead" if dead else "off" if not mask[:, unit].any() else "shut" if mask[sample, unit] == 0 else "open"
        for unit, dead in enumerate(gates["is_dead"])
    ]
    for unit, fate in enumerate(expected):
        gate = page.locator(f'svg.drawing .gate[data-cell="mask1:{unit}"]')
        name = {"dead": "fate-dead", "off": "fate-off"}.get(fate, "fate-some")
        expect(gate).to_have_class(re.compile(rf"\b{name}\b"))
    page.get_by_role("button", name="Layers and table").click()
    page.get_by_role("tab", name="Table").click()
    cell = page.get_by_role("button", name=re.compile(r"mask1\[1\] = 0, dead"))
    expect(cell.locator(".mark.dead")).to_be_visible()
    cell.click()
    expect(page.locator("bp-card .where")).to_contain_text("unit 2")


def compared(page: Page) -> dict[str, list[float]]:
    """The rows of the comparison, by their labels, with every digit."""
    rows = page.locator("bp-compare tbody tr").all()
    titles = {
        row.locator("th").inner_text(): [cell.get_attribute("title") or "" for cell in row.locator("td").all()]
        for row in rows
    }
    return {label: [float(title.replace("\u2212", "-")) for title in pair] for label, pair in titles.items()}


def test_two_steps_are_compared_as_the_api_tells_them_and_the_session_stays(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name="Train 100 steps").click()
    curve = page.get_by_role("slider", name="Time travel")
    expect(curve).to_have_attribute("aria-valuenow", "101", timeout=15_000)
    expect(curve).to_have_attribute("aria-disabled", "false", timeout=15_000)
    curve.press("Home")
    page.wait_for_function("() => !document.querySelector('bp-learning-curve').travel.isTravelling")
    page.get_by_role("button", name="Layers and table").click()
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("button", name="Compare with this step").click()
    curve.press("End")
    page.wait_for_function("() => !document.querySelector('bp-learning-curve').travel.isTravelling")
    explain(page, "dW1", 1, 2)
    page.locator("bp-compare tbody tr").first.wait_for()
    steps = [api(page, "/trace?step=1"), api(page, "/trace")]
    assert [step["step"] for step in steps] == [1, 101]
    found = compared(page)
    assert found["loss"] == [step["loss"] for step in steps]
    assert found["accuracy"] == [step["accuracy"] for step in steps]
    assert found["dW1[1, 2]"] == [step["layers"][0]["dW"][1][2] for step in steps]
    for row, layer in (("hidden 1", 0), ("output", 1)):
        for name in ("W", "dW"):
            norms = [np.linalg.norm(step["layers"][layer][name]) for step in steps]
            np.testing.assert_allclose(found[f"{row} \u00b7 {name}"], norms, rtol=1e-12)
    assert found["hidden 1 \u00b7 open"] == [np.mean(np.array(step["layers"][0]["mask"]) != 0) for step in steps]
    assert api(page, "")["step"] == 100
    page.get_by_role("button", name="Stop comparing").click()
    expect(page.locator("bp-compare tbody")).to_have_count(0)


def test_the_gradients_of_the_samples_stack_into_their_mean(page: Page) -> None:
    open_page(page)
    go_to(page, "dx")
    explain(page, "W1", 0, 0)
    bars = page.locator("bp-card .stack rect")
    expect(bars).to_have_count(5)
    expect(bars.last).to_have_class("result is-open")
    go_to(page, "dW1", "batch")
    explain(page, "W1", 0, 0)
    expect(bars.last).to_have_class("result")
    told = [api(page, f"/trace?sample={row}")["layers"][0]["dW"][0][0] for row in range(4)]
    titles = [bar.locator("title").text_content() or "" for bar in bars.all()]
    found = [float(title.split(": ")[-1].replace("\u2212", "-")) for title in titles]
    np.testing.assert_allclose(found, [*told, np.mean(told)], rtol=1e-12, atol=1e-300)
    # Over every bar stands its length: the sample's part of the mean.
    lengths = [shown(page, part) for part in [*(value / 4 for value in told), np.mean(told).item()]]
    expect(page.locator("bp-card .stack .length")).to_have_text(lengths)


def test_a_layers_title_compares_activations_at_a_gate_that_is_shut(page: Page) -> None:
    open_page(page)
    for sample, unit in ((3, 2), (4, 1), (2, 3)):
        page.get_by_role("button", name=f"Sample {sample}", exact=True).click()
        page.get_by_role("button", name="hidden · ReLU: Change this layer").click()
        page.get_by_role("button", name="Compare with another activation").click()
        dialog = page.locator("bp-diff").get_by_role("dialog")
        expect(dialog.locator("caption")).to_have_text(f"Unit {unit} for sample {sample}, with the same weights")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_another_activation_changes_one_forward_and_one_slope_line_and_can_be_used(page: Page) -> None:
    open_page(page)
    explain(page, "mask1", 1)
    page.get_by_role("button", name="Try another activation", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").select_option("sigmoid")
    changed = dialog.locator(".pair.is-changed")
    expect(changed).to_have_count(2)
    expect(changed.locator(".kind")).to_have_text(["forward", "slope"])
    expect(changed.nth(1).locator("code").nth(1)).to_have_text("mask1 = a1 * (1 - a1)")
    before = api(page, "")
    sample = api(page, "/trace?sample=2")
    model = {**before["model"], "hidden": [{"units": 3, "activation": "sigmoid"}]}
    body = {"model": model, "parameters": before["parameters"], "batch": sample["batch"]}
    other = page.request.post(urljoin(page.url, "/api/v1/trace"), data=body).json()
    for row, step in enumerate((sample, other)):
        cells = dialog.locator(".unit-numbers tbody tr").nth(row).locator("td").all()
        found = [float((cell.get_attribute("title") or "").replace("\u2212", "-")) for cell in cells]
        told = [step["layers"][0][name][0][1] for name in ("z", "a", "mask", "da", "dz")]
        np.testing.assert_allclose(found, told, rtol=1e-12)
    dialog.get_by_role("button", name="Use sigmoid").click()
    expect(dialog).to_have_count(0)
    expect(page.locator("bp-network")).to_contain_text("sigmoid")
    after = api(page, "")
    assert after["id"] != before["id"]
    assert (after["parameters"], after["optimizer"]) == (before["parameters"], before["optimizer"])


def test_the_map_rings_the_sample_in_its_own_phases_and_none_in_those_of_the_batch(page: Page) -> None:
    open_page(page)
    page.wait_for_function("() => document.querySelector('bp-map').data?.folds.length > 0")
    for tensor, scope, ringed in (
        ("dz1", "sample", 2),
        ("dW1", "batch", None),
        ("W1_next", "batch", None),
        ("z1", "sample", 2),
    ):
        go_to(page, tensor, scope)
        page.wait_for_function("(one) => document.querySelector('bp-map').ringed === one", arg=ringed)
