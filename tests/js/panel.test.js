import assert from "node:assert/strict";
import { test } from "node:test";
import { tellingFeatures } from "../../static/js/trace/features.js";
import { gatesOf } from "../../static/js/trace/gates.js";
import { l2Norm } from "../../static/js/trace/norms.js";
import { changed, draftOf, recipeOf } from "../../static/js/views/settings/draft.js";

/** A batch of 2 samples and 3 hidden units with these slopes. @param {number[]} mask */
const traceOf = (mask) =>
  /** @type {any} */ ({
    m: 2,
    program: { depth: 2, units: () => 3 },
    named: (/** @type {string} */ role, /** @type {number} */ layer) => (role === "mask" && layer === 1 ? { name: "mask1" } : undefined),
    cells: () => mask,
  });

test("a unit that is shut for the whole batch is off, and dead when the batch is all there is", () => {
  const trace = traceOf([1, 0, 0.5, 0, 0, 1]);
  assert.deepEqual(gatesOf(trace, false)[0].rows.map(({ fate }) => fate), ["some", "off", "some"]);
  assert.deepEqual(gatesOf(trace, true)[0].rows.map(({ fate }) => fate), ["some", "dead", "some"]);
  assert.deepEqual(gatesOf(trace, true)[0].rows[2].values, [0.5, 1]);
});

test("norms neither vanish nor overflow", () => {
  assert.ok(Math.abs(l2Norm([3e-200, 4e-200]) / 5e-200 - 1) < 1e-15);
  assert.ok(Math.abs(l2Norm([3e200, -4e200]) / 5e200 - 1) < 1e-15);
  assert.equal(l2Norm([0, 0]), 0);
  assert.ok(Number.isNaN(l2Norm([1, NaN])));
});

test("the features on a map are those that tell the classes apart", () => {
  const x = [[0, 5, 1, 0.1], [1, 5, 1.1, 0], [0, 5, 3, 2], [1, 5, 3.1, 2.1]];
  assert.deepEqual(tellingFeatures(x, [0, 0, 1, 1]), [2, 3]);
});

test("given weights stay while the network keeps its shape", () => {
  const recipe = {
    model: { inputs: 2, hidden: [{ units: 1, activation: "relu" }], output: { units: 2 } },
    parameters: { W1: [[1], [1]], b1: [0], W2: [[1, 1]], b2: [0, 0] },
    optimizer: { learning_rate: 0.5 },
    dataset: { name: "xor" },
  };
  const info = /** @type {any} */ ({ features: 2, classes: 2 });
  const draft = draftOf(recipe);
  assert.deepEqual(recipeOf(changed(draft, { rate: 0.1 }), info).parameters, recipe.parameters);
  const wider = recipeOf(changed(draft, { hidden: [{ units: 2, activation: "relu", derivative_at_zero: 0 }] }), info);
  assert.equal(wider.parameters, undefined);
  assert.deepEqual(wider.initializer, { name: "he" });
});
