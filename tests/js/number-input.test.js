import assert from "node:assert/strict";
import { test } from "node:test";
import { goalOf } from "../../static/js/core/goal.js";
import { refusalOf, typedNumber } from "../../static/js/core/number-input.js";

test("a comma is a decimal comma, and every minus that people type is one", () => {
  const values = {
    "0,5": 0.5, "-1,25": -1.25, "−1,25": -1.25, "–0.5": -0.5, "1,234": 1.234, "0.5": 0.5, ",5": 0.5, ".5": 0.5, "5,": 5,
    "+2": 2, "1e-3": 0.001, "1,5E2": 150, " 7 ": 7, "－０．５": -0.5, "０，５": 0.5, "-0": -0,
  };
  for (const [text, value] of Object.entries(values)) assert.equal(typedNumber(text), value, text);
});

test("what is no number is none, however much of it is one", () => {
  for (const text of ["", "  ", "abc", "1e", "-", "0x10", "1/2", "5 apples", "NaN", "Infinity", "1e999", "1,2,3", "1.2.3", "1,234.5", "1.234,5", "1 234", "²"]) {
    assert.ok(Number.isNaN(typedNumber(text)), text);
  }
});

/** @param {string} text @param {import("../../static/js/core/number-input.js").Limits} [limits] */
const reason = (text, limits = {}) => refusalOf(text, limits)?.key ?? "";

test("what has two readings is refused by another sentence than what has none", () => {
  for (const text of ["1,234.5", "1.234,5", "1 234", "1,2,3", "-1.234.567", "12’345"]) assert.equal(reason(text), "number.marks", text);
  for (const text of ["abc", "1e", "5 apples", "1/2", "1e999"]) assert.equal(reason(text), "number.none", text);
  assert.deepEqual(refusalOf(" abc ", {})?.params, { found: "abc" });
});

test("limits are said with the number that they are", () => {
  assert.equal(reason("0,5", { min: 0, max: 1 }), "");
  assert.deepEqual(refusalOf("1,5", { min: 0, max: 1 }), { key: "number.within", params: { min: 0, max: 1 } });
  assert.deepEqual(refusalOf("-1", { min: 0 }), { key: "number.least", params: { min: 0 } });
  assert.deepEqual(refusalOf("9", { max: 8 }), { key: "number.most", params: { max: 8 } });
  assert.deepEqual([reason("0", { above: 0 }), reason("0,1", { above: 0 })], ["number.above", ""]);
  assert.deepEqual([reason("1", { min: 0, below: 1 }), reason("0,999", { min: 0, below: 1 })], ["number.below", ""]);
  assert.deepEqual([reason("2,5", { isWhole: true }), reason("2,0", { isWhole: true })], ["number.whole", ""]);
});

test("a goal in the address may have a decimal comma too", () => {
  assert.deepEqual(["loss:0,05", "loss:0.05", "loss:,05 low", "accuracy:92,5%"].map((text) => goalOf(text).value), [0.05, 0.05, 0.05, 0.925]);
});
