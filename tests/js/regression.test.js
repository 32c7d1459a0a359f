import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { useLanguage } from "../../static/js/core/i18n.js";
import { answerAt, rangeOf } from "../../static/js/draw/answer-line.js";
import { colourOf } from "../../static/js/draw/plane.js";
import { initialState } from "../../static/js/state.js";
import { inOwnUnit, targetText } from "../../static/js/trace/program/measured.js";
import { ownUnitLines } from "../../static/js/trace/explain/own-unit.js";
import { Program } from "../../static/js/trace/program/program.js";
import { subjectOf } from "../../static/js/trace/explain/subject.js";
import { buildTimeline } from "../../static/js/trace/program/timeline.js";
import { Trace } from "../../static/js/trace/program/trace.js";
import { unitName } from "../../static/js/trace/explain/words.js";
import { fitting, outputFor, recipeOf } from "../../static/js/views/settings/draft.js";
import { after, CHOICES, drafted } from "./choices.js";

const TEXTS = JSON.parse(readFileSync(new URL("../../static/i18n/en.json", import.meta.url), "utf8"));
const STEPS = JSON.parse(readFileSync(new URL("fixtures/steps.json", import.meta.url), "utf8"));
const GRADE = { name: "grade", mean: 10, scale: 4 };
useLanguage("en", TEXTS);

/** a = 0.5 x + 0.25 on x = -1, 1, 2 with y = -1, 0, 1.5, at the end of an operation. @param {string} output @param {Partial<import("../../static/js/state.js").State>} [fields] @param {unknown} [target] */
function stateAt(output, fields = {}, target = GRADE) {
  const { document, batch, samples } = STEPS.line;
  const program = new Program(document);
  const trace = (/** @type {number[]} */ values, /** @type {number} */ m) => new Trace(program, /** @type {any} */ ({ m }), Float64Array.from(values));
  const timeline = buildTimeline(program, 3, "operation");
  const operation = timeline.operations.findIndex((one) => one.output === output);
  assert.notEqual(operation, -1, output);
  return {
    ...initialState(),
    batch: trace(batch, 3),
    samples: new Map(samples.map((/** @type {number[]} */ values, /** @type {number} */ row) => [row, trace(values, 1)])),
    session: /** @type {any} */ ({ dataset: { class_names: [], feature_names: ["x"], target } }),
    timeline,
    operation,
    arrived: timeline.operations[operation].units,
    ...fields,
  };
}

/** @param {import("../../static/js/state.js").State} state */
const linesAt = (state) => ownUnitLines(state, /** @type {any} */ (subjectOf(state, null)));

test("a target is said in its own unit, with what the network sees beside it", () => {
  // 0.5 * 4 + 10
  assert.equal(targetText(stateAt("x"), 0.5), "grade = 12, scaled to 0.5");
  assert.equal(targetText(stateAt("x", {}, { name: "grade", mean: 0, scale: 1 }), 12), "grade = 12");
  assert.equal(targetText(stateAt("x", {}, null), 0.5), "");
  // 97 and its like come back from a scale that is no round number.
  const odd = { name: "grade", mean: 58.8, scale: 19.13 };
  assert.match(targetText(stateAt("x", {}, odd), (97.5 - odd.mean) / odd.scale), /^grade = 97\.5, /);
});

test("an answer has the digits that matter beside the spread of the targets", () => {
  assert.equal(inOwnUnit({ mean: 10.9, scale: 6.08 }, 0.123456), "11.651");
  assert.equal(inOwnUnit({ mean: 2000, scale: 120 }, 0.123456), "2014.8");
  assert.equal(inOwnUnit({ mean: 0, scale: 40_000 }, 0.123456), "4938");
  assert.equal(inOwnUnit({ mean: 0, scale: 0.02 }, -0.5), "\u22120.01");
  assert.equal(inOwnUnit({ mean: 0, scale: 1 }, Infinity), "Infinity");
  assert.equal(inOwnUnit({ mean: 0, scale: 1 }, NaN), "NaN");
});

test("the card of the loss leads target, answer and difference back to the unit", () => {
  // sample 1: a = -0.25 -> 9, y = -1 -> 6, a - y = 0.75 -> 3
  assert.deepEqual(linesAt(stateAt("sample_loss")), [
    "a1 = \u22120.25, that is grade = 9",
    "grade = 6, scaled to \u22121",
    "da1 = 0.75, a difference of 3 in grade",
  ]);
  // sample 3: a = 1.25 -> 15, y = 1.5 -> 16
  assert.deepEqual(linesAt(stateAt("sample_loss", { sample: 2 }))[0], "a1 = 1.25, that is grade = 15");
  assert.equal(linesAt(stateAt("sample_loss", { sample: 2 }))[1], "grade = 16, scaled to 1.5");
});

test("the sample as a whole says its target in the unit, and an output that is asked about its answer", () => {
  assert.deepEqual(linesAt(stateAt("x")), ["grade = 6, scaled to \u22121"]);
  assert.deepEqual(linesAt(stateAt("sample_loss", { focus: { tensor: "a1", index: [0] } })), ["a1 = \u22120.25, that is grade = 9"]);
  assert.deepEqual(linesAt(stateAt("sample_loss", { focus: { tensor: "y", index: [0] } })), ["grade = 6, scaled to \u22121"]);
});

test("an answer that is not computed yet or is asked for is not told", () => {
  assert.deepEqual(linesAt(stateAt("x", { focus: { tensor: "a1", index: [0] } })), []);
  const asked = stateAt("sample_loss", { hidden: { tensor: "a1", index: [0] } });
  assert.equal(linesAt(asked).some((line) => line.startsWith("a1")), false);
});

test("numbers without a unit of their own, and classes, have no such lines", () => {
  assert.deepEqual(linesAt(stateAt("dW1")), []);
  assert.deepEqual(linesAt(stateAt("sample_loss", {}, null)), []);
});

test("the output unit has the name of the target", () => {
  const { document } = STEPS.line;
  assert.equal(unitName(stateAt("x"), new Program(document), "1", 0), "output 1 (grade)");
  assert.equal(unitName(stateAt("x", {}, null), new Program(document), "1", 0), "output 1");
});

const XOR = { model: { inputs: 2, hidden: [{ units: 3, activation: "relu" }], output: { units: 2, activation: "softmax" }, loss: "cross_entropy" }, dataset: { name: "xor" } };

test("data with a number to learn bring the output for it, and data with classes theirs", () => {
  const draft = drafted(XOR);
  const toLine = after(draft, { ...outputFor("classification", "regression", draft, CHOICES), dataset: "line" });
  const line = recipeOf(fitting(toLine, CHOICES, { classes: 0 }), { features: 1, classes: 0 }).model;
  assert.deepEqual([line.inputs, line.output, line.loss], [1, { units: 1, activation: "identity" }, "half_squared_error"]);
  const back = after(toLine, { ...outputFor("regression", "classification", draft, CHOICES), dataset: "iris" });
  const iris = recipeOf(fitting(back, CHOICES, { classes: 3 }), { features: 4, classes: 3 }).model;
  assert.deepEqual([iris.output, iris.loss], [{ units: 3, activation: "softmax" }, "cross_entropy"]);
});

test("a number of a loss goes with that loss, and a number of an output with that output", () => {
  const draft = drafted({ model: { inputs: 1, hidden: [], output: { units: 1, activation: "elu", alpha: 2, delta: 3 }, loss: "huber" }, batch: { x: [[1]], y: [1] } });
  const numbersOf = (/** @type {Partial<import("../../static/js/views/settings/draft.js").Draft>} */ change) => fitting(after(draft, change), CHOICES, { classes: 0 }).output.numbers;
  assert.deepEqual(numbersOf({}), { alpha: 2, delta: 3 });
  assert.deepEqual(numbersOf({ loss: "half_squared_error" }), { alpha: 2 });
  assert.deepEqual(numbersOf({ output: { ...draft.output, activation: "identity" } }), { delta: 3 });
  assert.deepEqual(numbersOf({ output: { ...draft.output, activation: "softmax" } }), {});
});

test("data of the same task leave the output as it was chosen", () => {
  const draft = drafted(XOR);
  assert.deepEqual(outputFor("regression", "regression", draft, CHOICES), {});
  assert.deepEqual(outputFor("classification", "classification", draft, CHOICES), {});
  assert.deepEqual(outputFor(undefined, "classification", draft, CHOICES), {}, "given rows, then classes");
});

test("given rows get back the output that they had", () => {
  const given = drafted({ model: { inputs: 1, hidden: [], output: { units: 1, activation: "tanh" }, loss: "squared_error" }, batch: { x: [[1]], y: [1] } });
  const { output, loss } = outputFor("regression", undefined, given, CHOICES);
  assert.deepEqual([output?.activation, loss], ["tanh", "squared_error"]);
});

test("the curve is read between its points, and the axes hold all points", () => {
  const line = [{ x: 0, y: 0 }, { x: 1, y: 2 }, { x: 2, y: 0 }];
  assert.equal(answerAt(line, 0), 0);
  assert.equal(answerAt(line, 0.5), 1);
  assert.equal(answerAt(line, 1.75), 0.5);
  const range = rangeOf({ line, points: [{ x: 1, y: -2, isHeldOut: false }, { x: 1, y: NaN, isHeldOut: true }] });
  assert.deepEqual(range.x, { low: 0, high: 2 });
  // from -2 to 2, and 8 % more on both sides
  assert.ok(Math.abs(range.y.low + 2.32) < 1e-12 && Math.abs(range.y.high - 2.32) < 1e-12);
});

test("a number has the colour of its sign, stronger where it is larger, and none at 0", () => {
  const plane = { reach: 2, above: /** @type {[number, number, number]} */ ([0, 0, 200]), below: /** @type {[number, number, number]} */ ([200, 0, 0]) };
  assert.equal(colourOf(0, plane, [100, 100, 100]), "rgb(100 100 100)");
  // 0.85 of the colour at most: 0.85 * 200 + 0.15 * 100
  assert.equal(colourOf(5, plane, [100, 100, 100]), "rgb(15 15 185)");
  assert.equal(colourOf(-2, plane, [100, 100, 100]), "rgb(185 15 15)");
});
