import assert from "node:assert/strict";
import { test } from "node:test";
import { blockOf, checked, rightOf } from "../../static/js/lab/arrays.js";
import { stateAt } from "./steps.js";

const trace = () => /** @type {import("../../static/js/trace/program/trace.js").Trace} */ (stateAt("xor", "dW1").batch);

/** A gradient as measuring would find it, moved by so much of itself. @param {string} parameter @param {number} by */
const measured = (parameter, by = 0) =>
  Array.from({ length: trace().shape(`d${parameter}`).reduce((all, size) => all * size, 1) }, (_, at) => {
    const shape = trace().shape(`d${parameter}`);
    const index = shape.length === 1 ? [at] : [Math.floor(at / shape[1]), at % shape[1]];
    return { parameter, index, numeric: trace().at(`d${parameter}`, index) * (1 + by) };
  });

test("an array stands as the learner's code has it: columns are samples, a row of weights a unit above", () => {
  const { rows } = blockOf(trace(), {}, "a1");
  assert.deepEqual([rows.length, rows[0].length], trace().shape("a1").toReversed());
  assert.equal(rows[1][2], trace().at("a1", [2, 1]));
  assert.deepEqual(blockOf(trace(), {}, "b1").rows.map((row) => row.length), [1, 1, 1]);
});

test("what is given stands in the place of what was computed", () => {
  assert.deepEqual(blockOf(trace(), { given: { a1: [[1, 0], [0, 1]] } }, "a1").rows, [[1, 0], [0, 1]]);
});

test("numbers that agree to a ten-thousandth are right, others are counted by tensor, from the first layer up", () => {
  const cells = [...measured("b2"), ...measured("W1", 5e-5), ...measured("W2", 2e-4)];
  const rows = checked(trace(), {}, cells);
  assert.deepEqual(rows.map(({ tensor }) => tensor), ["dW1", "dW2", "db2"]);
  assert.equal(rows[0].wrong, 0);
  assert.equal(rows[1].wrong, measured("W2").filter(({ numeric }) => Math.abs(numeric) > 1e-9).length);
  assert.ok(rows[1].wrong > 0);
});

test("what nudges measure takes nothing as given and makes no mistake", () => {
  const body = { model: { inputs: 2, mistakes: ["x"] }, parameters: {}, batch: {}, given: { a1: [] } };
  assert.deepEqual(rightOf(body), { model: { inputs: 2, mistakes: [] }, parameters: {}, batch: {} });
});
