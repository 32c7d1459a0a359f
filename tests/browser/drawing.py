"""What browser tests say about the drawing: open a network, go to an operation, read the numbers."""

import json
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page, Response, ViewportSize

from tests.browser.hands import Mouse

PLAYGROUND = "const {playground, sharing} = document.querySelector('bp-network');"
# A press waits for its turn, and what it lets run for its first frame: until then nothing says that anything plays.
UNTIL_STILL = """await playground.changing.last;
    while (playground.player.clock.isRunning) await new Promise(requestAnimationFrame);"""

LAPTOP: ViewportSize = {"width": 1440, "height": 900}

IRIS: dict[str, Any] = {
    "model": {
        "inputs": 4,
        "hidden": [{"units": 8, "activation": "relu"}],
        "output": {"units": 3, "activation": "softmax"},
        "loss": "cross_entropy",
    },
    "initializer": {"name": "he"},
    "optimizer": {"name": "sgd", "learning_rate": 0.2},
    "dataset": {"name": "iris"},
    "batch_size": 8,
    "seed": 3,
}
TWO_HIDDEN: dict[str, Any] = {
    **IRIS,
    "model": {**IRIS["model"], "inputs": 2, "hidden": [{"units": 8, "activation": "relu"}] * 2},
    "dataset": {"name": "three_spirals"},
}


def open_page(page: Page, recipe: dict[str, Any] | None = None, size: ViewportSize = LAPTOP, url: str = "/") -> None:
    """Open the page, on the first minute's network or on a recipe."""
    page.set_viewport_size(size)
    page.goto(url)
    page.wait_for_selector("svg.drawing")
    if "present=1" in url:
        # What hears the keys comes after the drawing.
        page.wait_for_selector(".present-caption")
    if recipe is not None:
        assert page.evaluate(f"async (recipe) => {{ {PLAYGROUND} return playground.open(recipe); }}", recipe)
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.samples.size > 0; }}")
    # Their names come after everything else that a first visit asks for.
    page.wait_for_function("() => !document.querySelector('[data-offers-labs]') || document.querySelector('.lab-card')")


def session_id(page: Page) -> str:
    """A first view stands before its session is there."""
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.session?.id; }}")
    return str(page.evaluate(f"async () => {{ {PLAYGROUND} return playground.model.session.id; }}"))


def operations(page: Page) -> list[dict[str, Any]]:
    """The operations of the timeline: segment, scope, output."""
    pick = "playground.player.timeline.operations.map(({segment, scope, output}) => ({segment, scope, output}))"
    return list(page.evaluate(f"async () => {{ {PLAYGROUND} return {pick}; }}"))


def go_to(page: Page, output: str, scope: str = "sample") -> None:
    """Be at the end of the operation that makes this tensor."""
    page.evaluate(
        f"""async ([output, scope]) => {{ {PLAYGROUND}
        const {{start, duration}} = playground.player.timeline.operations
          .find((operation) => operation.output === output && operation.scope === scope);
        playground.player.seek(start + duration);
        do await new Promise(requestAnimationFrame); while (playground.player.clock.following.length > 0); }}""",
        [output, scope],
    )


def explain(page: Page, tensor: str, *index: int) -> None:
    """Click on a number of the drawing, and wait until the card, which follows it by a frame, tells of it."""
    cell = f'svg.drawing [data-cell="{tensor.removeprefix("d")}:{",".join(map(str, index))}"]'
    is_of_unit = tensor.startswith(("da", "dz"))
    Mouse(page).press(f"{cell} .gradient" if is_of_unit else cell)
    # Backward, a weight and a gate tell of the gradient there.
    is_asked = f"(index) => {{ {PLAYGROUND} return String(playground.state.focus?.index) === String(index); }}"
    page.wait_for_function(is_asked, arg=list(index))
    page.evaluate(
        f"async () => {{ {PLAYGROUND} await new Promise((done) => playground.player.clock.afterNextFrame(done)); }}"
    )


def choose(page: Page, name: str, choice: str) -> None:
    """Open one of the transport's menus, and press what is offered."""
    page.locator("bp-transport").get_by_role("button", name=name).click()
    # A press beside a menu, where it stands before it is put into its place, would close it.
    page.locator(".menu.is-placed").wait_for()
    page.get_by_role("menuitemradio", name=choice, exact=True).click()


def use_language(page: Page, tag: str) -> None:
    """Choose a language in the header, and wait until the page speaks it."""
    page.locator(".languages").select_option(tag)
    page.wait_for_function("(tag) => document.documentElement.lang === tag", arg=tag)


def wait_until_still(page: Page) -> None:
    """All that was pressed is done, and nothing plays any more."""
    page.evaluate(f"async () => {{ {PLAYGROUND} {UNTIL_STILL} }}")


def shown(page: Page, value: object) -> str:
    """A number of the API as the page writes it."""
    spelled = {"NaN": "NaN", "Infinity": "Infinity", "-Infinity": "-Infinity"}.get(str(value), json.dumps(value))
    return str(page.evaluate(f"async () => (await import('/js/core/format.js')).number({spelled})"))


def api(page: Page, path: str) -> Any:
    answer = page.request.get(urljoin(page.url, f"api/v1/sessions/{session_id(page)}{path}"))
    assert answer.ok, answer.text()
    return answer.json()


def change(page: Page, path: str, body: dict[str, Any], method: str = "POST") -> None:
    """Change the session beside the page, which does not know of it."""
    address = urljoin(page.url, f"api/v1/sessions/{session_id(page)}{path}")
    answer = page.request.fetch(address, method=method, data=body)
    assert answer.ok, answer.text()


def is_new_session(answer: Response) -> bool:
    """Whether it is the view of a session that the page has made."""
    return answer.request.method == "POST" and urlsplit(answer.url).path.endswith("/sessions") and answer.ok


def session_of(answer: Response) -> dict[str, Any]:
    """The session of a view, or as the page makes one beside the view that came with it."""
    body = answer.body()
    if body[:4] != b"BPV1":
        alone: dict[str, Any] = json.loads(body)
        return alone
    session: dict[str, Any] = json.loads(body[8 : 8 + int.from_bytes(body[4:8], "little")])["session"]
    return session


def follow(page: Page) -> None:
    """Have the page show the session where it is."""
    page.evaluate(f"async () => {{ {PLAYGROUND} await playground.showWhereTheSessionIs(); }}")


def train(page: Page, steps: int) -> None:
    """Take many steps, and have the page show where they lead."""
    change(page, "/train", {"steps": steps})
    follow(page)


def text_of(page: Page, cell: str, inside: str) -> str:
    return page.locator(f'svg.drawing [data-cell="{cell}"] {inside}').first.text_content() or ""


def last_number(text: str) -> str:
    return text.split()[-1].lstrip("+")


def assert_first_layer_forward(page: Page, hidden: dict[str, Any]) -> None:
    """Go to its gates: z, a and mask of its units are those of `layers[0]` of a sample's step."""
    go_to(page, "mask1")
    for unit, z in enumerate(hidden["z"][0]):
        assert text_of(page, f"z1:{unit}", ".unit-value") == shown(page, z)
        assert text_of(page, f"a1:{unit}", ".unit-value") == shown(page, hidden["a"][0][unit])
        assert shown(page, hidden["mask"][0][unit]) in text_of(page, f"mask1:{unit}", "text.label")


def assert_first_layer_backward(page: Page, hidden: dict[str, Any]) -> None:
    """Go to the end of the backward pass: dz and da of its units are those of `layers[0]` of a sample's step."""
    go_to(page, "dx")
    for unit, dz in enumerate(hidden["dz"][0]):
        assert last_number(text_of(page, f"z1:{unit}", ".gradient")) == shown(page, dz)
        assert last_number(text_of(page, f"a1:{unit}", ".gradient")) == shown(page, hidden["da"][0][unit])
