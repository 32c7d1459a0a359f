"""The instruments of the labs in a real Chromium: script time of a frame while a handle moves, and of a new picture."""

from collections.abc import Iterator
from statistics import quantiles
from typing import Any

import numpy as np
from playwright.sync_api import Page

from benchmarks.browsing import browser_and_url
from benchmarks.table import Row

LAYERS, REPLICAS = 1000, 64
# Its layers up and down; the last step, whose replicas have a dot each, and the one before.
THROUGH_LAYERS = [*["PageUp"] * 9, *["PageDown"] * 9]
BETWEEN_STEPS = ["ArrowLeft", "ArrowRight"]
MOVES, WIDTHS = 90, 45
# The same frames several times, of each the shortest time: another process makes a frame longer and never shorter.
PLAYS = 3
LAB = "document.querySelector('bp-lab').labs.lab"
RUN = f"""async (chosen) => {{
  const {{instruments, now}} = {LAB};
  for (const [field, value] of Object.entries(chosen)) instruments.runs.choose(field, value);
  await instruments.runs.start();
  if ({LAB}.now.stage.problem) throw new Error({LAB}.now.stage.problem);
}}"""
# A key moves the handle, and the picture follows at once; a picture of another width is laid out and drawn again.
MOVE_AND_TIME = """async ([keys, moves, widths]) => {
  const host = document.querySelector("bp-depth, bp-bars");
  const instrument = host.querySelector(".instrument");
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const times = [];
  const refresh = host.refresh;
  for (let at = 0; at < moves; at++) {
    const key = keys[at % keys.length];
    const start = performance.now();
    host.querySelector(".grip").dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
    await null;
    times.push(performance.now() - start);
    await frame();
  }
  let spent = 0;
  host.refresh = () => {
    const start = performance.now();
    refresh.call(host);
    spent += performance.now() - start;
  };
  const full = instrument.clientWidth;
  for (let at = 1; at <= widths; at++) {
    spent = 0;
    instrument.style.width = `${full - 8 * at}px`;
    await frame();
    if (spent === 0) throw new Error("The picture was not drawn again.");
    times.push(spent);
  }
  delete host.refresh;
  instrument.style.width = "";
  await frame();
  return times;
}"""


def rows() -> Iterator[Row]:
    """Frames of `depth` with a thousand layers, and of `bars` with the dots of many replicas."""
    with browser_and_url() as (browser, url):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/?lab=chain&scene=deep")
        yield _frames(page, f"depth, {LAYERS} layers", {"layers": LAYERS}, THROUGH_LAYERS)
        page.goto(f"{url}/?lab=code&scene=start")
        yield _frames(page, f"bars, {REPLICAS} replicas", {"seeds": REPLICAS}, BETWEEN_STEPS)


def _frames(page: Page, name: str, chosen: dict[str, Any], keys: list[str]) -> Row:
    page.locator(".lab .lab-answer").first.click()
    page.locator(".run-start").wait_for()
    page.evaluate(RUN, chosen)
    page.locator(".instrument .grip").wait_for()
    plays = [page.evaluate(MOVE_AND_TIME, [keys, MOVES, WIDTHS]) for _ in range(PLAYS)]
    times = np.min(plays, axis=0)
    note = f"median {np.median(times):.2f} ms, longest {max(times):.1f} ms, {len(times)} frames, least of {PLAYS}"
    return Row(f"script time of a lab's frame, {name}, p95 in ms", quantiles(times, n=20)[-1], 4.0, note=note)
