import assert from "node:assert/strict";
import { test } from "node:test";
import { goalOf, reachedAfter } from "../../static/js/core/goal.js";
import { mistakeOf, modesOf } from "../../static/js/core/modes.js";

/** @param {number[]} loss @param {(number | null)[]} [accuracy] */
const curve = (loss, accuracy = loss.map(() => null)) => ({ step: loss.map((_, at) => at + 1), loss, accuracy, held_out_loss: loss.map(() => null) });

test("an address without a query changes nothing", () => {
  assert.deepEqual(modesOf(""), { isEmbedded: false, isPresenting: false, hidden: [], goal: null, lab: null });
});

test("an address names a lab, and a scene of it", () => {
  assert.deepEqual(modesOf("?lab=gate&scene=stop").lab, { id: "gate", scene: "stop" });
  assert.deepEqual(modesOf("?lab=gate").lab, { id: "gate", scene: null });
});

test("an embedded page has no bar of its own", () => {
  const { isEmbedded, hidden } = modesOf("?embed=1");
  assert.ok(isEmbedded);
  assert.deepEqual(hidden, ["header", "settings", "share"]);
});

test("parts are hidden by name, and names of nothing are ignored", () => {
  assert.deepEqual(modesOf("?hide=card,panel&hide=transport,moon").hidden, ["card", "panel", "transport"]);
});

test("what looks misspelt is told", () => {
  assert.equal(mistakeOf("?hide=card,panel&goal=loss:0.05&present=1"), null);
  assert.equal(mistakeOf("?goal=Find the shut gate: 3 of them"), null);
  assert.equal(mistakeOf("?hide=crad,panel,moon")?.params.found, "crad, moon");
  for (const goal of ["los:0.05", "loss:small", "Accuracy:"]) assert.equal(mistakeOf(`?goal=${goal}&present=1`)?.params.found, goal);
});

test("0 switches off", () => {
  assert.equal(modesOf("?embed=0&present=0").isEmbedded, false);
  assert.equal(modesOf("?present").isPresenting, true);
});

test("a goal is a measure and a number, or words, or both", () => {
  assert.deepEqual(goalOf("loss:0.05"), { quantity: "loss", value: 0.05, words: "" });
  assert.deepEqual(goalOf("accuracy: 90%"), { quantity: "accuracy", value: 0.9, words: "" });
  assert.deepEqual(goalOf("loss:1e-3 Learn XOR with two units"), { quantity: "loss", value: 0.001, words: "Learn XOR with two units" });
  assert.deepEqual(goalOf("Find the shut gate"), { quantity: null, value: 0, words: "Find the shut gate" });
  assert.deepEqual(goalOf("loss:small"), { quantity: null, value: 0, words: "loss:small" });
});

test("a goal is reached after the updates that its step had seen", () => {
  assert.equal(reachedAfter(goalOf("loss:0.5"), curve([0.9, 0.6, 0.4, 0.3]), 3), 2);
  assert.equal(reachedAfter(goalOf("loss:0.1"), curve([0.9, 0.6]), 1), null);
  assert.equal(reachedAfter(goalOf("accuracy:1"), curve([0.9, 0.6], [0.5, 1]), 1), 1);
  assert.equal(reachedAfter(goalOf("held_out_loss:0.1"), curve([0.01]), 1), null);
  assert.equal(reachedAfter(goalOf("step:3"), curve([]), 2), null);
  assert.equal(reachedAfter(goalOf("step:3"), curve([]), 4), 3);
  assert.equal(reachedAfter(goalOf("Find it"), curve([0]), 9), null);
});
