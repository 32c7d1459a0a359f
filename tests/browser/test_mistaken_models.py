"""A network with mistakes on the page: every micro-step is shown, and the mistakes travel with the link."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.drawing import PLAYGROUND, api, open_page, operations, session_id
from tests.thorough import usually

KINDS = [
    "mask_missing",
    "softmax_over_the_batch",
    "softmax_twice",
    "reshape_for_transpose",
    "weights_updated_too_early",
    "gradients_not_reset",
    "last_sample_only",
    "integer_gradients",
    "diagonal_jacobian",
]


def recipe(*mistakes: str) -> dict[str, Any]:
    return {
        "model": {
            "inputs": 2,
            "hidden": [{"units": 4, "activation": "relu"}],
            "output": {"units": 3, "activation": "softmax"},
            "mistakes": list(mistakes),
        },
        "initializer": {"name": "he"},
        "optimizer": {"name": "momentum", "learning_rate": 0.1},
        "batch": {"x": [[0.4, -1.0], [1.2, 0.3], [-0.7, 0.8]], "y": [0, 1, 2]},
        "seed": 3,
    }


@pytest.mark.parametrize("id", usually(KINDS, "softmax_over_the_batch"))
def test_every_micro_step_of_a_mistaken_step_can_be_looked_at(page: Page, id: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_page(page, recipe(id))
    # Every operation to its end, and every cell that a node makes on the card with its formula.
    page.evaluate(
        f"""async () => {{ {PLAYGROUND}
        for (const {{start, duration}} of playground.player.timeline.operations) {{
          playground.player.seek(start + duration);
          await new Promise(requestAnimationFrame);
        }}
        const {{program}} = playground.state.batch;
        for (const node of program.nodes) {{
          const axes = program.tensor(node.output).axes.filter((axis) => axis !== "n");
          playground.inspector.explain({{tensor: node.output, index: axes.map(() => 0)}});
          await new Promise(requestAnimationFrame);
        }} }}"""
    )
    assert errors == []
    micro = api(page, "/trace?detail=micro")["micro"]
    shown = {operation["output"] for operation in operations(page)} - {"x"}
    assert shown <= {each["output"] for each in micro}


def test_mistakes_travel_with_the_link(page: Page, browser: Browser) -> None:
    open_page(page, recipe("mask_missing"))
    link = page.evaluate(f"async () => {{ {PLAYGROUND} return sharing.link(); }}")
    other = browser.new_context().new_page()
    other.goto(link)
    other.wait_for_selector("svg.drawing")
    other.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.samples.size > 1; }}")
    assert session_id(other) != session_id(page)
    assert api(other, "")["model"]["mistakes"] == ["mask_missing"]
