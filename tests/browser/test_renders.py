"""A view renders when something that it shows has changed, and once: no more often than with lists kept by hand."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.drawing import PLAYGROUND, open_page

COUNT = """() => {
  window.renders = {};
  window.renderedAt = performance.now();
  const {prototype} = Object.getPrototypeOf(customElements.get("bp-card"));
  const {refresh} = prototype;
  prototype.refresh = function () {
    window.renders[this.localName] = (window.renders[this.localName] ?? 0) + 1;
    window.renderedAt = performance.now();
    return refresh.call(this);
  };
}"""
# Nothing has rendered for a while, in time and in frames, which are slow on a busy machine, and nobody waits for one.
UNTIL_STILL = f"""async () => {{
  {PLAYGROUND}
  let [frames, at] = [0, window.renderedAt];
  while (frames < 20 || performance.now() - window.renderedAt < 600) {{
    await new Promise(requestAnimationFrame);
    frames = at === window.renderedAt && playground.player.clock.following.length === 0 ? frames + 1 : 0;
    at = window.renderedAt;
  }}
}}"""
EXPLAIN = f"() => {{ {PLAYGROUND} playground.inspector.explain({{tensor: 'W1', index: [0, 0]}}); }}"
# The step is begun, its samples come behind it.
OF_A_STEP = (
    "bp-header bp-place bp-map bp-panel bp-transport bp-learning-curve bp-share bp-handle "
    "bp-network bp-network bp-card bp-card bp-narrator bp-narrator"
)


def type_a_weight(page: Page) -> None:
    field = page.get_by_role("textbox", name="weight")
    field.fill("0.5")
    field.press("Enter")


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def open_tab(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("tab", name=name).click()


# In the order in which they are made: the move, and what renders at most.
MOVES: list[tuple[str, Callable[[Page], object], str]] = [
    ("explain", lambda page: page.evaluate(EXPLAIN), "bp-handle bp-network bp-place bp-map bp-card bp-narrator"),
    ("type a weight", type_a_weight, f"{OF_A_STEP} bp-lab-cards"),
    ("undo", press("Undo"), OF_A_STEP),
    ("point at a unit", lambda page: page.locator("svg.drawing .unit-value").first.hover(), ""),
    ("go back", press("Back"), "bp-network bp-place bp-map bp-transport bp-learning-curve bp-card bp-narrator"),
    (
        "another sample",
        lambda page: page.locator("button.sample").first.click(),
        "bp-network bp-place bp-map bp-card bp-narrator",
    ),
    ("another theme", press("Dark"), "bp-header bp-network bp-map bp-learning-curve"),
    (
        "sizes of layers",
        press("Layers and table"),
        "bp-place bp-map bp-card bp-panel bp-panel-button bp-layers",
    ),
    ("a comparison", open_tab("Compare"), "bp-place bp-map bp-panel bp-panel-button bp-compare"),
    ("open the settings", press("rate 0.5 · SGD"), "bp-problem bp-settings bp-settings"),
    ("close the settings", lambda page: page.keyboard.press("Escape"), "bp-problem bp-settings"),
    (
        "another language",
        lambda page: page.locator("select.languages").select_option("id"),
        "bp-skip bp-header bp-network bp-handle bp-card bp-predict bp-doctor-button bp-panel bp-transport bp-problem "
        "bp-share bp-narrator bp-drop bp-place bp-map bp-learning-curve bp-panel-button bp-compare bp-settings bp-labs",
    ),
]


@pytest.fixture
def rendered(page: Page) -> Iterator[Callable[[Callable[[Page], object]], Counter[str]]]:
    """Counts what renders in a move, until nothing has rendered for a while."""
    open_page(page)
    page.wait_for_load_state("networkidle")
    page.evaluate(COUNT)

    def count(move: Callable[[Page], object]) -> Counter[str]:
        page.evaluate("() => { window.renders = {}; window.renderedAt = performance.now(); }")
        move(page)
        page.wait_for_load_state("networkidle")
        page.evaluate(UNTIL_STILL)
        return Counter(page.evaluate("window.renders"))

    yield count


def test_a_move_renders_what_it_changes_and_nothing_else(
    page: Page, rendered: Callable[[Callable[[Page], object]], Counter[str]]
) -> None:
    # With which the network is changed on its drawing comes once, when somebody comes near.
    page.hover(".stage")
    page.locator(".hand").first.wait_for()
    for name, move, most in MOVES:
        counted = rendered(move)
        assert counted <= Counter(most.split()), name
        assert bool(counted) == bool(most), name
