import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "../../static/js/core/csv.js";
import { historyTable, stepTable } from "../../static/js/trace/measure/tables.js";

test("cells with commas, quotes and breaks are quoted, numbers keep all digits, nothing is empty", () => {
  assert.equal(csvOf([["a,b", 'say "x"', "two\nlines"], [0.1 + 0.2, -0, null]]), '"a,b","say ""x""","two\nlines"\r\n0.30000000000000004,0,\r\n');
});

test("what a reader would take for a comment, for a choice of separator or for nothing is quoted", () => {
  assert.equal(csvOf([["# of legs", "sep=;", " a", "b "], ["-1", "a#", "a sep=", "a b"]]), '"# of legs","sep=;"," a","b "\r\n-1,a#,a sep=,a b\r\n');
});

test("the learning curve before any update is the step on show", () => {
  const none = { step: [], loss: [], accuracy: [], held_out_loss: [] };
  assert.deepEqual(historyTable(none, { step: 1, loss: 0.8, accuracy: null }).slice(1), [[1, 0.8, null, null]]);
});

test("the learning curve has a line a step", () => {
  const table = historyTable({ step: [1, 2], loss: [0.8, 0.5], accuracy: [null, 1], held_out_loss: [null, null] }, { step: 3, loss: 0.3, accuracy: 1 });
  assert.deepEqual(table, [["step", "loss", "accuracy", "held_out_loss"], [1, 0.8, null, null], [2, 0.5, 1, null]]);
});

test("the numbers of a step have their index as NumPy counts it", () => {
  /** @type {Record<string, {shape: number[], values: number[]}>} */
  const tensors = { W1: { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] }, loss: { shape: [], values: [0.5] } };
  const program = { tensors: [{ name: "W1", axes: ["0", "1"] }, { name: "loss", axes: [] }] };
  const trace = { program, shape: (/** @type {string} */ name) => tensors[name].shape, cells: (/** @type {string} */ name) => tensors[name].values };
  const table = stepTable([{ scope: "batch", trace: /** @type {any} */ (trace) }]);
  assert.deepEqual(table[0], ["scope", "tensor", "i", "j", "value"]);
  assert.deepEqual(table[5], ["batch", "W1", 1, 1, 5]);
  assert.deepEqual(table[7], ["batch", "loss", null, null, 0.5]);
});
