"""Every move of the page is one request, and a session of thirty moves survives a cut at every one of them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.drawing import IRIS, PLAYGROUND, TWO_HIDDEN, api, open_page, train
from tests.thorough import tried_by_node, usually

Press = Callable[[Page], None]
# Programs are kept by the browser for ever, rows as long as nobody changes them: neither belongs to a move.
ONCE = ("/programs/", "/data")
RECIPES: dict[int, dict[str, Any]] = {
    4: {**IRIS, "batch_size": 4},
    10: {**IRIS, "batch_size": 10},
    64: {**TWO_HIDDEN, "batch_size": 64},
}


def requests_of(page: Page) -> list[str]:
    """What is asked from the API from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        if "/api/v1/" in path and not any(part in path for part in ONCE):
            asked.append(f"{request.method} {path.rsplit('/', 1)[-1]}")

    page.on("request", note)
    return asked


def settle(page: Page) -> None:
    """Everything that was pressed is done."""
    page.evaluate(
        f"""async () => {{ {PLAYGROUND}
        for (let last = null; last !== playground.changing.last;) await (last = playground.changing.last); }}"""
    )


def end(page: Page) -> None:
    page.get_by_role("slider", name="Place in the step").press("End")


def later(page: Page) -> None:
    page.get_by_role("button", name="Next", exact=True).click()


def begin(recipe: dict[str, Any]) -> Press:
    script = f"async (recipe) => {{ {PLAYGROUND} await playground.open(recipe); }}"
    return lambda page: page.evaluate(script, recipe)


def undo(page: Page) -> None:
    page.get_by_role("button", name="Undo").click()


def bias(value: str) -> Press:
    def press(page: Page) -> None:
        page.locator('svg.drawing [data-cell="b1:0"]').press("Enter")
        field = page.get_by_role("textbox", name="bias")
        field.fill(value)
        field.press("Enter")

    return press


def drag(page: Page) -> None:
    page.locator('svg.drawing [data-cell="b1:0"]').press("Enter")
    page.locator('.editor input[type="range"]').press("ArrowRight")


def sample(number: int) -> Press:
    script = f"async (row) => {{ {PLAYGROUND} await playground.inspector.showSample(row); }}"
    return lambda page: page.evaluate(script, number - 1)


def long_way(is_long: bool) -> Press:
    script = f"async (is) => {{ {PLAYGROUND} await playground.inspector.goTheLongWay(is); }}"
    return lambda page: page.evaluate(script, is_long)


def restart(page: Page) -> None:
    page.get_by_role("button", name="Back to step 1").click()


def travel(key: str) -> Press:
    return lambda page: page.get_by_role("slider", name="Time travel: step").press(key)


@pytest.mark.parametrize("m", usually(RECIPES.keys(), 64))
def test_every_move_is_one_request(page: Page, m: int) -> None:
    asked = requests_of(page)
    open_page(page)
    settle(page)
    # On a first visit labs are offered by their names.
    assert asked == ["POST sessions", "GET labs"]
    # What the network can become is asked once, when somebody comes near it.
    page.hover(".stage")
    page.locator(".hand").first.wait_for()
    moves: list[tuple[Press, list[str]]] = [
        (begin(RECIPES[m]), ["POST sessions"]),
        (end, ["POST step"]),
        (later, []),
        (end, ["POST step"]),
        (bias("0.5"), ["PATCH "]),
        (drag, ["PATCH "]),
        (undo, ["PATCH "]),
        (sample(2), []),
        (sample(m), ["GET view"] if m > 16 else []),
        (long_way(True), ["GET view"]),
        (travel("ArrowLeft"), ["POST rewind"]),
        (travel("ArrowRight"), ["POST rewind"]),
        (restart, ["POST rewind"]),
    ]
    for press, expected in moves:
        asked.clear()
        press(page)
        settle(page)
        # The path of a change ends in the session's id.
        found = ["PATCH " if one.startswith("PATCH") else one for one in asked]
        assert found == expected, expected
    expect(page.locator("bp-problem")).to_have_text("")


def test_the_map_comes_with_the_moves(page: Page) -> None:
    open_page(page, RECIPES[10])
    page.wait_for_function("() => document.querySelector('bp-map')?.data?.grid")
    asked = requests_of(page)
    for press, expected in ((end, ["POST step"]), (later, []), (restart, ["POST rewind"])):
        asked.clear()
        press(page)
        settle(page)
        page.wait_for_timeout(300)
        assert asked == expected


class Cuts:
    """Cuts the network at requests that are about to come: on their way to the server, or on the way back."""

    def __init__(self, page: Page) -> None:
        self.due: list[str] = []
        self.made = 0
        page.route_web_socket("**/stream", lambda socket: socket.close())
        page.route("**/api/v1/**", self.on)

    def on(self, route: Route) -> None:
        if not self.due:
            return route.fallback()
        self.made += 1
        if self.due.pop(0) == "lose":
            route.fetch()
        return route.abort("connectionreset")


THIRTY: list[Press] = [
    *(end, later, bias("0.5"), bias("0.25"), undo, end, later, drag, drag, end),
    *(later, sample(1), long_way(True), end, later, restart, travel("ArrowRight"), bias("0.75"), undo, travel("End")),
    *(end, later, sample(3), long_way(False), bias("-0.5"), end, later, restart, travel("ArrowRight"), end),
]
WAYS = [["refuse"], ["lose"], ["lose", "refuse"]]


@tried_by_node("outages")
def test_a_session_of_thirty_moves_ends_where_the_server_is_though_every_request_is_cut(page: Page) -> None:
    cuts = Cuts(page)
    open_page(page)
    train(page, 2)
    assert len(THIRTY) == 30
    for at, press in enumerate(THIRTY):
        cuts.due = list(WAYS[at % len(WAYS)])
        press(page)
        settle(page)
        cuts.due = []
        if page.locator(".problem-bar").count():
            press(page)
            settle(page)
        assert page.locator("bp-problem").inner_text() == "", f"move {at}"
    assert cuts.made >= 25
    session = api(page, "")
    shown = page.evaluate(
        f"""async () => {{ {PLAYGROUND} const {{state, model}} = playground;
        const trace = (model.next ?? state).batch;
        return {{step: model.session.step, version: model.session.version, history: state.history,
          W1: [...trace.cells("W1")], b1: [...trace.cells("b1")], of: trace.header.step}}; }}"""
    )
    assert (shown["step"], shown["version"], shown["of"]) == (session["step"], session["version"], session["step"] + 1)
    for name in ("W1", "b1"):
        assert shown[name] == np.ravel(session["parameters"][name]).tolist()
    history = api(page, "/history")["metrics"]
    assert shown["history"]["step"][: len(history["step"])] == history["step"]
    assert shown["history"]["loss"][: len(history["loss"])] == history["loss"]
