"""Every field for a number takes a comma and a point, and says aloud what it does not take."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.drawing import IRIS, api, go_to, open_page
from tests.browser.test_accessibility import violations
from tests.browser.test_editing import explain, settle
from tests.browser.test_predict import question
from tests.thorough import usually


def open_in(page: Page, language: str, recipe: dict[str, object] | None = None) -> None:
    open_page(page, recipe)
    page.locator(f"select:has(option[value={language}])").select_option(language)
    page.wait_for_function("(language) => document.documentElement.lang === language", arg=language)


def enter(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Enter")


def problem_of(field: Locator) -> Locator:
    """What is said beside the field."""
    return field.locator("xpath=ancestor::bp-number").get_by_role("alert")


def expect_refused(field: Locator, typed: str, said: str) -> None:
    expect(problem_of(field)).to_have_text(said)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value(typed)


def expect_taken(field: Locator) -> None:
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(problem_of(field)).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "no_number", "two_readings"),
    usually(
        REFUSED := [
            ("ru", "«пол» — не число. Введите, например, 0,5.", "«1.234,5» можно прочесть двояко."),
            ("id", "“пол” bukan angka. Ketik angka seperti 0,5.", "“1.234,5” bisa dibaca dengan dua cara."),
        ],
        REFUSED[0],
        arguments=3,
    ),
)
def test_a_weight_is_typed_as_it_is_printed(page: Page, language: str, no_number: str, two_readings: str) -> None:
    open_in(page, language)
    go_to(page, "dx")
    explain(page, "W1", 0, 0)
    field = page.locator(".editor bp-number input")
    expect(field).to_have_value("-0,5")
    for typed, value in (("0,5", 0.5), ("-1,25", -1.25), ("−1.25e-1", -0.125), (",75", 0.75)):
        enter(field, typed)
        settle(page)
        assert api(page, "")["parameters"]["W1"][0][0] == value
        expect_taken(field)
    enter(field, "пол")
    expect_refused(field, "пол", no_number)
    enter(field, "1.234,5")
    expect(problem_of(field)).to_contain_text(two_readings)
    assert api(page, "")["parameters"]["W1"][0][0] == 0.75
    assert violations(page) == []
    # Another number has its own text, and nothing is wrong with that.
    explain(page, "b1", 0)
    expect(field).to_have_value("0,75")
    expect_taken(field)


def test_limits_are_said_in_the_language_of_the_page(page: Page) -> None:
    open_in(page, "ru")
    go_to(page, "dx")
    # The second unit at the corner: z = 0.
    explain(page, "b1", 1)
    field = page.locator(".editor bp-number input")
    enter(field, "1,25")
    settle(page)
    explain(page, "mask1", 1)
    enter(field, "1,5")
    expect_refused(field, "1,5", "Введите число от 0 до 1.")
    enter(field, "0,5")
    settle(page)
    assert api(page, "")["model"]["hidden"][0]["derivative_at_zero"] == 0.5
    expect_taken(field)


def test_settings_take_a_comma_and_are_not_sent_with_what_is_no_number(page: Page) -> None:
    open_in(page, "id")
    page.get_by_role("button", name="laju 0,5").click()
    rate = page.locator("[data-part=learning] bp-number input").first
    units = page.locator("[data-part=network] bp-number input").first
    expect(rate).to_have_value("0,5")
    units.fill("2,5")
    rate.fill("0,x")
    send = page.locator(".drawer-actions button.primary")
    send.click()
    expect_refused(units, "2,5", "Ketik bilangan bulat.")
    expect_refused(rate, "0,x", "“0,x” bukan angka. Ketik angka seperti 0,5.")
    expect(units).to_be_focused()
    units.fill("")
    units.blur()
    expect_refused(units, "", "Ketik sebuah angka.")
    units.fill("5")
    rate.fill("0,125")
    expect_taken(rate)
    send.click()
    expect(page.locator("dialog.drawer")).to_be_hidden()
    session = api(page, "")
    assert (session["optimizer"]["learning_rate"], session["model"]["hidden"][0]["units"]) == (0.125, 5)


def test_what_was_no_number_goes_with_the_other_changes(page: Page) -> None:
    open_page(page)
    page.get_by_role("button", name="rate 0.5").click()
    drawer = page.get_by_role("dialog", name="Settings")
    for label, before in (("Batch size", ""), ("Learning rate", "0.5"), ("L2 (lambda)", "0")):
        field = drawer.get_by_label(label)
        enter(field, "many")
        expect_refused(field, "many", "“many” is not a number. Type one such as 0.5.")
        drawer.get_by_role("button", name="Discard changes").click()
        expect(field).to_have_value(before)
        expect_taken(field)


def nudge(page: Page) -> Locator:
    go_to(page, "dx")
    explain(page, "W2", 2, 0)
    page.locator("bp-card .nudge-switch").click()
    expect(page.locator("bp-nudge .measured")).to_be_visible()
    return page.locator(".h-typed input")


def sample(page: Page) -> Locator:
    return page.locator(".sample-number input")


@pytest.mark.parametrize(
    ("field_of", "typed"),
    [
        (
            nudge,
            [
                ("-0,5", "Введите число больше 0.", "0,5"),
                ("h", "«h» — не число. Введите, например, 0,5.", "1e-4"),
            ],
        ),
        (sample, [("2,5", "Введите целое число.", "3"), ("10", "Введите число от 1 до 9.", "9")]),
    ],
    ids=["h", "sample"],
)
def test_h_and_sample_refuse_aloud(
    page: Page, field_of: Callable[[Page], Locator], typed: list[tuple[str, str, str]]
) -> None:
    open_in(page, "ru", {**IRIS, "batch_size": 9} if field_of is sample else None)
    field = field_of(page)
    for refused, said, taken in typed:
        enter(field, refused)
        expect_refused(field, refused, said)
        enter(field, taken)
        expect_taken(field)


def test_a_prediction_may_have_a_comma_and_is_refused_if_it_is_no_number(page: Page) -> None:
    open_in(page, "id")
    page.locator(".predict-switch").click()
    go_to(page, "x")
    page.locator("bp-transport button.later").click()
    asked = question(page)
    field = page.locator(".predict-number input")
    enter(field, "dua")
    expect_refused(field, "dua", "“dua” bukan angka. Ketik angka seperti 0,5.")
    enter(field, str(asked["value"]).replace(".", ","))
    expect(page.locator(".predict-verdict.is-right")).to_be_visible()
