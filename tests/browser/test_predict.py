"""Predict first: asked before it is seen, hidden everywhere, answered by clicks and keys, skipped by going on."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.drawing import PLAYGROUND, choose, go_to, open_page, wait_until_still
from tests.browser.test_accessibility import violations_by_theme


def begin(page: Page, output: str) -> None:
    """Predicting, at the end of the operation that makes this tensor."""
    open_page(page)
    page.get_by_role("switch", name="Predict first").click()
    go_to(page, output)


def question(page: Page) -> dict[str, Any]:
    found = page.evaluate(
        f"async () => {{ {PLAYGROUND} const {{question}} = playground.state;"
        " return question && {kind: question.kind, value: question.value, ...question.cell}; }"
    )
    assert found is not None
    return dict(found)


def later(page: Page) -> None:
    page.get_by_role("button", name="Next", exact=True).click()


def test_a_number_is_hidden_in_drawing_card_and_table_until_it_is_answered(page: Page) -> None:
    begin(page, "x")
    later(page)
    asked = question(page)
    assert asked["kind"] == "number"
    unit = page.locator(f'svg.drawing [data-cell="z1:{asked["index"][0]}"]')
    expect(page.locator(".question")).to_contain_text("What is the value of")
    expect(unit.locator(".unit-value")).to_have_count(0)
    # Once the card, which follows the drawing, tells of it.
    expect(page.locator("bp-card .cell.is-output.is-lit")).to_have_count(1)
    expect(page.locator("bp-card .cell.is-output.is-lit")).to_have_text("")
    page.locator(".predict-number input").fill(str(asked["value"] * 1.02))
    page.keyboard.press("Enter")
    expect(page.locator(".predict-score")).to_contain_text("Right")
    expect(page.locator(".predict-score")).to_contain_text("1 of 1")
    expect(unit.locator(".unit-value")).to_have_count(1)


def test_a_gate_is_answered_by_a_key_and_not_told_by_the_map(page: Page) -> None:
    begin(page, "z1")
    later(page)
    asked = question(page)
    assert asked["kind"] == "gate"
    folds = "document.querySelector('bp-map').shownFolds"
    page.wait_for_function(f"() => {folds} === 0")
    page.keyboard.press("2" if asked["value"] == 1 else "1")
    expect(page.locator(".predict-score")).to_contain_text("It is")
    expect(page.locator(".predict-score")).to_contain_text("0 of 1")
    page.wait_for_function(f"() => {folds} === 3")


def test_signs_of_gradients_are_answered_by_buttons(page: Page) -> None:
    begin(page, "sample_loss")
    for _ in range(24):
        later(page)
        # A press while the skipped operation still plays completes it, and asks nothing.
        if not page.evaluate(f"async () => {{ {PLAYGROUND} return Boolean(playground.state.question); }}"):
            continue
        asked = question(page)
        if asked["kind"] == "sign":
            break
        page.keyboard.press("Escape")
        wait_until_still(page)
    name = "plus" if asked["value"] > 0 else "minus" if asked["value"] < 0 else "zero"
    expect(page.locator("svg.drawing .pick.halo")).to_have_count(1)
    page.locator(".question").get_by_role("button", name=name).click()
    expect(page.locator(".predict-score")).to_contain_text("1 of 1")
    # What was asked for stays marked, and the card is about it.
    wait_until_still(page)
    expect(page.locator("svg.drawing .pick.halo")).to_have_count(1)
    place = f"{asked['tensor']}[{', '.join(str(at) for at in asked['index'])}]"
    expect(page.locator("bp-card .index")).to_have_text(place)


def who_goes_on_is_not_held(page: Page) -> None:
    go_to(page, "x")
    for _ in range(8):
        later(page)
    expect(page.locator('svg.drawing [data-cell^="z1:"].unit .unit-value')).to_have_count(3)
    expect(page.locator(".predict-score")).not_to_contain_text("of")


def test_play_asks_before_each_operation(page: Page) -> None:
    begin(page, "x")
    choose(page, "Speed", "4×")
    page.get_by_role("button", name="Play the step").click()
    first = question(page)
    page.locator(".question").get_by_role("button", name="Skip").click()
    page.wait_for_function(
        f"(before) => {{ {PLAYGROUND} return playground.state.question?.cell.tensor === 'mask1'; }}",
        arg=first["tensor"],
    )
    page.keyboard.press("1")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.question?.cell.tensor === 'z2'; }}")


def going_back_takes_the_question_away(page: Page) -> None:
    go_to(page, "z1")
    later(page)
    expect(page.locator(".question")).to_be_visible()
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.locator(".question")).to_have_count(0)
    assert page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.hidden; }}") is None


def test_by_neuron_an_answer_is_followed_by_the_number_that_was_asked_for(page: Page) -> None:
    begin(page, "x")
    choose(page, "Pause after each", "unit")
    later(page)
    unit = question(page)["index"][0]
    assert unit > 0
    page.locator(".predict-skip").click()
    expect(page.locator(f'svg.drawing [data-cell="z1:{unit}"].unit .unit-value')).to_have_count(1)


def test_in_front_of_a_class_the_caption_asks_and_the_next_press_shows(page: Page) -> None:
    begin(page, "z1")
    page.get_by_role("button", name="Present").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".present-caption")).to_contain_text("Will this gate pass or block?")
    page.keyboard.press("ArrowRight")
    expect(page.locator("svg.drawing .gate.shut")).to_have_count(1)


def without_predicting_nothing_is_asked(page: Page) -> None:
    go_to(page, "x")
    page.get_by_role("switch", name="Predict first").click()
    later(page)
    expect(page.locator(".question")).to_have_count(0)


def test_a_question_breaks_no_rule_and_holds_nobody(page: Page) -> None:
    begin(page, "x")
    later(page)
    expect(page.locator(".question")).to_be_visible()
    assert violations_by_theme(page) == {}
    who_goes_on_is_not_held(page)
    going_back_takes_the_question_away(page)
    without_predicting_nothing_is_asked(page)
