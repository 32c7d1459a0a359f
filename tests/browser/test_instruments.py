"""The instruments of the labs in their own scenes: by mouse, keys and touch, their numbers beside those of the API."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

from tests.browser.drawing import LAPTOP
from tests.browser.hands import Hand, Keys, Mouse, Touch
from tests.browser.test_accessibility import violations, violations_by_theme
from tests.browser.test_fit import TABLET
from tests.browser.test_labs import PHONE, STATE, is_done
from tests.thorough import usually

LOW: ViewportSize = {"width": 844, "height": 390}
WIDE: ViewportSize = {"width": 1440, "height": 900}
SIZES: list[ViewportSize] = [LAPTOP, PHONE, LOW]
# Labels that do not lie between the edges of the instrument, and handles whose middle is not in its picture.
CUT = """[...document.querySelectorAll(".labels span, .plot > .grip")].filter((part) => {
  const parts = [part, part.closest(".instrument"), part.closest(".plot")];
  const [own, all, plot] = parts.map((one) => one.getBoundingClientRect());
  const middle = (own.top + own.bottom) / 2;
  return own.left < all.left || own.right > all.right || middle < plot.top || middle > plot.bottom;
}).map((part) => part.textContent || part.className)"""
IS_ON_TOP = """(element) => {
  const {left, right, top, bottom} = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
}"""
SCENES = [("corner", "road"), ("corner", "rare"), ("chain", "twin"), ("chain", "deep")]
HANDS: dict[str, type[Mouse] | type[Keys] | type[Touch]] = {"mouse": Mouse, "keys": Keys, "touch": Touch}


def begin(page: Page, lab: str, scene: str, size: ViewportSize = LAPTOP) -> None:
    """Open a scene with an instrument, and answer its question, however."""
    page.set_viewport_size(size)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/?lab={lab}&scene={scene}")
    page.locator(".lab-foot").wait_for()
    page.locator(".instrument").wait_for()
    if page.locator(".lab.ask").count() > 0:
        page.locator(".lab h2").focus()
        if page.locator(".lab-numbers").count() > 0:
            page.locator(".lab-numbers input").first.fill("5")
            page.locator(".lab-check").click()
        else:
            page.keyboard.press("1")
    expect(page.locator(".lab.do")).to_be_attached()


def by(*usual: str) -> pytest.MarkDecorator:
    """By mouse, keys and touch; usually in one of these ways, since the walks of labs try each of them."""
    return pytest.mark.parametrize("hand", usually(HANDS.keys(), *usual), indirect=True)


@pytest.fixture
def hand(request: pytest.FixtureRequest, page: Page, browser: Browser, base_url: str) -> Any:
    if request.param != "touch":
        yield HANDS[request.param](page)
        return
    context = browser.new_context(base_url=base_url, has_touch=True, viewport=PHONE)
    yield Touch(context.new_page())
    context.close()


def size_of(hand: Hand) -> ViewportSize:
    return PHONE if isinstance(hand, Touch) else LAPTOP


def drag(hand: Hand, grip: str, pixels: int, *keys: str) -> None:
    """Move a handle by so many pixels, or with these keys."""
    page = hand.page
    if isinstance(hand, Keys):
        hand.reach(grip)
        for key in keys:
            page.keyboard.press(key)
        return
    box = page.locator(grip).bounding_box()
    assert box and min(box["width"], box["height"]) >= 44
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if isinstance(hand, Touch):
        devtools = page.context.new_cdp_session(page)
        for kind, at in (("touchStart", 0.0), ("touchMove", 0.5), ("touchMove", 1.0)):
            point = {"x": x + at * pixels, "y": y}
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    else:
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + pixels, y, steps=4)
        page.mouse.up()


def stage(page: Page) -> dict[str, Any]:
    """What the instrument shows, as the state has it."""
    found: dict[str, Any] = page.evaluate(f"(({{grid, ...rest}}) => rest)({STATE}.lab.stage)")
    return found


def asked(page: Page, experiment: str, body: dict[str, Any]) -> Any:
    """The result of an experiment, by the API itself."""
    answer = page.request.post(f"/api/v1/experiments/{experiment}", data=body)
    return json.loads(answer.text().splitlines()[-1])["result"]


def numbers_of(row: Locator) -> list[str]:
    return [text.replace("\u2212", "-") for text in row.locator("td").all_inner_texts()]


# --- line -------------------------------------------------------------------------------------------------------------


@by("touch")
def test_a_promise_is_kept_up_to_the_corner_and_a_smooth_function_always_errs_a_little(hand: Hand) -> None:
    page = hand.page
    begin(page, "corner", "road", size_of(hand))
    # From -2 to 2, between the margins.
    one = page.locator(".plot").evaluate("(plot) => (plot.clientWidth - 64) / 4")
    drag(hand, ".grip.is-step", -round(0.25 * one), "Shift+ArrowLeft", "ArrowLeft")
    assert (found := stage(page))["dx"] < -0.5
    assert found["error"] == 0
    drag(hand, ".grip.is-step", -round(one), "Home")
    expect(page.locator(".of-error")).to_be_visible()
    found = stage(page)
    assert found["error"] == -found["dx"] - 1
    # From close to 0, only a short step keeps the promise.
    drag(hand, ".grip.is-place", -round(0.95 * one), *["Shift+ArrowLeft"] * 3, *["ArrowLeft"] * 15)
    assert 0 <= stage(page)["x0"] < 0.1
    # Nearer than a finger can: by keys.
    page.locator(".grip.is-place").press("ArrowRight")
    while (found := stage(page))["error"] > 0:
        page.locator(".grip.is-step").press("ArrowRight")
    assert 0 < -found["dx"] <= found["x0"] < 0.1
    hand.press(".instrument .choice button:nth-child(2)")
    expect(page.locator(".lab.told")).to_be_attached()
    assert is_done(page)
    found = stage(page)
    assert found["f"] == "sigmoid"
    assert 0 < found["error"] < 0.2


def test_the_slope_on_the_corner_is_a_choice_that_is_right_for_neither_side(page: Page) -> None:
    begin(page, "corner", "on")
    hand = Mouse(page)
    shares = []
    for chip in (1, 2, 3):
        hand.press(f".instrument .choice button:nth-child({chip})")
        expect(page.locator(f".instrument .choice button:nth-child({chip})")).to_have_attribute("aria-pressed", "true")
        found = stage(page)
        shares.append(found["error"] / -found["dx"])
    assert shares == [0, 0.5, 1]
    # On this side the first one keeps its promise: the other one has to be seen, too.
    assert not is_done(page)
    hand.press(".instrument .choice button:nth-child(1)")
    drag(hand, ".grip.is-step", 400)
    found = stage(page)
    assert found["error"] == found["dx"] > 0
    expect(page.locator(".lab.told")).to_be_attached()
    hand.press(".as-table")
    row = page.locator(".twin tr", has=page.get_by_role("rowheader", name="0.5", exact=True))
    assert numbers_of(row) == ["0.5", "0", "0.5"]


# --- factors ----------------------------------------------------------------------------------------------------------


@by("keys")
def test_a_chain_is_opened_down_to_its_last_number(hand: Hand) -> None:
    page = hand.page
    begin(page, "chain", "seven", size_of(hand))
    hand.press(".lab-answers .lab-chip:nth-child(3)")
    expect(page.locator(".factors .is-closed .symbol")).to_have_text("da3/dw1")
    for layer in (2, 1, None):
        hand.press(".is-closed button")
        expect(page.locator(".is-closed")).to_have_count(0 if layer is None else 1)
    assert page.locator(".factors tbody td").all_inner_texts() == ["1", "1", "2", "1", "1.5", "1", "2"]
    # The drawing calls the weights as the product does.
    assert page.locator(".drawing .weight-name").all_text_contents() == ["w1", "w2", "w3"]
    expect(page.locator(".factor-result b")).to_have_text("6")
    expect(page.locator(".instrument h2")).to_contain_text("7 factors")
    hand.press(".factor-nudge")
    expect(page.locator("bp-nudge .measured")).to_be_visible()
    expect(page.locator(".lab.told")).to_be_attached()
    assert is_done(page)
    # On a phone the sheet with the nudge makes way for what is told.
    assert page.locator(".lab-told").evaluate(IS_ON_TOP)
    # Beside it stand all factors and both numbers of the nudge.
    for size in [] if isinstance(hand, Touch) else [LAPTOP, TABLET, WIDE]:
        page.set_viewport_size(size)
        assert page.locator(".factor-list").evaluate("(one) => one.scrollHeight - one.clientHeight") <= 0, size
        expect(page.locator("bp-nudge .backprop")).to_be_in_viewport(ratio=1)


def test_a_factor_leads_to_its_place_in_the_drawing(page: Page) -> None:
    begin(page, "chain", "twin")
    Mouse(page).press(".factors .is-slope button")
    assert page.evaluate(f"{STATE}.focus") == {"tensor": "mask3", "index": [0]}
    expect(page.locator("bp-card .body")).to_be_visible()


def test_the_twin_follows_the_weights(page: Page) -> None:
    begin(page, "chain", "weights")
    hand = Mouse(page)
    hand.press(".twin-switch")
    results = []
    for chip in (1, 3):
        hand.press(f".lab-answers .lab-chip:nth-child({chip})")
        expect(page.locator(".factors tbody tr:nth-child(3) td").last).to_have_text(["0.5", "", "2"][chip - 1])
        results.append(page.locator(".factor-result b").all_inner_texts())
    # The error comes before the seven weights: 1/256 and 256 of a target of 0.
    assert [one for one, _ in results] == [str(0.5**8 * 0.5**7).replace("3.0517578125e-05", "3.1e\u22125"), "32768"]
    assert all(abs(float(twin.replace("\u2212", "-"))) < 0.001 for _, twin in results)


# --- depth ------------------------------------------------------------------------------------------------------------


def test_sizes_of_gradients_are_run_read_and_tabled(page: Page) -> None:
    begin(page, "chain", "deep")
    hand = Mouse(page)
    hand.press(".run-start")
    page.locator(".grip").wait_for()
    body = {"layers": 30, "width": 64, "activations": ["sigmoid", "relu"], "initializers": ["xavier"]}
    result = asked(page, "depth", body)
    relu = result["curves"][1]
    for label, curve in zip(page.locator(".labels .curve b").all_inner_texts(), result["curves"], strict=True):
        assert float(label.replace("\u2212", "-").removeprefix("10")) == pytest.approx(
            curve["dz"]["median"][0], abs=0.05
        )
    grip = page.locator(".grip")
    drag(hand, ".grip", 200)
    layer = int(grip.get_attribute("aria-valuenow") or 0)
    assert 5 < layer < 15
    expect(page.locator(".instrument .key b")).to_have_text(f"In layer {layer}")
    for key, goal in (("ArrowRight", layer + 1), ("Shift+ArrowRight", layer + 4), ("End", 30), ("Home", 1)):
        page.keyboard.press(key)
        expect(grip).to_have_attribute("aria-valuenow", str(goal))
    assert "ReLU, Xavier: 10 to the power of \u22124." in (grip.get_attribute("aria-valuetext") or "")
    hand.press(".as-table")
    row = page.locator(".twin table").nth(1).locator("tbody tr").first
    [median, _, theory] = numbers_of(row)
    assert float(median.removeprefix("10")) == pytest.approx(relu["dz"]["median"][0], abs=0.005)
    assert float(theory.removeprefix("10")) == pytest.approx(relu["theory"][0], abs=0.005)
    # Once there are results, another choice is run at once.
    page.locator("select[data-field=initializers]").select_option("He")
    expect(page.locator(".twin caption").first).to_contain_text("He")


def test_a_run_can_be_stopped_and_begun_again(page: Page) -> None:
    begin(page, "chain", "deep")
    held: list[Route] = []
    page.route("**/experiments/depth", lambda route: held.append(route))
    hand = Mouse(page)
    hand.press(".run-start")
    expect(page.locator(".run progress")).to_be_visible()
    hand.press(".run-stop")
    expect(page.locator(".run-start")).to_be_visible()
    page.unroute("**/experiments/depth")
    hand.press(".run-start")
    page.locator(".grip").wait_for()


# --- bars -------------------------------------------------------------------------------------------------------------


@by("mouse")
def test_counts_are_bars_with_the_numbers_of_the_api(hand: Hand) -> None:
    page = hand.page
    begin(page, "corner", "rare", size_of(hand))
    hand.press(".run-start")
    expect(page.locator(".lab.told")).to_be_attached()
    zeros = [one["zeros"] for one in asked(page, "exact-zeros", {})["precisions"]]
    rows = page.locator(".bar-row:has(.bar-name):not(.is-steps)")
    assert rows.locator(".bar-number b").all_inner_texts() == [str(one["count"]) for one in zeros]
    expect(rows.first.locator("small")).to_have_text(f"of {zeros[0]['of']:,}")
    widths = rows.locator(".amount").evaluate_all("(all) => all.map(({offsetWidth}) => offsetWidth)")
    assert widths[0] > 20
    assert widths[1:] == [0, 0]
    hand.press(".as-table")
    expect(page.locator(".twin tbody tr").first).to_contain_text(f"{zeros[0]['count']} of {zeros[0]['of']:,}")


def test_variants_are_read_at_any_step_of_their_training(page: Page) -> None:
    begin(page, "code", "start")
    hand = Mouse(page)
    hand.press(".run-start")
    expect(page.locator(".track .amount")).to_have_count(3)
    results = page.evaluate(f"{STATE}.lab.experiment.results")
    loss = {name: result["loss"]["mean"] for name, result in results.items()}
    assert list(loss) == ["tanh_small", "relu_small", "relu_he"]
    shown = ".bar-row:has(.amount) .bar-number b"
    assert [float(text) for text in page.locator(shown).all_inner_texts()] == pytest.approx(
        [curve[-1] for curve in loss.values()], rel=0.01
    )
    page.locator(".grip").focus()
    page.keyboard.press("Home")
    assert [float(text) for text in page.locator(shown).all_inner_texts()] == pytest.approx(
        [curve[0] for curve in loss.values()], rel=0.01
    )
    expect(page.locator(".instrument .key b")).to_have_text("After step 1")


# --- all --------------------------------------------------------------------------------------------------------------


def show_all(page: Page, lab: str, scene: str) -> None:
    """Have everything that the instrument shows."""
    begin(page, lab, scene, page.viewport_size or LAPTOP)
    for part in (".run-start", ".twin-switch"):
        if page.locator(part).count() > 0:
            page.locator(part).click()
    shown = {"road": ".grip.is-step", "rare": ".track .amount", "twin": ".has-twin", "deep": ".grip"}
    page.locator(shown[scene]).first.wait_for()


@pytest.mark.parametrize("size", usually(SIZES, PHONE), ids=lambda size: str(size["width"]))
@pytest.mark.parametrize(("lab", "scene"), usually(SCENES, *SCENES[::2], arguments=2))
def test_no_instrument_breaks_a_rule(page: Page, lab: str, scene: str, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    show_all(page, lab, scene)
    assert violations_by_theme(page, ".instrument") == {}
    assert page.evaluate(CUT) == []
    for table in page.locator(".instrument .as-table:not(.twin-switch)").all():
        table.click()
        assert violations(page, ".instrument") == []
