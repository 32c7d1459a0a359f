"""Check my own numbers: typed or pasted, compared line by line, opened in the playground."""

import numpy as np
import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.drawing import PLAYGROUND, api, open_page
from tests.browser.test_accessibility import use_theme, violations

NETWORK = """
W1 = np.array([[0.5, -1.0],
               [1.0,  2.0]])
b1 = [0, 0.5]
W2 = [[1 0] [-1 1]]
b2 = [0, 0]
x = [1, 2]
y = 0
"""
# z1 = (1 * 0.5 + 2 * 1, -1 + 4 + 0.5) = (2.5, 3.5), both gates open; z2 = (2.5 - 3.5, 3.5) = (-1, 3.5).
P = np.exp([-1, 3.5]) / np.exp([-1, 3.5]).sum()
LOSS = -np.log(P[0])


def begin(page: Page, network: str = NETWORK, results: str = "") -> None:
    open_page(page)
    page.get_by_role("button", name="Check my own numbers").click()
    page.locator("textarea.network").fill(network)
    page.locator("textarea.results").fill(results)


def compare(page: Page) -> None:
    page.get_by_role("button", name="Compare").click()


def verdicts(page: Page) -> list[tuple[str, str]]:
    expect(page.locator(".own-line").first).to_be_visible()
    kinds = ("right", "wrong", "follows", "shape", "unknown")
    lines = page.locator(".own-line").all()
    classes = [(line.get_attribute("class") or "").split() for line in lines]
    names = [line.locator("code").first.inner_text() for line in lines]
    return [(name, next(kind for kind in kinds if kind in own)) for name, own in zip(names, classes, strict=True)]


def test_a_right_calculation_is_right_line_by_line(page: Page) -> None:
    begin(page, results=f"dz2 = {P[0] - 1:.3f}, {P[1]:.3f}\nz1 = [[2.5 3.5]]\nz2 = [-1, 3.5]\ncost = {LOSS:.3f}")
    compare(page)
    assert verdicts(page) == [("z1", "right"), ("z2", "right"), ("loss", "right"), ("dz2", "right")]
    expect(page.locator(".own-summary")).to_have_text("All of it is right.")


def test_the_first_wrong_line_is_told_from_what_follows_from_it(page: Page) -> None:
    # The bias of unit 2 was forgotten, and everything after it was computed well.
    z2 = np.array([2.5 - 3, 3.0])
    p = np.exp(z2) / np.exp(z2).sum()
    begin(page, results=f"z1 = [2.5, 3]\na1 = [2.5, 3]\nz2 = [-0.5, 3]\nloss = {-np.log(p[0]):.4f}")
    compare(page)
    assert verdicts(page) == [("z1", "wrong"), ("a1", "follows"), ("z2", "follows"), ("loss", "follows")]
    first = page.locator(".own-line.is-first")
    expect(first).to_contain_text("z1[0, 1]")
    expect(first).to_contain_text("right: 3.5")
    expect(page.locator(".own-summary")).to_contain_text("mend z1")


def test_a_square_matrix_used_transposed_is_recognised_and_right_in_a_textbook(page: Page) -> None:
    # W1 x + b1 = (0.5 - 2, 1 + 4 + 0.5); W2 a1 = (0, 5.5).
    begin(page, results="z1 = [-1.5, 5.5]\na1 = [0, 5.5]\nz2 = [0, 5.5]\nloss = 5.504")
    expect(page.get_by_text("z1 = x W1 + b1: W1 has a row for each input")).to_be_visible()
    compare(page)
    assert verdicts(page) == [("z1", "wrong"), ("a1", "follows"), ("z2", "follows"), ("loss", "follows")]
    expect(page.locator(".own-line.is-first .own-hint")).to_have_text("This is what W1 transposed gives.")

    page.evaluate(f"async () => {{ {PLAYGROUND} playground.setNotation('textbook'); }}")
    expect(page.get_by_text("a row for each unit and a column for each input")).to_be_visible()
    compare(page)
    expect(page.locator(".own-summary")).to_have_text("All of it is right.")


def test_other_shapes_and_names_are_not_compared(page: Page) -> None:
    begin(page, results="a1 = [1, 2, 3]\nfoo = 1\nz1 = [2.5, 3.5]")
    compare(page)
    assert verdicts(page) == [("z1", "right"), ("a1", "shape"), ("foo", "unknown")]


def test_what_cannot_be_read_is_told_with_its_line_which_is_marked(page: Page) -> None:
    begin(page, results="z1 = [2.5, 3.5]\na1 = [oops]")
    compare(page)
    expect(page.get_by_role("alert").filter(has_text="oops")).to_contain_text("Line 2")
    marked = page.evaluate(
        "() => { const a = document.activeElement; return a.value.slice(a.selectionStart, a.selectionEnd); }"
    )
    assert marked == "a1 = [oops]"
    page.locator("textarea.network").fill("W1 = [[1, 2], [3, 4]]\nx = [1, 2]")
    page.locator("textarea.results").fill("z1 = [1, 2]")
    compare(page)
    expect(page.get_by_role("alert").filter(has_text="y is missing")).to_be_visible()


def test_what_the_engine_refuses_is_said_in_its_words(page: Page) -> None:
    begin(page, network=NETWORK.replace("y = 0", "y = 7"), results="z1 = [2.5, 3.5]")
    compare(page)
    expect(page.get_by_role("alert").filter(has_text="classes")).to_contain_text("0 to 1")


ROWS = "b1 = 0 0\nb2 = 0 0\nW1 = [[1, 2], [3, 4]]\nW2 = [[1, 0], [0, 1]]\nx = [[1, 1], [0.5, -1]]\ny = [[0], [1]]"


def test_factors_sums_and_commas_are_told_and_a_rounded_chain_is_right(page: Page) -> None:
    # a1 = (4, 6) and (0, 0), for both gates are shut for row 2; p = (1, e^2) / (1 + e^2) and (1/2, 1/2).
    p = 1 / (1 + np.exp(2))
    loss = (-np.log(p) + np.log(2)) / 2
    # The mean is missing in dz2, and its first row has a slip.
    dz2 = f"[[{p - 1:.3f} {2 - p:.3f}] [0.500 -0.500]]"
    begin(page, ROWS, f"z1 = [[4 6] [-2.5 -3]]\na1 = [[4 6] [0 0]]\nloss = {loss:.2f}\ndz2 = {dz2}\ndb2 = 0,25 0,75")
    compare(page)
    assert verdicts(page)[:4] == [("z1", "right"), ("a1", "right"), ("loss", "right"), ("dz2", "wrong")]
    line = page.locator(".own-line", has_text="dz2")
    expect(line.locator(".own-hint")).to_have_text("dz2[0] sums to 1. It must sum to 0, because p and y both sum to 1.")

    page.locator("textarea.results").fill(f"dz2 = [[{p - 1:.3f} {1 - p:.3f}] [0.500 -0.500]]")
    compare(page)
    expect(line.locator(".own-hint")).to_have_text(
        [
            "All of it is 2 times the right numbers: the division by the 2 rows is missing.",
            "A second reading of the same numbers: a factor of 2 is too many, such as that of a square without its ½.",
            "A second reading of the same numbers: the mean over the 2 outputs is missing.",
        ]
    )

    page.locator("textarea.results").fill("p = [[0.12 0.88] [0.5 0.5]]\nloss = 1,41")
    compare(page)
    expect(page.locator(".own-line.shape .own-hint")).to_contain_text("0.75 and not 0,75")
    page.locator("textarea.results").fill(
        "p = [[0.12 0.88] [0.5 0.5]]\ndz2 = [[-0.44 0.44] [0.25 -0.25]]\ndb2 = -0.19 0.19"
    )
    compare(page)
    expect(page.locator(".own-summary")).to_have_text("All of it is right.")


@pytest.mark.parametrize("language", ["en", "ru", "id"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844), (1024, 600), (360, 560)])
def test_an_error_leaves_compare_in_its_dialog(page: Page, language: str, width: int, height: int) -> None:
    open_page(page, size={"width": width, "height": height})
    page.evaluate(f"async (language) => {{ {PLAYGROUND} await playground.setLanguage(language); }}", language)
    page.locator(".own-open").click()
    dialog, button = page.locator("dialog.own-dialog"), page.locator(".own-actions .primary")
    for field in ("network", "results"):
        page.locator(f"textarea.{field}").fill("W1 = " + "supercalifragilistic" * 20)
        button.click()
        problem = dialog.locator(".form-problem")
        expect(problem).to_contain_text("supercalifragilistic")
        expect(problem).to_be_in_viewport()
        outer = box_of(dialog)
        for inner in (*dialog.locator(".own-actions button").all(), dialog.locator("header button")):
            assert_inside(box_of(inner), outer)
        assert_inside(outer, {"x": 0, "y": 0, "width": width, "height": height})
        page.locator(f"textarea.{field}").fill(NETWORK)


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


def assert_inside(inner: FloatRect, outer: FloatRect) -> None:
    assert outer["x"] <= inner["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 0.5, (inner, outer)
    assert outer["y"] <= inner["y"] and inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 0.5


def test_another_model_can_be_chosen(page: Page) -> None:
    begin(
        page, network="W1 = 2\nb1 = 1\nW2 = 3\nb2 = 0\nx = 0.5\ny = 1", results="z1 = 2\na2 = 6\nloss = 12.5\ndz2 = 5"
    )
    kinds = page.locator(".own-kinds")
    kinds.locator("label", has_text="Output").locator("select").select_option("identity")
    kinds.locator("label", has_text="half squared error").locator("select").select_option("half_squared_error")
    compare(page)
    assert verdicts(page) == [("z1", "right"), ("a2", "right"), ("loss", "right"), ("dz2", "right")]


def test_the_network_can_be_opened_in_the_playground(page: Page) -> None:
    begin(page)
    page.get_by_role("button", name="Open this network in the playground").click()
    expect(page.locator("dialog.own-dialog")).not_to_be_visible()
    step = api(page, "/trace?sample=0")
    assert step["layers"][0]["z"] == [[2.5, 3.5]]
    assert step["batch"] == {"x": [[1.0, 2.0]], "y": [0]}


def test_the_network_on_show_can_be_taken(page: Page) -> None:
    begin(page, results="z1 = [0.75, -2, 2.5]")
    page.get_by_role("button", name="Take the network on show").click()
    compare(page)
    assert verdicts(page) == [("z1", "right")]


def test_the_dialog_breaks_no_rule(page: Page) -> None:
    begin(page, results="z1 = [2.5, 3]\nfoo = 1")
    compare(page)
    verdicts(page)
    for theme in ("light", "dark"):
        use_theme(page, theme)
        assert violations(page) == [], theme
