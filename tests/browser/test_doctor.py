"""What is wrong with mine?: a drawer beside the drawing with three doors, from what is pasted to the verdict."""

import contextlib
import io
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, ViewportSize, expect

from tests.browser.drawing import LAPTOP, PLAYGROUND, api, open_page, session_id, use_language
from tests.browser.test_accessibility import violations, violations_by_theme
from tests.thorough import tried_by_node, usually

PHONE: ViewportSize = {"width": 390, "height": 844}
SIZES: list[ViewportSize] = [LAPTOP, {"width": 1024, "height": 768}, PHONE]

NETWORK = """W1 = np.array([[0.5, -1.0],
               [1.0,  2.0]])
b1 = [0, 0.5]
W2 = [[1, 0], [-1, 1]]
b2 = [0, 0]
x = [[1, 2]]
y = 0
"""
# z1 = (1 * 0.5 + 2 * 1, -1 + 4 + 0.5) = (2.5, 3.5), both gates open; z2 = (2.5 - 3.5, 3.5) = (-1, 3.5).
P = np.exp([-1, 3.5]) / np.exp([-1, 3.5]).sum()
DZ2 = P - [1, 0]
DA1 = np.array([[1, 0], [-1, 1]]) @ DZ2
GRADIENTS = {"dW2": np.outer([2.5, 3.5], DZ2), "db2": DZ2, "dW1": np.outer([1, 2], DA1), "db1": DA1}


def written(values: dict[str, np.ndarray], decimals: int = 4) -> str:
    """As somebody prints rounded numbers, with all their zeros."""
    lines = [
        f"{name} = {np.array2string(value, formatter={'float_kind': lambda v: f'{v:.{decimals}f}'})}"
        for name, value in values.items()
    ]
    return "\n".join(lines)


RIGHT = NETWORK + written(GRADIENTS)


def starting(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))


def open_door(page: Page, door: str, size: ViewportSize = LAPTOP) -> Locator:
    """The drawer at one of its doors."""
    page.emulate_media(reduced_motion="reduce")
    open_page(page, size=size)
    page.get_by_role("button", name="What is wrong with mine?").click()
    page.locator(".door", has_text=door).click()
    drawer = page.locator(".doctor")
    expect(drawer.get_by_role("heading", name=door)).to_be_focused()
    return drawer


def find(page: Page) -> None:
    page.get_by_role("button", name="Find the mistake").click()


def by_hand(page: Page, text: str, size: ViewportSize = LAPTOP) -> Locator:
    return pasted(open_door(page, "Numbers by hand", size), text)


def pasted(drawer: Locator, text: str) -> Locator:
    """Have a text judged; what is said of the one before is gone with the answer."""
    drawer.get_by_label("Paste what you have").fill(text)
    with drawer.page.expect_response("**/diagnose/read"):
        find(drawer.page)
    return drawer


def headline(drawer: Locator) -> Locator:
    return drawer.locator(".verdict h3")


def statuses(drawer: Locator) -> dict[str, str]:
    lines = drawer.locator(".tensor")
    expect(lines.first).to_be_visible()
    kinds = [(line.get_attribute("class") or "").split("is-")[1] for line in lines.all()]
    return dict(zip(lines.locator("> code").all_inner_texts(), kinds, strict=True))


# --- the drawer ---------------------------------------------------------------------------------------------------


def test_it_begins_with_one_question_beside_a_drawing_that_stays_usable(page: Page) -> None:
    open_page(page)
    button = page.get_by_role("button", name="What is wrong with mine?")
    button.click()
    expect(page.locator(".doctor-question")).to_have_text("What do you have?")
    assert page.locator(".door b").all_inner_texts() == [
        "Numbers by hand",
        "Code in a notebook",
        "It runs but does not learn",
    ]
    expect(button).to_have_attribute("aria-expanded", "true")
    network, drawer = page.locator("bp-network").bounding_box(), page.locator(".doctor").bounding_box()
    assert network and drawer and network["x"] + network["width"] <= drawer["x"]
    assert network["width"] >= 0.58 * LAPTOP["width"]
    # What is asked in the drawing is still explained: the card comes back below.
    page.locator("svg.drawing .unit").first.click()
    expect(page.locator("bp-card .sentence")).to_be_visible()
    expect(page.locator(".doctor-question")).to_be_visible()


def test_closing_keeps_what_was_typed_and_gives_the_focus_back(page: Page) -> None:
    drawer = open_door(page, "Numbers by hand")
    drawer.get_by_label("Paste what you have").fill("W1 = 2")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="What is wrong with mine?")).to_be_focused()
    page.keyboard.press("Enter")
    expect(drawer.get_by_label("Paste what you have")).to_have_value("W1 = 2")


def test_everything_is_done_by_keyboard_in_the_order_that_is_seen(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name="What is wrong with mine?").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#doctor-title")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".door").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#doctor-title")).to_have_text("Numbers by hand")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Paste what you have")).to_be_focused()
    page.keyboard.insert_text(RIGHT)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.matches('.check')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".verdict [role=status]")).to_contain_text("All your gradients are right.")


# --- numbers by hand ----------------------------------------------------------------------------------------------


def test_a_rounded_calculation_is_right_and_its_false_alarms_are_explained(page: Page) -> None:
    drawer = by_hand(page, RIGHT)
    expect(headline(drawer)).to_have_text("All your gradients are right.")
    assert set(statuses(drawer).values()) == {"right"}
    expect(drawer.locator(".alarms li").first).to_contain_text("p - y")
    expect(drawer).to_contain_text("If it still does not learn, look at what gradients cannot show")
    drawer.get_by_role("button", name="Look at these four").click()
    expect(drawer.get_by_role("heading", name="It runs but does not learn")).to_be_focused()


@tried_by_node("doctor")
def test_what_is_right_so_far_says_what_is_missing(page: Page) -> None:
    drawer = by_hand(page, NETWORK + written({"dW2": GRADIENTS["dW2"], "db2": GRADIENTS["db2"]}))
    expect(headline(drawer)).to_have_text("All that you sent is right. dW1, db1 are missing: paste them too.")


def test_a_rounded_chain_is_judged_by_its_own_digits(page: Page) -> None:
    # z2 = 1.8 * W2 gives p = 0.04763. With three digits dW2 = 1.8 * 0.048 = 0.0864; the exact one is 0.0857.
    z, p = np.log(0.04763 / (1 - 0.04763)), 0.04763
    network = f"W1 = [[1.8]]\nb1 = [0]\nW2 = [[{z / 1.8:.12f}]]\nb2 = [0]\nx = [[1]]\ny = [[0]]\n"
    drawer = open_door(page, "Numbers by hand")
    drawer.locator("summary", has_text="Kind of network").click()
    drawer.get_by_label("Output").select_option("sigmoid")
    drawer.get_by_label("Paste what you have").fill(
        network + f"dz2 = [[{p:.3f}]]\ndW2 = [[{round(p, 3) * 1.8:.3f}]]\ndb2 = [{p:.3f}]"
    )
    find(page)
    expect(headline(drawer)).to_contain_text("All that you sent is right.")


def test_the_first_wrong_number_is_told_from_what_follows_and_marked_in_the_drawing(page: Page) -> None:
    # A slip in one cell of dz2, and everything after it computed well.
    dz2 = DZ2 + np.array([0.5, 0])
    da1 = np.array([[1, 0], [-1, 1]]) @ dz2
    slipped = {"dz2": dz2, "dW2": np.outer([2.5, 3.5], dz2), "db2": dz2, "dW1": np.outer([1, 2], da1), "db1": da1}
    drawer = by_hand(page, NETWORK + written(slipped))
    assert statuses(drawer) == {
        "dz2": "wrong",
        "dW2": "follows",
        "db2": "follows",
        "dW1": "follows",
        "db1": "follows",
    }
    expect(headline(drawer)).to_contain_text("dz2 is wrong, and no known mistake gives exactly these numbers.")
    line = drawer.locator(".tensor", has_text="dz2")
    expect(line.locator(".yours")).to_have_text("−0.489")
    expect(line.locator(".wanted")).to_have_text("right: −0.989")
    assert api(page, "/trace?sample=0")["layers"][0]["z"] == [[2.5, 3.5]]
    mark = page.locator("svg.drawing .parting")
    expect(mark.locator(".is-right")).to_have_text("dz2: right −0.989")
    expect(mark.locator(".is-own")).to_have_text("yours −0.489")

    drawer.get_by_role("button", name="How the right number comes about").click()
    expect(page.locator("bp-card .equation").first).to_contain_text("0.989")
    expect(headline(drawer)).to_be_visible()


@tried_by_node("doctor")
def test_the_network_of_before_comes_back(page: Page) -> None:
    drawer = by_hand(page, RIGHT)
    back = drawer.get_by_role("button", name="Back to the network before")
    expect(back).to_be_visible()
    own = session_id(page)
    back.click()
    expect(page.locator("button.sample")).to_have_count(4)
    assert session_id(page) != own
    expect(drawer.get_by_label("Paste what you have")).to_have_value(RIGHT)


@tried_by_node("doctor")
def test_a_network_without_results_is_opened_and_asked_for_them(page: Page) -> None:
    drawer = by_hand(page, NETWORK)
    expect(drawer.get_by_role("alert")).to_contain_text("at least one gradient")
    assert api(page, "/trace?sample=0")["batch"] == {"x": [[1.0, 2.0]], "y": [0]}
    assert drawer.locator(".tensors code").all_inner_texts() == ["W1", "b1", "W2", "b2", "x", "y"]


def test_the_network_on_show_can_be_taken_and_an_own_one_opened(page: Page) -> None:
    drawer = open_door(page, "Numbers by hand")
    drawer.get_by_role("button", name="Use the current network").click()
    text = drawer.get_by_label("Paste what you have")
    expect(text).to_have_value(starting("W1 = [[-0.5,0.25,0.75],[-0.5,1.5,-1]]\n"))
    text.fill(text.input_value() + "z1 = [0.75, -2, 2.5]")
    find(page)
    assert statuses(drawer) == {"z1": "right"}
    text.fill(NETWORK)
    drawer.get_by_role("button", name="Open this network in the playground").click()
    expect(page.get_by_role("button", name="network 2 – 2 – 2")).to_be_visible()
    assert api(page, "/trace?sample=0")["layers"][0]["z"] == [[2.5, 3.5]]


@tried_by_node("doctor")
def test_what_is_lacking_is_named_with_what_it_must_be(page: Page) -> None:
    drawer = by_hand(page, "W1 = [[1, 2], [3, 4]]\nx = [1, 2]\nz1 = [1, 2]")
    expect(drawer.get_by_role("alert")).to_contain_text("y is missing. Paste it too; weights from before the update.")


def other_shapes_and_names_are_said_to_be_that(drawer: Locator) -> None:
    pasted(drawer, RIGHT.replace("db2 = [", "db2 = [0.5 ") + "\nfoo = 1")
    assert statuses(drawer)["db2"] == "shape"
    expect(drawer.locator(".tensor.is-shape")).to_contain_text("Yours is 3; 2 is needed.")
    expect(drawer.locator(".doctor-reading")).to_contain_text("foo")


def a_textbooks_columns_are_read_as_such(drawer: Locator) -> None:
    # W1 x + b1 = (0.5 - 2, 1 + 4 + 0.5) = (-1.5, 5.5): unit 1 is shut; W2 a1 = (0, 5.5).
    p = np.exp([0, 5.5]) / np.exp([0, 5.5]).sum()
    dz2 = (p - [1, 0])[:, None]
    a1, da1 = np.array([[0], [5.5]]), np.array([[1, -1], [0, 1]]) @ dz2
    dz1 = da1 * [[0], [1]]
    columns = {"dW2": dz2 @ a1.T, "db2": dz2, "dW1": dz1 @ [[1, 2]], "db1": dz1}
    pasted(drawer, NETWORK.replace("x = [[1, 2]]", "x = [[1], [2]]") + written(columns))
    expect(headline(drawer)).to_have_text("All your gradients are right.")


@tried_by_node("doctor")
def test_a_text_that_fits_both_layouts_is_asked_about_before_anything_is_said(page: Page) -> None:
    drawer = by_hand(page, RIGHT.replace("x = [[1, 2]]", "x = [1, 2]"))
    question = drawer.get_by_role("group", name="Two readings of the matrices fit")
    expect(question).to_be_visible()
    expect(headline(drawer)).to_have_count(0)
    question.get_by_role("button", name="Rows are samples").click()
    expect(headline(drawer)).to_have_text("All your gradients are right.")


def a_print_out_with_dots_gets_the_small_case(drawer: Locator) -> None:
    pasted(drawer, "W1 = [[0.1 0.2 ... 0.3]\n [0.4 0.5 ... 0.6]]\nx = [1, 2]\ny = 0")
    expect(drawer.locator(".doctor-note")).to_contain_text("NumPy left numbers out")
    drawer.get_by_role("button", name="Use this small case").click()
    expect(drawer.get_by_role("heading", name="Code in a notebook")).to_be_focused()
    expect(drawer.locator(".doctor-copy textarea").first).to_have_value(starting("# ---"))


def what_the_engine_refuses_is_said_in_its_words(drawer: Locator) -> None:
    pasted(drawer, RIGHT.replace("y = 0", "y = 7"))
    expect(drawer.get_by_role("alert").filter(has_text="classes")).to_contain_text("0 to 1")


def test_texts_are_read_one_after_the_other(page: Page) -> None:
    drawer = open_door(page, "Numbers by hand")
    other_shapes_and_names_are_said_to_be_that(drawer)
    a_textbooks_columns_are_read_as_such(drawer)
    what_the_engine_refuses_is_said_in_its_words(drawer)
    a_print_out_with_dots_gets_the_small_case(drawer)


def test_another_model_can_be_chosen(page: Page) -> None:
    drawer = open_door(page, "Numbers by hand")
    drawer.locator("summary", has_text="Kind of network").click()
    drawer.get_by_label("Output").select_option("identity")
    drawer.locator("label", has_text="half squared error").locator("select").select_option("half_squared_error")
    # Without brackets: z1 = 2 * 0.5 + 1 = 2, a2 = 6, loss = 25 / 2, dz2 = 5.
    drawer.get_by_label("Paste what you have").fill(
        "W1 = 2\nb1 = 1\nW2 = 3\nb2 = 0\nx = 0.5\ny = 1\nz1 = 2\na2 = 6\nloss = 12.5\ndz2 = 5"
    )
    find(page)
    assert statuses(drawer) == {"z1": "right", "a2": "right", "loss": "right", "dz2": "right"}


@tried_by_node("doctor")
def test_a_server_that_is_away_loses_nothing_and_the_same_press_works_later(page: Page) -> None:
    drawer = open_door(page, "Numbers by hand")
    drawer.get_by_label("Paste what you have").fill(RIGHT)
    for path in ("**/diagnose/read", "**/diagnose"):
        page.route(path, lambda route: route.abort())
        find(page)
        expect(drawer.locator(".form-problem")).to_contain_text("server")
        expect(drawer.get_by_label("Paste what you have")).to_have_value(RIGHT)
        page.unroute(path)
    find(page)
    expect(headline(drawer)).to_have_text("All your gradients are right.")
    expect(drawer.locator(".form-problem")).to_have_count(0)


# --- code in a notebook -------------------------------------------------------------------------------------------


def forward(ns: dict[str, Any]) -> tuple[Any, Any, Any, int]:
    x, m = ns["X"], len(ns["X"])
    z1 = x @ ns["W1"] + ns["b1"]
    a1 = np.maximum(z1, 0)
    z2 = a1 @ ns["W2"] + ns["b2"]
    p = np.exp(z2 - z2.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    d = p.copy()
    d[np.arange(m), ns["y"]] -= 1
    return z1, a1, d / m, m


def backward(ns: dict[str, Any], has_mask: bool = True, factor: float = 1) -> None:
    """A learner's backward pass in a notebook's variables."""
    z1, a1, d, _ = forward(ns)
    d = factor * d
    dz1 = d @ ns["W2"].T * ((z1 > 0) if has_mask else 1)
    ns.update(dW2=a1.T @ d, db2=d.sum(0), dW1=ns["X"].T @ dz1, db1=dz1.sum(0))


def run_cell(cell: str, yours: Callable[[dict[str, Any]], None], variables: dict[str, Any]) -> str:
    """Run a cell with the learner's lines at the place marked, and return what it prints."""
    lines = cell.split("\n")
    at = next(number for number, line in enumerate(lines) if "YOUR" in line)
    variables["yours"] = yours
    source = "\n".join([*lines[:at], "yours(globals())", *lines[at + 1 :]])
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(source, variables)
    return printed.getvalue()


def in_notebook(page: Page, yours: Callable[[dict[str, Any]], None]) -> Locator:
    drawer = open_door(page, "Code in a notebook")
    paste_run(page, drawer, 0, yours)
    return drawer


def paste_run(page: Page, drawer: Locator, at: int, yours: Callable[[dict[str, Any]], None]) -> None:
    cell = drawer.locator(".doctor-run .doctor-copy textarea").nth(at)
    expect(cell).to_have_value(starting("# ---"))
    drawer.get_by_label("The cell printed").nth(at).fill(run_cell(cell.input_value(), yours, {}))
    find(page)


def test_a_cell_puts_the_learners_variables_back_and_can_be_run_again_after_an_error(page: Page) -> None:
    drawer = open_door(page, "Code in a notebook")
    cell = drawer.locator(".doctor-run .doctor-copy textarea").first
    expect(cell).to_have_value(starting("# ---"))
    mine: dict[str, Any] = {"X": "my own", "dW1": "of another run"}

    def fails(_: dict[str, Any]) -> None:
        raise ValueError("shapes not aligned")

    with pytest.raises(ValueError, match="shapes"):
        run_cell(cell.input_value(), fails, mine)
    printed = run_cell(cell.input_value(), backward, mine)
    assert [line.split(" = ")[0] for line in printed.splitlines()] == ["dW1", "db1", "dW2", "db2"]
    assert (mine["X"], mine["dW1"]) == ("my own", "of another run")
    assert not {"W1", "b2", "db2", "_yours"} & set(mine)
    # What the code has not computed is never what was there before.
    assert "# dW1 was not computed" in run_cell(cell.input_value(), lambda _: None, mine)


def test_code_that_changes_its_inputs_is_told_so_although_its_gradients_are_right(page: Page) -> None:
    def updates(ns: dict[str, Any]) -> None:
        backward(ns)
        ns["W2"] -= 0.1 * ns["dW2"]
        ns["X"] = "another thing by this name is no change of the array"

    drawer = in_notebook(page, updates)
    expect(headline(drawer)).to_contain_text("The call changes its inputs")
    assert "W2" in headline(drawer).inner_text() and set(statuses(drawer).values()) == {"right"}


def test_right_code_is_right_and_a_harder_case_can_be_tried(page: Page) -> None:
    drawer = in_notebook(page, backward)
    expect(headline(drawer)).to_have_text("All your gradients are right.")
    drawer.get_by_role("button", name="Try a harder case").click()
    expect(drawer.locator(".doctor-run .doctor-copy textarea").nth(1)).to_be_focused()
    paste_run(page, drawer, 1, backward)
    expect(drawer.locator(".judged")).to_have_count(2)
    expect(headline(drawer)).to_have_text("All your gradients are right.")


def test_the_script_that_does_all_this_is_offered_and_there(page: Page) -> None:
    drawer = open_door(page, "Code in a notebook")
    drawer.locator("summary", has_text="Or let a script do it").click()
    fetch, run = drawer.locator(".doctor-script textarea").input_value().splitlines()
    assert run == "python doctor.py mycode.py:backward"
    answer = page.request.get(fetch.removeprefix("curl -O "))
    assert answer.ok and "def " in answer.text()


def test_a_cell_of_what_was_chosen_before_cannot_be_copied(page: Page) -> None:
    drawer = open_door(page, "Code in a notebook")
    cell = drawer.locator(".doctor-run .doctor-copy textarea").first
    expect(cell).to_have_value(starting("# ---"))
    before = cell.input_value()
    waiting: list[Route] = []
    page.route("**/diagnose/cases", lambda route: waiting.append(route))
    drawer.locator("summary", has_text="Kind of network").click()
    drawer.get_by_label("Arrays").select_option("columns")
    expect(cell).to_have_value("")
    expect(drawer.get_by_role("button", name="Copy this cell")).to_be_disabled()
    for route in waiting:
        route.continue_()
    expect(cell).to_have_value(starting("# ---"))
    assert cell.input_value() != before


def test_code_in_columns_and_with_other_names_gets_a_cell_of_its_own(page: Page) -> None:
    drawer = open_door(page, "Code in a notebook")
    drawer.locator("summary", has_text="Kind of network").click()
    drawer.get_by_label("Arrays").select_option("columns")
    drawer.get_by_label("y holds").select_option("rows")
    drawer.locator("summary", has_text="Your names").click()
    for label, name in {
        "Inputs": "data",
        "Weights of layer 1": 'params["W1"]',
        "Biases of layer 1": 'params["b1"]',
    }.items():
        drawer.get_by_label(label, exact=True).fill(name)
    expect(drawer.locator(".doctor-copy textarea").first).to_have_value(starting('params["b1"]'))

    def columns(ns: dict[str, Any]) -> None:
        x, y, params = ns["data"], ns["y"], ns["params"]
        m = x.shape[1]
        z1 = params["W1"] @ x + params["b1"]
        a1 = np.maximum(z1, 0)
        z2 = params["W2"] @ a1 + params["b2"]
        p = np.exp(z2 - z2.max(0))
        d = (p / p.sum(0) - y) / m
        dz1 = params["W2"].T @ d * (z1 > 0)
        ns.update(dW2=d @ a1.T, db2=d.sum(1, keepdims=True), dW1=dz1 @ x.T, db1=dz1.sum(1, keepdims=True))

    paste_run(page, drawer, 0, columns)
    expect(headline(drawer)).to_have_text("All your gradients are right.")
    drawer.get_by_label("Inputs", exact=True).fill("my data")
    expect(drawer.get_by_role("alert").filter(has_text="my data")).to_be_visible()


def test_a_mistake_is_named_with_its_lines_and_marked_in_the_drawing(page: Page) -> None:
    drawer = in_notebook(page, lambda ns: backward(ns, has_mask=False))
    expect(headline(drawer)).to_contain_text("are exactly what comes out of this mistake:")
    expect(headline(drawer).locator("strong")).to_have_text("The slope of the activation is missing")
    expect(drawer.locator(".lines .is-wrong code")).to_contain_text("dz1 = ")
    expect(drawer.locator(".lines .is-right code")).to_contain_text("mask1")
    assert statuses(drawer) == {"dW2": "right", "db2": "right", "dW1": "wrong", "db1": "wrong"}
    expect(page.locator("svg.drawing .parting .is-own")).to_be_visible()
    expect(page.locator(".scope h2")).to_have_text("Batch of 7 samples")


@tried_by_node("doctor")
def test_two_mistakes_with_the_same_numbers_get_the_case_that_tells_them_apart(page: Page) -> None:
    # Of two samples, twice the right numbers: a factor of 2, or the mean missing.
    x, y = np.array([[1.0, 2.0], [0.5, -1.0]]), [0, 1]
    ns: dict[str, Any] = {
        "X": x,
        "y": y,
        "W1": np.array([[0.5, -1.0], [1.0, 2.0]]),
        "b1": np.array([0.1, 0.5]),
        "W2": np.array([[1.0, 0.3], [-1.0, 1.0]]),
        "b2": np.array([0.0, 0.2]),
    }
    backward(ns, factor=2)
    names = ("X", "y", "W1", "b1", "W2", "b2", "dW1", "db1", "dW2", "db2")
    drawer = by_hand(page, "\n".join(f"{name} = {np.asarray(ns[name]).tolist()}" for name in names))
    drawer.get_by_role("button", name="Rows are samples").click()
    expect(headline(drawer)).to_contain_text("mistakes give exactly these numbers:")
    expect(drawer.locator(".verdict")).to_contain_text("One more run tells them apart.")
    assert drawer.locator(".finding").count() >= 2
    drawer.get_by_role("button", name="Go to the case that does").click()
    case = drawer.locator(".doctor-run .doctor-copy textarea")
    expect(case).to_be_focused()
    asked = {
        name: np.array(json.loads(value))
        for name, value in (line.split(" = ") for line in case.input_value().splitlines())
    }
    asked["X"] = asked["x"]
    backward(asked, factor=2)
    drawer.get_by_label("Your results for this case").fill(
        "\n".join(f"{name} = {asked[name].tolist()}" for name in ("dW1", "db1", "dW2", "db2"))
    )
    find(page)
    expect(headline(drawer).locator("strong")).to_have_text("A factor of 2 too much")


# --- it runs but does not learn -----------------------------------------------------------------------------------


def test_what_gradients_cannot_show_is_shown_in_the_drawing_in_order(page: Page) -> None:
    drawer = open_door(page, "It runs but does not learn")
    assert drawer.locator(".doctor-sights b").all_inner_texts() == [
        "The activation of the forward pass",
        "The output with its loss",
        "The initial weights",
        "The learning rate",
    ]
    segments = []
    for button in drawer.locator(".doctor-sights button").all():
        button.click()
        page.wait_for_timeout(100)
        pick = "playground.player.timeline.operations[playground.state.operation].segment"
        segments.append(page.evaluate(f"async () => {{ {PLAYGROUND} return {pick}; }}"))
    assert segments == ["forward", "loss", "forward", "update"]
    assert page.evaluate(f"async () => {{ {PLAYGROUND} return playground.model.session.step; }}") == 0
    drawer.locator(".door", has_text="Code in a notebook").click()
    expect(drawer.get_by_role("heading", name="Code in a notebook")).to_be_focused()


# --- looks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", usually(SIZES, PHONE), ids=lambda size: str(size["width"]))
def test_the_drawer_breaks_no_rule(page: Page, size: ViewportSize) -> None:
    drawer = by_hand(page, RIGHT.replace("dW2 = [[", "foo = 1\ndW2 = [["), size)
    expect(headline(drawer)).to_be_visible()
    assert violations_by_theme(page) == {}
    for door in (1, 2):
        drawer.get_by_role("button", name="Back to the question").click()
        page.locator(".door").nth(door).click()
        page.wait_for_timeout(300)
        assert violations(page) == [], door


@pytest.mark.parametrize("language", usually(["en", "ru", "id"], "ru"))
@pytest.mark.parametrize(
    ("width", "height"),
    usually([(1440, 900), (390, 844), (1024, 600), (360, 560)], (360, 560), arguments=2),
)
def test_an_error_leaves_every_button_in_the_drawer(page: Page, language: str, width: int, height: int) -> None:
    open_page(page, size={"width": width, "height": height})
    use_language(page, language)
    page.locator(".doctor-open").click()
    page.locator(".door").first.click()
    page.locator(".doctor-paste textarea").fill("W1 = " + "supercalifragilistic" * 20)
    button = page.locator(".doctor .check")
    button.click()
    expect(
        page.locator(".doctor [role=alert] .form-problem, .doctor .form-problem, .doctor-note").first
    ).to_be_visible()
    inside, outside = button.bounding_box(), page.locator(".doctor").bounding_box()
    assert inside and outside
    assert outside["x"] <= inside["x"] and inside["x"] + inside["width"] <= outside["x"] + outside["width"]
    assert inside["y"] + inside["height"] <= min(height, outside["y"] + outside["height"])
    overflow = "(e) => e.scrollWidth - e.clientWidth"
    assert page.locator(".doctor-body").evaluate(overflow) <= 0
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_on_a_phone_it_is_a_sheet_that_nothing_behind_it_can_be_reached_through(page: Page) -> None:
    drawer = open_door(page, "Numbers by hand", PHONE)
    assert drawer.bounding_box() == {"x": 0, "y": 0, **PHONE}
    expect(page.locator("bp-transport .play")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("bp-transport .play")).to_be_visible()
