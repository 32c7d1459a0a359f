"""Links: what is on show, again in another browser, after a reload, and in words where that is not possible."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.drawing import IRIS, PLAYGROUND, choose, go_to, open_page, train, use_language

# All that two people who look at the same link must agree on.
STATE = """{step: state.batch.header.step, loss: state.batch.header.loss, values: [...state.batch.vector],
    sample: state.sample, focus: state.focus, tab: state.tab, granularity: state.granularity,
    language: sharing.now().language, notation: sharing.now().notation,
    operation: state.operation, arrived: state.arrived, taken: playground.model.session.step,
    curve: state.history.loss}"""


def state_of(page: Page) -> dict[str, Any]:
    """What is on show, once something is."""
    page.wait_for_function("() => document.querySelector('bp-network')?.playground?.state.status === 'ready'")
    found: dict[str, Any] = page.evaluate(
        f"async () => {{ {PLAYGROUND} const {{state}} = playground; return {STATE}; }}"
    )
    return found


def ask(page: Page, script: str) -> Any:
    """Run something that may use `playground`."""
    return page.evaluate(f"async () => {{ {PLAYGROUND} {script} }}")


def until(page: Page, condition: str) -> None:
    ask(page, f"while (!({condition})) await new Promise((next) => setTimeout(next, 20));")


def address_after(page: Page, before: str) -> str:
    """The address once it has followed the page."""
    page.wait_for_url(lambda url: url != before)
    page.wait_for_timeout(400)
    return page.url


def link_of(page: Page) -> str:
    return str(page.evaluate(f"async () => {{ {PLAYGROUND} return sharing.link(); }}"))


def opened_elsewhere(browser: Browser, link: str) -> Page:
    """The link in a browser profile that has never seen the page."""
    page = browser.new_context().new_page()
    page.goto(link)
    page.wait_for_selector("svg.drawing")
    return page


def test_a_copied_link_in_a_new_browser_profile_gives_the_same_state(page: Page, browser: Browser) -> None:
    """Model, numbers, micro-step, selection, language and notation."""
    open_page(page, IRIS)
    train(page, 37)
    choose(page, "Pause after each", "unit")
    page.get_by_role("button", name="Layers and table").click()
    page.get_by_role("button", name="Sample 4", exact=True).click()
    use_language(page, "zh-Hans")
    go_to(page, "mask1")
    for _ in range(3):
        page.locator(".transport .earlier").click()
    ask(page, "playground.inspector.explain({tensor: 'W1', index: [1, 2]});")
    ask(page, "playground.setNotation('textbook');")
    expected = state_of(page)
    assert expected["step"] == 38 and 0 < expected["arrived"] < 8

    other = opened_elsewhere(browser, link_of(page))
    assert state_of(other) == expected
    assert ask(other, "return playground.model.session.id") != ask(page, "return playground.model.session.id")
    for one in (page, other):
        ask(one, "await new Promise((done) => playground.player.clock.afterNextFrame(done));")
    assert other.locator("bp-card").inner_text() == page.locator("bp-card").inner_text()
    expect(other.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_the_address_is_a_link_too(page: Page, browser: Browser) -> None:
    open_page(page)
    before = page.url
    page.get_by_role("button", name="Back", exact=True).click()
    page.get_by_role("button", name="Layers and table").click()
    other = opened_elsewhere(browser, address_after(page, before))
    assert state_of(other) == state_of(page)


def test_changes_by_hand_travel_with_the_link(page: Page, browser: Browser) -> None:
    open_page(page)
    ask(page, "await playground.editing.patch({parameters: {b2: [0.125, -0.25]}});")
    train(page, 3)
    ask(page, "await playground.editing.patch({optimizer: {learning_rate: 0.1}});")
    assert state_of(opened_elsewhere(browser, link_of(page))) == state_of(page)


def test_a_step_that_was_watched_to_its_end_is_taken_in_the_link_too(page: Page, browser: Browser) -> None:
    open_page(page)
    page.get_by_role("slider", name="Place in the step").press("End")
    until(page, "playground.state.history.loss.length > 1")
    other = opened_elsewhere(browser, link_of(page))
    until(other, "playground.state.history.loss.length > 1")
    assert state_of(other) == state_of(page)


def test_the_first_minute_has_a_short_address(page: Page) -> None:
    open_page(page)
    page.wait_for_timeout(600)
    assert "#" not in page.url


def test_a_reload_goes_on_with_the_same_session(page: Page) -> None:
    open_page(page, IRIS)
    train(page, 5)
    ask(page, "await playground.training.rewindTo(2);")
    go_to(page, "z2")
    before, session = (
        state_of(page),
        ask(page, "return [playground.model.session.id, playground.model.session.furthest_step]"),
    )
    page.wait_for_timeout(600)
    page.reload()
    page.wait_for_selector("svg.drawing")
    assert state_of(page) == before
    assert ask(page, "return [playground.model.session.id, playground.model.session.furthest_step]") == session


def test_a_state_that_is_too_large_for_a_link_survives_a_reload_and_travels_as_a_file(
    page: Page, browser: Browser
) -> None:
    open_page(page, IRIS)
    weights = "Array.from({length: 4}, (_, i) => Array.from({length: 150}, (_, j) => Math.sin(i * 150 + j)))"
    ask(
        page,
        f"""const recipe = structuredClone(playground.state.recipe);
        recipe.model.hidden[0].units = 150; delete recipe.initializer;
        const row = (n) => Array.from({{length: n}}, (_, j) => Math.cos(j) / 9);
        recipe.parameters = {{W1: {weights}, b1: row(150), W2: row(150).map(() => row(3)), b2: row(3)}};
        await playground.open(recipe);""",
    )
    before = state_of(page)
    page.wait_for_timeout(600)
    assert "#" not in page.url
    text = ask(page, "return (await sharing.file()).text")
    page.reload()
    assert state_of(page) == before

    other = browser.new_context().new_page()
    open_page(other, url=page.url)
    assert other.evaluate(f"async (text) => {{ {PLAYGROUND} return sharing.openFile(text); }}", text)
    assert state_of(other) == {**before, "language": "en"}


def test_own_data_travels_with_the_link_to_a_server_that_does_not_have_it(page: Page, browser: Browser) -> None:
    open_page(page)
    names = ("c", "a, b")
    csv = "id,label\n" + "".join(f'{at / 3},"{names[at % 2]}"\n' for at in range(12))
    ask(
        page,
        f"""const {{addDataset}} = await import('/js/api/client.js');
        const {{name}} = await addDataset({{csv: {csv!r}, columns: {{id: "feature"}}}}, 'mine');
        const {{parameters, model, ...recipe}} = playground.state.recipe;
        await playground.open({{...recipe, model: {{...model, inputs: 1}}, dataset: {{name}}}});""",
    )
    link, own = link_of(page), ask(page, "return playground.state.recipe.dataset.name")
    other = browser.new_context().new_page()
    other.route(f"**/datasets/{own}*", lambda route: route.fulfill(status=404, json={"code": "unknown_dataset"}))
    other.goto(link)
    other.wait_for_selector("svg.drawing")
    assert ask(other, "return playground.state.recipe.dataset.name") != own
    assert state_of(other) == state_of(page)
    other.unroute_all()
    assert state_of(opened_elsewhere(browser, link_of(other))) == state_of(page)


def test_a_link_that_cannot_be_opened_says_so_and_the_first_minute_opens(page: Page) -> None:
    for fragment, words in (("#v1.abcd", "incomplete"), ("#chapter", "incomplete"), ("#v9.abcd", "newer version")):
        page.goto("about:blank")
        open_page(page, url=f"/{fragment}")
        expect(page.get_by_role("alert")).to_contain_text(words)
        assert state_of(page)["step"] == 1, fragment
        # The link is not lost: it is still the one before in the history.
        page.wait_for_url(lambda url, fragment=fragment: not url.endswith(fragment))  # type: ignore[misc]
        page.go_back()
        assert page.url.endswith(fragment)


def test_a_link_to_what_this_server_refuses_is_told_in_the_servers_words(page: Page) -> None:
    open_page(page, IRIS)
    link = page.evaluate(
        """async () => { const {toFragment, defaults} = await import('/js/core/url-state.js');
        const model = {inputs: 9, hidden: [], output: {units: 2}};
        return toFragment({...defaults(), recipe: {model, dataset: {name: 'xor'}}}); }"""
    )
    before = state_of(page)
    page.evaluate("link => { location.hash = link; }", link)
    expect(page.get_by_role("alert")).to_contain_text("2 features")
    assert state_of(page) == before


def test_a_link_pasted_into_an_open_page_is_opened(page: Page, browser: Browser) -> None:
    open_page(page, IRIS)
    go_to(page, "z2")
    other = browser.new_context().new_page()
    open_page(other, url=page.url.split("#")[0])
    other.evaluate("link => { location.href = link; }", link_of(page))
    until(other, "playground.player.timeline.operations[playground.state.operation].output === 'z2'")
    assert state_of(other) == state_of(page)


def test_files_of_other_programs_are_told(page: Page, tmp_path: Path) -> None:
    open_page(page)
    before = state_of(page)
    assert ask(page, "return sharing.openFile('1,2,3')") is False
    expect(page.get_by_role("alert")).to_contain_text("not a saved state")
    assert state_of(page) == before


@pytest.mark.parametrize(("recipe", "is_guided"), [(None, True), (IRIS, False)], ids=["first minute", "iris"])
def test_only_the_first_minute_is_played_with_its_captions(
    page: Page, recipe: dict[str, Any] | None, is_guided: bool
) -> None:
    open_page(page, recipe)
    page.get_by_role("button", name="Play the step from its start").click()
    until(page, "playground.player.clock.isRunning")
    assert ask(page, "return playground.state.isGuided") is is_guided
