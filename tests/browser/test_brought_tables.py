"""Thirty tables go through the page as files: it shows what the server read, which is what they are."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.brought_tables import TABLES, Brought


def test_the_page_shows_of_every_table_what_the_server_read(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="rate 0.5").click()
    drawer = page.get_by_role("dialog", name="Settings")
    expect(drawer.get_by_role("button", name="Use these settings")).to_be_enabled()
    drawer.get_by_text("Use your own data").click()
    for name, table in TABLES.items():
        with page.expect_response(lambda answer: "/datasets?" in answer.url) as given:
            file = {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": table.content}
            drawer.locator(".own-data input[type=file]").set_input_files(file)
        direct = page.request.post("/api/v1/datasets", data=table.content, headers={"Content-Type": "text/csv"})
        check_answer(name, table, direct.json())
        assert comparable(given.value.json()) == comparable(direct.json()), name
        expect(drawer.locator(".own-file b")).to_have_text(f"{name}.csv")
        if table.refused:
            expect(drawer.locator(".own-data").get_by_role("alert")).to_contain_text(direct.json()["detail"])
            expect(drawer.locator(".preview")).to_be_hidden()
        else:
            expect(drawer.locator(".own-data").get_by_role("alert")).to_be_empty()
            check_page(name, drawer, direct.json())


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without the names that are others each time."""
    return {key: value for key, value in answer.items() if key not in ("name", "title")}


def check_answer(name: str, table: Brought, answer: dict[str, Any]) -> None:
    assert answer.get("code") == table.refused, (name, answer)
    if table.refused:
        return
    learned = [column["name"] for column in answer["columns"] if column["role"] in ("label", "target")]
    assert tuple(learned) == table.learned, name
    assert tuple(answer["class_names"] or answer["preview_y"]) == table.answers, name
    assert tuple(answer["feature_names"]) == table.features, name
    assert answer["read"]["encoding"] == table.encoding, name


def check_page(name: str, drawer: Locator, answer: dict[str, Any]) -> None:
    """What stands in the drawer is the answer."""
    columns = answer["columns"]
    expect(drawer.locator(".preview .column-name")).to_have_text([column["name"] for column in columns])
    chips = drawer.locator(".preview .chip").all_inner_texts()
    for chip, column in zip(chips, columns, strict=True):
        assert column["role"].replace("_", " ") in chip, (name, chip)
        assert ("guess" in chip) == column["guessed"], (name, chip)
    form = drawer.locator(".understood").inner_text()
    assert answer["read"]["encoding"] in form, name
    assert form.count("guess") == len(answer["read"]["guessed"]), (name, form)
    assert drawer.locator(".preview tbody tr").count() == min(5, answer["rows"]), name
    left_out = answer["read"]["rows_left_out"]
    assert ("left out" in " ".join(drawer.locator(".missing").all_inner_texts())) == (left_out > 0), name
