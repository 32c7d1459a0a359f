"""A new beginning is set up in the drawer; what is refused there loses nothing."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.drawing import PLAYGROUND, api, is_new_session, open_page, session_id, session_of, train


@pytest.fixture
def drawer(page: Page) -> Locator:
    """The open drawer."""
    page.goto("/")
    page.get_by_role("button", name="rate 0.5").click()
    drawer = page.get_by_role("dialog", name="Settings")
    expect(drawer.get_by_role("radio", checked=True)).to_have_value("xor")
    expect(drawer.get_by_role("button", name="Use these settings")).to_be_enabled()
    return drawer


def preset_opens_its_network_and_closes_the_drawer(page: Page, drawer: Locator) -> None:
    drawer.get_by_role("button", name="Iris").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="network 4 – 8 – 3")).to_be_visible()


def test_what_was_typed_is_what_the_session_has(page: Page, drawer: Locator) -> None:
    drawer.get_by_label("Learning rate").fill("0.125")
    drawer.get_by_role("button", name="Add a hidden layer").click()
    drawer.get_by_label("Layer 2: units").fill("5")
    drawer.locator("input[name=dataset][value=three_blobs]").check()
    drawer.get_by_label("Samples", exact=True).fill("60")
    drawer.get_by_label("Batch size").fill("12")
    with page.expect_response(is_new_session) as created:
        drawer.get_by_role("button", name="Use these settings").click()
    session = session_of(created.value)
    assert session["optimizer"]["learning_rate"] == 0.125
    assert [layer["units"] for layer in session["model"]["hidden"]] == [3, 5]
    assert session["model"]["output"]["units"] == 3
    assert session["dataset"]["rows"] + session["dataset"]["held_out_rows"] == 60
    assert session["batch_rows"] == 12
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="network 2 – 3 – 5 – 3")).to_be_visible()


def test_layers_are_added_until_the_server_takes_no_more_and_all_of_them_are_taken(page: Page, drawer: Locator) -> None:
    most = page.request.get("/api/v1/models").json()["most_layers"] - 1
    add = drawer.locator("button.add")
    # One is there already.
    for _ in range(most - 1):
        add.click()
    expect(add).to_be_disabled()
    expect(add).to_have_text(f"{most} hidden layers are the most")
    with page.expect_response(is_new_session) as created:
        drawer.get_by_role("button", name="Use these settings").click()
    assert len(session_of(created.value)["model"]["hidden"]) == most


def refused_settings_stay_in_the_drawer_with_the_reason(drawer: Locator) -> None:
    drawer.get_by_label("Layer 1: units").fill("1000000")
    drawer.get_by_role("button", name="Use these settings").click()
    expect(drawer.get_by_role("alert").filter(has_text="units")).to_be_visible()
    expect(drawer.get_by_label("Layer 1: units")).to_have_value("1000000")
    drawer.get_by_role("button", name="Discard changes").click()
    expect(drawer.get_by_label("Layer 1: units")).to_have_value("3")


def refused_table_says_which_line_is_wrong(drawer: Locator) -> None:
    drawer.get_by_text("Use your own data").click()
    drawer.get_by_label("Table as text").fill("w,h,label\n1,2,a\n3,4")
    drawer.get_by_role("button", name="Check the table").click()
    expect(drawer.get_by_role("alert").filter(has_text="Line 3 has 2 cells")).to_be_visible()
    expect(drawer.get_by_role("radio", checked=True)).to_have_value("xor")


def test_own_table_becomes_the_data(page: Page, drawer: Locator) -> None:
    drawer.get_by_text("Use your own data").click()
    drawer.get_by_label("Table as text").fill("w,h,d,label\n1,2,3,a\n3,4,1,b\n5,1,0,a\n")
    drawer.get_by_role("button", name="Check the table").click()
    expect(drawer.get_by_text("3 rows read.")).to_be_visible()
    drawer.get_by_role("button", name="Use these settings").click()
    expect(page.get_by_role("button", name="network 3 – 3 – 2")).to_be_visible()
    expect(page.get_by_role("button", name="data Own data")).to_be_visible()


def test_pasted_table_is_used_without_being_checked_first(page: Page, drawer: Locator) -> None:
    drawer.get_by_text("Use your own data").click()
    table = drawer.get_by_label("Table as text")
    table.fill("hours,score,label\n1,2,fail\n2,x,fail\n8,6,pass\n9,9,pass")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="rate 0.5").click()
    expect(table).to_have_value("hours,score,label\n1,2,fail\n2,x,fail\n8,6,pass\n9,9,pass")

    drawer.get_by_role("button", name="Use these settings").click()
    expect(drawer.get_by_role("alert").filter(has_text="Line 3, column 'score'")).to_be_visible()
    table.fill("hours,score,label\n1,2,fail\n2,3,fail\n3,1,fail\n8,6,pass\n9,9,pass\n7,8,pass")
    drawer.get_by_role("button", name="Use these settings").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("heading", name="Sample 1 of 4")).to_be_visible()

    page.get_by_role("button", name="data Own data").click()
    page.get_by_role("button", name="Own data and more").click()
    expect(
        drawer.get_by_text("4 for training, 2 held out. Columns are scaled by mean and standard deviation.")
    ).to_be_visible()
    drawer.get_by_label("Held out (%)").fill("0")
    drawer.get_by_label("Columns").select_option("none")
    drawer.get_by_role("button", name="Use these settings").click()
    expect(page.get_by_role("heading", name="Sample 1 of 6")).to_be_visible()
    expect(page.get_by_text("x = (1, 2), class fail")).to_be_visible()


def test_other_data_chosen_after_a_table_was_pasted_are_used(page: Page, drawer: Locator) -> None:
    drawer.get_by_text("Use your own data").click()
    drawer.get_by_label("Table as text").fill("1,2,a\n3,4,b")
    drawer.locator("input[name=dataset][value=circles]").check()
    drawer.get_by_role("button", name="Use these settings").click()
    expect(page.get_by_role("button", name="data Circles")).to_be_visible()


def escape_closes_the_drawer_and_gives_the_focus_back(page: Page, drawer: Locator) -> None:
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="rate 0.5")).to_be_focused()


def test_what_is_refused_stays_and_a_preset_closes_the_drawer(page: Page, drawer: Locator) -> None:
    refused_settings_stay_in_the_drawer_with_the_reason(drawer)
    refused_table_says_which_line_is_wrong(drawer)
    escape_closes_the_drawer_and_gives_the_focus_back(page, drawer)
    page.keyboard.press("Enter")
    preset_opens_its_network_and_closes_the_drawer(page, drawer)


def test_the_drawer_opens_again_however_soon_after_it_was_closed(page: Page, drawer: Locator) -> None:
    for _ in range(20):
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        # What the browser says late of the closing would have come by then.
        page.wait_for_timeout(30)
        assert drawer.is_visible()


def test_theme_is_remembered(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="For a projector").click()
    page.reload()
    expect(page.locator("html[data-theme=projector]")).to_have_count(1)


def test_how_to_learn_changes_from_here_on_and_can_be_undone(page: Page, drawer: Locator) -> None:
    train(page, 5)
    expect(drawer.get_by_label("Optimizer")).to_be_focused()
    drawer.get_by_label("Learning rate").fill("0.125")
    drawer.get_by_role("button", name="Use from here on").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name="rate 0.125")).to_be_visible()
    assert api(page, "")["step"] == 5
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="rate 0.5")).to_be_visible()


def test_a_number_of_the_loss_changes_from_here_on_and_can_be_undone(page: Page) -> None:
    model = {"inputs": 2, "hidden": [{"units": 3}], "output": {"units": 1, "activation": "elu"}, "loss": "huber"}
    open_page(page, {"model": model, "dataset": {"name": "xor"}, "optimizer": {"name": "sgd", "learning_rate": 0.5}})
    train(page, 5)
    drawer = page.get_by_role("dialog", name="Settings")
    for typed, before in (("3", "1"), ("0.25", "3")):
        page.get_by_role("button", name="rate 0.5").click()
        expect(drawer.get_by_label("delta")).to_have_value(before)
        drawer.get_by_label("delta").fill(typed)
        drawer.get_by_role("button", name="Use from here on").click()
        expect(drawer).to_be_hidden()
        session = api(page, "")
        assert (session["step"], session["model"]["output"]["delta"]) == (5, float(typed))
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.keyboard.press("Control+z")
    assert api(page, "")["model"]["output"] == {"units": 1, "activation": "elu", "alpha": 1, "delta": 3}


def test_rows_are_taken_in_the_order_of_the_file_one_at_a_time(page: Page, drawer: Locator) -> None:
    expect(drawer.get_by_label("Order of samples")).to_have_count(0)
    drawer.get_by_label("Batch size").fill("1")
    expect(drawer.get_by_label("Order of samples")).to_have_value("shuffled")
    drawer.get_by_label("Order of samples").select_option("in the order of the file")
    drawer.get_by_role("button", name="Use from here on").click()
    expect(drawer).to_be_hidden()
    assert (api(page, "")["batch_size"], api(page, "")["shuffle"]) == (1, False)
    for row in ([-1, -1], [-1, 1], [1, -1], [1, 1], [-1, -1]):
        assert api(page, "/trace")["batch"]["x"] == [row]
        train(page, 1)

    page.get_by_role("button", name="rate 0.5").click()
    drawer.get_by_label("Order of samples").select_option("shuffled every epoch")
    drawer.get_by_role("button", name="Use from here on").click()
    expect(drawer).to_be_hidden()
    assert (api(page, "")["step"], api(page, "")["shuffle"]) == (5, True)
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.keyboard.press("Control+z")
    assert api(page, "")["shuffle"] is False


def test_back_returns_to_the_training_that_a_new_beginning_left(page: Page, drawer: Locator) -> None:
    train(page, 5)
    before = session_id(page)
    page.wait_for_function("() => history.state?.shared.step === 5")
    drawer.get_by_label("Activation").first.select_option("tanh")
    expect(drawer.get_by_text("The training of 5 steps ends here")).to_be_visible()
    with page.expect_event("framenavigated"):
        drawer.get_by_role("button", name="Start again with these settings").click()
    assert session_id(page) != before
    assert sample(page) == 2
    page.go_back()
    expect(page.get_by_role("button", name="hidden ReLU")).to_be_visible()
    assert session_id(page) == before
    assert api(page, "")["step"] == 5


def sample(page: Page) -> int:
    return int(page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.sample; }}"))
