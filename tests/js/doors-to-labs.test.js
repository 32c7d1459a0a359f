import assert from "node:assert/strict";
import { test } from "node:test";
import { explain } from "../../static/js/trace/explain/explain.js";
import { areLabsOffered, labAfterVerdict, labAtCell } from "../../static/js/trace/explain/doors-to-labs.js";
import { stateAt } from "./steps.js";

/** The lab that the card offers. @param {any} state @param {string} tensor @param {number[]} index */
function offered(state, tensor, index) {
  const asked = { ...state, focus: { tensor, index } };
  return labAtCell(asked, /** @type {any} */ (explain(asked, null)).subject);
}

test("a shut gate asks whether the gradient is gone, an open one and what is beside it do not", () => {
  const state = stateAt("xor", "dx");
  assert.deepEqual([0, 1, 2].map((unit) => offered(state, "dz1", [unit])), [null, "gate", null]);
  assert.equal(offered(state, "mask1", [1]), "gate");
  assert.deepEqual(["z1", "a1", "da1", "z2", "dz2", "b1"].map((tensor) => offered(state, tensor, [1])), Array(6).fill(null));
});

test("exactly at 0 it is the corner, whatever slope is chosen there", () => {
  for (const slope of [0, 1]) {
    const state = stateAt("xor", "dx");
    const trace = /** @type {any} */ (state.samples.get(2));
    trace.cells("z1")[1] = 0;
    trace.cells("mask1")[1] = slope;
    assert.deepEqual([offered(state, "dz1", [1]), offered(state, "mask1", [1])], ["corner", "corner"]);
  }
});

test("the corner of max(eps, z) lies elsewhere: at 0 its gate is shut", () => {
  const state = stateAt("xor", "dx");
  const trace = /** @type {any} */ (state.samples.get(2));
  trace.cells("z1")[1] = trace.cells("mask1")[1] = 0;
  const { program } = trace;
  trace.program = Object.assign(Object.create(program), {
    named: (/** @type {string} */ role, /** @type {number} */ layer) => (role === "eps" ? program.tensor("b1") : program.named(role, layer)),
  });
  assert.equal(offered(state, "dz1", [1]), "gate");
});

test("three layers are no long chain yet", () => {
  const state = stateAt("deep", "dx");
  const mask = /** @type {any} */ (state.samples.get(2)).cells("mask2");
  assert.equal(offered(state, "dz2", [mask.indexOf(1)]), null);
  assert.equal(offered(state, "da1", [0]), null);
});

for (const [where, fields] of /** @type {[string, any][]} */ ([["in a lab", { lab: {} }], ["in front of a class", { isPresenting: true }], ["while it trains", { isTraining: true }]])) {
  test(`nothing leads to a lab ${where}`, () => {
    const at = stateAt("xor", "dx");
    const after = { ...at, outcome: { before: 1, after: 0.5 }, session: /** @type {any} */ ({ step: 1 }) };
    const { subject } = /** @type {any} */ (explain({ ...at, focus: { tensor: "dz1", index: [1] } }, null));
    const correct = /** @type {any} */ ({ verdict: "correct" });
    const doors = (/** @type {any} */ state) => [labAtCell(state, subject), labAfterVerdict(state, correct), areLabsOffered(state)];
    assert.deepEqual(doors(after), ["gate", "code", true]);
    assert.deepEqual(doors({ ...after, ...fields }), [null, null, false]);
  });
}

test("a question that is open is answered first", () => {
  assert.equal(offered(stateAt("xor", "dx", { question: /** @type {any} */ ({}) }), "dz1", [1]), null);
});

test("after a verdict the lab helps where all is right or nothing was named", () => {
  const labs = ["correct", "unknown", "mistake", "undecided", "incomplete"].map((verdict) => labAfterVerdict(stateAt("xor", "dx"), /** @type {any} */ ({ verdict })));
  assert.deepEqual(labs, ["code", "code", null, null, null]);
});

test("all labs are offered with what came of the first step alone", () => {
  const after = (/** @type {number} */ step, /** @type {any} */ outcome) => areLabsOffered(stateAt("xor", "dx", { outcome, session: /** @type {any} */ ({ step }) }));
  assert.deepEqual([after(1, { before: 1, after: 0.5 }), after(2, { before: 1, after: 0.5 }), after(1, null)], [true, false, false]);
});
