import assert from "node:assert/strict";
import test from "node:test";
import { sizes } from "../../static/js/core/format.js";
import { reachOf } from "../../static/js/draw/loss-curve.js";

test("many layers alike are counted, few are written one by one, and input and output stay by themselves", () => {
  assert.equal(sizes([2, 3, 2]), "2 – 3 – 2");
  assert.equal(sizes([4, 10, 10, 3]), "4 – 10 – 10 – 3");
  assert.equal(sizes([2, 3, 4, 4, 4, 4, 4, 4, 2]), "2 – 3 – 4 × 6 – 2");
  assert.equal(sizes([4, 4, 4, 4]), "4 – 4 – 4 – 4");
});

test("the learning curve shows a fall by a half over its whole height, and one by a hundredth hardly at all", () => {
  const fall = (/** @type {number[]} */ losses) => {
    const { low, high } = reachOf(losses);
    return (losses[0] - losses[1]) / (high - low);
  };
  assert.ok(fall([0.804, 0.462]) > 0.8);
  assert.equal(fall([0.8, 0.1]), 1);
  assert.ok(Math.abs(fall([1, 0.99]) - 0.02) < 1e-12);
  assert.ok(Number.isFinite(fall([0, 0])));
});
