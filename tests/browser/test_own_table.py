"""A person's own table comes into the drawer as it is; what was understood is said, and all of it can be changed."""

import base64
import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.drawing import is_new_session, session_of

WORDS_IN_CYRILLIC = "рост;вес;класс\n170;60;кот\n180;80;дом\n171;61;хомяк\n"
TWO_LABELS = "survived,age,class\n0,22,Third\n1,38,First\n1,26,Third\n0,35,First\n"


@pytest.fixture
def drawer(page: Page) -> Locator:
    """The open drawer, with the place for an own table open too."""
    page.goto("/")
    page.get_by_role("button", name="rate 0.5").click()
    drawer = page.get_by_role("dialog", name="Settings")
    expect(drawer.get_by_role("button", name="Use these settings")).to_be_enabled()
    drawer.get_by_text("Use your own data").click()
    return drawer


def give(drawer: Locator, name: str, content: bytes) -> Any:
    """Choose a file; the server's answer."""
    with drawer.page.expect_response(is_reading) as answer:
        drawer.locator(".own-data input[type=file]").set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content}
        )
    return answer.value.json()


def is_reading(answer: Any) -> bool:
    return "/datasets?" in answer.url and answer.request.method == "POST"


def take_away(drawer: Locator, name: str) -> None:
    """The drawer is as before a file came."""
    drawer.get_by_role("button", name=f"Remove {name}").click()
    expect(drawer.get_by_label("Table as text")).to_be_visible()
    expect(drawer.locator(".own-data").get_by_role("alert")).to_be_empty()


def paste(drawer: Locator, text: str) -> None:
    drawer.get_by_label("Table as text").fill(text)
    drawer.get_by_role("button", name="Check the table").click()


def role_of(drawer: Locator, column: str) -> Locator:
    return drawer.get_by_role("button", name=f"Role of {column}:")


def cells(drawer: Locator) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in drawer.locator(".preview tbody tr").all()]


def drop(page: Page, name: str, content: bytes, event: str = "drop", copies: int = 1) -> None:
    """Drop a file in the middle of the page, or only drag it over. What takes it comes after the drawing."""
    page.wait_for_selector("bp-drop .drop", state="attached")
    page.evaluate(
        """([name, content, event, copies]) => {
          const data = new DataTransfer();
          const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
          for (let at = 0; at < copies; at++) data.items.add(new File([bytes], name));
          const target = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
          target.dispatchEvent(new DragEvent(event, {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        [name, base64.b64encode(content).decode(), event, copies],
    )


def a_file_goes_as_its_bytes_and_its_encoding_is_named_as_a_guess(drawer: Locator) -> None:
    with drawer.page.expect_request(lambda request: "/datasets?" in request.url) as sent:
        answer = give(drawer, "звери.csv", WORDS_IN_CYRILLIC.encode("cp1251"))
    assert sent.value.post_data_buffer == WORDS_IN_CYRILLIC.encode("cp1251")
    assert answer["class_names"] == ["дом", "кот", "хомяк"]
    expect(drawer.get_by_role("button", name="Encoding:")).to_have_text("Encoding: windows-1251, guess")
    expect(drawer.get_by_role("status")).to_contain_text("дом: 1, кот: 1, хомяк: 1")
    assert cells(drawer) == [["170", "60", "кот"], ["180", "80", "дом"], ["171", "61", "хомяк"]]
    expect(drawer.locator(".dataset:has(:checked)")).to_have_text("звери")
    take_away(drawer, "звери.csv")


def another_encoding_is_one_choice_away(drawer: Locator) -> None:
    give(drawer, "звери.csv", WORDS_IN_CYRILLIC.encode("cp1251"))
    drawer.get_by_role("button", name="Encoding:").click()
    with drawer.page.expect_request(lambda request: "/datasets?" in request.url) as sent:
        drawer.get_by_role("menuitemradio", name="koi8-r").click()
    body = json.loads(sent.value.post_data or "")
    assert base64.b64decode(body["base64"]) == WORDS_IN_CYRILLIC.encode("cp1251")
    assert body["encoding"] == "koi8-r"
    expect(drawer.get_by_role("button", name="Encoding:")).to_have_text("Encoding: koi8-r")
    take_away(drawer, "звери.csv")


def the_other_label_is_one_click_away(drawer: Locator) -> None:
    paste(drawer, TWO_LABELS)
    other = drawer.get_by_role("button", name="Use “survived” instead")
    expect(drawer.locator(".aim")).to_contain_text("“class” is the label: its header says so.")
    other.click()
    expect(role_of(drawer, "survived")).to_have_text("Role of survived: label")
    expect(role_of(drawer, "class")).to_contain_text("feature")
    expect(drawer.get_by_text("becomes class=First, class=Third")).to_be_visible()
    expect(drawer.locator(".aim")).to_be_hidden()


# A table, what is said of what is to be learned, and a column that may be it instead.
AIMS = [
    ("age,fare,class\n22,7.25,Third\n38,71.3,First\n", "“class” is the label: its header says so.", "age"),
    ("a,b,kind\n22,1,p\n38,2,q\n", "“kind” is taken as the label. That is a guess: the last column", "a"),
    (
        "grape,alcohol,ash\n1,14.2,2.4\n1,13.2,2.1\n2,12.4,1.4\n2,12.3,2.3\n3,12.9,2.2\n3,12.1,2.6\n",
        "“grape” is taken as the label. That is a guess: the first column",
        "ash",
    ),
    ("hours,grade\n10.75,50\n11.5,50.5\n9,47\n", "“grade” is taken as the number to learn. That is a guess", "hours"),
]


def what_is_to_be_learned_is_said_with_the_other_choice(drawer: Locator) -> None:
    for table, said, other in AIMS:
        give(drawer, "aims.csv", table.encode())
        expect(drawer.locator(".aim")).to_contain_text(said)
        drawer.get_by_role("button", name=f"Use “{other}” instead").click()
        expect(role_of(drawer, other)).to_have_text(re.compile("label|target"))
        take_away(drawer, "aims.csv")


def test_a_role_is_changed_by_keys_alone_and_the_preview_follows(page: Page, drawer: Locator) -> None:
    paste(drawer, "width,height,label\n1.5,2,a\n3,4,b\n5.5,1,a\n")
    chip = role_of(drawer, "height")
    chip.focus()
    page.keyboard.press("Enter")
    expect(drawer.get_by_role("menuitemradio", name="feature")).to_be_focused()
    page.keyboard.press("End")
    expect(drawer.get_by_role("menuitemradio", name="left out")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chip).to_contain_text("left out")
    expect(chip).to_be_focused()
    expect(drawer.locator(".preview td.left_out").first).to_have_text("2")
    drawer.get_by_role("button", name="Use these settings").click()
    expect(page.get_by_role("button", name="network 1 – 3 – 2")).to_be_visible()


def escape_shuts_a_menu_and_leaves_the_drawer_open(drawer: Locator) -> None:
    paste(drawer, TWO_LABELS)
    role_of(drawer, "age").click()
    drawer.page.keyboard.press("Escape")
    expect(drawer.get_by_role("menuitemradio").first).to_be_hidden()
    expect(role_of(drawer, "age")).to_be_focused()
    expect(drawer).to_be_visible()


def test_numbers_to_learn_make_it_a_regression(page: Page, drawer: Locator) -> None:
    paste(drawer, "hours,grade\n10.75,50\n11.5,50.5\n9,47\n16,97\n9.25,49.5\n")
    expect(role_of(drawer, "grade")).to_contain_text("target")
    with page.expect_response(is_new_session) as created:
        drawer.get_by_role("button", name="Use these settings").click()
    session = session_of(created.value)
    assert session["model"]["output"] == {**session["model"]["output"], "units": 1, "activation": "identity"}
    assert session["model"]["loss"] == "half_squared_error"
    assert session["dataset"]["target"]["name"] == "grade"


def rows_with_missing_cells_are_counted_and_can_take_the_mean(drawer: Locator) -> None:
    paste(drawer, "a,b,label\n1,?,A\n2,1,B\n3,4,A\n")
    expect(drawer.get_by_text("1 row is left out.")).to_be_visible()
    expect(drawer.get_by_text("Missing cells: b 1")).to_be_visible()
    assert cells(drawer) == [["2", "1", "B"], ["3", "4", "A"]]
    drawer.get_by_role("button", name="Missing cells:").click()
    drawer.get_by_role("menuitemradio", name="use the mean").click()
    expect(drawer.get_by_text("1 row is left out.")).to_be_hidden()
    assert cells(drawer) == [["1", "2.5", "A"], ["2", "1", "B"], ["3", "4", "A"]]


def a_preview_says_how_much_of_the_table_it_shows(drawer: Locator) -> None:
    paste(drawer, "a,label\n" + "".join(f"{row}.5,{'AB'[row % 2]}\n" for row in range(6)))
    expect(drawer.get_by_text("The first 5 of 6 rows.")).to_be_visible()
    paste(drawer, "a,label\n1.5,A\n2.5,B\n")
    expect(drawer.get_by_text("These are all 2 rows.")).to_be_visible()


MANY_CLASSES = "a,label\n" + "".join(f"{row}.5,word{row % 200}\n" for row in range(400))
MANY_COLUMNS = (
    ",".join(f"c{place}" for place in range(1200)) + ",label\n" + ("1," * 1200 + "A\n" + "2," * 1200 + "B\n") * 2
)


def too_much_is_refused_with_a_button_that_goes_on_with_a_part(drawer: Locator) -> None:
    for name, text, found in (("classes.csv", MANY_CLASSES, "200"), ("columns.csv", MANY_COLUMNS, "1200")):
        answer = give(drawer, name, text.encode())
        assert answer["status"] == 422
        refusal = drawer.locator(".own-data").get_by_role("alert")
        expect(refusal).to_contain_text(found)
        expect(refusal).to_contain_text(str(answer["params"]["wanted"]))
        refusal.get_by_role("button", name="Continue with a part").click()
        expect(drawer.locator(".preview")).to_be_visible()
        expect(refusal).to_be_empty()
        if text == MANY_COLUMNS:
            expect(drawer.get_by_text("1072 more columns are left out")).to_be_visible()
        take_away(drawer, name)


def test_a_refused_file_stays_with_what_was_chosen_about_it(page: Page, drawer: Locator) -> None:
    give(drawer, "half.csv", b"a,b,label\n1,2,A\n3,4,B\n")
    role_of(drawer, "label").click()
    drawer.get_by_role("menuitemradio", name="target").click()
    refusal = drawer.locator(".own-data").get_by_role("alert")
    expect(refusal).not_to_be_empty()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="rate 0.5").click()
    expect(drawer.get_by_text("half.csv")).to_be_visible()
    expect(refusal).not_to_be_empty()
    drawer.get_by_role("button", name="Use these settings").click()
    expect(refusal).not_to_be_empty()
    refusal.get_by_role("button", name="Undo the last choice").click()
    expect(refusal).to_be_empty()
    expect(role_of(drawer, "label")).to_have_text("Role of label: label")


def a_column_of_a_refused_table_can_be_left_out(drawer: Locator) -> None:
    give(drawer, "slip.csv", b"a,b,label\n1.5,2,A\n2,x,B\n3,4,A\n")
    expect(drawer.locator(".own-data").get_by_role("alert")).to_contain_text("Line 3, column 'b'")
    role_of(drawer, "b").click()
    drawer.get_by_role("menuitemradio", name="left out").click()
    expect(drawer.locator(".own-data").get_by_role("alert")).to_be_empty()
    assert cells(drawer) == [["1.5", "2", "A"], ["2", "x", "B"], ["3", "4", "A"]]
    take_away(drawer, "slip.csv")


def text_that_was_typed_comes_back_when_a_file_is_taken_away(drawer: Locator) -> None:
    drawer.get_by_label("Table as text").fill("1,2,a\n3,4")
    give(drawer, "a.csv", b"1,2,a\n3,4,b\n")
    drawer.get_by_role("button", name="Remove a.csv").click()
    expect(drawer.get_by_label("Table as text")).to_have_value("1,2,a\n3,4")


NO_TABLES = {
    "a workbook.xlsx": b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 8,
    "a picture.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
    "nothing.csv": b"",
    "too large.csv": b"1,2,a\n" * 500_000,
}


def a_file_that_is_no_table_is_refused_in_words_and_stays(drawer: Locator) -> None:
    for name, content in NO_TABLES.items():
        give(drawer, name, content)
        expect(drawer.locator(".own-data").get_by_role("alert")).to_contain_text(" ")
        expect(drawer.locator(".own-data").get_by_role("alert")).not_to_contain_text("cannot be reached")
        take_away(drawer, name)


def test_tables_that_are_pasted(drawer: Locator) -> None:
    a_preview_says_how_much_of_the_table_it_shows(drawer)
    escape_shuts_a_menu_and_leaves_the_drawer_open(drawer)
    # What is chosen about a text stays for the next one.
    rows_with_missing_cells_are_counted_and_can_take_the_mean(drawer)
    the_other_label_is_one_click_away(drawer)


def test_files_that_are_chosen(drawer: Locator) -> None:
    a_file_goes_as_its_bytes_and_its_encoding_is_named_as_a_guess(drawer)
    another_encoding_is_one_choice_away(drawer)
    what_is_to_be_learned_is_said_with_the_other_choice(drawer)
    too_much_is_refused_with_a_button_that_goes_on_with_a_part(drawer)
    a_column_of_a_refused_table_can_be_left_out(drawer)
    a_file_that_is_no_table_is_refused_in_words_and_stays(drawer)
    text_that_was_typed_comes_back_when_a_file_is_taken_away(drawer)


DROPPED = {
    "comma.csv": b"a,b,label\n1,2,A\n2,1,B\n",
    "tab.tsv": b"a\tb\tlabel\n1\t2\tA\n2\t1\tB\n",
    "blank.txt": b"a b label\n1 2 A\n2 1 B\n",
    "rows.json": b'[{"a": 1, "b": 2, "label": "A"}, {"a": 2, "b": 1, "label": "B"}]',
}


def test_a_table_dropped_on_the_page_opens_as_own_data(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector("svg.drawing")
    drawer = page.get_by_role("dialog", name="Settings")
    for name, content in DROPPED.items():
        drop(page, name, content)
        expect(drawer.get_by_text(name)).to_be_visible()
        expect(drawer.locator(".column-name")).to_have_text(["a", "b", "label"])
        drawer.get_by_role("button", name="Use these settings").click()
        expect(page.get_by_role("button", name=f"data {name.split('.')[0]}")).to_be_visible()
        expect(drawer).to_be_hidden()


def test_a_saved_state_dropped_on_the_page_opens_whatever_its_name(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector("svg.drawing")
    state = page.evaluate(
        """async () => {
          const {sharing} = document.querySelector('bp-network');
          const {text} = await sharing.file();
          return {...JSON.parse(text), sample: 1};
        }"""
    )
    drop(page, "state.csv", json.dumps(state).encode())
    expect(page.get_by_role("heading", name="Sample 2 of 4")).to_be_visible()
    expect(page.get_by_role("dialog", name="Settings")).to_be_hidden()


def test_dragging_a_file_over_the_page_shows_that_it_can_be_dropped(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector("svg.drawing")
    place = page.get_by_text("A table opens as your own data.")
    expect(place).to_be_hidden()
    drop(page, "table.csv", b"1,2,a", event="dragover")
    expect(place).to_be_visible()
    page.evaluate("dispatchEvent(new DragEvent('dragleave'))")
    expect(place).to_be_hidden()
    drop(page, "table.csv", b"1,2,a", event="dragover")
    drop(page, "table.csv", b"1,2,a\n2,1,b\n", copies=2)
    expect(place).to_be_hidden()
    expect(page.get_by_text("Drop one at a time")).to_be_visible()


def test_chips_are_large_enough_for_a_finger_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    page.wait_for_selector("svg.drawing")
    drop(page, "table.csv", TWO_LABELS.encode())
    expect(page.locator(".preview .chip").first).to_be_visible()
    heights = page.locator(".own-data .chip").evaluate_all("chips => chips.map((chip) => chip.offsetHeight)")
    assert min(heights) >= 44
    assert page.evaluate("document.querySelector('.drawer-body').scrollWidth <= innerWidth")
