"""Slow, failing and lost answers: every press waits for the one before it, and no failure loses anything."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, ViewportSize, expect

from tests.browser.drawing import LAPTOP, api, choose, explain, open_page, session_id, shown
from tests.live_server import serve, start
from tests.server.api import SESSION
from tests.thorough import tried_by_node, usually

STEP, PATCH, REWIND = "**/sessions/*/step?*", "**/api/v1/sessions/*?*", "**/sessions/*/rewind?*"
VIEW = "**/sessions/*/view?*"
UNREACHABLE = "The server does not answer."
# A training, or a server that starts, takes its time on a busy machine.
PATIENCE = 30_000


def alert(page: Page) -> Locator:
    return page.locator("bp-problem")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def go_offline(page: Page) -> None:
    """Cut the network when the session is made. A request may be faster than the cut, so one has to fail first."""
    page.wait_for_function("() => document.querySelector('bp-network').playground.model.session.id")
    page.context.set_offline(True)
    page.wait_for_function("() => fetch('/api/v1/models', {cache: 'no-store'}).then(() => false, () => true)")


def to_the_end(page: Page) -> None:
    """Be at the end of the update, by the keyboard."""
    page.get_by_role("slider", name="Place in the step").press("End")


def later(page: Page) -> None:
    """Press Next until its operation is complete."""
    button(page, "Next").click()
    button(page, "Next").click()


def shows_step(page: Page, step: int) -> None:
    expect(page.locator(".scope-step")).to_have_text(f"Step {step}", timeout=PATIENCE)


def shows_the_servers_weights(page: Page) -> None:
    for i, row in enumerate(api(page, "")["parameters"]["W1"]):
        for j, weight in enumerate(row):
            title = page.locator(f'svg.drawing title:has-text("W1[{i}, {j}] = {shown(page, weight)}")')
            expect(title).to_have_count(1)


def requests_of(page: Page) -> list[str]:
    """What is sent to the session from now on: method and path without the session."""
    sent: list[str] = []
    page.on(
        "request",
        lambda request: (
            sent.append(f"{request.method} {urlsplit(request.url).path.rsplit('/', 1)[-1]}")
            if "/sessions/" in request.url
            else None
        ),
    )
    return sent


def lose_answer(page: Page, pattern: str, method: str) -> None:
    """The next such request is done and its answer never arrives."""

    lost: list[Route] = []

    def lose(route: Route) -> None:
        if lost or route.request.method != method:
            return route.fallback()
        lost.append(route)
        route.fetch()
        return route.abort("connectionreset")

    page.route(pattern, lose)


def without_socket(page: Page) -> None:
    """No socket can be opened, as behind some proxies: the page has requests alone."""
    page.route_web_socket("**/stream", lambda socket: socket.close())


def type_bias(page: Page, value: str) -> None:
    page.locator('svg.drawing [data-cell="b1:0"]').press("Enter")
    field = page.get_by_role("textbox", name="bias")
    field.fill(value)
    field.press("Enter")


# --- a step is one awaited promise ----------------------------------------------------------------


def test_a_step_that_failed_offline_is_taken_by_the_same_press_later(page: Page, context: BrowserContext) -> None:
    open_page(page)
    go_offline(page)
    to_the_end(page)
    expect(alert(page)).to_contain_text(UNREACHABLE)
    button(page, "Next").click()
    shows_step(page, 1)
    context.set_offline(False)
    assert api(page, "")["step"] == 0
    later(page)
    shows_step(page, 2)
    assert api(page, "")["step"] == 1
    shows_the_servers_weights(page)
    expect(alert(page)).to_have_text("")


@tried_by_node("moves")
def test_after_a_failure_earlier_and_later_to_the_end_take_the_step(page: Page) -> None:
    open_page(page)
    page.route(STEP, lambda route: route.abort(), times=1)
    to_the_end(page)
    expect(alert(page)).to_contain_text(UNREACHABLE)
    button(page, "Back").click()
    with page.expect_response(STEP):
        later(page)
    expect(alert(page)).to_have_text("")
    assert api(page, "")["step"] == 1


@tried_by_node("moves")
@pytest.mark.parametrize(
    "press", usually(["Next", "Play the step", "Sample 1", "Train 100 steps", "Back"], "Next", "Train 100 steps")
)
def test_no_request_overtakes_a_step_that_is_on_its_way(page: Page, press: str) -> None:
    open_page(page)
    held: list[Route] = []
    page.route(STEP, lambda route: held.append(route))
    sent = requests_of(page)
    to_the_end(page)
    button(page, press).click()
    page.wait_for_timeout(300)
    assert sent == ["POST step"]
    held.pop().continue_()
    page.unroute(STEP)
    page.wait_for_function("() => document.querySelector('bp-network').playground.model.session.step > 0")
    assert sent.count("POST step") == 1
    expect(alert(page)).to_have_text("")


@tried_by_node("moves")
def test_slow_answers_and_hasty_presses_show_every_step_in_order(page: Page) -> None:
    open_page(page)
    held: list[Route] = []
    page.route(STEP, lambda route: held.append(route))
    for step in (1, 2, 3):
        to_the_end(page)
        button(page, "Next").click()
        button(page, "Next").click()
        page.wait_for_timeout(1000)
        shows_step(page, step)
        held.pop().continue_()
        shows_step(page, step + 1)
        assert api(page, "")["step"] == step
    expect(alert(page)).to_have_text("")


@tried_by_node("moves")
def test_a_step_whose_answer_got_lost_counts_without_a_word(page: Page) -> None:
    open_page(page)
    lose_answer(page, STEP, "POST")
    to_the_end(page)
    later(page)
    shows_step(page, 2)
    assert api(page, "")["step"] == 1
    shows_the_servers_weights(page)
    expect(alert(page)).to_have_text("")


@tried_by_node("moves")
def test_a_rewind_whose_answer_got_lost_counts_without_a_word(page: Page) -> None:
    open_page(page)
    to_the_end(page)
    later(page)
    lose_answer(page, REWIND, "POST")
    button(page, "Back to step 1").click()
    shows_step(page, 1)
    assert api(page, "")["step"] == 0
    expect(alert(page)).to_have_text("")


@tried_by_node("moves")
def test_an_edit_whose_answer_got_lost_is_shown_and_can_be_undone(page: Page) -> None:
    open_page(page)
    lose_answer(page, PATCH, "PATCH")
    type_bias(page, "1.75")
    expect(page.locator('[data-cell="z1:0"] .unit-value')).to_have_text("1.75")
    expect(alert(page)).to_have_text("")
    button(page, "Undo").click()
    expect(page.locator('[data-cell="z1:0"] .unit-value')).to_have_text("0.75")
    assert api(page, "")["parameters"]["b1"][0] == 0.75


@tried_by_node("moves")
def test_a_step_lost_while_nothing_answers_is_found_out_by_the_next_press(page: Page) -> None:
    without_socket(page)
    open_page(page)
    lose_answer(page, STEP, "POST")
    page.route(VIEW, lambda route: route.abort(), times=1)
    to_the_end(page)
    expect(alert(page)).to_contain_text(UNREACHABLE)
    later(page)
    shows_step(page, 2)
    assert api(page, "")["step"] == 1
    expect(alert(page)).to_have_text("")


@tried_by_node("moves")
def test_only_a_foreign_change_is_said_to_be_one(page: Page) -> None:
    without_socket(page)
    open_page(page)
    page.request.post(f"/api/v1/sessions/{session_id(page)}/step")
    to_the_end(page)
    expect(alert(page)).to_contain_text("changed in another tab")
    shows_step(page, 2)
    to_the_end(page)
    expect(alert(page)).to_have_text("")
    assert api(page, "")["step"] == 2


def test_a_foreign_change_is_shown_at_once(page: Page) -> None:
    open_page(page)
    page.wait_for_function("() => document.querySelector('bp-network').playground.training.socket.isOpen")
    page.request.post(f"/api/v1/sessions/{session_id(page)}/step")
    shows_step(page, 2)
    to_the_end(page)
    later(page)
    shows_step(page, 3)
    assert api(page, "")["step"] == 2
    expect(alert(page)).to_have_text("")


@tried_by_node("moves")
def test_a_rewind_offline_keeps_the_step_and_the_curve(page: Page, context: BrowserContext) -> None:
    open_page(page)
    to_the_end(page)
    later(page)
    shows_step(page, 2)
    chart = page.get_by_role("slider", name="Time travel: step")
    expect(chart).to_have_attribute("aria-valuemax", "2")
    go_offline(page)
    button(page, "Back to step 1").click()
    expect(alert(page)).to_contain_text(UNREACHABLE)
    shows_step(page, 2)
    expect(chart).to_have_attribute("aria-valuemax", "2")
    context.set_offline(False)
    button(page, "Back to step 1").click()
    shows_step(page, 1)
    expect(alert(page)).to_have_text("")


# --- a server that dies ---------------------------------------------------------------------------


@dataclass
class Server:
    """A server that a test may kill and start again, with the same sessions."""

    data_dir: Path
    process: subprocess.Popen[bytes]
    url: str

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        self.process, _ = start(self.data_dir, int(self.url.rsplit(":", 1)[1]))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, *start(tmp_path))
    yield server
    server.kill()


def train(page: Page, steps: str) -> None:
    choose(page, "How many steps to train", steps)


def in_mid_training(page: Page) -> None:
    """A training that ends when it is paused."""
    train(page, "Run at 100 steps a second until paused")
    expect(page.locator("bp-network h2")).to_contain_text("Training")


def test_a_server_killed_in_mid_training_is_told_of(page: Page, server: Server) -> None:
    open_page(page, url=server.url)
    in_mid_training(page)
    server.kill()
    expect(alert(page)).to_contain_text(UNREACHABLE)
    expect(page.locator("bp-network h2")).not_to_contain_text("Training")
    expect(button(page, "Next")).to_be_enabled()
    server.start()
    button(page, "Next").click()
    expect(alert(page)).to_have_text("", timeout=PATIENCE)
    step = api(page, "")["step"]
    assert step > 0
    shows_step(page, step + 1)
    shows_the_servers_weights(page)


@tried_by_node("training")
def test_train_with_the_server_down_says_so_and_works_when_it_is_back(page: Page, server: Server) -> None:
    open_page(page, url=server.url)
    server.kill()
    train(page, "Train 100 steps")
    expect(alert(page)).to_contain_text(UNREACHABLE)
    shows_step(page, 1)
    server.start()
    button(page, "Train 100 steps").click()
    shows_step(page, 101)
    expect(alert(page)).to_have_text("")


@tried_by_node("training")
def test_a_server_restarted_in_mid_training_shows_the_step_that_it_kept(page: Page, server: Server) -> None:
    open_page(page, url=server.url)
    in_mid_training(page)

    def answer_when_it_is_back(route: Route) -> None:
        server.start()
        route.continue_()

    page.route(VIEW, answer_when_it_is_back, times=1)
    server.kill()
    expect(alert(page)).to_contain_text("The connection broke during training.", timeout=PATIENCE)
    shows_step(page, api(page, "")["step"] + 1)
    shows_the_servers_weights(page)


@tried_by_node("training")
def test_a_training_beyond_those_that_the_server_runs_says_why(page: Page, tmp_path: Path) -> None:
    with serve(tmp_path, max_streams=1) as url:
        open_page(page, url=url)
        other = page.request.post(f"{url}/api/v1/sessions", data=SESSION).json()["id"]
        page.evaluate(
            "(path) => new Promise((trains) => {"
            " const socket = new WebSocket(location.origin.replace('http', 'ws') + path);"
            ' socket.onopen = () => socket.send(\'{"type": "train"}\');'
            " socket.onmessage = trains; window.other = socket; })",
            f"/api/v1/sessions/{other}/stream",
        )
        train(page, "Train 100 steps")
        expect(alert(page)).to_contain_text("as many trainings as it can: 1")
        shows_step(page, 1)
        page.evaluate("new Promise((closed) => { window.other.onclose = closed; window.other.close(); })")
        button(page, "Train 100 steps").click()
        shows_step(page, 101)
        expect(alert(page)).to_have_text("")


@tried_by_node("training")
def test_a_pause_in_mid_training_is_no_problem(page: Page) -> None:
    open_page(page)
    in_mid_training(page)
    button(page, "Pause").click()
    expect(page.locator("bp-network h2")).not_to_contain_text("Training")
    step = api(page, "")["step"]
    shows_step(page, step + 1)
    to_the_end(page)
    later(page)
    shows_step(page, step + 2)
    expect(alert(page)).to_have_text("")


# --- where a message stands -----------------------------------------------------------------------

SIZES: list[ViewportSize] = [LAPTOP, {"width": 1024, "height": 768}, {"width": 390, "height": 844}]
OTHERS = (
    "bp-header h1, bp-header .pill, .share-button, .present-button, .themes, .languages, #share-menu, "
    ".scope, .stage, bp-transport, aside"
)


def box_of(one: Locator) -> tuple[float, float, float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def covered(page: Page) -> list[str]:
    """What the message lies over, or lies over the message."""
    left, top, right, bottom = box_of(page.locator(".problem-bar"))
    assert (left >= 0, top >= 0, right <= page.evaluate("innerWidth"), bottom > top + 20) == (True,) * 4
    found = []
    for one in page.locator(OTHERS).all():
        if one.is_visible():
            x0, y0, x1, y1 = box_of(one)
            if x0 < right - 0.5 and left < x1 - 0.5 and y0 < bottom - 0.5 and top < y1 - 0.5:
                found.append(one.evaluate("(one) => one.id || one.className || one.localName"))
    return found


def fail(page: Page) -> None:
    """Have a message on the page, in its language."""
    go_offline(page)
    page.locator(".scrubber .head").press("End")
    expect(page.locator(".problem-bar")).to_be_visible()


@pytest.mark.parametrize("size", usually(SIZES, SIZES[2]), ids=["1440x900", "1024x768", "390x844"])
@pytest.mark.parametrize("language", usually(["en", "ru"], "ru"))
def test_a_message_covers_nothing(page: Page, size: ViewportSize, language: str) -> None:
    open_page(page, size=size)
    page.locator(".languages").select_option(language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    fail(page)
    assert covered(page) == []
    page.locator(".share-button").click()
    page.locator("#share-menu").wait_for()
    assert covered(page) == []
    menu = box_of(page.locator("#share-menu"))
    assert menu[3] <= size["height"]


@pytest.mark.parametrize("size", usually(SIZES, SIZES[2]), ids=["1440x900", "1024x768", "390x844"])
def test_the_settings_say_their_problem_themselves(page: Page, size: ViewportSize) -> None:
    open_page(page, size=size)
    page.locator(".pill").nth(1).click()
    page.locator(".drawer fieldset select").first.wait_for()
    go_offline(page)
    page.locator(".drawer .presets button").last.click()
    inside = page.locator(".drawer .form-problem")
    expect(inside).to_contain_text(UNREACHABLE)
    expect(page.locator(".problem-bar")).to_have_count(0)
    drawer, problem = box_of(page.locator(".drawer")), box_of(inside)
    assert drawer[0] <= problem[0] and problem[2] <= drawer[2]
    for one in page.locator(".drawer header button, .drawer-actions button").all():
        x0, y0, x1, y1 = box_of(one)
        hit = "([x, y]) => document.elementFromPoint(x, y)?.closest('button')?.className"
        assert page.evaluate(hit, [(x0 + x1) / 2, (y0 + y1) / 2]) == one.get_attribute("class")


def test_settings_that_cannot_be_fetched_say_so(fresh_page: Page) -> None:
    page = fresh_page
    open_page(page)
    go_offline(page)
    page.locator(".pill").nth(1).click()
    expect(page.locator(".problem-bar")).to_contain_text(UNREACHABLE)


def test_a_message_in_front_of_a_class_leaves_the_drawing_whole(page: Page) -> None:
    open_page(page)
    button(page, "Present to a class").click()
    go_offline(page)
    for _ in range(80):
        page.keyboard.press("ArrowRight")
        if alert(page).inner_text():
            break
    expect(alert(page)).to_contain_text(UNREACHABLE)
    bar, network = box_of(page.locator(".problem-bar")), box_of(page.locator("bp-network"))
    assert network[1] >= bar[3] - 0.5
    assert network[3] <= 900.5


def test_a_message_goes_with_the_next_success(page: Page, context: BrowserContext) -> None:
    open_page(page)
    fail(page)
    button(page, "Back").click()
    expect(alert(page)).to_contain_text(UNREACHABLE)
    context.set_offline(False)
    button(page, "Sample 1").click()
    to_the_end(page)
    expect(alert(page)).to_have_text("")


def test_a_part_of_the_page_that_cannot_be_had_says_so_and_comes_with_the_next_press(
    browser: Browser, base_url: str
) -> None:
    # Another browser may have it already.
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.route("**/bp-nudge*.js", lambda route: route.abort())
    open_page(page)
    explain(page, "b1", 0)
    test_it = page.get_by_role("button", name="Test it: nudge b")
    test_it.click()
    expect(alert(page)).to_contain_text(UNREACHABLE)
    expect(test_it).to_have_attribute("aria-expanded", "false")
    page.unroute_all()
    page.reload()
    explain(page, "b1", 0)
    test_it.click()
    expect(page.locator("bp-nudge .measured")).to_be_visible()
    context.close()
