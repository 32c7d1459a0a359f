"""The network is changed on its drawing: units, layers and activations, by mouse, keys and fingers."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.drawing import (
    IRIS,
    LAPTOP,
    PLAYGROUND,
    TWO_HIDDEN,
    api,
    choose,
    is_new_session,
    open_page,
    session_id,
    train,
)
from tests.browser.test_accessibility import open_still, violations_by_theme

MORE, FEWER = "One unit more in hidden layer 1", "One unit fewer in hidden layer 1"
AFTER_INPUT, AFTER_FIRST = "Insert a hidden layer after the input", "Insert a hidden layer after layer 1"
PHONE = {"width": 390, "height": 844}


def hidden(page: Page) -> list[Any]:
    return [(layer["units"], layer["activation"]) for layer in api(page, "")["model"]["hidden"]]


def hand(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def come_near(page: Page) -> None:
    page.hover(".stage")
    page.locator(".hand").first.wait_for()


def units_drawn(page: Page, layer: int) -> int:
    return page.locator(f'svg.drawing [data-cell^="z{layer}:"]').count()


def test_a_press_adds_a_unit_and_another_takes_it_away_each_by_one_request(page: Page) -> None:
    open_page(page)
    come_near(page)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(f"{request.method} {request.url.split('/api/v1')[-1]}"))
    with page.expect_response(is_new_session):
        hand(page, MORE).click()
    expect(page.locator("bp-header")).to_contain_text("2 – 4 – 2")
    assert units_drawn(page, 1) == 4
    # A program that is drawn for the first time is fetched, once for ever; a socket is no request.
    asked = [request for request in requests if "/programs/" not in request]
    assert len(asked) == 1 and asked[0].startswith("POST /sessions?"), requests
    hand(page, FEWER).click()
    expect(page.locator("bp-header")).to_contain_text("2 – 3 – 2")
    assert hidden(page) == [(3, "relu")]
    pictures_that_are_saved_have_no_controls(page)
    quick_presses_all_count(page)


def quick_presses_all_count(page: Page) -> None:
    come_near(page)
    for _ in range(3):
        hand(page, MORE).click(no_wait_after=True)
    expect(page.locator("bp-header")).to_contain_text("2 – 6 – 2")


def test_a_layer_is_inserted_like_its_neighbour_and_taken_out_again(page: Page) -> None:
    open_page(page)
    come_near(page)
    hand(page, AFTER_FIRST).click()
    expect(page.locator("bp-header")).to_contain_text("2 – 3 – 3 – 2")
    assert hidden(page) == [(3, "relu"), (3, "relu")]
    page.get_by_role("button", name="hidden 2 · ReLU: Change this layer").click()
    page.get_by_role("button", name="Take this layer out").click()
    expect(page.locator("bp-header")).to_contain_text("2 – 3 – 2")
    # Its choices close with it.
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="hidden · ReLU: Change this layer").click()
    page.get_by_role("button", name="Take this layer out").click()
    expect(page.locator("bp-header")).to_contain_text("2 – 2")
    come_near(page)
    hand(page, AFTER_INPUT).click()
    expect(page.locator("bp-header")).to_contain_text("2 – 4 – 2")


def test_another_network_is_taken_back_by_a_key(page: Page) -> None:
    open_page(page)
    train(page, 3)
    before, weights = session_id(page), api(page, "")["parameters"]
    come_near(page)
    hand(page, MORE).click()
    expect(page.locator("bp-header")).to_contain_text("2 – 4 – 2")
    page.keyboard.press("Control+z")
    expect(page.locator("bp-header")).to_contain_text("2 – 3 – 2")
    assert (session_id(page), api(page, "")["parameters"], api(page, "")["step"]) == (before, weights, 3)
    page.keyboard.press("Control+Shift+z")
    expect(page.locator("bp-header")).to_contain_text("2 – 4 – 2")


def test_the_keyboard_reaches_all_of_it(page: Page) -> None:
    open_page(page)
    come_near(page)
    page.mouse.move(0, 0)
    expect(hand(page, MORE)).to_have_css("opacity", "0")
    hand(page, FEWER).focus()
    page.keyboard.press("Tab")
    expect(hand(page, MORE)).to_be_focused()
    expect(hand(page, MORE)).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(page.locator("bp-header")).to_contain_text("2 – 4 – 2")
    expect(hand(page, MORE)).to_be_focused()
    title = page.get_by_role("button", name="hidden · ReLU: Change this layer")
    title.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="Hidden layer 1")
    expect(menu.get_by_role("button", name="ReLU", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(title).to_be_focused()


def test_a_press_that_can_do_no_more_says_why_at_its_place(page: Page) -> None:
    open_page(
        page, {**TWO_HIDDEN, "model": {**TWO_HIDDEN["model"], "hidden": [{"units": 1, "activation": "relu"}] * 7}}
    )
    # As many layers as a server takes, on a stage with room for all controls.
    page.set_viewport_size({"width": 1920, "height": 1080})
    come_near(page)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for name, words in ((AFTER_FIRST, "7 hidden layers are the most"), (FEWER, "A layer needs at least one unit.")):
        control = hand(page, name)
        expect(control).to_have_attribute("aria-disabled", "true")
        # Playwright waits for what can be pressed; people do not.
        control.click(force=True)
        note = page.locator(".hand-note")
        expect(note).to_contain_text(words)
        box, own = note.bounding_box(), control.bounding_box()
        assert box and own and abs(box["x"] + box["width"] / 2 - own["x"]) < 240 and 0 < box["y"] - own["y"] < 60
    page.keyboard.press("Escape")
    expect(page.locator(".hand-note")).to_have_count(0)
    assert requests == []
    assert hidden(page) == [(1, "relu")] * 7


def test_a_network_that_the_server_refuses_is_refused_at_the_control_and_loses_nothing(page: Page) -> None:
    open_page(page)
    come_near(page)
    before = session_id(page)
    page.route("**/api/v1/sessions?*", lambda route: route.abort())
    hand(page, MORE).click()
    expect(page.locator(".hand-note")).to_be_visible()
    expect(page.locator(".problem-bar")).to_have_count(0)
    assert (session_id(page), units_drawn(page, 1)) == (before, 3)
    page.unroute("**/api/v1/sessions?*")
    hand(page, MORE).click()
    expect(page.locator("bp-header")).to_contain_text("2 – 4 – 2")
    expect(page.locator(".hand-note")).to_have_count(0)


def test_the_picture_of_an_activation_is_its_curve_and_a_press_takes_it_with_the_same_weights(page: Page) -> None:
    open_page(page)
    before = api(page, "")
    page.get_by_role("button", name="hidden · ReLU: Change this layer").click()
    menu = page.get_by_role("dialog", name="Hidden layer 1")
    offered = page.request.get("/api/v1/models").json()["activations"]
    expect(menu.locator(".activations button")).to_have_count(len(offered))
    expect(menu.locator("[aria-pressed=true]")).to_have_text("ReLU")
    # Every picture is another one, and as wide as its axes.
    curves = [line.get_attribute("points") for line in menu.locator("polyline").all()]
    assert len({curve for curve in curves if curve}) == len(offered)
    menu.get_by_role("button", name="tanh", exact=True).click()
    expect(menu.locator("[aria-pressed=true]")).to_have_text("tanh")
    expect(page.locator("bp-network")).to_contain_text("hidden · tanh")
    after = api(page, "")
    assert (hidden(page), after["parameters"]) == ([(3, "tanh")], before["parameters"])


def test_samples_that_were_changed_stay_changed(page: Page) -> None:
    open_page(page)
    x = {"data": {"set": [{"row": 2, "x": [0.5, -1]}]}}
    page.evaluate(
        f"async (patch) => {{ {PLAYGROUND}"
        " await playground.editing.make({key: 'x', forward: patch, back: patch}); }",
        x,
    )
    come_near(page)
    hand(page, MORE).click()
    expect(page.locator("bp-header")).to_contain_text("2 – 4 – 2")
    assert api(page, "/trace?sample=2")["batch"]["x"] == [[0.5, -1]]


def test_a_press_on_the_picture_of_a_data_set_begins_with_it(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name="data XOR").click()
    menu = page.get_by_role("dialog", name="Data set")
    told = page.request.get("/api/v1/datasets").json()
    expect(menu.locator(".dataset")).to_have_count(len(told))
    expect(menu.locator("[aria-pressed=true]")).to_have_text("XOR")
    # The marks of a picture are the samples of its set.
    moons = menu.get_by_role("button", name="Two moons").locator("path.marks")
    counts = [len((path.get_attribute("d") or "").split("M")) - 1 for path in moons.all()]
    labels = next(one for one in told if one["name"] == "two_moons")["picture"]["labels"]
    assert counts == [labels.count(0), labels.count(1)]
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    menu.get_by_role("button", name="Iris").click()
    expect(page.locator("bp-header")).to_contain_text("4 – 3 – 3")
    expect(menu).to_have_count(0)
    assert len([url for url in requests if "/sessions?" in url]) == 1
    assert hidden(page) == [(3, "relu")]
    page.keyboard.press("Control+z")
    expect(page.locator("bp-header")).to_contain_text("2 – 3 – 2")
    # A number to learn has an output of its own.
    page.get_by_role("button", name="data XOR").click()
    menu.get_by_role("button", name="Curve").click()
    expect(page.locator("bp-header")).to_contain_text("1 – 3 – 1")
    assert api(page, "")["model"]["output"]["activation"] == "identity"


@pytest.mark.parametrize("url", ["/?embed=1&hide=card", "/?present=1"])
def test_a_frame_and_a_class_have_no_controls(page: Page, url: str) -> None:
    open_page(page, None, LAPTOP, url)
    page.hover(".stage")
    page.wait_for_function("() => document.querySelector('bp-network').hands")
    assert page.locator(".hands").count() == 0
    assert page.locator("svg.drawing [aria-haspopup]").count() == 0


def test_no_control_is_there_while_the_network_trains(page: Page) -> None:
    open_page(page, IRIS)
    come_near(page)
    choose(page, "How many steps to train", "Run at 100 steps a second until paused")
    expect(page.locator(".hands")).to_have_count(0)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator(".hand").first).to_be_attached()


def pictures_that_are_saved_have_no_controls(page: Page) -> None:
    come_near(page)
    page.get_by_role("button", name="Share").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG").click()
    page.keyboard.press("Escape")
    picture = download.value.path().read_text()
    assert "hidden" in picture and MORE not in picture and "hand" not in picture


def test_fingers_find_the_controls_without_a_pointer_before(browser: Browser, base_url: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, base_url=base_url)  # type: ignore[arg-type]
    context.add_init_script("localStorage.setItem('opened', '1')")
    page = context.new_page()
    page.goto("/")
    expect(hand(page, MORE)).to_have_css("opacity", "1")
    hand(page, MORE).tap()
    expect(page.locator("bp-header")).to_contain_text("2 – 4 – 2")
    page.get_by_role("button", name="hidden · ReLU: Change this layer").tap()
    menu = page.get_by_role("dialog", name="Hidden layer 1")
    for name in (MORE, FEWER, "Insert a layer after it", "Take this layer out", "tanh"):
        box = menu.get_by_role("button", name=name, exact=True).bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44, name
    box = menu.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] and box["y"] + box["height"] <= 844
    menu.get_by_role("button", name="Insert a layer after it").tap()
    expect(page.locator("bp-header")).to_contain_text("2 – 4 – 4 – 2")


def test_axe_finds_nothing(page: Page) -> None:
    open_still(page, LAPTOP)
    come_near(page)
    page.get_by_role("button", name="hidden · ReLU: Change this layer").click()
    page.locator(".activations button").first.wait_for()
    assert violations_by_theme(page) == {}
    page.keyboard.press("Escape")
    page.get_by_role("button", name="data XOR").click()
    page.locator(".dataset-menu .dataset").first.wait_for()
    assert violations_by_theme(page, ".dataset-menu") == {}
