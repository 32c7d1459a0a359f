import assert from "node:assert/strict";
import test from "node:test";
import { sizes } from "../../static/js/core/format.js";
import { drawLearningCurve, reachOf } from "../../static/js/draw/learning-curve.js";

test("many layers alike are counted, few are written one by one, and input and output stay by themselves", () => {
  assert.equal(sizes([2, 3, 2]), "2 – 3 – 2");
  assert.equal(sizes([4, 10, 10, 3]), "4 – 10 – 10 – 3");
  assert.equal(sizes([2, 3, 4, 4, 4, 4, 4, 4, 2]), "2 – 3 – 4 × 6 – 2");
  assert.equal(sizes([4, 4, 4, 4]), "4 – 4 – 4 – 4");
});

test("the mark on a low learning curve stays whole", () => {
  for (const height of [14, 26, 38]) {
    /** @type {{y: number, radius: number}[]} */
    const dots = [];
    const ctx = new Proxy({}, { get: (_, name) => (name === "arc" ? (/** @type {number} */ _x, /** @type {number} */ y, /** @type {number} */ radius) => dots.push({ y, radius }) : () => {}), set: () => true });
    const history = { step: [1, 2], loss: [0.8, 0.4], held_out_loss: [null, null] };
    for (const step of [1, 2]) drawLearningCurve(/** @type {any} */ (ctx), { history, step, last: 2, kept: 1, width: 200, height, words: 120, colours: { line: "", heldOut: "", marker: "", surface: "" } });
    for (const { y, radius } of dots) assert.ok(y - radius >= 0 && y + radius <= height, `${y} of ${height}`);
    assert.ok(dots.length >= 6);
  }
});

test("a learning curve that falls has the whole height, and one that does not keeps clear of the words over it", () => {
  const heights = (/** @type {number[]} */ losses) => {
    /** @type {number[]} */
    const ys = [];
    const ctx = new Proxy({}, { get: (_, name) => (name === "moveTo" || name === "lineTo" ? (/** @type {number} */ _x, /** @type {number} */ y) => ys.push(y) : () => {}), set: () => true });
    const history = { step: losses.map((_, at) => at + 1), loss: losses, held_out_loss: losses.map(() => null) };
    drawLearningCurve(/** @type {any} */ (ctx), { history, step: 1, last: losses.length, kept: null, width: 400, height: 38, words: 140, colours: { line: "", heldOut: "", marker: "", surface: "" } });
    return { top: Math.min(...ys), bottom: Math.max(...ys) };
  };
  const falling = heights([0.8, 0.4]);
  assert.ok(falling.bottom - falling.top > 24, JSON.stringify(falling));
  const late = heights([0.8, 0.8, 0.8, 0.8, 0.8, 0.4]);
  assert.ok(late.top >= 15, "it comes in among the words too high");
  assert.ok(heights([0.8, 0.8]).top >= 15);
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
