import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { t, useLanguage } from "../../static/js/core/i18n.js";
import { LANGUAGES } from "../../static/js/core/languages.js";
import { idle, opened, shownStep } from "./page.js";

const ROOT = new URL("../../static/", import.meta.url);
const LESSON = JSON.parse(readFileSync(new URL("lessons/01-first-minute/lesson.json", ROOT), "utf8"));
/** @param {string} tag */
const textsOf = (tag) => JSON.parse(readFileSync(new URL(`i18n/${tag}.json`, ROOT), "utf8"));

/** A page whose first step is played with the captions of the lesson. */
async function played() {
  const page = await opened();
  const { playground } = page;
  const { player } = playground;
  Object.assign(player.captions, { all: LESSON.captions, recipe: playground.state.recipe });
  await player.toggle();
  /** @param {number} ms */
  const be = async (ms) => {
    player.clock.jumpTo(ms);
    await idle();
    await playground.changing.settle();
    await idle();
  };
  return { ...page, player, be };
}

/** How long the forward pass takes with the new weights. @param {import("../../static/js/player/player.js").Player} player */
const forward = (player) => player.timeline.segments.find(({ name }) => name === "loss")?.end ?? NaN;

for (const { tag } of LANGUAGES) {
  test(`the first play lasts at most 35 s, and its captions as long as they are read: ${tag}`, async () => {
    useLanguage(tag, textsOf(tag));
    const { player, be } = await played();
    const { duration, operations } = player.timeline;
    const said = operations.flatMap((operation) => player.captions.of(operation) ?? []);
    assert.deepEqual(said.map(({ text }) => text), LESSON.captions.map((/** @type {any} */ { text }) => text));
    for (const operation of operations) {
      const caption = player.captions.of(operation);
      if (!caption) continue;
      const text = t(caption.text, caption.values);
      const reading = tag.startsWith("zh") ? 100 * [...text].length : 200 * text.split(/\s+/).length;
      assert.ok(operation.duration >= 1000 + reading, text);
      assert.doesNotMatch(text, /[{}]/);
    }
    await be(duration);
    assert.ok(duration + forward(player) <= 35_000, String(duration + forward(player)));
    useLanguage("en", {});
  });
}

test("it ends with the forward pass of the next step, in the one request of the step", async () => {
  const { server, playground, player, be } = await played();
  await be(player.timeline.duration);
  assert.deepEqual(server.log, ["takeStep"]);
  assert.deepEqual([shownStep(playground), playground.state.outcome, playground.state.hasPlayed, playground.state.isGuided], [2, { before: 1, after: 1 / 2 }, true, false]);
  assert.deepEqual([player.clock.isRunning, player.clock.goal], [true, forward(player)]);
  await be(forward(player));
  assert.deepEqual([player.timeline.operations[playground.state.operation].output, playground.state.isPlaying], ["sample_loss", false]);
});

test("one more step goes on from there, and ends in the same way", async () => {
  const { server, playground, player, be } = await played();
  await be(player.timeline.duration);
  await be(forward(player));
  await player.toggle();
  assert.deepEqual([playground.state.outcome, playground.state.isGuided, player.clock.position], [null, false, forward(player)]);
  await be(player.timeline.duration);
  assert.deepEqual([server.log, shownStep(playground), playground.state.outcome], [["takeStep", "takeStep"], 3, { before: 1 / 2, after: 1 / 3 }]);
});

test("who walks to the end of a step stays there", async () => {
  const { playground, player, be } = await played();
  await player.seek(player.timeline.duration);
  await be(player.timeline.duration);
  assert.deepEqual([shownStep(playground), playground.state.outcome], [1, null]);
});

test("a press that comes before the answer is what happens", async () => {
  const { server, playground, player } = await played();
  server.plan("takeStep", "hold");
  player.clock.jumpTo(player.timeline.duration);
  const gone = player.earlier();
  server.release();
  await idle();
  server.release();
  await gone;
  await playground.changing.settle();
  await idle();
  assert.deepEqual([shownStep(playground), playground.state.outcome], [1, null]);
});

test("where the next step has other rows, their loss is not held against the last ones", async () => {
  const { server, playground, player, be } = await played();
  playground.store.set({ session: { .../** @type {any} */ (playground.state.session), steps_per_epoch: 5 } });
  await be(player.timeline.duration);
  assert.deepEqual([shownStep(playground), playground.state.outcome], [1, null]);
  // What it did to its own rows is asked for beside the run; where that fails, nothing is missing.
  assert.equal(server.log.at(-1), "traceFrame");
  assert.deepEqual([playground.state.sameBatch, playground.state.problem], [null, null]);
});

test("Next goes to the next caption while captions guide", async () => {
  const { player } = await played();
  for (const output of ["z1", "mask1", "dz2", "dz1"]) {
    await player.later();
    assert.equal(player.clock.isRunning, true);
    assert.equal(player.timeline.operations.find(({ start }) => start === player.clock.position)?.output, output);
    player.clock.position += 1;
  }
});

test("a sample whose gradient no gate stops has no caption of one", async () => {
  const { playground } = await opened();
  const { player } = playground;
  Object.assign(player.captions, { all: LESSON.captions, recipe: playground.state.recipe });
  const trace = playground.state.samples.get(2);
  trace?.cells("mask1").fill(1);
  await player.toggle();
  assert.deepEqual(player.captions.lines.map(({ text }) => text), ["tour.z", "tour.gate", "tour.error"]);
});
