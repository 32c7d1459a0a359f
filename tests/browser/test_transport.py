"""The choices of the transport: when to pause, how fast, how many steps to train; by mouse, keys and fingers."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.drawing import PLAYGROUND, api, choose, open_page, use_language
from tests.browser.test_accessibility import open_still, violations_by_theme
from tests.thorough import usually

SIZES: list[ViewportSize] = [
    {"width": 1366, "height": 768},
    {"width": 1024, "height": 768},
    {"width": 844, "height": 390},
    {"width": 390, "height": 844},
    {"width": 720, "height": 450},
]
PHONES = [(390, 844), (844, 390)]
# Buttons that lie over one another, beyond the window or the transport, or whose words are cut.
FAULTS = """() => {
  const all = [...document.querySelectorAll("bp-transport button:not([role])")];
  const buttons = all.filter((one) => one.checkVisibility());
  const area = document.querySelector("bp-transport").getBoundingClientRect();
  const isCut = (one) => one.scrollWidth > one.clientWidth + 1;
  const boxes = buttons.map((one) => [one.className, one.getBoundingClientRect(), isCut(one)]);
  const apart = (a, b) => a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.top || b.bottom <= a.top;
  return boxes.flatMap(([name, box, isShort], at) => [
    ...(isShort ? [`${name} is cut`] : []),
    ...(box.left < area.left || box.right > area.right || box.bottom > innerHeight ? [`${name} is outside`] : []),
    ...boxes.slice(at + 1).filter(([, other]) => !apart(box, other)).map(([other]) => `${name} touches ${other}`),
  ]);
}"""


def test_a_pause_is_chosen_by_the_mouse(page: Page) -> None:
    open_page(page)
    choose(page, "Pause after each", "layer")
    expect(page.get_by_role("button", name="Pause after each: layer")).to_be_visible()
    assert page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.granularity; }}") == "layer"
    expect(page.get_by_role("menu")).to_have_count(0)
    page.get_by_role("button", name="Pause after each: layer").click()
    expect(page.get_by_role("menuitemradio", checked=True)).to_have_text("layer")
    # A press beside it closes it and leaves all as it is.
    page.mouse.click(5, 5)
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.get_by_role("button", name="Pause after each: layer")).to_be_visible()


def test_a_speed_is_chosen_by_keys(page: Page) -> None:
    open_page(page)
    opener = page.get_by_role("button", name="Speed: 1×")
    opener.focus()
    page.keyboard.press("Enter")
    item = page.get_by_role("menuitemradio", name="1×", exact=True)
    expect(item).to_be_focused()
    step = page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.operation; }}")
    for key, name in (
        ("ArrowRight", "2×"),
        ("ArrowDown", "4×"),
        ("ArrowRight", "0.25×"),
        ("End", "4×"),
        ("Home", "0.25×"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("menuitemradio", name=name, exact=True)).to_be_focused()
    # The arrows are the menu's while it is open.
    assert page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.operation; }}") == step
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Speed: 0.25×")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.get_by_role("button", name="Speed: 0.25×")).to_be_focused()


def test_what_is_chosen_to_train_is_trained_and_stays_on_the_button(page: Page) -> None:
    open_page(page)
    choose(page, "How many steps to train", "Train 10 steps")
    expect(page.locator(".scope-step")).to_have_text("Step 11")
    page.get_by_role("button", name="Train 10 steps", exact=True).click()
    expect(page.locator(".scope-step")).to_have_text("Step 21")
    assert api(page, "")["step"] == 20


@pytest.mark.parametrize("size", usually(SIZES, SIZES[3]), ids=lambda size: str(size["width"]))
def test_all_of_it_has_room_in_every_language(page: Page, size: ViewportSize) -> None:
    open_page(page, None, size)
    # With the way back to the first step, which some sizes show only then.
    choose(page, "How many steps to train", "Train 1000 steps")
    expect(page.locator(".scope-step")).to_have_text("Step 1001")
    for language in ("en", "ru", "id", "zh-Hans"):
        use_language(page, language)
        assert page.evaluate(FAULTS) == [], language
        for name in ("pause", "speed", "train-more"):
            page.locator(f".opener.{name}").click()
            menu = page.locator(f"#menu-{name}.is-placed")
            box = menu.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= size["width"] and box["y"] >= 0
            assert menu.evaluate("(menu) => menu.scrollWidth <= menu.clientWidth + 1"), (language, name)
            page.keyboard.press("Escape")


@pytest.mark.parametrize(("width", "height"), usually(PHONES, PHONES[0], arguments=2))
def test_fingers_have_44_px_for_each_of_them(browser: Browser, base_url: str, width: int, height: int) -> None:
    size: ViewportSize = {"width": width, "height": height}
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True, base_url=base_url)
    context.add_init_script("localStorage.setItem('opened', '1')")
    page = context.new_page()
    page.goto("/")
    page.locator("svg.drawing").wait_for()
    for name in ("earlier", "play", "later", "opener.pause", "opener.speed", "train", "train-more"):
        box = page.locator(f".transport .{name}").bounding_box()
        assert box and box["width"] >= 44 and box["height"] >= 44, name
    for opener, choice in (("pause", "unit"), ("speed", "4×"), ("train-more", "Train 10 steps")):
        page.locator(f".opener.{opener}").tap()
        # Its styles come with the first menu.
        page.locator(".menu.is-placed").wait_for()
        item = page.get_by_role("menuitemradio", name=choice, exact=True)
        box = item.bounding_box()
        assert box and box["width"] >= 44 and box["height"] >= 44, choice
        item.tap()
    expect(page.locator("bp-learning-curve")).to_contain_text("Step 11")
    expect(page.locator(".opener.pause")).to_contain_text("unit")
    expect(page.locator(".opener.speed")).to_contain_text("4×")


def test_axe_finds_nothing(page: Page) -> None:
    open_still(page, SIZES[0])
    for name in ("pause", "speed", "train-more"):
        page.locator(f".opener.{name}").click()
        page.locator(f"#menu-{name}.is-placed").wait_for()
        assert violations_by_theme(page, "bp-transport", ".menu") == {}, name
        page.keyboard.press("Escape")


@pytest.mark.parametrize("size", [(844, 390), (720, 450), (800, 500)], ids=str)
def test_a_narrow_curve_says_that_its_loss_is_the_mean(page: Page, size: tuple[int, int]) -> None:
    open_page(page, size={"width": size[0], "height": size[1]})
    words = page.locator("bp-learning-curve p")
    expect(words).to_have_text("Step 1: mean loss 0.804")
    assert words.evaluate(
        "(one) => one.scrollWidth <= one.clientWidth + 1 && one.getBoundingClientRect().right <= innerWidth"
    )
