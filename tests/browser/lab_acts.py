"""What a learner does in each scene of a lab, as the scene asks for it, and an answer that is wrong there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.drawing import wait_until_still
from tests.browser.hands import Hand, Mouse, Touch

Act = Callable[[Hand], None]
TOLD = ".lab.told"
STATE = "document.querySelector('bp-network').playground.state"


def play_until(hand: Hand, is_there: str, presses: int) -> None:
    """Play on, operation by operation, until something is so."""
    for _ in range(60):
        wait_until_still(hand.page)
        if hand.page.evaluate(is_there):
            return
        for _ in range(presses):
            hand.play_on()
    raise AssertionError(f"playing on leads nowhere: {is_there}")


def until_told(hand: Hand) -> None:
    """Play on until the scene has seen what it waits for: a second press completes what the first one began."""
    play_until(hand, f"{STATE}.lab.beat === 'told'", presses=2)
    hand.page.locator(TOLD).wait_for()


def play_to(hand: Hand, output: str, scope: str = "sample") -> None:
    """A press while something runs may come too late for it, and lead one too far."""
    is_it = f"({{units, ...at}}) => arrived >= units && at.output === '{output}' && at.scope === '{scope}'"
    is_there = f"(({{timeline, operation, arrived}}) => ({is_it})(timeline.operations[operation]))({STATE})"
    play_until(hand, is_there, presses=1)


def nudge(hand: Hand, cell: str, *steps: str) -> None:
    """Where a scene asks for it, it is open as soon as there is something to nudge."""
    hand.press(f'svg.drawing [data-cell="{cell}"]')
    expect(hand.page.locator("bp-nudge")).to_be_attached()
    if isinstance(hand, Touch):
        hand.open_sheet()
    # With its first answer it comes into sight: a press before that would hit what stood there.
    expect(hand.page.locator("bp-nudge .measured")).to_be_visible()
    for step in steps:
        hand.type("bp-nudge .h-typed input", step)
        # What was measured before stays until the answer comes.
        hand.page.wait_for_function(f"(h) => {STATE}.nudged?.slice.h === h", arg=float(step))
        expect(hand.page.locator("bp-nudge .measured")).to_be_visible()


def train_a_thousand(hand: Hand) -> None:
    hand.pick("train-more", 3)
    hand.page.wait_for_function(f"() => {STATE}.session.step >= 1000 && !{STATE}.isTraining")


def stop(hand: Hand) -> None:
    play_to(hand, "dW1")
    nudge(hand, "b1:1", "1.9", "2.5")


def zeros(hand: Hand) -> None:
    for cell in ("W1:0,1", "W2:1,0", "a1:1"):
        hand.press(f'svg.drawing [data-cell="{cell}"]')


def others(hand: Hand) -> None:
    hand.press("button.sample:nth-child(2)")
    until_told(hand)


def to_its_low_end(hand: Hand, slider: str) -> None:
    if not isinstance(hand, Mouse):
        return sliding(slider, "Home")(hand)
    if isinstance(hand, Touch):
        hand.open_sheet()
    hand.spot(slider)
    box = hand.page.locator(slider).bounding_box()
    assert box
    press = hand.page.touchscreen.tap if isinstance(hand, Touch) else hand.page.mouse.click
    press(box["x"] + 4, box["y"] + box["height"] / 2)


def dead(hand: Hand) -> None:
    to_its_low_end(hand, "bp-card .editor .slider")
    hand.page.wait_for_function(f"() => {STATE}.batch.header.gates.layers[0].is_dead[1]")
    train_a_thousand(hand)


def cure(hand: Hand) -> None:
    for chip in (2, 3):
        hand.press(f".lab-answers .lab-chip:nth-child({chip})")
        expect(hand.page.locator(f".lab-answers .lab-chip:nth-child({chip})")).to_have_attribute("aria-pressed", "true")
        train_a_thousand(hand)


def swap(hand: Hand) -> None:
    hand.press("bp-card .actions button:last-child")
    hand.choose("dialog .exchange select", "sigmoid")
    expect(hand.page.locator("dialog .pair.is-changed")).to_have_count(2)
    hand.press("dialog .close")


def pressing(*selectors: str) -> Act:
    def act(hand: Hand) -> None:
        for selector in selectors:
            hand.press(selector)

    return act


def chips(*numbers: int) -> Act:
    def act(hand: Hand) -> None:
        for number in numbers:
            chip = f".lab-answers .lab-chip:nth-child({number})"
            hand.press(chip)
            expect(hand.page.locator(f"{chip}[aria-pressed=true], {TOLD}").first).to_be_attached()

    return act


def typing(*texts: tuple[str, str]) -> Act:
    """Into the card, after a press on a cell of the drawing; "": the card tells of it already."""

    def act(hand: Hand) -> None:
        for cell, text in texts:
            if cell:
                hand.press(f'svg.drawing [data-cell="{cell}"]')
            hand.type("bp-card .editor .value input", text)

    return act


def nudging(cell: str, *steps: str) -> Act:
    def act(hand: Hand) -> None:
        nudge(hand, cell, *steps)

    return act


def then(*acts: Act) -> Act:
    def act(hand: Hand) -> None:
        for one in acts:
            one(hand)

    return act


# How far the experiment that was chosen is, 1 where its results are there; false while it is hardly further on.
NEWS = f"""(before) => {{
  const {{stage, experiment}} = {STATE}.lab;
  const isSame = ([field, value]) => JSON.stringify(experiment.body[field]) === JSON.stringify(value);
  if (experiment && stage.progress === null && Object.entries(stage.choice).every(isSame)) return 1;
  return stage.progress >= before + 0.2 && stage.progress < 1 && stage.progress;
}}"""


def results(hand: Hand) -> None:
    """Wait for what was chosen, as long as it goes on: once there are results, a choice runs by itself."""
    share = 0.0
    while share < 1:
        share = hand.page.wait_for_function(NEWS, arg=share).json_value()
    expect(hand.page.locator(".run-start")).to_be_attached()


def run(hand: Hand) -> None:
    hand.press(".run-start")
    results(hand)


def check(hand: Hand) -> None:
    hand.press(".check-run")
    expect(hand.page.locator(".check-verdict")).to_be_attached()


def switch(number: int, position: int) -> str:
    """A position of a switch of the code, both counted from 1."""
    return f".code-switch:nth-child({number}) button:nth-of-type({position})"


def sliding(handle: str, *keys: str) -> Act:
    def act(hand: Hand) -> None:
        hand.press(handle)
        hand.page.locator(f"{handle}:focus").wait_for()
        for key in keys:
            hand.page.keyboard.press(key)

    return act


def choosing(field: str, place: int) -> Act:
    def act(hand: Hand) -> None:
        select = f"select[data-field={field}]"
        option = hand.page.locator(f"{select} option").nth(place)
        hand.choose(select, option.evaluate("(one) => one.value"))

    return act


def open_factors(hand: Hand) -> None:
    expect(hand.page.locator(".factors .is-closed .symbol")).to_have_text("da3/dw1")
    closed = hand.page.locator(".factors .is-closed button")
    for _ in range(20):
        if closed.count() == 0:
            return
        hand.press(".factors .is-closed button")


def nudge_the_weight(hand: Hand) -> None:
    hand.press(".factor-nudge")
    expect(hand.page.locator("bp-nudge")).to_be_attached()


def train_alike(hand: Hand) -> None:
    for number in (1, 2):
        chips(number)(hand)
        train_a_thousand(hand)


def go_the_long_way(hand: Hand) -> None:
    play_to(hand, "dz2")
    hand.press("bp-card button.long-way")
    until_told(hand)


def follow_wires(hand: Hand) -> None:
    hand.press('svg.drawing [data-cell="a1:0"]')


@dataclass(frozen=True)
class Scene:
    """`right` and `wrong`: the number of an answer from 1, several, or what is typed; `act`: None if the answer is all.

    `bet`: what is pressed before. `rounds`: the right answers of a question that is asked about several steps.
    """

    id: str
    right: int | tuple[int, ...] | list[str] | None
    wrong: int | tuple[int, ...] | list[str] | None
    act: Act | None = None
    bet: str | None = None
    rounds: tuple[int, ...] = ()


GATE = [
    Scene("whose", 2, 1, until_told),
    Scene("hand", ["-2", "0.5", "0.75"], ["2", "0.5", "0.75"], until_told),
    Scene("stop", 1, 2, stop),
    Scene("zeros", 3, 1, zeros),
    Scene("others", 2, 1, others),
    Scene("dead", 1, 2, dead),
    Scene("cure", 2, 3, cure),
    Scene("swap", 2, 1, swap),
]

CHOICE = ".instrument .choice button:nth-child({})".format
# To 1/64: on the corner itself the other slope is the right one.
NEARLY_ZERO = [*["Shift+ArrowLeft"] * 3, *["ArrowLeft"] * 15]
SHORT = sliding(".grip.is-step", *["Shift+ArrowRight"] * 8)
ROAD = then(sliding(".grip.is-step", "Home"), sliding(".grip.is-place", *NEARLY_ZERO), SHORT, pressing(CHOICE(2)))
BOTH_SIDES = then(pressing(CHOICE(2), CHOICE(3), CHOICE(1)), sliding(".grip.is-step", "End"))

CORNER = [
    Scene("road", 1, 3, ROAD),
    Scene("on", 4, 2, BOTH_SIDES),
    Scene("promise", ["0.75"], ["1"], nudging("b1:0", "0.7", "1")),
    Scene("choice", 2, 1, then(chips(2), nudging("b1:1"), chips(3))),
    Scene("rare", 1, 2, run),
    Scene("doubt", ["0"], ["1"], then(chips(2, 3), typing(("x:0", "0.5")))),
]

DEEPER = then(run, choosing("initializers", 1), results, choosing("layers", 2), results, choosing("width", 0), results)

CHAIN = [
    Scene("seven", 3, 1, then(chips(3), open_factors, nudge_the_weight)),
    Scene("shut", 3, 1, chips(2)),
    Scene("twin", 3, 1, pressing(".twin-switch")),
    Scene("weights", 2, 1, then(pressing(".twin-switch"), chips(1, 2, 3))),
    Scene("deep", 2, 1, DEEPER),
]

CODE = [
    Scene("bet", 1, 2, check, bet=".code-lines li:nth-child(4) button"),
    Scene("again", (1, 2), (1, 3), then(pressing(switch(1, 2)), check, pressing(switch(1, 1), switch(2, 2)), check)),
    Scene("start", 2, 1, then(pressing(CHOICE(2)), run)),
    Scene("cache", 2, 1, pressing(".code-play")),
    Scene("tanh", 1, 2, then(pressing(switch(1, 2)), check)),
    Scene("last", 1, 2, then(pressing(switch(1, 2)), check)),
    Scene("hunt", None, 2, check, rounds=(1, 2, 3)),
]

SMALL = [
    Scene("sum", 2, 1, chips(6)),
    Scene("gap", None, None, go_the_long_way),
    Scene("order", 2, 1, check),
    Scene("back", 1, 2, until_told),
    Scene("wires", ["1"], ["2"], follow_wires),
    Scene("bias", 2, 1, pressing('svg.drawing [data-cell="b2:0"]')),
    Scene("alike", 1, 2, train_alike),
    Scene("max", 1, 2, typing(("x:0", "1"), ("x:1", "3"))),
    Scene("cut", 2, 1, nudging("b1:2")),
    Scene("common", 3, 1, then(pressing("bp-layers .choice button:nth-child(2)"), run)),
    Scene("born", 3, 1, run),
    Scene("mask", 3, 1, then(pressing(switch(1, 3)), check, pressing(switch(1, 1)), check)),
]

LABS = {"gate": GATE, "corner": CORNER, "chain": CHAIN, "code": CODE, "small": SMALL}
