"""A whole step in a real browser: every number on the page is the API's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import (
    IRIS,
    PLAYGROUND,
    api,
    assert_first_layer_backward,
    assert_first_layer_forward,
    go_to,
    last_number,
    open_page,
    operations,
    shown,
    text_of,
    wait_until_still,
)
from tests.thorough import usually


@pytest.mark.parametrize("recipe", usually({"xor": None, "iris": IRIS}, "iris"))
def test_every_number_of_a_step_is_the_one_of_the_api(page: Page, recipe: dict[str, Any] | None) -> None:
    open_page(page, recipe)
    sample = page.evaluate(f"async () => {{ {PLAYGROUND} return playground.state.sample; }}")
    step = api(page, f"/trace?sample={sample}")
    hidden, output = step["layers"]

    assert_first_layer_forward(page, hidden)
    go_to(page, "sample_loss")
    for unit, p in enumerate(step["probabilities"][0]):
        assert last_number(text_of(page, f"p:{unit}", ".p")) == shown(page, p)
    assert page.locator(".loss-value").text_content() == shown(page, step["loss"])
    assert_first_layer_backward(page, hidden)
    for unit, dz in enumerate(output["dz"][0]):
        if abs(dz) >= 1e-4:
            assert last_number(text_of(page, f"p:{unit}", ".gradient")) == shown(page, dz)


def test_the_first_play_takes_the_step_and_pays_off_within_35_s(fresh_page: Page) -> None:
    page = fresh_page
    page.clock.install()
    open_page(page)
    # From here on time moves only when the test says so, however slow the machine is.
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.get_by_role("button", name="Play the step from its start").click()
    seen: list[str] = []
    payoff = page.locator(".payoff p")
    for _ in range(35_000 // 500):
        page.clock.run_for(500)
        seen += page.locator(".caption:visible").all_inner_texts()
        if page.evaluate(f"async () => {{ {PLAYGROUND} return playground.model.isTaken; }}"):
            page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.state.outcome !== null; }}")
        if payoff.count():
            break
    said = [*dict.fromkeys(seen), payoff.inner_text()]
    assert len(said) <= 6
    assert all(len(text.split()) <= 13 for text in said)
    before, after = api(page, "/history")["metrics"]["loss"][0], api(page, "/trace")["loss"]
    assert (before, after) == (pytest.approx(0.804, abs=5e-4), pytest.approx(0.462, abs=5e-4))
    assert f"from {shown(page, before)} to {shown(page, after)}." in said[-1]
    expect(page.locator(".scope")).to_contain_text(f"mean loss {shown(page, after)} after this update")
    expect(page.locator(".loss-when")).to_have_text("after update")
    expect(page.locator("bp-card")).to_contain_text("after this update")
    page.get_by_role("button", name="One more step").click()
    page.clock.run_for(500)
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(page.locator(".loss-when")).to_have_text("before update")


def test_nothing_is_shown_before_it_is_computed_and_earlier_unwrites_what_later_wrote(page: Page) -> None:
    open_page(page)
    go_to(page, "z1")
    expect(page.locator('svg.drawing [data-cell^="z1:"].unit .unit-value')).to_have_count(3)
    for later in ("a1", "z2"):
        expect(page.locator(f'svg.drawing [data-cell^="{later}:"].unit .unit-value')).to_have_count(0)
    expect(page.locator("svg.drawing .gradient")).to_have_count(0)
    numbers: Callable[[], list[str]] = lambda: page.locator("svg.drawing text").all_text_contents()  # noqa: E731
    before = numbers()
    page.get_by_role("button", name="Next", exact=True).click()
    wait_until_still(page)
    assert numbers() != before
    page.get_by_role("button", name="Back", exact=True).click()
    assert numbers() == before


def test_the_keyboard_alone_walks_a_whole_step_to_the_weights_of_the_session(page: Page) -> None:
    open_page(page)
    for _ in operations(page):
        page.keyboard.press("ArrowLeft")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator('svg.drawing [data-cell^="z1:"].unit .unit-value')).to_have_count(3)
    page.keyboard.press("ArrowLeft")
    expect(page.locator('svg.drawing [data-cell^="z1:"].unit .unit-value')).to_have_count(0)
    for _ in operations(page):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.model.session.step === 1; }}")
    parameters = api(page, "")["parameters"]
    for name in ("W1", "W2"):
        for i, row in enumerate(parameters[name]):
            for j, weight in enumerate(row):
                title = page.locator(f'svg.drawing title:has-text("{name}[{i}, {j}] = {shown(page, weight)}")')
                assert title.count() == 1


def test_a_frame_encoded_by_the_server_decodes_to_the_same_numbers(page: Page) -> None:
    open_page(page, IRIS)
    micro = {each["output"]: each["value"] for each in api(page, "/trace?detail=micro")["micro"]}
    decoded = page.evaluate(
        f"""async () => {{ {PLAYGROUND}
        const trace = playground.state.batch;
        return Object.fromEntries(trace.program.nodes.map(({{output}}) => [output, [...trace.cells(output)]])); }}"""
    )
    assert decoded.keys() == micro.keys()
    for name, value in micro.items():
        assert decoded[name] == np.ravel(value).tolist(), name


def test_an_expired_session_is_computed_again_with_the_same_weights(page: Page) -> None:
    open_page(page)
    page.get_by_role("slider", name="Place in the step").press("End")
    page.wait_for_function(f"() => {{ {PLAYGROUND} return playground.model.session.step === 1; }}")
    before = api(page, "")
    page.request.delete(f"/api/v1/sessions/{before['id']}")
    # The next step has been answered already; what comes out of it has not.
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("slider", name="Place in the step").press("End")
    expect(page.get_by_role("alert")).to_contain_text("computed again")
    after = api(page, "")
    assert after["id"] != before["id"]
    assert after["step"] == 1
    assert after["parameters"] == before["parameters"]


def test_a_step_of_some_samples_tells_what_it_did_to_these(page: Page) -> None:
    open_page(page, {**IRIS, "batch_size": 8})
    batch, loss = page.evaluate(
        f"""async () => {{ {PLAYGROUND} const {{header}} = playground.state.batch; return [header.m, header.loss]; }}"""
    )
    page.get_by_role("button", name="Play the step from its start").click()
    page.evaluate(
        f"async () => {{ {PLAYGROUND} playground.player.clock.position = playground.player.timeline.duration - 1; }}"
    )
    payoff = page.locator(".payoff p")
    payoff.wait_for()
    # The same rows again, with the weights that the session now has: the engine says the same loss.
    after = page.evaluate(
        f"""async () => {{ {PLAYGROUND}
        const {{batch, session}} = playground.state;
        const rows = (name) => Array.from({{length: batch.m}}, (_, row) =>
          Array.from({{length: batch.shape(name)[1]}}, (_, at) => batch.at(name, [row, at])));
        const view = await playground.model.fetch();
        const parameters = Object.fromEntries(["W1", "b1", "W2", "b2"].map((name) => {{
          const shape = view.batch.shape(name), cells = [...view.batch.cells(name)];
          return [name, shape.length < 2 ? cells
            : Array.from({{length: shape[0]}}, (_, row) => cells.slice(row * shape[1], (row + 1) * shape[1]))];
        }}));
        const answer = await fetch("api/v1/trace?detail=summary", {{method: "POST",
          headers: {{"Content-Type": "application/json"}},
          body: JSON.stringify({{model: session.model, parameters, batch: {{x: rows("x"), y: rows("y")}}}})}});
        return (await answer.json()).loss; }}"""
    )
    assert after < loss
    assert payoff.inner_text() == (
        f"With the new weights the mean loss of these same {batch} samples goes "
        f"from {shown(page, loss)} to {shown(page, after)}."
    )
    # The update stays on show, and its loss is still the one from before it.
    expect(page.locator(".scope-step")).to_have_text("Step 1")
    expect(page.locator(".loss-when")).to_have_text("before update")
    page.get_by_role("button", name="One more step").click()
    expect(page.locator(".scope-step")).to_have_text("Step 2")
    expect(payoff).to_have_count(0)
