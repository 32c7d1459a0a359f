"""Labs walked from start to end by mouse, by keyboard alone, and by touch on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.drawing import LAPTOP
from tests.browser.hands import Hand, Keys, Mouse, Touch
from tests.browser.lab_acts import LABS, Scene
from tests.browser.test_accessibility import violations

PHONE: ViewportSize = {"width": 390, "height": 844}
STATE = "document.querySelector('bp-network').playground.state"


def open_lab(page: Page, lab: str, scene: str = "1", size: ViewportSize = LAPTOP) -> None:
    page.set_viewport_size(size)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/?lab={lab}&scene={scene}")
    page.locator(".lab-foot").wait_for()
    page.locator("svg.drawing").wait_for(state="attached")


def answer(hand: Hand, given: int | tuple[int, ...] | list[str]) -> None:
    if isinstance(given, tuple):
        for one in given:
            answer(hand, one)
        hand.press(".lab-check")
    elif isinstance(given, list):
        for place, text in enumerate(given):
            hand.type(f".lab-numbers bp-number:nth-child({place + 1}) input", text)
        if hand.page.locator(".lab.ask").count() > 0:
            hand.press(".lab-check")
    elif isinstance(hand, Keys):
        # They answer while the strip has the focus.
        if hand.page.locator("bp-lab :focus").count() == 0:
            hand.reach(".lab-answer")
        hand.page.keyboard.press(str(given))
    else:
        hand.press(f".lab-answer:nth-child({given})")


def is_done(page: Page) -> bool:
    return bool(page.evaluate(f"{STATE}.lab.isDone"))


def walk(hand: Hand, scenes: list[Scene]) -> None:
    """Answer rightly and do what is asked, scene by scene, to the end."""
    page = hand.page
    for scene in scenes:
        page.wait_for_url(f"**scene={scene.id}*")
        expect(page.locator(".lab.do" if scene.right is None and not scene.rounds else ".lab.ask")).to_be_attached()
        assert not is_done(page), f"{scene.id} is done before anything is done"
        if scene.bet:
            hand.press(scene.bet)
        for number, right in enumerate(scene.rounds):
            assert scene.act
            scene.act(hand)
            answer(hand, right)
            page.wait_for_function(f"() => {STATE}.lab.answer.named === {number + 1}")
        if scene.right is not None:
            answer(hand, scene.right)
        if scene.act and not scene.rounds:
            expect(page.locator(".lab.do")).to_be_attached()
            scene.act(hand)
        expect(page.locator(".lab.told")).to_be_attached()
        assert is_done(page), scene.id
        assert page.evaluate(f"{STATE}.lab.isWandering") is False, scene.id
        hand.press(".lab-next")
    expect(page.locator(".lab-end")).to_be_attached()
    assert page.evaluate(f"{STATE}.lab.done.length") == len(scenes)


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_is_walked_by_mouse(page: Page, lab: str) -> None:
    open_lab(page, lab)
    walk(Mouse(page), LABS[lab])


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_is_walked_by_keyboard_alone(page: Page, lab: str) -> None:
    open_lab(page, lab)
    expect(page.locator(".lab h2")).to_be_focused()
    walk(Keys(page), LABS[lab])


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_is_walked_by_touch(browser: Browser, base_url: str, lab: str) -> None:
    context = browser.new_context(base_url=base_url, has_touch=True, viewport=PHONE)
    page = context.new_page()
    open_lab(page, lab, size=PHONE)
    walk(Touch(page), LABS[lab])
    context.close()


@pytest.mark.parametrize("lab", LABS)
def test_a_wrong_answer_is_told_what_is_true_in_it_and_skip_leads_everywhere(page: Page, lab: str) -> None:
    open_lab(page, lab)
    hand = Mouse(page)
    for place, scene in enumerate(LABS[lab]):
        page.wait_for_url(f"**scene={scene.id}*")
        page.locator(".lab.ask, .lab.do").wait_for()
        # Of the beats one a scene, in turn.
        assert place % 2 == 1 or violations(page) == [], scene.id
        if scene.bet:
            hand.press(scene.bet)
        if scene.wrong is not None:
            answer(hand, scene.wrong)
        hand.press(".lab-next")
        page.locator(".lab.told").wait_for()
        wrong = page.locator(".lab-told").inner_text()
        assert place % 2 == 0 or violations(page) == [], scene.id
        if scene.wrong is not None:
            hand.press(".lab-chip.is-right")
            expect(page.locator(".lab-told")).not_to_have_text(wrong)
        # Skipping is not doing.
        assert not is_done(page), scene.id
        hand.press(".lab-next")
    page.locator(".lab-end").wait_for()
    assert violations(page) == []
    assert page.evaluate(f"{STATE}.lab.done") == []


def test_the_focus_stays_in_the_strip_when_what_was_pressed_is_gone(page: Page) -> None:
    open_lab(page, "gate", "hand")
    text = page.locator(".lab h2")
    status = page.locator(".lab p[role=status]").first.element_handle()
    assert status.text_content() == ""
    hand = Keys(page)
    answer(hand, ["2", "0.5", "0.75"])
    expect(page.locator(".lab.do")).to_be_attached()
    expect(text).to_be_focused()
    hand.press(".lab-next")
    page.locator(".lab.told").wait_for()
    # What is to be heard came into the element that was there.
    assert status.text_content() == page.locator(".lab-told").text_content() != ""
    hand.press(".lab-next")
    page.wait_for_url("**scene=stop*")
    hand.press(".lab-answer:nth-child(1)")
    expect(page.locator(".lab.do")).to_be_attached()
    expect(text).to_be_focused()


def test_own_ways_are_told_and_go_on_after_a_reload(page: Page) -> None:
    open_lab(page, "gate", "hand")
    wandering = page.locator(".lab p[role=status]").last.element_handle()
    assert wandering.text_content() == ""
    hand = Keys(page)
    hand.press('svg.drawing [data-cell="b1:0"]')
    hand.type("bp-card .editor .value input", "1.5")
    page.locator(".lab-wandering").wait_for()
    assert wandering.text_content() == page.locator(".lab-wandering p").text_content() != ""
    page.wait_for_url("**scene=hand*#*")
    page.reload()
    page.locator(".lab-wandering").wait_for()
    expect(page.locator("html[data-lab=open]")).to_be_attached()
    assert page.evaluate(f"{STATE}.batch.at('b1', [0])") == 1.5
    hand.press(".lab-back")
    page.wait_for_function(f"() => {STATE}.batch.at('b1', [0]) !== 1.5")
    expect(page.locator(".lab h2")).to_be_focused()


def test_a_question_of_its_own_has_its_name_above_it(page: Page) -> None:
    open_lab(page, "small", "wires")
    expect(page.locator(".lab h2 .lab-title")).to_have_text("Why is W2 transposed?")


def test_a_page_comes_also_where_the_strip_of_a_lab_cannot_be_had(browser: Browser, base_url: str) -> None:
    # Another browser may have it already.
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.route(re.compile(r"/bp-lab(-\w+)?\.js"), lambda route: route.abort())
    page.goto("/?lab=gate&scene=hand")
    page.locator("svg.drawing").wait_for()
    expect(page.locator("bp-problem")).to_contain_text("The server does not answer.")
    context.close()


@pytest.mark.parametrize("language", ["zh-Hans", "id", "ru"])
def test_every_lab_opens_in_each_language_with_all_of_its_words(page: Page, language: str) -> None:
    page.goto("/")
    page.evaluate("(language) => localStorage.setItem('language', language)", language)
    for lab in LABS:
        open_lab(page, lab)
        expect(page.locator("html")).to_have_attribute("lang", language)
        english = page.request.get(f"/api/v1/labs/{lab}?language=en").json()["words"]["title"]
        said = page.locator(".lab").inner_text()
        assert english not in said
        assert not re.search(r"\{|\blab\.\w", said), said
