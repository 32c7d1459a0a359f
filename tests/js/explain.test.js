import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../../static/js/core/store.js";
import { watch } from "../../static/js/core/watch.js";
import { explain, pick } from "../../static/js/trace/explain/explain.js";
import { buildTimeline } from "../../static/js/trace/program/timeline.js";
import { wayOf } from "../../static/js/trace/explain/gradient-link.js";
import { operationName, where } from "../../static/js/trace/explain/words.js";
import { stateAt, STEPS } from "./steps.js";

/** @param {import("../../static/js/state.js").State} state */
const explained = (state) => /** @type {import("../../static/js/trace/explain/explain.js").Explanation} */ (explain(state, null));

test("every operation of every program has an explanation", () => {
  for (const step of Object.keys(STEPS)) {
    const state = stateAt(step, "x");
    for (const operation of /** @type {any} */ (state.timeline).operations.keys()) {
      const { subject, blocks } = explained({ ...state, operation });
      assert.ok(blocks.length > 0, subject.target);
    }
  }
});

test("a parameter of the batch is explained while the samples go the long way", () => {
  const short = stateAt("xor", "x");
  const long = stateAt("long", "x");
  const program = /** @type {any} */ (long.batch).program;
  const timeline = buildTimeline(short.batch.program, 4, "operation", undefined, program);
  for (const operation of timeline.operations.keys()) {
    const state = { ...short, samples: long.samples, timeline, operation, focus: { tensor: "b1", index: [0] } };
    assert.ok(explained(state).blocks.length > 0);
  }
});

test("everybody who has an explanation hears when a lab conceals its result no longer", async () => {
  const store = new Store({ ...stateAt("xor", "da1"), lab: /** @type {any} */ ({ concealed: [{ tensor: "da1", index: null }] }) });
  /** @type {boolean[][]} */
  const heard = [[], []];
  const ends = heard.map((own) => watch(() => own.push(explained(store.state).isKnown)));
  store.set({ lab: /** @type {any} */ ({ concealed: [] }) });
  await Promise.resolve();
  assert.deepEqual(heard, [[false, true], [false, true]]);
  for (const end of ends) end();
});

test("a gate shows the unit whose gradient it stops", () => {
  const { subject, equation } = explained(stateAt("xor", "dz1"));
  assert.deepEqual([subject.place, equation?.value], [[1], 0]);
});

test("in sample view the division by m is gone and its name stays", () => {
  const { lines, equation } = explained(stateAt("xor", "dz2"));
  assert.deepEqual(lines.map(({ code }) => code), ["dz2 = p - y"]);
  assert.equal(equation?.value, STEPS.xor && explained(stateAt("xor", "dz2")).subject.trace.at("dz2", [0, 1]));
  assert.deepEqual(explained(stateAt("long", "dz2")).lines.map(({ code }) => code.split(" =")[0]), ["dp", "jacobian", "dz2"]);
});

test("the probabilities show the true class", () => {
  assert.deepEqual(explained(stateAt("xor", "p")).subject.place, [1]);
});

test("what has not arrived is empty", () => {
  const { isKnown, blocks } = explained(stateAt("xor", "dz1", { arrived: 0 }));
  assert.equal(isKnown, false);
  const values = blocks.map(({ rows }) => rows[0].map((cell) => cell?.value !== null));
  assert.deepEqual(values, [[true, true, true], [true, true, true], [false, false, false]]);
});

test("a cell that is asked about is explained by the micro-step that makes it", () => {
  const { subject } = explained(stateAt("xor", "dz1", { focus: { tensor: "e_sum", index: [] } }));
  assert.deepEqual([subject.node?.output, subject.operation.output], ["e_sum", "p"]);
  const { subject: weight } = explained(stateAt("xor", "W1_next", { focus: { tensor: "W2", index: [2, 1] } }));
  assert.deepEqual([weight.target, weight.place], ["dW2", [2, 1]]);
});

test("beside a probability stands its class, and one that is a number stands for it", () => {
  let session = /** @type {any} */ ({ dataset: { class_names: ["A", "B"] } });
  const whereAt = (/** @type {string} */ output, /** @type {any} */ fields) => {
    const state = stateAt("xor", output, { session, ...fields });
    return where(state, explained(state).subject).at(-1)?.replaceAll("\u00a0", " ");
  };
  // Sample 3 is of the second class.
  assert.equal(whereAt("sample_loss", {}), "p₂ (card.place.class)");
  assert.equal(whereAt("p", { focus: { tensor: "p", index: [0] } }), "p₁ (card.place.class)");
  assert.equal(whereAt("p", { focus: { tensor: "z2", index: [0] } }), "card.place.class");
  session = { dataset: { class_names: ["0", "1"] } };
  assert.equal(whereAt("sample_loss", {}), "p(“1”)");
  assert.equal(whereAt("p", { focus: { tensor: "p", index: [0] } }), "p(“0”)");
});

test("a value leads to its gradient and back, wherever the step is", () => {
  const wayAt = (/** @type {string} */ output, /** @type {string} */ tensor, /** @type {number[]} */ index) => {
    const state = stateAt("xor", output, { focus: { tensor, index } });
    const way = wayOf(state, explained(state).subject);
    return way && [way.to, way.name, way.cell.tensor, way.cell.index.join(), way.operation?.output ?? "here", way.count];
  };
  // After dz1 comes dW1.
  assert.deepEqual(wayAt("dz1", "W1", [1, 2]), ["gradient", "w", "dW1", "1,2", "dW1", 1]);
  assert.deepEqual(wayAt("dW1", "W1", [1, 2]), ["use", "w", "W1", "1,2", "z1", 0]);
  assert.deepEqual(wayAt("z1", "b1", [1])?.slice(0, 5), ["gradient", "b", "db1", "1", "db1"]);
  assert.deepEqual(wayAt("p", "z1", [2])?.slice(0, 5), ["gradient", "z", "dz1", "2", "dz1"]);
  assert.deepEqual(wayAt("dW1", "z1", [2])?.slice(0, 5), ["gradient", "z", "dz1", "2", "here"]);
  assert.deepEqual(wayAt("dW1", "dz1", [2])?.slice(0, 5), ["value", "z", "z1", "2", "here"]);
  assert.deepEqual(wayAt("p", "mask1", [1])?.slice(0, 5), ["gate", "z", "dz1", "1", "dz1"]);
  assert.equal(wayAt("dW1", "y", [1]), null);
});

test("the average lists every sample and ends in the gradient of the batch", () => {
  const { average, subject } = explained(stateAt("xor", "dW1", {}, "average"));
  assert.equal(average?.gradients.length, 4);
  assert.ok(average?.isMean && Math.abs(average.sum / 4 - average.result) < 1e-15);
  // Sample 3 leaves the weights of unit 2 alone, others move them.
  assert.deepEqual([average?.gradients[2].value, subject.place[1]], [0, 1]);
});

test("an operation that nobody has named still has a name, an equation and a line of NumPy", () => {
  const state = stateAt("xor", "mask1");
  const { program } = /** @type {any} */ (state.batch);
  program.primitives.soft_clip = { indices: "...->...", cell: ["/", ["at", 0, "..."], 2], selects: false };
  for (const node of program.nodes.filter((one) => one.output === "a1")) Object.assign(node, { op: "soft_clip", group: ["new"], code: "a1 = z1 / 2" });
  const { subject, equation, lines } = explained(state);
  assert.equal(subject.target, "a1");
  assert.match(operationName(subject), /soft clip/);
  assert.equal(equation?.numbersText, "\u22122 / 2");
  assert.equal(lines[0].code, "a1 = z1 / 2");
});

test("a long axis shows its window or its ends", () => {
  assert.deepEqual(pick(4, new Set([0]), 5), [0, 1, 2, 3]);
  assert.deepEqual(pick(64, new Set([7]), 5), [null, 6, 7, 8, null]);
  assert.deepEqual(pick(64, new Set([0]), 5), [0, 1, 2, null]);
  assert.deepEqual(pick(64, new Set([63]), 5), [null, 61, 62, 63]);
  assert.deepEqual(pick(64, new Set(Array.from({ length: 64 }, (_, at) => at)), 5), [0, 1, null, 63]);
});
