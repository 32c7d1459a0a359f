import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOfNumber, linesOf, titleOf } from "../../static/js/views/network/said.js";

test("no infinity looks like a number", () => {
  assert.deepEqual([null, 0, -0, -2, 3, NaN, Infinity, -Infinity].map(kindOfNumber), ["unknown", "zero", "zero", "negative", "positive", "broken", "broken", "broken"]);
});

test("where there is no room for two, the number that came last is shown", () => {
  const texts = (/** @type {any} */ ...given) => linesOf(.../** @type {[any, any, any]} */ (given)).map(({ text }) => text);
  assert.deepEqual(texts(0.5, -0.25, true), ["0.5", "\u22120.25"]);
  assert.deepEqual(texts(0.5, -0.25, false), ["\u22120.25"]);
  assert.deepEqual(texts(0.5, null, false), ["0.5"]);
  assert.deepEqual(texts(null, undefined, true), []);
});

test("pointing at a unit shows every digit of its number and of its gradient", () => {
  assert.equal(titleOf("z1", "dz1", 1 / 3, 0.1), "z1 = 0.3333333333333333\ndz1 = 0.1");
  assert.equal(titleOf("z1", "dz1", null, null), "z1");
});
