"""The page in a real Chromium: script time of a frame, an edit, steps that are taken while it draws."""

from collections.abc import Iterator
from itertools import count, islice
from statistics import quantiles
from typing import Any

import numpy as np
from playwright.sync_api import Page

from benchmarks.browsing import browser_and_url
from benchmarks.table import Row

# 16 x 16 + 16 x 16 + 16 x 3 = 560 edges.
UNITS = (16, 16, 16, 3)
PLAYGROUND = "const {playground, sharing} = document.querySelector('bp-network');"
# A step is played several times with the same frames: 60 a second, whatever the browser's clock says. Of each frame the
# shortest time counts: another process that takes the processor meanwhile makes a frame longer and never shorter.
# The store tells its listeners in a microtask; one that is queued after the tick runs when they are done.
PLAYS = 3
PLAY_AND_TIME = f"""async ([recipe, isFirst]) => {{ {PLAYGROUND}
  if (recipe && isFirst) await playground.open(recipe);
  await new Promise((done) => setTimeout(done, 500));
  const times = [];
  const {{clock}} = playground.player;
  const {{onTick, catchUp, tick}} = clock;
  let finished;
  const end = new Promise((done) => (finished = done));
  let now = 0;
  let followed = 0;
  clock.tick = () => {{
    clock.last = now;
    now += 1000 / 60;
    tick(now);
  }};
  clock.onTick = (position, isRunning) => {{
    const start = performance.now() - followed;
    followed = 0;
    onTick(position, isRunning);
    queueMicrotask(() => times.push(performance.now() - start));
    if (!isRunning && position > 0) finished();
  }};
  // What follows the drawing comes at the beginning of the next frame, before its tick.
  clock.catchUp = () => {{
    const start = performance.now();
    catchUp.call(clock);
    followed += performance.now() - start;
  }};
  // The first play of all would stop for its captions and take the step.
  playground.store.set({{hasPlayed: true}});
  playground.player.seek(0);
  times.length = 0;
  playground.player.setSpeed(2);
  await playground.player.toggle();
  await end;
  Object.assign(clock, {{onTick, catchUp, tick}});
  return times;
}}"""
# Types other numbers for a weight. Each time runs from the change of the field to the frame that shows what came of it.
EDIT_AND_TIME = f"""async ([recipe, edits]) => {{ {PLAYGROUND}
  await playground.open(recipe);
  playground.inspector.explain({{tensor: "W1", index: [0, 0]}});
  const times = [];
  for (let edit = 0; edit < edits; edit++) {{
    await new Promise((done) => setTimeout(done, 150));
    const field = document.querySelector("bp-card .value input");
    const {{batch}} = playground.state;
    const start = performance.now();
    field.value = String(edit / 16);
    field.dispatchEvent(new Event("input", {{bubbles: true}}));
    field.dispatchEvent(new Event("change", {{bubbles: true}}));
    let stop;
    await new Promise((done) => {{
      stop = playground.store.signals.batch.subscribe((now) => now !== batch && done());
    }});
    stop();
    if (playground.state.batch.at("W1", [0, 0]) !== edit / 16) throw new Error("The edit is not what is shown.");
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - start);
  }}
  return times;
}}"""
EDITS = 30
# Runs as the button does, then asks for as many steps of the same run without drawing any: steps a second of both.
RUN_AND_COUNT = f"""async ([recipe, ms]) => {{ {PLAYGROUND}
  await playground.open(recipe);
  const body = JSON.stringify(recipe);
  const post = async (path, body) => {{
    const headers = {{"Content-Type": "application/json"}};
    const answer = await fetch(`api/v1/${{path}}`, {{method: "POST", headers, body}});
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }};
  const PART = 5000;
  const wait = (time) => new Promise((done) => setTimeout(done, time));
  await playground.training.start(null);
  while (!playground.state.live) await wait(5);
  const start = performance.now();
  const before = playground.state.session.step;
  let frames = 0;
  const stop = playground.store.signals.live.subscribe(() => frames++);
  await wait(ms);
  const seconds = (performance.now() - start) / 1000;
  const steps = playground.state.session.step - before;
  stop();
  await playground.training.end();
  const {{id}} = await post("sessions", body);
  const middle = performance.now();
  // A server takes a limited number of steps in one request.
  for (let left = steps; left > 0; left -= PART) {{
    await post(`sessions/${{id}}/train`, JSON.stringify({{steps: Math.min(left, PART)}}));
  }}
  return [steps / seconds, steps / ((performance.now() - middle) / 1000), frames / seconds];
}}"""
RUNS, RUN_MS = 5, 2000
# Frames of a press that plays nothing.
FEW = 30


def rows() -> Iterator[Row]:
    """Frames of a played step, small, of many edges, with a map and units' pictures, in rows; edits."""
    with browser_and_url() as (browser, url):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.wait_for_selector("svg.drawing")
        yield _frames(page, "2-3-2", None)
        yield _frames(page, "560 edges", _recipe())
        yield _frames(page, "2-16-16-3 with map and pictures", _spirals(16))
        yield _frames(page, "64-32-10", _digits(32))
        yield _frames(page, "64-16-10", _digits(16))
        yield _edits(page, "2-8-8-3", _spirals(8))
        yield _edits(page, "64-32-10", _digits(32))
        yield _run(page, "2-8-8-3 on spirals", 1)
        yield _run(page, "2-8-8-3 on spirals, a 4 x slower processor", 4)


def _frames(page: Page, name: str, recipe: dict[str, Any] | None) -> Row:
    played = (page.evaluate(PLAY_AND_TIME, [recipe, play == 0]) for play in count())
    # Where the press after a play leads to the next step, nothing moves.
    plays = list(islice((times for times in played if len(times) > FEW), PLAYS))
    n_frames = min(map(len, plays))
    times = np.min([play[:n_frames] for play in plays], axis=0)
    note = f"median {np.median(times):.2f} ms, longest {max(times):.1f} ms, {n_frames} frames, least of {PLAYS}"
    return Row(f"script time of a page frame, {name}, p95 in ms", quantiles(times, n=20)[-1], 4.0, note=note)


def _edits(page: Page, name: str, recipe: dict[str, Any]) -> Row:
    times = page.evaluate(EDIT_AND_TIME, [recipe, EDITS])
    note = f"median {np.median(times):.0f} ms, longest {max(times):.0f} ms, {len(times)} edits"
    return Row(f"edit answered and drawn, {name}, p95 in ms", quantiles(times, n=20)[-1], 50.0, note=note)


def _run(page: Page, name: str, slower: int) -> Row:
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    rates = [page.evaluate(RUN_AND_COUNT, [_spirals(8), RUN_MS]) for _ in range(RUNS)]
    client.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    drawn, plain, views = np.median(rates, axis=0)
    ratio = float(np.median([a / b for a, b, _ in rates]))
    note = f"{drawn:.0f}/s with {views:.0f} views a second / {plain:.0f}/s"
    return Row(f"steps/s of a page that runs, {name} / POST train", ratio, 0.5, "higher", note)


def _recipe() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "model": {
            "inputs": UNITS[0],
            "hidden": [{"units": units, "activation": "relu"} for units in UNITS[1:-1]],
            "output": {"units": UNITS[-1], "activation": "softmax"},
            "loss": "cross_entropy",
        },
        "initializer": {"name": "he"},
        "batch": {"x": rng.normal(size=(8, UNITS[0])).tolist(), "y": rng.integers(0, UNITS[-1], 8).tolist()},
    }


def _spirals(units: int) -> dict[str, Any]:
    return {
        "model": {
            "inputs": 2,
            "hidden": [{"units": units, "activation": "relu"}] * 2,
            "output": {"units": 3, "activation": "softmax"},
            "loss": "cross_entropy",
        },
        "initializer": {"name": "he"},
        "dataset": {"name": "three_spirals"},
        "batch_size": 32,
    }


def _digits(units: int) -> dict[str, Any]:
    return {
        "model": {
            "inputs": 64,
            "hidden": [{"units": units, "activation": "relu"}],
            "output": {"units": 10, "activation": "softmax"},
            "loss": "cross_entropy",
        },
        "initializer": {"name": "he"},
        "dataset": {"name": "digits"},
        "batch_size": 16,
    }
