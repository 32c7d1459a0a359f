"""Rows that only a vocabulary knows show up in the page: drawing, equation, NumPy line, animation and settings."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from server.app import create_app
from server.settings import Settings
from tests.browser.drawing import IRIS, PLAYGROUND, api, go_to, open_page, shown
from tests.own_vocabulary import OWN, SESSION

BENT_NETWORK: dict[str, Any] = {
    **IRIS,
    "model": {**IRIS["model"], "hidden": [{"units": 4, "activation": "bend"}]},
}


@pytest.fixture
def server_of_its_own(tmp_path: Path) -> Iterator[str]:
    """A server in this process, whose vocabulary has one row more in every table."""
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(data_dir=tmp_path), OWN), port=0, log_level="warning"))
    started = threading.Event()
    thread = threading.Thread(target=_run, args=(server, started))
    thread.start()
    assert started.wait(10)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def _run(server: uvicorn.Server, started: threading.Event) -> None:
    startup = server.startup

    async def startup_and_tell(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = startup_and_tell  # type: ignore[method-assign]
    server.run()


def test_a_primitive_known_to_the_engine_alone_is_shown_and_animated(page: Page, server_of_its_own: str) -> None:
    open_page(page, BENT_NETWORK, url=server_of_its_own)
    step = api(page, "/trace?sample=0&detail=micro")
    (micro,) = [each for each in step["micro"] if each["op"] == "bend"]
    assert micro["code"] == "a1 = z1 / (1 + rate1 * np.abs(z1))"

    go_to(page, "mask1")
    for unit, a in enumerate(step["layers"][0]["a"][0]):
        expect(page.locator(f'[data-cell="a1:{unit}"] .unit-value')).to_have_text(shown(page, a))
    page.get_by_text("a1 = z1 / (1 + rate1 * np.abs(z1))").click()
    formula = "".join(page.locator("bp-card math").all_text_contents())
    assert "|" in formula and "+" in formula

    packets = page.evaluate(
        f"""async () => {{ {PLAYGROUND}
        const {{packetsOf}} = await import('/js/draw/packets.js');
        const {{Geometry}} = await import('/js/draw/geometry.js');
        const trace = playground.state.samples.get(0);
        const isNew = (node) => node.op === "bend";
        const operation = playground.player.timeline.operations.find(({{nodes}}) => nodes.some(isNew));
        return packetsOf(operation, trace, new Geometry(trace.program, 900, 600)).map((packet) => packet.value); }}"""
    )
    assert packets == pytest.approx(step["layers"][0]["z"][0])


def test_an_activation_known_to_the_engine_alone_is_offered_by_its_own_name(page: Page, server_of_its_own: str) -> None:
    open_page(page, url=server_of_its_own)
    page.get_by_role("button", name="rate 0.5").click()
    activation = page.get_by_role("dialog", name="Settings").get_by_role("combobox", name="Activation").first
    activation.select_option("bend")
    page.get_by_role("button", name="Use these settings").click()
    expect(page.locator("svg.drawing .title").get_by_text("hidden · bend")).to_be_visible()


def test_a_loss_an_optimizer_an_initializer_and_a_data_set_of_its_own_are_in_the_settings(
    page: Page, server_of_its_own: str
) -> None:
    open_page(page, SESSION, url=server_of_its_own)
    expect(page.locator("svg.drawing .title").get_by_text("hidden · bend")).to_be_visible()
    page.get_by_role("button", name="rate 0.2").click()
    dialog = page.get_by_role("dialog", name="Settings")
    expect(dialog.get_by_role("combobox", name="Activation").first).to_have_value("bend")
    chosen = dialog.locator("select").evaluate_all("selects => selects.map((select) => select.value)")
    expect(dialog.get_by_role("radio", checked=True)).to_have_value("ramp")
    assert {"bend", "identity", "log_cosh", "crawl", "stripes"} <= set(chosen)
