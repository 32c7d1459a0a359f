"""The page speaks four languages, and changes nothing else when it changes its language; a phone has a sheet."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.drawing import IRIS, PLAYGROUND, go_to, open_page


def test_another_language_keeps_the_place_and_says_everything_anew(page: Page) -> None:
    open_page(page)
    go_to(page, "z1")
    position = page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.operation; }}")
    page.get_by_role("combobox", name="Language").select_option("ru")
    expect(page.get_by_role("heading", name="Пример 3 из 4")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "ru"
    expect(page.locator('svg.drawing [data-cell="z1:0"].unit .unit-value')).to_have_text("0,75")
    expect(page.locator("bp-card .where")).to_contain_text("взвешенная сумма")
    assert page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.operation; }}") == position
    another = page.context.new_page()
    another.goto("/")
    expect(another.get_by_role("heading", name="Пример 3 из 4")).to_be_visible()


def test_the_browser_chooses_the_first_language(browser: Browser, base_url: str) -> None:
    context = browser.new_context(locale="zh-CN", base_url=base_url)
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("button", name="从头播放这一步")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    context.close()


def test_an_error_of_the_server_is_said_in_the_language_of_the_page(page: Page) -> None:
    open_page(page)
    page.get_by_role("combobox", name="Language").select_option("id")
    expect(page.get_by_role("heading", name="Sampel 3 dari 4")).to_be_visible()
    page.evaluate(f"async (recipe) => {{ {PLAYGROUND} return playground.open(recipe); }}", {**IRIS, "dataset": None})
    expect(page.get_by_role("alert").first).to_contain_text("Beri dataset atau batch, jangan keduanya.")


def test_the_sheet_of_a_phone_opens_by_tap_and_by_focus_and_closes_again(page: Page) -> None:
    open_page(page, size={"width": 390, "height": 844})
    handle = page.get_by_role("button", name="Open the explanation")
    handle.click()
    expect(page.get_by_role("button", name="Close the explanation")).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="Why", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name="Close the explanation").click()
    expect(handle).to_have_attribute("aria-expanded", "false")
    page.locator("bp-card").focus()
    expect(page.get_by_role("button", name="Close the explanation")).to_be_visible()
    page.keyboard.press("Escape")
    expect(handle).to_be_visible()
