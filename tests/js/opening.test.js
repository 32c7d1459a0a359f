import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Geometry } from "../../static/js/draw/geometry.js";
import { ripplesOf } from "../../static/js/draw/wave.js";
import { ARRIVAL } from "../../static/js/player/player.js";
import { BEATS, linesOf, openingOf } from "../../static/js/trace/explain/opening.js";
import { Program } from "../../static/js/trace/program/program.js";
import { stoppedCell } from "../../static/js/trace/explain/stopped.js";
import { buildTimeline, momentAt } from "../../static/js/trace/program/timeline.js";
import { Trace } from "../../static/js/trace/program/trace.js";
import { opened } from "./page.js";

const STEPS = JSON.parse(readFileSync(new URL("fixtures/steps.json", import.meta.url), "utf8"));

/** The opening of a recorded step, and the trace of one of its samples. @param {string} name @param {number} sample */
function openingOfStep(name, sample) {
  const program = new Program(STEPS[name].document);
  const trace = new Trace(program, /** @type {any} */ ({ m: 1 }), Float64Array.from(STEPS[name].samples[sample]));
  const timeline = buildTimeline(program, STEPS[name].samples.length, "operation");
  return { program, trace, opening: openingOf(timeline, program) };
}

/** What is there at a time: outputs of the operations that have arrived. @param {import("../../static/js/trace/program/timeline.js").Timeline} opening @param {number} ms */
function thereAt(opening, ms) {
  const { index, progress } = momentAt(opening, ms);
  return opening.operations.slice(0, progress >= ARRIVAL ? index + 1 : index).map(({ output }) => output);
}

test("the forward pass stands in the first frame, and no gradient", () => {
  const { opening } = openingOfStep("xor", 2);
  assert.deepEqual(thereAt(opening, 1), ["x", "z1", "mask1", "z2", "p", "sample_loss"]);
});

test("it moves within 300 ms, and its parts come when the story says so", () => {
  const { opening } = openingOfStep("xor", 2);
  const begins = momentAt(opening, BEATS.gap + 1);
  assert.equal(begins.operation.output, "dz2");
  assert.ok(BEATS.gap < 300 && begins.progress > 0 && begins.progress < ARRIVAL);
  const comes = (/** @type {string} */ output) => Array.from({ length: BEATS.still }, (_, ms) => ms).find((ms) => thereAt(opening, ms).includes(output)) ?? Infinity;
  for (const [output, from, to] of /** @type {[string, number, number][]} */ ([["dz2", 280, 320], ["da1", 900, 2000], ["dz1", 2000, 2600], ["dW1", 2600, 3400], ["db1", 2600, 3400]])) {
    assert.ok(comes(output) >= from && comes(output) <= to, `${output} at ${comes(output)}`);
  }
  assert.equal(comes("dx"), Infinity);
});

test("something moves from its first movement to its end", () => {
  const { opening, program, trace } = openingOfStep("xor", 2);
  const ripples = ripplesOf(trace, new Geometry(program, 900, 520));
  const isMoving = (/** @type {number} */ ms) => momentAt(opening, ms).progress < 1 || ripples.some(({ from, to }) => ms > from && ms < to);
  const still = Array.from({ length: BEATS.still - BEATS.gap - 1 }, (_, at) => BEATS.gap + 1 + at).filter((ms) => !isMoving(ms));
  assert.ok(still.length <= 100, `still for ${still.length} ms, at ${still[0]}`);
  for (const { lane, ends } of ripples.filter((one) => one.ends)) {
    assert.ok(ends && lane(1).x < lane(0).x && lane(1).x >= new Geometry(program, 900, 520).gateCentre(1, 1).x, "it goes toward the input, and no farther than its gate");
  }
  assert.deepEqual(ripplesOf(trace, new Geometry(program, 372, 352)).filter(({ ends }) => ends), [], "no dot covers the cross where there is no room");
});

for (const name of Object.keys(STEPS)) {
  test(`it is over in less than 5 s: ${name}`, () => {
    const { opening } = openingOfStep(name, 0);
    const last = momentAt(opening, opening.duration);
    assert.ok(opening.duration < 5000);
    assert.deepEqual([last.operation.output, last.progress], ["db1", 1]);
    for (let at = 1; at < opening.operations.length; at++) {
      const [before, operation] = [opening.operations[at - 1], opening.operations[at]];
      assert.ok(operation.start >= Math.max(-1, before.start + before.duration - 1e-9) || operation.start === -1, operation.output);
    }
  });
}

test("what it says has the numbers of the sample", () => {
  const { trace } = openingOfStep("xor", 2);
  const [gap, stop] = linesOf(trace);
  assert.equal(gap.to, stop.from, "words follow words");
  const p = trace.at("p", [0, 1]);
  assert.deepEqual([gap.text, gap.values.percent], ["opening.gap", String(Math.round(100 * p))]);
  assert.deepEqual([stop.text, stop.values, stop.from], ["opening.stopped", { count: 1, units: "2", z: "−2" }, BEATS.said]);
  assert.deepEqual(stoppedCell(trace), { tensor: "dz1", index: [1] });
});

test("where no gate stops a gradient, nothing is said of one", () => {
  const { trace } = openingOfStep("xor", 2);
  const whole = new Trace(trace.program, trace.header, trace.vector.slice());
  whole.cells("mask1").fill(1);
  assert.deepEqual([linesOf(whole).map(({ text }) => text), stoppedCell(whole)], [["opening.gap"], null]);
});

/** A page on which frames come when the test says so. */
async function filmed() {
  const { playground } = await opened();
  /** @type {((now: number) => void)[]} */
  const frames = [];
  const before = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = (frame) => frames.push(frame);
  const begun = performance.now();
  const { player } = playground;
  player.opensAt = "db1";
  player.opening.play();
  return {
    playground,
    player,
    /** Show the frame of this time. @param {number} ms */
    at: (ms) => frames.splice(0).forEach((frame) => frame(begun + ms)),
    done: () => (globalThis.requestAnimationFrame = before),
  };
}

test("it ends by itself, at the step as it stands before anybody plays it", async () => {
  const { playground, player, at, done } = await filmed();
  at(1500);
  assert.deepEqual([playground.state.isOpening, playground.state.isPlaying, player.timeline.operations[playground.state.operation].output], [true, false, "da1"]);
  at(10_000);
  const { isOpening, isPreview, caption } = playground.state;
  const position = player.clock.position;
  player.preview();
  assert.deepEqual([isOpening, isPreview, caption?.text, position], [false, true, "opening.stopped", player.clock.position]);
  done();
});

test("a press ends it at its last frame", async () => {
  const { playground, player, at, done } = await filmed();
  at(400);
  player.opening.end();
  const position = player.clock.position;
  at(500);
  assert.deepEqual([playground.state.isOpening, player.clock.position], [false, position]);
  player.preview();
  assert.equal(player.clock.position, position);
  done();
});

test("who moves on meanwhile stays there", async () => {
  const { playground, player, at, done } = await filmed();
  at(400);
  await player.seek(700);
  at(900);
  assert.deepEqual([playground.state.isOpening, playground.state.isPreview, player.clock.position], [false, false, 700]);
  done();
});

test("Play begins at the beginning after it", async () => {
  const { player, at, done } = await filmed();
  at(10_000);
  await player.toggle();
  assert.equal(player.clock.position, 0);
  done();
});

test("the first step is shown by it, where it is due", async () => {
  const { playground, player, done } = await filmed();
  player.preview();
  assert.equal(playground.state.isOpening, false);
  player.opening.isDue = true;
  player.preview();
  const { isOpening, operation } = playground.state;
  assert.deepEqual([isOpening, player.timeline.operations[operation].output, player.opening.isDue], [true, "sample_loss", false]);
  done();
});
