"""A course page of another origin shows the playground in a frame, and hears what is reached in it."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, FrameLocator, Page, expect

from tests.browser.drawing import go_to, open_page
from tests.browser.test_exports import open_menu
from tests.live_server import serve
from tests.thorough import usually

COURSES = Path(__file__).parent.parent.parent / "docs" / "COURSES.md"
PLAYGROUND = "http://127.0.0.1:8000"

# Hears all that a frame says, whatever it is, and does as it is told about its height, with some pixels more.
LISTENER = """<!doctype html>
<iframe src="{src}" {size} style="border: 0"></iframe>
<script>
  const heard = [];
  addEventListener("message", ({{ data }}) => {{
    heard.push(data);
    const frame = document.querySelector("iframe");
    if (data.subject === "lti.frameResize" && {obeys}) frame.style.height = `${{data.height + 32}}px`;
  }});
</script>
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The origin of a site with these files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def course_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("course")


@pytest.fixture(scope="module")
def course(course_files: Path) -> Iterator[str]:
    """A site that the server names."""
    with site(course_files) as origin:
        yield origin


@pytest.fixture(scope="module")
def server(course: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A playground that names the course, and lets every other site show it, too."""
    with serve(tmp_path_factory.mktemp("data"), frame_ancestors=f"'self' {course} http:") as url:
        yield url


def listen(page: Page, origin: str, files: Path, src: str, size: str = 'width="800" height="500"') -> Frame:
    """Open a page that hears a frame; the frame, when all of its scripts are there."""
    obeys = str("height" not in size).lower()
    (files / "listener.html").write_text(LISTENER.format(src=src.replace("&", "&amp;"), size=size, obeys=obeys))
    page.set_viewport_size({"width": 1000, "height": 1300})
    page.goto(f"{origin}/listener.html")
    frame = page.frame(url=re.compile("goal=|lab="))
    assert frame
    frame.wait_for_selector("svg.drawing")
    frame.wait_for_function(
        "() => performance.getEntriesByType('resource').some(({name}) => /\\/framing[^/]*.js$/.test(name))"
    )
    return frame


def heard(page: Page, frame: Frame) -> list[dict[str, Any]]:
    """What has been heard, when everything that was said till now is."""
    frame.evaluate("parent.postMessage('that is all', '*')")
    page.wait_for_function("() => heard.at(-1) === 'that is all'")
    return [each for each in page.evaluate("heard") if each != "that is all"]


def take_a_step(frame: Frame | FrameLocator) -> None:
    """As somebody does who is in a hurry: the playhead to the end of the step, and on."""
    step = frame.locator(".scope").text_content() or ""
    frame.get_by_role("slider", name="Place in the step").press("End")
    frame.get_by_role("button", name="Next", exact=True).click()
    expect(frame.locator(".scope")).not_to_have_text(step)


def reach_the_goal(frame: Frame | FrameLocator) -> None:
    """Of loss:0.4: the losses are 0.804, 0.462, 0.378, so the third step is the first to see less."""
    for _ in range(2):
        take_a_step(frame)
    frame.get_by_role("slider", name="Place in the step").press("End")
    expect(frame.locator(".goal")).to_contain_text("Reached after 2 updates")


def test_the_example_of_the_document_shows_the_score(page: Page, course: str, server: str, course_files: Path) -> None:
    example = re.search(r"<!-- example:.*?-->\n```html\n(.*?)```", COURSES.read_text(), re.DOTALL)
    assert example and PLAYGROUND in example[1]
    (course_files / "course.html").write_text(example[1].replace(PLAYGROUND, server))
    page.goto(f"{course}/course.html")
    frame = page.frame(url=re.compile("goal="))
    assert frame
    frame.get_by_role("button", name="Next", exact=True).wait_for()
    expect(page.locator("#score")).to_have_text("none yet")
    reach_the_goal(frame)
    expect(page.locator("#score")).to_have_text("100 %")
    expect(page.locator("#events li")).to_have_text(['goal_reached: {"goal":"loss:0.4","updates":2}'])


def test_messages_have_the_fields_of_the_protocol(page: Page, course: str, server: str, course_files: Path) -> None:
    frame = listen(page, course, course_files, f"{server}/?embed=1&goal=loss:0.4")
    reach_the_goal(frame)
    take_a_step(frame)
    messages = heard(page, frame)
    assert len({message.pop("message_id") for message in messages}) == len(messages)
    assert messages == [
        {"subject": "SPLICE.getState"},
        {"subject": "SPLICE.sendEvent", "name": "goal_reached", "data": {"goal": "loss:0.4", "updates": 2}},
        {"subject": "SPLICE.reportScoreAndState", "score": 1, "state": {"reached": ["loss:0.4"]}},
    ]


def test_a_page_that_the_server_does_not_name_hears_nothing(page: Page, server: str, tmp_path: Path) -> None:
    with site(tmp_path) as foreign:
        frame = listen(page, foreign, tmp_path, f"{server}/?embed=1&goal=loss:0.4", "")
        reach_the_goal(frame)
        assert heard(page, frame) == []


def test_only_the_page_that_holds_the_frame_hears(page: Page, course: str, server: str, course_files: Path) -> None:
    with site(course_files) as foreign:
        listen(page, course, course_files, f"{server}/?embed=1&goal=loss:0.4")
        (course_files / "around.html").write_text(
            LISTENER.format(src=f"{foreign}/listener.html", size='width="900" height="600"', obeys="false")
        )
        page.goto(f"{course}/around.html")
        reach_the_goal(page.frame_locator("iframe").frame_locator("iframe"))
        assert page.evaluate("heard") == []


@pytest.mark.parametrize("query", usually({"embedded": "embed=1&", "whole": ""}, "embedded"))
@pytest.mark.parametrize("size", usually({"no size": "", "390": 'width="390"', "800": 'width="800"'}, "no size", "390"))
def test_a_frame_that_is_too_low_says_what_it_needs_and_is_content(
    page: Page, course: str, server: str, course_files: Path, size: str, query: str
) -> None:
    """Also where the page gives it more than that, as the protocol's own starter does."""
    frame = listen(page, course, course_files, f"{server}/?{query}goal=loss:0.4", size)
    frame.wait_for_function("() => document.documentElement.scrollHeight <= innerHeight")
    reach_the_goal(frame)
    frame.evaluate("async () => { for (let n = 0; n < 20; n++) await new Promise(requestAnimationFrame); }")
    told = [message for message in heard(page, frame) if message["subject"] == "lti.frameResize"]
    assert 1 <= len(told) <= 3
    assert 360 <= told[-1]["height"] < 1200
    assert frame.evaluate("innerHeight") == told[-1]["height"] + 32
    play = frame.get_by_role("button", name="Play the step").bounding_box()
    assert play and play["y"] + play["height"] <= 8 + frame.evaluate("innerHeight")


def test_the_line_that_share_gives_shows_the_same_on_a_course_page(
    page: Page, course: str, server: str, course_files: Path
) -> None:
    open_page(page, url=f"{server}/?goal=loss:0.4&present=0")
    go_to(page, "mask1")
    open_menu(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy line").click()
    expect(page.get_by_role("status").filter(has_text="Paste it into the HTML")).to_be_visible()
    line = page.evaluate("navigator.clipboard.readText()")
    assert line == page.get_by_role("textbox", name="For a course page").input_value()
    values = page.locator("svg.drawing .unit-value").all_text_contents()
    (course_files / "pasted.html").write_text(f"<!doctype html><title>Week 3</title>{line}")
    page.goto(f"{course}/pasted.html")
    frame = page.frame_locator("iframe[title='Backprop Playground']")
    expect(frame.locator("bp-header")).to_be_hidden()
    expect(frame.locator(".goal")).to_contain_text("Bring the loss down to 0.4")
    expect(frame.locator("svg.drawing .unit-value")).to_have_text(values)


def test_a_scene_that_is_done_counts_and_one_that_is_skipped_does_not(
    page: Page, course: str, server: str, course_files: Path
) -> None:
    frame = listen(page, course, course_files, f"{server}/?embed=1&lab=gate")
    expect(frame.locator(".lab.ask")).to_be_attached()
    strip = frame.locator(".lab").bounding_box()
    assert strip and strip["height"] > 300, "it has no room beside the drawing"
    frame.locator(".lab-answer").nth(1).click()
    expect(frame.locator(".lab.do")).to_be_attached()
    for _ in range(60):
        if frame.locator(".lab.told").count() > 0:
            break
        frame.get_by_role("button", name="Next", exact=True).click()
        page.wait_for_timeout(30)
    frame.locator(".lab-next").click()
    expect(frame.locator(".lab.ask")).to_be_attached()
    frame.locator(".lab-next").click()
    expect(frame.locator(".lab.told")).to_be_attached()
    scenes = len(page.request.get(f"{server}/api/v1/labs/gate").json()["scenes"])
    told = [message for message in heard(page, frame) if message["subject"] != "lti.frameResize"]
    assert [
        {name: value for name, value in message.items() if name not in ("subject", "message_id")} for message in told
    ] == [
        {},
        {"name": "scene_begun", "data": {"lab": "gate", "scene": "whose"}},
        {"name": "scene_done", "data": {"lab": "gate", "scene": "whose"}},
        {"score": pytest.approx(1 / scenes), "state": {"reached": ["gate/whose"]}},
        {"name": "scene_begun", "data": {"lab": "gate", "scene": "hand"}},
    ]


def test_share_gives_the_scene_of_a_lab(page: Page, server: str) -> None:
    open_page(page, url=f"{server}/?lab=gate&scene=stop")
    page.wait_for_url("**scene=stop*")
    open_menu(page)
    expect(page.get_by_role("textbox", name="For a course page")).to_have_value(
        f'<iframe src="{server}/?embed=1&amp;lab=gate&amp;scene=stop" title="Backprop Playground" '
        'width="100%" height="500"></iframe>'
    )
