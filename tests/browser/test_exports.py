"""What the share menu writes: links, states, pictures, tables and networks."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Download, Page, expect

from server.sessions.export import EXPORTS
from tests.browser.drawing import IRIS, PLAYGROUND, api, go_to, open_page, session_id, shown, train
from tests.thorough import usually

TEXTS = json.loads((Path(__file__).parents[2] / "static" / "i18n" / "en.json").read_text(encoding="utf-8"))
SVG = "{http://www.w3.org/2000/svg}"
DIGITS: dict[str, Any] = {
    "model": {"inputs": 64, "hidden": [{"units": 16, "activation": "relu"}], "output": {"units": 10}},
    "optimizer": {"name": "sgd", "learning_rate": 0.3},
    "dataset": {"name": "digits"},
    "batch_size": 16,
}


def open_menu(page: Page) -> None:
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="NumPy script").wait_for()


def saved(page: Page, name: str) -> Download:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return download.value


def text_of(download: Download) -> str:
    return Path(download.path()).read_text(encoding="utf-8")


def test_copy_link_copies_the_link_and_says_so(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page)
    go_to(page, "z2")
    open_menu(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.get_by_role("textbox", name="Link to what you see").input_value()
    assert re.search(r"/#v1\.[\w-]+$", link)


def test_without_a_clipboard_the_link_is_copied_from_its_field(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined});")
    open_page(page)
    open_menu(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#share-menu")).to_contain_text(re.compile("Copied|Ctrl"))
    assert page.evaluate("document.activeElement.selectionEnd") > 100


def test_a_saved_state_is_opened_from_the_menu(page: Page) -> None:
    open_page(page, IRIS)
    go_to(page, "z2")
    open_menu(page)
    download = saved(page, "Save as a file")
    assert json.loads(text_of(download))["format"] == "backprop-playground-state/1"
    open_page(page)
    open_menu(page)
    page.locator("#share-menu input[type=file]").set_input_files(download.path())
    expect(page.locator(".pills")).to_contain_text("Iris")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.operation > 0; }}")
    assert page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.batch.header.step; }}") == 1


@pytest.mark.parametrize("recipe", usually({"xor": None, "iris": IRIS}, "iris"))
def test_the_picture_needs_no_style_sheet_and_has_every_number(page: Page, recipe: dict[str, Any] | None) -> None:
    open_page(page, recipe)
    go_to(page, "dz1")
    open_menu(page)
    picture = ElementTree.fromstring(text_of(saved(page, "SVG")))
    texts = ["".join(each.itertext()) for each in picture.iter(f"{SVG}text")]
    for value in api(page, "/trace?sample=" + str(2 if recipe is None else 0))["layers"][0]["z"][0]:
        assert shown(page, value) in texts
    assert [each.attrib for each in picture.iter() if set(each.keys()) & {"class", "style", "role"}] == []
    assert {each.get("fill") for each in picture.iter(f"{SVG}text")} != {None}
    assert "Sample" in texts[0]


def test_the_picture_looks_like_the_page(page: Page) -> None:
    """Rendered without any style sheet, an edge has the colour that it has on the page."""
    open_page(page)
    open_menu(page)
    edges = page.locator("svg.drawing .edge")
    colours = edges.evaluate_all("(edges) => edges.map((edge) => getComputedStyle(edge).stroke)")
    picture = ElementTree.fromstring(text_of(saved(page, "SVG")))
    strokes = [each.get("stroke") for each in picture.iter(f"{SVG}path") if each.get("stroke-width")]
    assert [stroke for stroke in strokes if stroke in set(colours)][: len(colours)] == colours


@pytest.mark.parametrize("recipe", usually({"drawing": None, "rows": DIGITS}, "rows"))
def test_a_png_has_twice_the_pixels(page: Page, recipe: dict[str, Any] | None) -> None:
    open_page(page, recipe)
    open_menu(page)
    body = Path(saved(page, "PNG").path()).read_bytes()
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    width = page.locator("svg.drawing, svg.rows").bounding_box()
    assert width and int.from_bytes(body[16:20], "big") == pytest.approx(2 * width["width"], abs=2)
    # An empty picture of this size would be far smaller.
    assert len(body) > 30_000


def test_tables_hold_the_numbers_of_the_api_and_the_learning_curve_has_a_line_for_each_step(page: Page) -> None:
    open_page(page)
    open_menu(page)
    step = api(page, "/trace?sample=2")
    rows = list(csv.DictReader(io.StringIO(text_of(saved(page, "this step")))))
    found = {(row["scope"], row["tensor"], row["i"], row["j"]): float(row["value"]) for row in rows}
    for unit, gradient in enumerate(step["layers"][0]["da"][0]):
        assert found["sample 3", "da1", "0", str(unit)] == gradient
    assert found["batch", "loss", "", ""] == api(page, "/trace")["loss"]
    train(page, 3)
    rows = list(csv.DictReader(io.StringIO(text_of(saved(page, "learning curve")))))
    assert [float(row["loss"]) for row in rows[:3]] == api(page, "/history")["metrics"]["loss"]


def test_the_learning_curve_before_any_update_has_what_the_first_step_sees(page: Page) -> None:
    first = [{"step": "1", "loss": "0.8038973330145235", "accuracy": "0.5", "held_out_loss": ""}]

    def curve() -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(text_of(saved(page, "learning curve")))))

    open_page(page)
    open_menu(page)
    assert curve() == first
    train(page, 3)
    assert [row["step"] for row in curve()] == ["1", "2", "3", "4"]
    # Back at the beginning the updates are still ahead, until a change cuts them.
    page.evaluate(f"async () => {{ {PLAYGROUND} await playground.training.rewindTo(0); }}")
    assert [row["step"] for row in curve()] == ["1", "2", "3"]
    change = "await playground.editing.make({key: 'learning', forward: {optimizer: {learning_rate: 0.1}}, back: {}});"
    page.evaluate(f"async () => {{ {PLAYGROUND} {change} }}")
    assert curve() == first


@pytest.mark.parametrize(
    ("button", "suffix"),
    usually([("JSON", ".json"), ("NumPy script", ".py")], ("NumPy script", ".py"), arguments=2),
)
def test_a_session_that_has_expired_says_so_at_an_export_and_is_there_again(
    page: Page, button: str, suffix: str
) -> None:
    open_page(page)
    open_menu(page)
    gone = "await fetch(`/api/v1/sessions/${playground.model.session.id}`, {method: 'DELETE'});"
    page.evaluate(f"async () => {{ {PLAYGROUND} {gone} }}")
    assert len(text_of(saved(page, "this step")).splitlines()) > 10
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text("This session had expired.")).to_be_visible()
    assert saved(page, button).suggested_filename.endswith(suffix)


def test_networks_are_written_in_every_format_of_the_server(page: Page) -> None:
    open_page(page)
    open_menu(page)
    for name in EXPORTS:
        download = saved(page, TEXTS[f"export.{name}"])
        answer = page.request.get(f"/api/v1/sessions/{session_id(page)}/export", params={"format": name})
        assert f'filename="{download.suggested_filename}"' in answer.headers["content-disposition"]
        # Safetensors writes its words in any order.
        assert sorted(Path(download.path()).read_bytes()) == sorted(answer.body()), name
