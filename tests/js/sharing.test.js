import assert from "node:assert/strict";
import { test } from "node:test";
import { useLanguage } from "../../static/js/core/i18n.js";
import { defaults, toFile } from "../../static/js/core/url-state.js";
import { Sharing } from "../../static/js/sharing.js";
import { idle, opened } from "./page.js";

const RECIPE = { model: { inputs: 2, hidden: [{ units: 3 }], output: { units: 2 } }, dataset: { name: "xor" }, optimizer: { name: "sgd" } };
const WORDS = ["step", "place", "sample", "cell", "edits", "data", "weights", "training", "view"];
/** Each part by its key, so that no language stands in a test. */
const TEXTS = { "mistake.any": "", "problem.left_out": "{parts}", ...Object.fromEntries(WORDS.map((word) => [`problem.part.${word}`, word])) };

/** A page that opens a file with this in it. @param {object} part */
async function openedWith(part) {
  const { playground } = await opened();
  useLanguage("en", TEXTS);
  const sharing = new Sharing(playground, { recipe: RECIPE, sample: 0 });
  const isOpened = await sharing.openFile(toFile(/** @type {any} */ ({ ...defaults(), recipe: RECIPE, ...part })));
  await idle();
  return { state: playground.state, isOpened };
}

test("what a step does not have is left out and said", async () => {
  const parts = [
    [{ focus: { tensor: "W1", index: [999999, 5] } }, "cell"],
    [{ focus: { tensor: "W1", index: [0] } }, "cell"],
    [{ focus: { tensor: "W1", index: [] } }, "cell"],
    [{ focus: { tensor: "b1", index: [0, 1] } }, "cell"],
    [{ focus: { tensor: "W99", index: [0, 0] } }, "cell"],
    [{ focus: { tensor: "__proto__", index: [0] } }, "cell"],
    [{ sample: 999 }, "sample"],
    [{ at: { scope: "batch", output: "W99", progress: 1 } }, "place"],
    [{ tab: "__proto__", focus: { tensor: "W1", index: [9, 9] } }, "view and cell"],
  ];
  for (const [part, words] of parts) {
    const { state, isOpened } = await openedWith(/** @type {object} */ (part));
    assert.ok(isOpened);
    assert.deepEqual([state.problem, state.focus, state.tab], [words, null, ""], JSON.stringify(part));
    assert.ok(state.batch && state.sample < state.batch.m);
  }
});

test("what a step has comes without a word", async () => {
  for (const focus of [{ tensor: "W1", index: [1, 2] }, { tensor: "b1", index: [2] }, { tensor: "z1", index: [0] }]) {
    const { state } = await openedWith({ focus, sample: 1, tab: "table", at: { scope: "sample", output: "z1", progress: 0.5 } });
    assert.deepEqual([state.problem, state.focus, state.sample, state.tab], [null, focus, 1, "table"]);
  }
});

test("the names of parts are those that the languages have", async () => {
  const { problem } = (await openedWith({ recipe: { ...RECIPE, optimizer: 3, dataset: 3, initializer: 3 }, step: -1, edits: 3, granularity: 3 })).state;
  assert.deepEqual(String(problem).split(/, and |, /).sort(), ["data", "edits", "step", "training", "view", "weights"]);
});
