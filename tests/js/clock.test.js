import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Clock } from "../../static/js/player/clock.js";

/** What waits for the next frame. @type {FrameRequestCallback[]} */
let waiting = [];
let now = 0;
globalThis.requestAnimationFrame = (work) => waiting.push(work);
performance.now = () => now;

/** Let a frame come. */
function frame() {
  now += 16;
  for (const work of waiting.splice(0)) work(now);
}

beforeEach(() => {
  waiting = [];
});

test("what follows the drawing comes in the frame after it", () => {
  const clock = new Clock(() => {});
  const done = [];
  clock.afterNextFrame(() => done.push("card"));
  frame();
  assert.deepEqual(done, []);
  frame();
  assert.deepEqual(done, ["card"]);
});

test("while a step plays it follows the tick that has changed something", async () => {
  /** @type {string[]} */
  const done = [];
  const clock = new Clock((position) => {
    done.push(`drawn ${position}`);
    // As elements do: they hear of a change when the tick is over.
    if (position === 16) queueMicrotask(() => clock.afterNextFrame(() => done.push("card")));
  });
  clock.runTo(40);
  frame();
  await Promise.resolve();
  frame();
  frame();
  assert.deepEqual(done, ["drawn 16", "drawn 32", "card", "drawn 40"]);
});

test("what follows takes its part of a frame only, and all of it comes", () => {
  const clock = new Clock(() => {});
  const done = [];
  for (const name of ["card", "gates", "table"]) {
    clock.afterNextFrame(() => {
      done.push(name);
      now += name === "card" ? 1 : 5;
    });
  }
  frame();
  frame();
  assert.deepEqual(done, ["card", "gates"]);
  frame();
  assert.deepEqual(done, ["card", "gates", "table"]);
});

test("what fails holds up nothing that follows it", () => {
  const clock = new Clock(() => {});
  const done = [];
  clock.afterNextFrame(() => {
    throw new Error("the card");
  });
  clock.afterNextFrame(() => done.push("gates"));
  frame();
  assert.throws(frame, /the card/);
  frame();
  clock.afterNextFrame(() => done.push("table"));
  frame();
  frame();
  assert.deepEqual(done, ["gates", "table"]);
});
