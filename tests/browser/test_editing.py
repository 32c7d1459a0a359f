"""Changing numbers by hand: computed anew at once, one ghost, undone bit for bit."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.drawing import PLAYGROUND, api, change, explain, follow, go_to, open_page


def settle(page: Page) -> None:
    """Wait until the last change is drawn."""
    page.evaluate(f"async () => {{ {PLAYGROUND} await playground.changing.last; }}")


def state_of(page: Page) -> dict[str, Any]:
    return {"session": api(page, "")["parameters"], "step": api(page, "/trace"), "data": api(page, "/data")}


def test_a_typed_weight_is_computed_at_once_and_leaves_a_ghost(page: Page) -> None:
    open_page(page)
    go_to(page, "dx")
    explain(page, "W1", 0, 0)
    field = page.get_by_role("textbox", name="weight")
    expect(field).to_have_value("-0.5")
    field.fill("0.5")
    field.press("Enter")
    expect(page.locator('[data-cell="z1:0"] .unit-value')).to_have_text("1.75")
    # Its old value and its old gradient.
    expect(page.locator('[data-cell="z1:0"] .ghost')).to_have_text(["0.75", "1.06"])
    assert api(page, "")["parameters"]["W1"][0][0] == 0.5


def test_the_class_of_a_sample_can_be_changed(page: Page) -> None:
    open_page(page)
    go_to(page, "dx")
    explain(page, "p", 0)
    page.get_by_role("combobox", name="class of this sample").select_option("0")
    settle(page)
    assert api(page, "/data")["train"]["y"][2] == 0


def test_ten_edits_undone_one_by_one_end_at_the_initial_state_bit_for_bit(page: Page) -> None:
    open_page(page)
    go_to(page, "dx")
    before = state_of(page)
    cells = [
        ("W1", 0, 0),
        ("W1", 1, 2),
        ("b1", 1),
        ("W2", 2, 1),
        ("b2", 0),
        ("x", 0),
        ("x", 1),
        ("W2", 0, 1),
        ("W1", 0, 1),
    ]
    for number, (tensor, *index) in enumerate(cells):
        explain(page, tensor, *index)
        field = page.locator(".editor bp-number input")
        field.fill(str(0.1 + 0.07 * number))
        field.press("Enter")
        settle(page)
    explain(page, "p", 0)
    page.get_by_role("combobox", name="class of this sample").select_option("0")
    settle(page)
    assert state_of(page) != before
    for _ in range(10):
        page.get_by_role("button", name="Undo").click()
        settle(page)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    assert state_of(page) == before
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()


def test_the_slope_of_a_gate_can_be_chosen_where_its_unit_is_at_the_corner(page: Page) -> None:
    open_page(page)
    go_to(page, "dx")
    explain(page, "mask1", 1)
    expect(page.locator("bp-card .sentence")).to_contain_text("times 0")
    expect(page.locator(".editor")).to_have_count(0)
    # z of the second unit is -2 with a bias of -0.75.
    explain(page, "b1", 1)
    field = page.locator(".editor bp-number input")
    field.fill("1.25")
    field.press("Enter")
    settle(page)
    explain(page, "mask1", 1)
    field.fill("0.5")
    field.press("Enter")
    settle(page)
    assert api(page, "")["model"]["hidden"][0]["derivative_at_zero"] == 0.5


def test_what_is_no_number_is_not_taken(page: Page) -> None:
    open_page(page)
    go_to(page, "dx")
    explain(page, "b1", 0)
    field = page.get_by_role("textbox", name="bias")
    field.fill("")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert").filter(has_text="Type a number.")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_undo_brings_back_the_steps_that_a_change_cut_off(page: Page) -> None:
    open_page(page)
    change(page, "/train", {"steps": 10})
    change(page, "", {"l2": 0.01}, "PATCH")
    change(page, "/train", {"steps": 20})
    change(page, "/rewind", {"step": 4})
    edits = [{"step": 10, "patch": {"l2": 0.01}}]
    page.evaluate(f"async (edits) => {{ {PLAYGROUND} playground.store.set({{edits}}); }}", edits)
    follow(page)
    curve = api(page, "/history")
    assert curve["furthest_step"] == 30
    explain(page, "W1", 0, 0)
    field = page.locator(".editor bp-number input")
    field.fill("0.8")
    field.press("Enter")
    settle(page)
    assert api(page, "/history")["furthest_step"] == 4
    expect(page.locator("bp-card")).to_contain_text("26 later steps")
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert api(page, "/history") == curve
    expect(page.locator("bp-card")).not_to_contain_text("later steps")
