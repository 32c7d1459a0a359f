"""Labs walked from start to end, in every language: by mouse, by keyboard alone, and by touch on a phone."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, ViewportSize, expect

from tests.browser.drawing import LAPTOP
from tests.browser.hands import Hand, Keys, Mouse, Touch
from tests.browser.lab_acts import LABS, Scene
from tests.browser.test_accessibility import violations
from tests.thorough import usually

PHONE: ViewportSize = {"width": 390, "height": 844}
STATE = "document.querySelector('bp-network').playground.state"
LESSONS = Path(__file__).parents[2] / "static" / "lessons"
GUIDE = Path(__file__).parents[2] / "docs" / "LABS.md"
LANGUAGES = ["en", "zh-Hans", "id", "ru"]
# Of the walks that are usual each way has another language.
WAYS = ["mouse", "keys", "touch", "skip"]
# As somebody does who puts a link into the address of a page that is open.
GO_TO = "(address) => { history.pushState(null, '', address); dispatchEvent(new PopStateEvent('popstate')); }"

# The rest of a page is the same as without a lab.
PARTS = [".lab", ".instrument", "bp-card"]

# By address and body: status, headers and body of the answer.
Experiments = dict[tuple[str, str], tuple[int, dict[str, str], bytes]]


def walks(way: str, *usual: str) -> list[Any]:
    """Each lab in each language; usually only these labs are walked in this way, in one language each."""
    all_of_them = {f"{lab}-{language}": (lab, language) for lab in LABS for language in LANGUAGES}
    at = {lab: place + WAYS.index(way) for place, lab in enumerate(LABS)}
    return usually(all_of_them, *(f"{lab}-{LANGUAGES[at[lab] % len(LANGUAGES)]}" for lab in usual), arguments=2)


def words_of(lab: str, language: str) -> dict[str, Any]:
    """What the scenes of a lab say, by scene."""
    (path,) = LESSONS.glob(f"*-{lab}/{language}.json")
    scenes: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["scenes"]
    return scenes


def open_lab(page: Page, lab: str, scene: str = "1", size: ViewportSize = LAPTOP, language: str = "en") -> None:
    page.add_init_script(f"localStorage.setItem('language', '{language}')")
    page.set_viewport_size(size)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/?lab={lab}&scene={scene}")
    page.locator(".lab-foot").wait_for()
    page.locator("svg.drawing").wait_for(state="attached")


@pytest.fixture(scope="session")
def experiments() -> Experiments:
    return {}


def run_each_once(page: Page, experiments: Experiments) -> None:
    """The server runs an experiment for the first walk that asks for it; later ones hear the same."""

    def asked_for(request: Request) -> tuple[str, str]:
        return request.url, request.post_data or ""

    def answer_again(route: Route) -> None:
        if known := experiments.get(asked_for(route.request)):
            status, headers, body = known
            route.fulfill(status=status, headers=headers, body=body)
        else:
            route.continue_()

    def keep(request: Request) -> None:
        answer = request.response()
        if "/experiments/" in request.url and answer:
            experiments[asked_for(request)] = (answer.status, answer.headers, answer.body())

    page.route("**/experiments/*", answer_again)
    page.on("requestfinished", keep)


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
        hand.press(f".lab-answer:nth-of-type({given})")


def is_done(page: Page) -> bool:
    return bool(page.evaluate(f"{STATE}.lab.isDone"))


def reach(page: Page, scene: str, beat: str) -> None:
    """Wait for a beat of a scene."""
    place = f"(({{lab: {{lab, at, beat}}}}) => beat === '{beat}' && lab.scenes[at]?.id === '{scene}')({STATE})"
    page.wait_for_function(f"() => {place} && document.querySelector('.lab.{beat}')")


def in_one_line(text: str) -> str:
    """Whether a line may break at a space is the page's affair."""
    return text.replace("\u00a0", " ")


def check_words(page: Page, words: dict[str, Any], beat: str, told: str = "") -> None:
    """The strip says what the file of words says, no key stands in it and no fact is left open; all is in sight."""
    said = page.evaluate("""() => {
      const body = document.querySelector(".lab-body");
      const textOf = (selector) => body.querySelector(selector)?.textContent.trim() ?? "";
      return {
        text: textOf("h2"), told: textOf(".lab-told"), all: body.innerText,
        isCut: body.scrollHeight > body.clientHeight + 1,
        options: [...body.querySelectorAll(".lab-answer span")].map((one) => one.textContent),
      };
    }""")
    assert not re.search(r"\{|\blab\.\w", said["all"]), said["all"]
    wanted = in_one_line(told or words.get(beat, ""))
    found = in_one_line(said["told"] if beat == "told" else said["text"])
    assert "{" in wanted or found.endswith(wanted), (found, wanted)
    if beat == "ask":
        named = [in_one_line(text) for text in words.get("options", {}).values() if "{" not in text]
        options = {in_one_line(text) for text in said["options"]}
        assert not options or set(named) <= options, (options, named)
    assert not said["isCut"], said["all"]


def bet(hand: Hand, scene: Scene) -> None:
    """What is asked after a bet comes with it."""
    if scene.bet:
        expect(hand.page.locator(".lab-answer")).to_have_count(0)
        hand.press(scene.bet)
        hand.page.locator(".lab-answer").first.wait_for()


def asked_of_the_server(page: Page) -> list[str]:
    """What a page asks the API for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        # A nudge measures again when something has changed, and a layer offers choices when the pointer is over it.
        if path.startswith("/api/") and not path.endswith(("/slice", "/models")):
            asked.append(f"{request.method} {path.removeprefix('/api/v1')}")

    page.on("request", note)
    return asked


def hunt(hand: Hand, scene: Scene) -> None:
    """Find one more mistake, of the catalogue."""
    page = hand.page
    hand.press(".lab-another")
    reach(page, scene.id, "ask")
    assert scene.act
    scene.act(hand)
    another = page.evaluate(f"{STATE}.lab.another")
    assert page.evaluate(f"{STATE}.lab.stage.tensors") == another["tensors"]
    answer(hand, another["options"].index(another["id"]) + 1)
    reach(page, scene.id, "told")
    assert page.evaluate(f"{STATE}.lab.answer.is_right")


def walk(hand: Hand, scenes: list[Scene], words: dict[str, Any]) -> None:
    """Answer rightly and do what is asked, scene by scene, to the end; another scene comes in one request."""
    page = hand.page
    asked = asked_of_the_server(page)
    for scene in scenes:
        begins = "do" if scene.right is None and not scene.rounds else "ask"
        reach(page, scene.id, begins)
        assert scene is scenes[0] or asked == ["POST /sessions"], (scene.id, asked)
        bet(hand, scene)
        check_words(page, words[scene.id], begins)
        assert not is_done(page), f"{scene.id} is done before anything is done"
        for number, right in enumerate(scene.rounds):
            assert scene.act
            scene.act(hand)
            answer(hand, right)
            page.wait_for_function(f"() => {STATE}.lab.answer.named === {number + 1}")
        if scene.right is not None:
            answer(hand, scene.right)
        if scene.act and not scene.rounds:
            if begins == "ask":
                reach(page, scene.id, "do")
                check_words(page, words[scene.id], "do")
            assert not page.evaluate(f"{STATE}.lab.parts.some(Boolean)"), f"{scene.id} ticks what was not done"
            scene.act(hand)
        reach(page, scene.id, "told")
        check_words(page, words[scene.id], "told", words[scene.id]["right"])
        assert page.evaluate(f"(({{isDone, isWandering}}) => [isDone, isWandering])({STATE}.lab)") == [True, False]
        if scene.rounds:
            hunt(hand, scene)
        asked.clear()
        hand.press(".lab-next")
    page.locator(".lab-end").wait_for()
    assert page.evaluate(f"{STATE}.lab.done.length") == len(scenes)
    page.wait_for_url("**scene=say*")


@pytest.mark.parametrize(("lab", "language"), walks("mouse", "chain", "gate"))
def test_a_lab_is_walked_by_mouse(page: Page, experiments: Experiments, lab: str, language: str) -> None:
    run_each_once(page, experiments)
    asked = asked_of_the_server(page)
    open_lab(page, lab, language=language)
    reach(page, LABS[lab][0].id, "ask")
    # Its end names the next one.
    assert {*asked} <= {f"GET /labs/{lab}", "POST /sessions", "GET /labs"} and len(asked) <= 3, asked
    walk(Mouse(page), LABS[lab], words_of(lab, language))


@pytest.mark.parametrize(("lab", "language"), walks("keys", "corner"))
def test_a_lab_is_walked_by_keyboard_alone(page: Page, experiments: Experiments, lab: str, language: str) -> None:
    run_each_once(page, experiments)
    open_lab(page, lab, language=language)
    expect(page.locator(".lab h2")).to_be_focused()
    walk(Keys(page), LABS[lab], words_of(lab, language))


@pytest.mark.parametrize(("lab", "language"), walks("touch", "small"))
def test_a_lab_is_walked_by_touch(
    browser: Browser, base_url: str, experiments: Experiments, lab: str, language: str
) -> None:
    context = browser.new_context(base_url=base_url, has_touch=True, viewport=PHONE)
    page = context.new_page()
    run_each_once(page, experiments)
    open_lab(page, lab, size=PHONE, language=language)
    walk(Touch(page), LABS[lab], words_of(lab, language))
    context.close()


@pytest.mark.parametrize(("lab", "language"), walks("skip", "code"))
def test_a_wrong_answer_is_told_what_is_true_in_it_and_skip_leads_everywhere(
    page: Page, lab: str, language: str
) -> None:
    open_lab(page, lab, language=language)
    hand = Mouse(page)
    words = words_of(lab, language)
    for place, scene in enumerate(LABS[lab]):
        begins = "do" if scene.wrong is None else "ask"
        reach(page, scene.id, begins)
        bet(hand, scene)
        check_words(page, words[scene.id], begins)
        # Of the beats one a scene, in turn.
        assert place % 2 == 1 or violations(page, *PARTS) == [], scene.id
        if scene.wrong is not None:
            answer(hand, scene.wrong)
        hand.press(".lab-next")
        reach(page, scene.id, "told")
        wrong = page.locator(".lab-told").inner_text()
        assert place % 2 == 0 or violations(page, *PARTS) == [], scene.id
        if scene.rounds:
            # Who leaves the rounds hears of all of them.
            check_words(page, words[scene.id], "told", words[scene.id]["right"])
        elif scene.wrong is not None:
            assert not in_one_line(wrong).endswith(in_one_line(words[scene.id]["right"]))
            hand.press(".lab-chip.is-right")
            expect(page.locator(".lab-told")).not_to_have_text(wrong)
            check_words(page, words[scene.id], "told", words[scene.id]["right"])
        # Skipping is not doing, nor is what a nudge measures when it opens by itself.
        if page.locator("bp-nudge").count():
            expect(page.locator("bp-nudge .measured")).to_be_visible()
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
    hand.press(".lab-leave")
    expect(page.locator(".labs-button")).to_be_focused()


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


def test_each_of_the_sixteen_questions_leads_to_the_scene_that_settles_it(page: Page) -> None:
    rows = re.findall(r"^\| (\d+) \| .+\? \| (`/\?lab=.+`) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 17))
    open_lab(page, "gate")
    for _, places in rows:
        for lab, scene in re.findall(r"`/\?lab=(\w+)&scene=(\w+)`", places):
            page.evaluate(GO_TO, f"/?lab={lab}&scene={scene}")
            page.wait_for_function(
                f"([id, scene]) => (({{lab, at}}) => lab.id === id && lab.scenes[at]?.id === scene)({STATE}.lab)",
                arg=[lab, scene],
            )
            words = words_of(lab, "en")[scene]
            # Before a bet it asks for that.
            if not any(one.bet for one in LABS[lab] if one.id == scene):
                expect(page.locator(".lab h2")).to_contain_text(words.get("ask", words.get("do")))
            expect(page.locator("bp-problem")).to_have_text("")


def test_a_lab_that_is_not_there_is_told_of_in_another_one_and_stays_to_go_back_to(page: Page) -> None:
    open_lab(page, "gate", "whose")
    page.wait_for_url("**scene=whose*")
    page.evaluate(GO_TO, "/?lab=none&scene=1")
    expect(page.locator("bp-problem")).not_to_have_text("")
    page.locator(".lab-next").click()
    page.wait_for_url("**lab=gate*")
    page.go_back()
    assert "lab=none" in page.url


def test_a_question_of_its_own_has_its_name_above_it(page: Page) -> None:
    open_lab(page, "small", "wires")
    expect(page.locator(".lab h2 .lab-title")).to_have_text("Why is W2 transposed?")


def test_a_page_comes_also_where_the_strip_of_a_lab_cannot_be_had(browser: Browser, base_url: str) -> None:
    # Another browser may have it already.
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.route(re.compile(r"/lab(-\w+)?\.js"), lambda route: route.abort())
    page.goto("/?lab=gate&scene=hand")
    page.locator("svg.drawing").wait_for()
    expect(page.locator("bp-problem")).to_contain_text("The server does not answer.")
    context.close()
