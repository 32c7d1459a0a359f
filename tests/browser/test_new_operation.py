"""An operation that only the engine knows shows up in the page: drawing, equation, NumPy line and animation."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from engine import layers, primitives
from engine.layers import Activation
from server.app import create_app
from server.settings import Settings
from tests.browser.drawing import IRIS, PLAYGROUND, api, go_to, open_page, shown
from tests.engine.test_new_operation import SOFTPLUS, SOFTPLUS_SLOPE

SOFTPLUS_NETWORK: dict[str, Any] = {
    **IRIS,
    "model": {**IRIS["model"], "hidden": [{"units": 4, "activation": "softplus"}]},
}


@pytest.fixture
def server_with_softplus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A server in this process, whose engine has one activation more."""
    for primitive in (SOFTPLUS, SOFTPLUS_SLOPE):
        monkeypatch.setitem(primitives.PRIMITIVES, primitive.name, primitive)
    monkeypatch.setitem(layers.ACTIVATIONS, "softplus", Activation("softplus", "softplus_slope"))
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(data_dir=tmp_path)), port=0, log_level="warning"))
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


def test_a_primitive_known_to_the_engine_alone_is_shown_and_animated(page: Page, server_with_softplus: str) -> None:
    open_page(page, SOFTPLUS_NETWORK, url=server_with_softplus)
    step = api(page, "/trace?sample=0&detail=micro")
    (micro,) = [each for each in step["micro"] if each["op"] == "softplus"]
    assert micro["code"] == "a1 = np.log1p(np.exp(z1))"

    go_to(page, "mask1")
    for unit, a in enumerate(step["layers"][0]["a"][0]):
        expect(page.locator(f'[data-cell="a1:{unit}"] .unit-value')).to_have_text(shown(page, a))
    page.get_by_text("a1 = np.log1p(np.exp(z1))").click()
    formula = "".join(page.locator("bp-card math").all_text_contents())
    assert "ln" in formula and "e" in formula

    packets = page.evaluate(
        f"""async () => {{ {PLAYGROUND}
        const {{packetsOf}} = await import('/js/draw/packets.js');
        const {{Geometry}} = await import('/js/draw/geometry.js');
        const trace = playground.state.samples.get(0);
        const isNew = (node) => node.op === "softplus";
        const operation = playground.timeline.operations.find(({{nodes}}) => nodes.some(isNew));
        return packetsOf(operation, trace, new Geometry(trace.program, 900, 600)).map((packet) => packet.value); }}"""
    )
    assert packets == pytest.approx(step["layers"][0]["z"][0])


def test_an_activation_known_to_the_engine_alone_is_offered_by_its_own_name(
    page: Page, server_with_softplus: str
) -> None:
    open_page(page, url=server_with_softplus)
    page.get_by_role("button", name="rate 0.5").click()
    activation = page.get_by_role("dialog", name="Settings").get_by_role("combobox", name="Activation").first
    activation.select_option("softplus")
    page.get_by_role("button", name="Use these settings").click()
    expect(page.locator("svg.drawing .title").get_by_text("hidden · softplus")).to_be_visible()
