import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { initialState } from "../../static/js/state.js";
import { answerOf, isRight, questionAt } from "../../static/js/trace/ask/predict.js";
import { Program } from "../../static/js/trace/program/program.js";
import { isKnown } from "../../static/js/trace/program/reveal.js";
import { buildTimeline } from "../../static/js/trace/program/timeline.js";
import { Trace } from "../../static/js/trace/program/trace.js";

const STEPS = JSON.parse(readFileSync(new URL("fixtures/steps.json", import.meta.url), "utf8"));

/** @param {string} step @param {number} [sample] */
function stateOf(step, sample = 2) {
  const { document, batch, samples } = STEPS[step];
  const program = new Program(document);
  const trace = (/** @type {number[]} */ values, /** @type {number} */ m) => new Trace(program, /** @type {any} */ ({ m, step: 1 }), Float64Array.from(values));
  return {
    ...initialState(),
    batch: trace(batch, samples.length),
    samples: new Map(samples.map((/** @type {number[]} */ values, /** @type {number} */ row) => [row, trace(values, 1)])),
    sample,
    timeline: buildTimeline(program, samples.length, "operation"),
  };
}

/** @param {import("../../static/js/state.js").State} state */
const questions = (state) =>
  /** @type {any} */ (state.timeline).operations.map((/** @type {any} */ operation, /** @type {number} */ place) => ({ operation, question: questionAt(state, place) }));

test("every operation but what is given asks for one of its own cells, with its value", () => {
  for (const step of Object.keys(STEPS)) {
    const state = stateOf(step);
    for (const { operation, question } of questions(state)) {
      if (operation.nodes.length === 0) {
        assert.equal(question, null);
        continue;
      }
      const trace = operation.scope === "batch" ? state.batch : state.samples.get(2);
      const { tensor, index } = question.cell;
      assert.ok([operation.output, ...operation.nodes.map((/** @type {any} */ node) => node.output)].includes(tensor), tensor);
      const isOfSample = trace.program.tensor(tensor).axes[0] === "n";
      assert.equal(trace.at(tensor, isOfSample ? [0, ...index] : index), question.value);
    }
  }
});

test("all three kinds are asked, gates only of gates and signs only of gradients", () => {
  const state = stateOf("xor");
  const found = questions(state).flatMap(({ question }) => (question ? [question] : []));
  assert.deepEqual([...new Set(found.map(({ kind }) => kind))].toSorted(), ["gate", "number", "sign"]);
  for (const { kind, cell } of found) {
    if (kind === "gate") assert.equal(cell.tensor, "mask1");
    if (kind === "sign") assert.ok(cell.tensor.startsWith("d"), cell.tensor);
  }
});

test("another sample asks for other cells", () => {
  const cells = (/** @type {number} */ sample) => questions(stateOf("deep", sample)).map(({ question }) => question?.cell);
  assert.notDeepEqual(cells(0), cells(1));
});

test("a number is right within five percent, and zero only exactly", () => {
  const question = { kind: /** @type {const} */ ("number"), value: -2 };
  assert.ok(isRight(question, "-2.1") && isRight(question, "\u22121,9"));
  assert.ok(!isRight(question, "-2.11") && !isRight(question, "2") && !isRight(question, "two"));
  assert.ok(isRight({ ...question, value: 0 }, "0") && !isRight({ ...question, value: 0 }, "0.01"));
});

test("a gate passes whatever its slope is, unless that is 0", () => {
  assert.equal(answerOf({ kind: "gate", value: 0 }), "block");
  assert.equal(answerOf({ kind: "gate", value: 1 }), "pass");
  assert.deepEqual([3, -3, 0].map((value) => answerOf({ kind: "sign", value })), ["positive", "negative", "zero"]);
});

test("what is hidden is not known, though it has been computed", () => {
  const { timeline } = stateOf("xor");
  const operation = timeline.operations.length - 1;
  const place = { operation, arrived: 99 };
  assert.ok(isKnown(timeline, place, "sample", "z1", [1]));
  assert.ok(!isKnown(timeline, { ...place, hidden: { tensor: "z1", index: [1] } }, "sample", "z1", [1]));
  assert.ok(isKnown(timeline, { ...place, hidden: { tensor: "z1", index: [1] } }, "sample", "z1", [0]));
});
