"""The first visit and a reload: requests, KB, and the first drawing beside the same bytes without a drawing."""

import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx
import uvicorn
from playwright.sync_api import Browser, Page
from starlette.responses import PlainTextResponse

from benchmarks.browsing import browser_and_url
from benchmarks.table import Row
from server.page.bundle import Bundle
from server.page.files import Folder
from server.page.folder import find_static
from server.page.index import Index
from server.page.serving import PageFiles

# Round trip in ms, and how many times slower the processor is.
CONDITIONS = {"0 ms": (0, 1), "30 ms": (30, 1), "100 ms": (100, 1), "a 4 x slower processor": (0, 4)}
TURNS = 5
WINDOW = {"width": 1440, "height": 900}
SCRIPT = re.compile(r'<script type="module" src="[^"]+">')
# Both note the frame in which their condition is first met.
LOOK = """(() => {{
  const look = () => {{
    if ({condition}) window.drawnAt = performance.now();
    else requestAnimationFrame(look);
  }};
  requestAnimationFrame(look);
}})()"""
DRAWN = LOOK.format(condition="document.querySelector('svg.drawing .unit-value')")
LOADED = LOOK.format(condition="window.isLoaded")
NOTHING = "addEventListener('load', () => (window.isLoaded = true));"


@dataclass(frozen=True, slots=True)
class Visit:
    """What came over the network."""

    n_requests: int
    n_bodies: int
    kilobytes: float


def rows() -> Iterator[Row]:
    """Files and answers of a first visit and a reload; the first drawing under several conditions."""
    with browser_and_url() as (browser, url):
        first, again = _visits(browser, url)
        yield Row("first visit, requests", first.n_requests, 15)
        yield Row("first visit, KB", first.kilobytes, 130)
        yield Row("reload, requests that carry a body", again.n_bodies, 3, note=f"{again.n_requests} requests")
        yield Row("reload, KB", again.kilobytes, 10)
        with blank(url) as blank_url:
            for name, condition in CONDITIONS.items():
                yield _first_drawing(browser, url, blank_url, name, condition)


def _visits(browser: Browser, url: str) -> tuple[Visit, Visit]:
    page = browser.new_page(viewport=WINDOW)
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    sizes: dict[str, float] = {}
    statuses: dict[str, int] = {}
    cached: set[str] = set()

    def on_answer(event: dict) -> None:  # type: ignore[type-arg]
        if event["response"]["fromDiskCache"]:
            cached.add(event["requestId"])

    client.on("Network.responseReceived", on_answer)
    client.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    # The page hears of 200 where its copy was still good; this event has what was on the wire.
    client.on(
        "Network.responseReceivedExtraInfo",
        lambda event: statuses.__setitem__(event["requestId"], event["statusCode"]),
    )
    client.on(
        "Network.loadingFinished", lambda event: sizes.__setitem__(event["requestId"], event["encodedDataLength"])
    )

    def visit() -> Visit:
        page.wait_for_selector("svg.drawing .unit-value")
        page.wait_for_load_state("networkidle")
        sent = {name: size for name, size in sizes.items() if name not in cached}
        n_bodies = sum(statuses.get(name) != 304 for name in sent)
        return Visit(len(sent), n_bodies, sum(sent.values()) / 1000)

    page.goto(url)
    first = visit()
    for known in (sizes, statuses, cached):
        known.clear()
    page.reload()
    again = visit()
    page.close()
    return first, again


@contextmanager
def blank(url: str) -> Iterator[str]:
    """The same files behind the same kind of server, with a script that draws nothing in place of the page's own."""
    with tempfile.TemporaryDirectory() as directory:
        static = Path(directory, "static")
        shutil.copytree(find_static(), static)
        page = httpx.get(url, headers={"Accept-Language": "en-US"}, timeout=60).text
        (static / "index.html").write_text(SCRIPT.sub('<script type="module" src="nothing.js">', page))
        (static / "nothing.js").write_text(NOTHING)
        folder = Folder(static)
        index = Index(folder, Bundle(static, is_wanted=False), "", _nothing)
        app = PageFiles(PlainTextResponse("no", status_code=404), folder, index)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


async def _nothing() -> str:
    return ""


def _first_drawing(browser: Browser, url: str, blank_url: str, name: str, condition: tuple[int, int]) -> Row:
    pages = ((url, DRAWN), (blank_url, LOADED))
    times = [[_time(browser, *page, condition) for page in pages] for _ in range(TURNS)]
    drawn, loaded = (median(side) for side in zip(*times, strict=True))
    ratio = median(one / other for one, other in times)
    note = f"{drawn:.0f} ms / {loaded:.0f} ms"
    return Row(f"first drawing / the same bytes and no drawing, {name}", ratio, 2.0, note=note)


def _time(browser: Browser, url: str, look: str, condition: tuple[int, int]) -> float:
    """Ms from the start of a first visit until `look` has seen what it looks for."""
    latency, slowness = condition
    context = browser.new_context(viewport=WINDOW, locale="en-US")
    page: Page = context.new_page()
    page.add_init_script(look)
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    conditions = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
    client.send("Network.emulateNetworkConditions", conditions)
    client.send("Emulation.setCPUThrottlingRate", {"rate": slowness})
    page.goto(url)
    page.wait_for_function("() => window.drawnAt !== undefined")
    found = float(page.evaluate("window.drawnAt"))
    context.close()
    return found
