"""What a learner does in each scene of a lab, as the scene asks for it, and an answer that is wrong there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.hands import Hand

Act = Callable[[Hand], None]
TOLD = ".lab.told"


def until_told(hand: Hand) -> None:
    """Play on, operation by operation, until the scene has seen what it waits for."""
    for _ in range(60):
        if hand.page.locator(TOLD).count() > 0:
            return
        hand.play_on()
        hand.page.wait_for_timeout(30)
    raise AssertionError("playing on leads nowhere")


def play_to(hand: Hand, output: str, scope: str = "sample") -> None:
    now = "(({playground}) => playground.sharing ?? playground)(document.querySelector('bp-network'))"
    at = (
        f"(() => {{ const {{timeline, operation, arrived}} = ({now}).state; const one = timeline.operations[operation];"
    )
    at += " return arrived >= one.units ? `${one.scope} ${one.output}` : ''; })()"
    for _ in range(60):
        if hand.page.evaluate(at) == f"{scope} {output}":
            return
        hand.play_on()
        hand.page.wait_for_timeout(30)
    raise AssertionError(f"playing on does not lead to {output}")


def nudge(hand: Hand, cell: str, *steps: str) -> None:
    hand.press(f'svg.drawing [data-cell="{cell}"]')
    if hand.page.locator("bp-nudge").count() == 0:
        hand.press("bp-card .nudge-switch")
    for step in steps:
        hand.type("bp-nudge .h-typed input", step)
        expect(hand.page.locator("bp-nudge .measured")).to_be_visible()


def train_a_thousand(hand: Hand) -> None:
    hand.pick("train-more", 3)
    now = "document.querySelector('bp-network').playground.state"
    hand.page.wait_for_function(f"() => {now}.session.step >= 1000 && !{now}.isTraining")


def stop(hand: Hand) -> None:
    play_to(hand, "dW1")
    nudge(hand, "b1:1", "1.9", "2.5")


def zeros(hand: Hand) -> None:
    for cell in ("W1:0,1", "W2:1,0", "a1:1"):
        hand.press(f'svg.drawing [data-cell="{cell}"]')


def others(hand: Hand) -> None:
    hand.press("button.sample:nth-child(2)")
    until_told(hand)


def dead(hand: Hand) -> None:
    hand.type("bp-card .editor .value input", "-2")
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


@dataclass(frozen=True)
class Scene:
    """`right` and `wrong`: numbers of the answers from 1, or what is typed; `act`: None where the answer is all."""

    id: str
    right: int | list[str]
    wrong: int | list[str]
    act: Act | None = None


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

LABS = {"gate": GATE}
